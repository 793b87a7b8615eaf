// What do all members share? What is asked, the scale, the camera in mid-drag, and the place of the cross.

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { chosenMetric } from "../figure/scene";
import { nearestCell } from "../lattice";
import { type Camera, type Request, viewNames } from "../protocol";
import type { Pointed, Store } from "../store";
import { answers } from "../store/arrivals";
import { blank } from "../store/cover";
import { isPrevious, surfaceFor } from "../store/known";
import { type Reading, read } from "../surface";
import { type CommonScale, commonScale, type Drawn, isNear } from "./extent";
import type { Member } from "./members";

/** What a member is asked to see as soon as the comparison is; the rest of its request is what Python made of it. */
const FOLLOWED = [
  "x",
  "y",
  "linked",
  "resolution",
  ...viewNames,
] as const satisfies readonly (keyof Request)[];

/** The common scale may lag behind what is measured, a share of its range: each step of it draws every picture. */
const LAG = 0.03;

export interface Linked {
  readonly member: Member;
  /** The member's own, but what is asked is asked of all. */
  readonly store: Store;
  /** What is known at the cross, wherever that was put. */
  readonly reading: ReadonlySignal<Reading | null>;
  /** Where a hand points at another of the pictures; null where it doesn't. */
  readonly pointedElsewhere: ReadonlySignal<readonly number[] | null>;
  /** A hand points at this member, or has left it. */
  enter(): void;
  leave(): void;
  /** A hand turns it. */
  moving(camera: Camera): void;
}

export interface Links {
  readonly all: readonly Linked[];
  /** Coordinates of the cross. */
  readonly place: ReadonlySignal<readonly number[] | null>;
  /** The one a hand points at. */
  readonly pointed: ReadonlySignal<Linked | null>;
  readonly common: ReadonlySignal<CommonScale>;
}

/** A camera in the middle of a drag, until another one is asked for. */
interface Turned {
  readonly camera: Camera;
  readonly by: Linked;
  readonly from: Camera | null;
}

export function linkMembers(
  whole: Store,
  members: readonly Member[],
  isShared: ReadonlySignal<boolean>,
): Links {
  const turned = signal<Turned | null>(null);
  const pointed = signal<Linked | null>(null);
  let last: CommonScale | null = null;
  const common = computed(() => {
    const request = whole.request.value;
    if (whole.covered.value) return commonScale([], request);
    const pictures = drawn(members, request.metric);
    const next = commonScale(pictures, request);
    const isFinal = pictures.every(({ isFinished }) => isFinished);
    last = last && isNear(last, next, isFinal ? 0 : LAG) ? last : next;
    return last;
  });
  /** A hand points there, or else somebody has kept it. */
  const place = computed(
    () => pointed.value?.store.reading.value?.coordinates ?? whole.request.value.marked,
  );

  function link(member: Member): Linked {
    const { store } = member.session;
    const names = FOLLOWED.filter((name) => !member.own.includes(name));
    const request = computed<Request>(() => {
      const asked = whole.request.value;
      const own = { ...store.request.value, ...pick(asked, names) };
      const turn = turned.value;
      const follows = turn !== null && turn.by !== linked && turn.from === asked.camera;
      const seen = follows ? { ...own, camera: turn.camera } : own;
      if (!isShared.value) return seen;
      const { limits, scale } = common.value;
      return { ...seen, scale, limits: seen.limits ?? limits };
    });
    const metric = computed(() => request.value.metric);
    const surface = computed(() => {
      const known = surfaceFor(store.known.value, metric.value);
      return known && whole.covered.value ? blank(known) : known;
    });
    const linked: Linked = {
      member,
      store: {
        ...store,
        request,
        surface,
        covered: whole.covered,
        status: computed(() => {
          const { value } = store.status;
          return whole.covered.value ? { ...value, barrier: null, sensitivity: null } : value;
        }),
        previous: computed(() => {
          const [shown, asked] = [surface.value, request.value];
          const isOlder = shown !== null && !answers(shown, asked, asked);
          return (
            isPrevious(store.known.value, { ...store.request.value, metric: asked.metric }) ||
            isOlder
          );
        }),
        hovered: signal<Pointed | null>(null),
        reading: signal<Reading | null>(null),
        change: whole.change,
        preview: whole.preview,
        hold: whole.hold,
        undo: whole.undo,
        redo: whole.redo,
      },
      reading: computed(() => {
        const shown = surface.value;
        const at = place.value;
        if (!shown || !at) return null;
        const own = linked.store.reading.value;
        if (own && own.coordinates === at) return own;
        const cell = nearestCell(shown, at[0] ?? 0, at[1] ?? 0);
        return cell < 0 ? null : read(shown, chosenMetric(shown, request.value), cell);
      }),
      pointedElsewhere: computed(() => {
        const hand = pointed.value;
        if (hand === null || hand === linked || hand.store.hovered.value === null) return null;
        return hand.store.reading.value?.coordinates ?? null;
      }),
      enter() {
        pointed.value = linked;
      },
      moving(camera) {
        turned.value = { camera, by: linked, from: whole.request.peek().camera };
      },
      leave() {
        if (pointed.peek() === linked) pointed.value = null;
      },
    };
    return linked;
  }

  return {
    all: members.map(link),
    place,
    pointed,
    common,
  };
}

function drawn(members: readonly Member[], metric: string): readonly Drawn[] {
  return members.flatMap(({ session: { store } }) => {
    const surface = surfaceFor(store.known.value, metric);
    if (!surface) return [];
    const { phase } = store.status.value;
    return [{ surface, isFinished: phase !== "computing" && phase !== "preparing" }];
  });
}

function pick(request: Request, names: readonly (keyof Request)[]): Partial<Request> {
  return Object.fromEntries(names.map((name) => [name, request[name]]));
}
