// What does the store hold that tells why a picture looks as it does?

import { computed, type ReadonlySignal } from "@preact/signals-core";
import { kindOf } from "../figure";
import { levelsOf } from "../figure/levels";
import { chosenMetric, createScene } from "../figure/scene";
import { asDrawn } from "../figure/wanted";
import { LIGHT } from "../picture/theme";
import type { Request, Status } from "../protocol";
import type { Store } from "../store";
import { hasPreview, type Surface } from "../surface";
import { extent } from "./counts";
import { findings } from "./why";
import type { Evidence, Finding } from "./why/finding";

/** Renewed when a level is finished or something else is asked for, not with every cell: they look at all of them. */
export function findingsOf(store: Store): ReadonlySignal<readonly Finding[]> {
  const occasion = computed(() => {
    const [surface, status] = [store.surface.value, store.status.value];
    const told = [surfaceKey(surface), statusKey(status), requestKey(store.request.value)];
    return JSON.stringify([told, store.sharpness.value?.caveat]);
  });
  return computed(() => {
    void occasion.value;
    const evidence = evidenceOf(store);
    return evidence ? findings(evidence) : [];
  });
}

/** Null before the directions are drawn. */
function evidenceOf(store: Store): Evidence | null {
  const [status, request, known] = [store.status, store.request, store.surface].map((one) =>
    one.peek(),
  ) as [Status, Request, Surface | null];
  const surface = known && known.level >= 0 ? known : null;
  const facts = status.facts ?? surface?.facts ?? null;
  if (facts === null) return null;
  const metric = surface ? chosenMetric(surface, request) : 0;
  return {
    ...{ status, facts, request, surface, metric },
    choices: store.choices.peek(),
    sharpness: store.sharpness.peek(),
    extent: surface && extent(surface, metric),
    ...drawnFrom(surface, request),
  };
}

/** Where lines run, and on which scale: of a plane, for a chart has no lines and two scales. */
function drawnFrom(surface: Surface | null, asked: Request): Pick<Evidence, "levels" | "isLinear"> {
  const request = asDrawn(surface, asked);
  const kind = kindOf(surface, request);
  const view = { request, theme: LIGHT, previous: false, barrier: null };
  const scene = surface && kind !== "line" ? createScene(surface, view) : null;
  if (scene === null) return { levels: [], isLinear: request.scale === "linear" };
  const levels = kind === "heatmap" ? [] : levelsOf(scene).values.map(scene.scale.inverse);
  return { levels, isLinear: scene.scale.kind === "linear" };
}

function surfaceKey(surface: Surface | null): unknown {
  if (surface === null) return null;
  const { map, generation, renewed, level, pathSequence } = surface;
  return [map, generation, renewed, level, pathSequence, hasPreview(surface)];
}

function statusKey({ phase, facts, sensitivity, surplus, settled, how, maps }: Status): unknown {
  const told = facts && { ...facts, histograms: [] };
  return [phase, told, sensitivity, surplus, settled, how, maps.map(({ key }) => key)];
}

/** Whatever is only a way of looking at the same picture is left out. */
function requestKey({ camera, marked, height, cuts, ...rest }: Request): unknown {
  return rest;
}
