// How does the search run when the site is opened from a disk? Browsers start no workers there; a hidden frame does it.

if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const { contentWindow: inside } = frame;
      inside.document.open(); // which forgets all that listened
      inside.tell = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.ready = new Promise((resolve) => inside.addEventListener("load", resolve));
      this.inside = inside;
      inside.document.write(
        `<script>const postMessage = tell;</script><script src="${address}"></script>`,
      );
      inside.document.close();
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }
  };
}
