// How does drawing.ts become one script, with plotly's surface in it? `drawing.mjs OUT`.

import { build } from "../../js/node_modules/esbuild/lib/main.js";

const path = (relative) => new URL(relative, import.meta.url).pathname;

await build({
  entryPoints: [path("drawing.ts")],
  outfile: process.argv[2],
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  nodePaths: [path("../../js/node_modules")],
  define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
  loader: { ".css": "empty" },
  logLevel: "error",
});
