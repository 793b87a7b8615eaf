import { expect, it } from "vitest";
import { createAcknowledgements } from "../src/kernel/acknowledgements";

function setUp() {
  const sent: number[] = [];
  const acknowledgements = createAcknowledgements(({ sequence }) => sent.push(sequence));
  const enter = (visible: boolean) => {
    const leaving = new AbortController();
    const view = { visible, isVisible: () => view.visible, leave: () => leaving.abort() };
    acknowledgements.enter(view, leaving.signal);
    return view;
  };
  return { ...acknowledgements, enter, sent };
}

const message = (sequence: number, generation = 1) => ({ generation, sequence });
const shown = (revision: number, generation = 1, map: string | null = null) => ({
  map,
  generation,
  revision,
});

it("acknowledges when the view has drawn the revision", () => {
  const { arrived, drawn, enter, sent } = setUp();
  enter(true);
  arrived(message(5), shown(2));
  drawn(shown(1));
  expect(sent).toEqual([]);
  drawn(shown(2));
  expect(sent).toEqual([5]);
});

it("acknowledges once, by the first of two views that has drawn", () => {
  const { arrived, drawn, enter, sent } = setUp();
  enter(true);
  enter(true);
  arrived(message(5), shown(2));
  drawn(shown(2));
  drawn(shown(2));
  expect(sent).toEqual([5]);
});

it("acknowledges all that one draw has shown, and what a newer generation made obsolete", () => {
  const { arrived, drawn, enter, sent } = setUp();
  enter(true);
  arrived(message(5), shown(2));
  arrived(message(6), shown(3));
  arrived(message(7, 2), shown(0, 2));
  drawn(shown(3));
  expect(sent).toEqual([5, 6]);
  arrived(message(8, 2), shown(1, 2));
  drawn(shown(0, 3));
  expect(sent).toEqual([5, 6, 7, 8]);
});

it("acknowledges at once what there is nothing to draw of", () => {
  const { arrived, enter, sent } = setUp();
  enter(true);
  arrived(message(5), null);
  expect(sent).toEqual([5]);
});

it("acknowledges at once when no view is visible, and none is there", () => {
  const { arrived, enter, sent } = setUp();
  arrived(message(5), shown(0));
  enter(false);
  arrived(message(6), shown(1));
  expect(sent).toEqual([5, 6]);
});

it("doesn't wait for a view that is hidden, or goes, before it draws", () => {
  const { arrived, enter, look, sent } = setUp();
  const first = enter(true);
  arrived(message(5), shown(0));
  first.visible = false;
  look();
  expect(sent).toEqual([5]);
  const second = enter(true);
  arrived(message(6), shown(1));
  second.leave();
  expect(sent).toEqual([5, 6]);
});

it("doesn't wait for what a picture of something else will never draw", () => {
  const { arrived, drawn, enter, sent } = setUp();
  enter(true);
  arrived(message(5), shown(7));
  drawn(shown(2, 1, "curvature"));
  expect(sent).toEqual([5]);
});
