// What hands do: keys, typing and dragging, as events.

/** Press and release a key; returns the keydown for its fate. */
export function pressKey(
  node: Element | null | undefined,
  key: string,
  modifiers: KeyboardEventInit = {},
): KeyboardEvent {
  const options = { key, bubbles: true, cancelable: true, composed: true, ...modifiers };
  const down = new KeyboardEvent("keydown", options);
  node?.dispatchEvent(down);
  node?.dispatchEvent(new KeyboardEvent("keyup", options));
  return down;
}

/** Replace a field's text and leave it. */
export function typeInto(node: HTMLInputElement, text: string): void {
  node.focus();
  node.value = text;
  node.dispatchEvent(new Event("input", { bubbles: true }));
  node.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Press, move by pixels in several steps, and call `meanwhile` before the release. */
export function dragBy(node: Element, steps: readonly number[], meanwhile = () => {}): void {
  const fire = (type: string, clientX: number) =>
    node.dispatchEvent(
      new PointerEvent(type, { bubbles: true, cancelable: true, button: 0, pointerId: 1, clientX }),
    );
  fire("pointerdown", 0);
  for (const pixels of steps) fire("pointermove", pixels);
  meanwhile();
  fire("pointerup", steps.at(-1) ?? 0);
}
