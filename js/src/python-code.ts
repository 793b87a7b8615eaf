// Which Python makes this view? Code a person can paste into the next cell.

import type { Choices, DirectionChoice, Request } from "./protocol";

/** Models, data and directions keep the names a person gave them, so placeholders stand for them. */
export function pythonCode(request: Request, choices: Choices): string {
  const plane = request.directions.length === 2;
  const rules = request.directions.map((choice) => rule(choice));
  const options = [
    ["directions", `(${rules.join(", ")}${plane ? "" : ","})`],
    ["normalization", text(request.normalization)],
    ["x", pair(request.x)],
    ...(plane ? [["y", pair(request.y)]] : []),
    ["resolution", pair(request.resolution)],
    ...(request.samples < choices.size ? [["samples", String(request.samples)]] : []),
    ...(request.name ? [["name", text(request.name)]] : []),
  ];
  return [
    "import landscape_widget as lw",
    "",
    "widget = lw.explore(",
    "    model, loss, data,",
    ...options.map(([name, value]) => `    ${name}=${value},`),
    ")",
    ...view(request).map(([name, value]) => `widget.${name} = ${value}`),
    "widget",
    "",
  ].join("\n");
}

function view(request: Request): readonly (readonly [string, string])[] {
  const { metric, kind, scale, clip, colors, linked, camera } = request;
  return [
    ["metric", text(metric)],
    ["kind", text(kind)],
    ["scale", text(scale)],
    ["clip", clip === null ? "None" : String(clip)],
    ["colors", text(colors)],
    ["linked", linked ? "True" : "False"],
    ...(camera ? [["camera", JSON.stringify(camera)] as const] : []),
  ];
}

function rule({ key, seed }: DirectionChoice): string {
  const [family = "", index = "0"] = key.split(":");
  const which = index === "0" ? "" : `_${Number(index) + 1}`;
  switch (family) {
    case "random":
      return `lw.RandomDirection(seed=${seed})`;
    case "gradient":
      return "lw.GradientDirection()";
    case "towards":
      return `lw.TowardsModel(other${which})`;
    default:
      return `direction${which}`;
  }
}

function pair([first, second]: readonly [number, number]): string {
  return `(${first}, ${second})`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
