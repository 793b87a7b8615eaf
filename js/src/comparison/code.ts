// Which Python makes this comparison? The code of one landscape, with all members in place of the model. Pure.

const ONE = "widget = lw.explore(\n    model, loss, data,";

export function comparedCode(code: string, titles: readonly string[]): string {
  const members = titles.map((title, index) => `${JSON.stringify(title)}: model_${index + 1}`);
  const all = `comparison = lw.compare(\n    {${members.join(", ")}}, loss, data,`;
  return code.replace(ONE, all).replaceAll(/^widget\b/gm, "comparison");
}
