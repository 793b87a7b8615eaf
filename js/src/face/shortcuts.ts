// How do our keys stay ours where a notebook hears them before we do?

/** Lumino, of which Jupyter is made, looks for no shortcut above a node that has it; an ancestor's is seen too late. */
const SUPPRESS = "data-lm-suppress-shortcuts";

/**
 * Notebook 7 takes its shortcuts on the way down to a node (JupyterLab on the way up, where a root can stop them). So what
 * has the focus is marked from the window, before anybody hears of the key, until the key has come down to the root.
 */
export function suppressShortcuts(
  root: HTMLElement,
  isOurs: (event: KeyboardEvent) => boolean,
  signal: AbortSignal,
): void {
  let marked: Element | null = null;
  const unmark = () => {
    marked?.removeAttribute(SUPPRESS);
    marked = null;
  };
  window.addEventListener(
    "keydown",
    (event) => {
      unmark();
      const [target] = event.composedPath();
      if (!(target instanceof Element) || !event.composedPath().includes(root)) return;
      if (!isOurs(event)) return;
      target.setAttribute(SUPPRESS, "");
      marked = target;
    },
    { signal, capture: true },
  );
  root.addEventListener("keydown", unmark, { signal, capture: true });
}
