// When may the kernel send more? When the first visible view has drawn; at once when nobody sees it.

import type { Surface } from "../surface";

/** A place in an output cell that draws the surface. */
export interface View {
  isVisible(): boolean;
}

/** What stands in a picture. */
export type Shown = Pick<Surface, "map" | "generation" | "revision">;

export interface Message {
  readonly generation: number;
  readonly sequence: number;
}

interface Waiting {
  readonly message: Message;
  readonly by: Shown;
}

export interface Acknowledgements {
  /** A message was taken in; once this is drawn, it shows; null if there is nothing to draw. */
  arrived(message: Message, by: Shown | null): void;
  /** A view has drawn this surface, or found nothing new in it. */
  drawn(surface: Shown): void;
  enter(view: View, signal: AbortSignal): void;
  /** Something may have become hidden. */
  look(): void;
}

/** Each message is acknowledged exactly once, however many views there are, and whichever of the maps they show. */
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
    arrived(message, by) {
      if (by === null) return send(message);
      waiting = [...waiting, { message, by }];
      look();
    },
    drawn({ map, generation, revision }) {
      release(
        ({ by }) =>
          by.map !== map ||
          by.generation < generation ||
          (by.generation === generation && by.revision <= revision),
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
