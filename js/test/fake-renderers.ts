// Renderers that draw nothing: what is drawn in space is told to the same fake plotly, so that one list holds all.

import type { Renderers } from "../src/picture/renderer";
import type { Plotly } from "../src/plotly";

export function fakeRenderers(plotly: Plotly): Renderers {
  return {
    plotly,
    space(node, listen) {
      let isStanding = false;
      return {
        async show({ data, layout }) {
          const element = await plotly.react(node, data, layout, {});
          if (!isStanding) listen(element);
          isStanding = true;
        },
        async amend({ inSpace }) {
          if (!inSpace) return;
          const { first, traces } = inSpace;
          const x = traces.map((trace) => trace.x);
          await plotly.update(
            node,
            { x },
            {},
            [...traces.keys()].map((index) => first + index),
          );
        },
        look: (camera) => void plotly.relayout(node, { "scene.camera": camera }),
        async fit() {
          const { clientWidth: width, clientHeight: height } = node;
          await plotly.relayout(node, { width, height });
        },
        point: (xval, yval) => plotly.Fx.hover(node, { xval, yval }, undefined, true),
        unpoint: () => plotly.Fx.unhover(node),
        image: async () => document.createElement("canvas"),
        vector: async () => ({ width: 10, height: 5, markup: "<g/>" }),
        purge: () => plotly.purge(node),
      };
    },
  };
}
