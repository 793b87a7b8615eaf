// When may the kernel send more? When the first visible view has drawn; at once when nobody sees it.

/** A place in an output cell that draws the surface. */
export interface View {
  isVisible(): boolean;
}

export interface Message {
  readonly generation: number;
  readonly sequence: number;
}

interface Waiting {
  readonly message: Message;
  readonly revision: number;
}

export interface Acknowledgements {
  /** A message was taken in; `revision` of its generation's surface shows it, null if there is nothing to draw. */
  arrived(message: Message, revision: number | null): void;
  /** A view has drawn this surface, or found nothing new in it. */
  drawn(generation: number, revision: number): void;
  enter(view: View, signal: AbortSignal): void;
  /** Something may have become hidden. */
  look(): void;
}

/** Each message is acknowledged exactly once, however many views there are. */
export function createAcknowledgements(send: (message: Message) => void): Acknowledgements {
  const views = new Set<View>();
  let waiting: readonly Waiting[] = [];

  function release(claim: (waiting: Waiting) => boolean): void {
    const ready = waiting.filter(claim);
    waiting = waiting.filter((one) => !ready.includes(one));
    for (const { message } of ready) send(message);
  }
  function look(): void {
    if (![...views].some((view) => view.isVisible())) release(() => true);
  }

  return {
    arrived(message, revision) {
      if (revision === null) return send(message);
      waiting = [...waiting, { message, revision }];
      look();
    },
    drawn(generation, revision) {
      release(
        (one) =>
          one.message.generation < generation ||
          (one.message.generation === generation && one.revision <= revision),
      );
    },
    enter(view, signal) {
      views.add(view);
      signal.addEventListener(
        "abort",
        () => {
          views.delete(view);
          look();
        },
        { once: true },
      );
    },
    look,
  };
}
