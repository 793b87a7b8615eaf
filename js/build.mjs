// How the sources become the three files of landscape_widget/static; `--watch` keeps doing it.

import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const target = path("../landscape_widget/static");
const watching = process.argv.includes("--watch");

/** anywidget reads the styles as text, so they stay a file of their own. */
const styles = {
  name: "styles",
  setup({ onEnd }) {
    onEnd(() => copyFile(path("src/styles.css"), `${target}/widget.css`));
  },
};

/** Each bundle is one file: an `import()` inside it becomes a lazy wrapper, evaluated when called. */
const options = {
  entryPoints: [path("src/widget.ts"), path("src/plotly-library.ts")],
  outdir: target,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
  logLevel: "info",
  plugins: [styles],
};

await mkdir(target, { recursive: true });
if (watching) {
  await (await context(options)).watch();
} else {
  await build(options);
}
