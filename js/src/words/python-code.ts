// Which Python makes this view, or says this value? Code a person can paste into the next cell.

import type {
  Choices,
  DirectionChoice,
  DirectionOption,
  Levels,
  MapStatus,
  Request,
} from "../protocol";
import type { Reading } from "../surface";
import { optionOf } from "./directions";
import { metricsCode } from "./map-code";

/** Models, data and directions keep the names a person gave them, so placeholders stand for them. */
export function pythonCode(
  request: Request,
  choices: Choices,
  maps: readonly MapStatus[] = [],
): string {
  const plane = request.directions.length === 2;
  const rules = request.directions.map((choice) => rule(choice, choices));
  if (plane && request.third && request.rotation > 0) {
    const [second, third] = [rules[1], rule(request.third, choices)];
    rules[1] = `lw.BlendedDirection(${second}, ${third}, ${request.rotation})`;
  }
  const isGiven = (name: string) => choices.given.some(([option]) => option === name);
  const options = [
    ["directions", `(${rules.join(", ")}${plane ? "" : ","})`],
    ["normalization", text(request.normalization)],
    ["x", pair(request.x)],
    ...(plane ? [["y", pair(request.y)]] : []),
    ["resolution", pair(request.resolution)],
    ...(maps.length > 0 && !isGiven("metrics") ? [["metrics", metricsCode(maps)]] : []),
    ...(choices.has_trajectory ? [["trajectory", "trajectory"]] : []),
    ...(request.batch_norm ? [["batch_norm", text(request.batch_norm)]] : []),
    ...(request.samples < choices.size ? [["samples", String(request.samples)]] : []),
    ...(request.tolerance === null ? [] : [["tolerance", String(request.tolerance)]]),
    ...choices.given,
    ...(request.name ? [["name", text(request.name)]] : []),
  ] as const;
  const code = options.map(([name, value]) => `    ${name}=${value},`);
  return [
    ...(choices.given.some(([, value]) => value.startsWith("torch.")) ? ["import torch", ""] : []),
    "import landscape_widget as lw",
    "",
    ...yours(code.join("\n"), choices),
    "widget = lw.explore(",
    "    model, loss, data,",
    ...code,
    ")",
    ...view(request).map(([name, value]) => `widget.${name} = ${value}`),
    "widget",
    "",
  ].join("\n");
}

/** One cell as a dictionary, NaN and infinities too; what isn't measured on all samples says so. */
export function pythonReading(reading: Reading, metric: string): string {
  const entries = [
    ["coordinates", `[${reading.coordinates.map(number).join(", ")}]`],
    [metric, number(reading.value)],
    ["standard_error", number(reading.standardError)],
    ["population_error", number(reading.populationError)],
    ...(reading.known === "preview"
      ? ([["preview_samples", String(reading.samples)]] as const)
      : []),
    ...(reading.residual === null
      ? []
      : ([
          ["residual", number(reading.residual)],
          ["converged", reading.known === "unconverged" ? "False" : "True"],
        ] as const)),
    ...(reading.known === "interpolated" ? ([["interpolated", "True"]] as const) : []),
  ] as const;
  return `{${entries.map(([name, value]) => `${text(name)}: ${value}`).join(", ")}}`;
}

function view(request: Request): readonly (readonly [string, string])[] {
  const { metric, kind, scale, clip, limits, levels, moment, colors, linked, camera } = request;
  const { height, cuts, marked, big_type, pins, steps, step, covered, locked, hidden } = request;
  return [
    ["metric", text(metric)],
    ["kind", text(kind)],
    ["scale", text(scale)],
    ["clip", clip === null ? "None" : String(clip)],
    ...(limits ? [["limits", pair(limits)] as const] : []),
    ...(levels === "auto" ? [] : [["levels", levelsCode(levels)] as const]),
    ...(moment === null ? [] : [["moment", String(moment)] as const]),
    ["colors", text(colors)],
    ["linked", linked ? "True" : "False"],
    ...(height === 1 ? [] : [["height", String(height)] as const]),
    ...(camera ? [["camera", literal(camera)] as const] : []),
    ...(cuts ? [["cuts", "True"] as const] : []),
    ...(marked ? [["marked", pair(marked)] as const] : []),
    ...(big_type ? [["big_type", "True"] as const] : []),
    ...Object.entries({ pins, locked, hidden, steps })
      .filter(([, list]) => list.length > 0)
      .map(([name, list]) => [name, literal(list)] as const),
    ...(step === null ? [] : [["step", String(step)] as const]),
    ...(covered ? [["covered", "True"] as const] : []),
  ];
}

/** What has no code of its own is there under a name, which the person puts in. */
function yours(code: string, choices: Choices): readonly string[] {
  const placeholders = choices.directions.filter(isPlaceholder).flatMap((option) => {
    const name = nameOf(option, choices);
    return new RegExp(`\\b${name}\\b`).test(code) ? [`${name} (${oneLine(option.label)})`] : [];
  });
  const others = ["trajectory", ...NAMED].filter((name) => code.includes(`=${name},`));
  const names = [...placeholders, ...others];
  return names.length > 0 ? [`# Your own, by these names: ${names.join(", ")}`] : [];
}

const NAMED = ["filter_axes", "metrics", "test_data"];

function oneLine(label: string): string {
  return label.replaceAll(/\s+/g, " ");
}

/** The first of its kind has a plain name, the others a number. */
function nameOf(option: DirectionOption, choices: Choices): string {
  const alike = choices.directions.filter(
    (one) => isPlaceholder(one) && isTowards(one) === isTowards(option),
  );
  const index = alike.findIndex((one) => one.key === option.key);
  return `${isTowards(option) ? "other" : "direction"}${index > 0 ? `_${index + 1}` : ""}`;
}

function levelsCode(levels: Levels): string {
  if (typeof levels === "string") return text(levels);
  return `(${levels.join(", ")}${levels.length === 1 ? "," : ""})`;
}

function rule({ key, seed, normalization }: DirectionChoice, choices: Choices): string {
  const option = optionOf(choices, key);
  if (option?.seeded) {
    const chosen = normalization === null ? [] : [`normalization=${text(normalization)}`];
    const settings = [`seed=${seed}`, ...own(key, choices, normalization !== null), ...chosen];
    return `lw.RandomDirection(${settings.join(", ")})`;
  }
  const [kind, rank] = key.split(" ");
  if (kind === "gradient") return "lw.GradientDirection()";
  if (kind === "principal") return `lw.PrincipalDirection(trajectory, ${rank})`;
  if (kind === "hessian") return `lw.HessianDirection(${rank})`;
  if (kind === "start") return "lw.TowardsModel(trajectory[0].state())";
  if (!option) return "direction";
  const name = nameOf(option, choices);
  return isTowards(option) ? `lw.TowardsModel(${name})` : name;
}

/** The settings a random direction was given, which its key spells out: "random, layer, scaled". */
function own(key: string, choices: Choices, isNormalized: boolean): readonly string[] {
  return key
    .split(", ")
    .slice(1)
    .flatMap((word) => {
      if (word === "own filters") return ["filter_axes=filter_axes"];
      const isNormalization = choices.normalizations.some((one) => one.key === word);
      if (isNormalization && isNormalized) return [];
      return [`${isNormalization ? "normalization" : "one_dimensional"}=${text(word)}`];
    });
}

function isPlaceholder({ key, seeded }: DirectionOption): boolean {
  return !seeded && !/^(gradient|principal|hessian|start)\b/.test(key);
}

function isTowards(option: DirectionOption | undefined): boolean {
  return option?.label.startsWith("towards") ?? false;
}

function pair([first, second]: readonly [number, number]): string {
  return `(${first}, ${second})`;
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  const word = Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  return `float("${word}")`;
}

/** Python's words for what JSON holds. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, one]) => `${text(name)}: ${literal(one)}`);
  return `{${entries.join(", ")}}`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
