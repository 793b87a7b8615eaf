// What do the axes and the colour bar say?

import { formatNumber } from "../numbers/format";
import { choose, type Ticks } from "../numbers/scale";
import type { Theme } from "../picture/theme";
import type { Layout } from "../plotly";
import type { DirectionChoice, Range, Request } from "../protocol";
import type { Surface } from "../surface";
import type { Scene } from "./scene";
import { valueTitle } from "./titles";

/** Names of models and metrics are text, never plotly's markup. */
export function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * "direction 1: random, seed 0" above "filter-normalized steps"; a principal component says what it explains, an
 * eigenvector its eigenvalue.
 */
export function directionTitle(
  surface: Surface | null,
  request: Request,
  axis: 0 | 1,
  isCompact = false,
): string {
  const label = surface?.facts.labels[axis];
  const name = `direction ${axis + 1}${label === undefined ? "" : `: ${plain(label)}`}`;
  const [, vector, eigenvalue] = EIGENVECTOR.exec(label ?? "") ?? [];
  if (vector && eigenvalue) return `${vector}<br>${plain(eigenvalue)}, ${stepUnit(request, axis)}`;
  const explained = explainedTitle(surface, request, axis);
  if (isCompact && explained !== null) return explained.join("<br>");
  return `${explained?.join(" ") ?? name}<br>${stepUnit(request, axis)}`;
}

/** Ticks of a direction: coordinates are never transformed. */
export function coordinateTicks(range: Range, theme: Theme, count?: number): Layout {
  const { values, labels } = choose("linear", []).ticks(range[0], range[1], count);
  return {
    ...ticks({ values, labels }),
    tickfont: { size: theme.fontSize - 1, color: theme.muted },
  };
}

export function ticks({ values, labels }: Ticks): Layout {
  return { tickmode: "array", tickvals: values, ticktext: labels };
}

/** Plotly would hide those that overflow; where all do, it finds no place for the title. */
export const SHOWN_TICKS: Layout = { ticklabeloverflow: "allow" };

/** The cross at the pointer. */
export function spikes(theme: Theme): Layout {
  return {
    showspikes: true,
    spikemode: "across",
    spikesnap: "hovered data",
    spikethickness: 1,
    spikedash: "solid",
    spikecolor: theme.muted,
  };
}

/** The colour bar: raw values beside the colours, its flat end marked where cells are clipped. */
export function colorBar(scene: Scene, at: Ticks, clip: number | null): Layout {
  const { theme } = scene;
  const below = at.values.flatMap((value, index) =>
    clip === null || value < clip ? [{ value, label: at.labels[index] ?? "" }] : [],
  );
  const marks = [...below];
  if (clip !== null && scene.clip !== null) {
    marks.push({ value: clip, label: `≥ ${formatNumber(scene.scale.inverse(scene.clip))}` });
  }
  return {
    ...ticks({
      values: marks.map((mark) => mark.value),
      labels: marks.map((mark) => mark.label),
    }),
    title: {
      text: plain(valueTitle(scene.surface.metrics[scene.metric], scene.scale)),
      side: "right",
      font: { size: theme.fontSize, color: theme.text },
    },
    tickfont: { size: theme.fontSize - 1, color: theme.muted },
    thickness: 12,
    len: 0.86,
    outlinewidth: 0,
    ticks: "",
    xpad: 12,
  };
}

/** "1st PC: 61.2 %" and "(random walk: 60.8 %)", beside the paper's levels with two decimals as there. */
function explainedTitle(
  surface: Surface | null,
  request: Request,
  axis: 0 | 1,
): readonly string[] | null {
  const explained = surface?.path?.explained[axis] ?? null;
  if (explained === null) return null;
  const percent = (share: number) =>
    request.levels === "paper" ? `${(100 * share).toFixed(2)} %` : `${formatNumber(100 * share)} %`;
  const name = /^\d+\w\w PC/.exec(surface?.facts.labels[axis] ?? "")?.[0] ?? RANKS[axis];
  const chance = surface?.path?.byChance[axis] ?? null;
  const beside = chance === null ? [] : [`(random walk: ${percent(chance)})`];
  return [`${name}: ${percent(explained)}`, ...beside];
}

/** As far as a direction's key spells out its rule: "random, layer, scaled". */
const NORMALIZATIONS: readonly string[] = ["filter", "layer", "weight", "none"];

/** With its number before it, the name would be longer than most pictures are high. */
const EIGENVECTOR = /^(\w+ Hessian eigenvector): (λ = .+)$/;

const RANKS = ["1st PC", "2nd PC"] as const;

/** An axis that is turned has a unit of its own only where both directions have the same. */
function stepUnit({ directions, normalization, third, rotation }: Request, axis: 0 | 1): string {
  const unit = (direction: DirectionChoice | null | undefined) => {
    const [kind, ...rule] = (direction?.key ?? "").split(", ");
    const ofRule = rule.find((word) => NORMALIZATIONS.includes(word));
    const own = direction?.normalization ?? ofRule ?? normalization;
    return kind === "random" && own !== "none" ? `${own}-normalized steps` : "steps";
  };
  const own = unit(directions[axis]);
  if (axis === 0 || third === null || rotation === 0) return own;
  return rotation === 90 || unit(third) === own ? unit(third) : "steps";
}
