// How the sources become the files of landscape_widget/static; `--watch` keeps doing it.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";
import { licences } from "./licences.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const watching = process.argv.includes("--watch");

const project = readFileSync(path("../pyproject.toml"), "utf8");
const version = /^version = "(.+)"$/m.exec(project)[1];

/** plotly's registry mentions the styles of maps, which our bundle doesn't have. */
const noMaps = {
  name: "no maps",
  setup({ onLoad }) {
    onLoad({ filter: /maplibre-gl\.css$/ }, () => ({ contents: "", loader: "empty" }));
  },
};

/** Each bundle is one file: an `import()` inside it becomes a lazy wrapper, evaluated when called. */
const options = {
  entryPoints: [
    { in: path("src/library.ts"), out: "library" },
    { in: path("src/modules/landscape.ts"), out: "landscape" },
    { in: path("src/modules/comparison.ts"), out: "comparison" },
    { in: path("src/modules/page.ts"), out: "page" },
    { in: path("src/styles.css"), out: "widget" },
  ],
  outdir: path("../landscape_widget/static"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  define: {
    VERSION: JSON.stringify(version),
    global: "globalThis",
    "process.env.NODE_ENV": '"production"',
  },
  logLevel: "info",
  plugins: [noMaps],
};

if (watching) {
  await (await context(options)).watch();
} else {
  const { metafile } = await build({ ...options, metafile: true });
  writeFileSync(`${options.outdir}/THIRD-PARTY.txt`, licences(Object.keys(metafile.inputs)));
}
