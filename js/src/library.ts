// What does every widget of a page share? The face, its pictures and what draws them, evaluated once.

import comparison from "./comparison";
import plotlyLibrary from "./plotly-library";
import landscape from "./widget";

export default {
  initialize() {
    return { ...plotlyLibrary.initialize(), landscape, comparison };
  },
};
