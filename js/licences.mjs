// Whose work is in the bundle, and under which licence? Each of them asks for its text beside the copy.

import { readdirSync, readFileSync } from "node:fs";

const HEAD = "The files beside this one contain the packages below, each under its own licence.";
const LICENCE = /^(licen[cs]e|copying)(\.|-|$)/i;

/** What has to be said of the packages that these inputs of a bundle come from. */
export function licences(inputs) {
  const folders = new Set(inputs.map(packageOf).filter((folder) => folder !== undefined));
  return [HEAD, ...[...folders].sort().map(said)].join(`\n\n${"=".repeat(80)}\n\n`);
}

/** "node_modules/a/node_modules/@b/c/index.js" lies in "node_modules/a/node_modules/@b/c". */
function packageOf(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/** Its name, version and licence, and the text; where a package has none, who wrote it. */
function said(folder) {
  const told = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder)
    .sort()
    .find((name) => LICENCE.test(name));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8") : `By ${nameOf(told.author)}.`;
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  return `${told.name} ${told.version}\nLicence: ${told.license}\n\n${lines.join("\n").trim()}`;
}

function nameOf(author) {
  return typeof author === "string" ? author : (author?.name ?? "its contributors");
}
