// What can be saved of a view? Made in the browser, so that it works without a kernel too, but for the page.

import type { ReadonlySignal } from "@preact/signals-core";
import type { ButtonOptions } from "../controls/button";
import { watch } from "../controls/element";
import type { Heading } from "../controls/menu";
import { csvOf } from "../export/csv";
import { download, fileName } from "../export/download";
import { pngOf } from "../export/png";
import type { Measure } from "../export/sheet";
import { svgOf } from "../export/svg";
import { wordsOf } from "../export/words";
import type { Printer } from "../picture/picture";
import type { Theme } from "../picture/theme";
import type { Store } from "../store";
import type { Surface } from "../surface";
import { type ControlName, defined } from "../words/definitions";

const SCALES = [2, 4] as const;

/** `printer` gives the picture, once it is there; `say` tells why something could not be saved. */
export function createSaving(
  store: Store,
  printer: ReadonlySignal<Printer | null>,
  say: (sentence: string) => void,
  signal: AbortSignal,
): readonly (ButtonOptions | Heading)[] {
  let awaitsPage = false;

  const shown = (): Surface | null => {
    const surface = store.surface.value;
    return surface && surface.level >= 0 && !store.covered.value ? surface : null;
  };
  const asFile = (content: Blob, suffix: string) =>
    download(content, fileName(store.request.peek().name, suffix));

  /** A press that makes a file, or says why it can't. */
  const saving = (make: (surface: Surface) => Promise<void> | void) => async () => {
    const surface = shown();
    try {
      if (surface) await make(surface);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };

  const words = (surface: Surface) => wordsOf(surface, store.status.peek(), store.request.peek());
  const picture = (make: (surface: Surface, printer: Printer) => Promise<Blob>, suffix: string) =>
    saving(async (surface) => {
      const from = printer.peek();
      if (from) asFile(await make(surface, from), suffix);
    });
  const item = (
    label: string,
    control: ControlName,
    press: () => void,
    enabled: () => boolean,
  ) => ({
    ...{ label, ...defined(control), press, enabled },
  });
  const isDrawn = () => shown() !== null && printer.value !== null;
  const asPng = (scale: number) =>
    picture(async (surface, { image, theme }) => {
      return pngOf(await image(scale), words(surface), theme.peek(), scale);
    }, "png");
  const asSvg = picture(async (surface, { vector, theme }) => {
    const colors = theme.peek();
    const text = svgOf(await vector(), words(surface), colors, measureIn(colors));
    return new Blob([text], { type: "image/svg+xml" });
  }, "svg");
  const asCsv = saving((surface) =>
    asFile(new Blob([csvOf(surface)], { type: "text/csv" }), "csv"),
  );
  const hasKernel = () => ["live", "busy"].includes(store.connection.value);
  const asPage = saving(() => {
    awaitsPage = true;
    store.act({ kind: "page" });
  });

  watch(signal, () => {
    const page = store.page.value;
    if (!page || !awaitsPage) return;
    awaitsPage = false;
    asFile(new Blob([page as BlobPart], { type: "text/html" }), "html");
  });

  return [
    { heading: "save" },
    ...SCALES.map((scale) => item(`picture, PNG ${scale}×`, "save_png", asPng(scale), isDrawn)),
    item("picture, SVG", "save_svg", asSvg, isDrawn),
    item("values, CSV", "save_csv", asCsv, () => shown() !== null),
    item("page, HTML", "save_page", asPage, () => shown() !== null && hasKernel()),
  ];
}

function measureIn({ font }: Theme): Measure {
  const pen = document.createElement("canvas").getContext("2d");
  return (text, size) => {
    if (!pen) return text.length * size * 0.55;
    pen.font = `${size}px ${font}`;
    return pen.measureText(text).width;
  };
}
