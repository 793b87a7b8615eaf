// What does every widget of a kernel share? The face, its pictures and what draws them, evaluated once a page.

import comparison from "./comparison";
import { openPage } from "./page";
import { loadRenderers } from "./renderers";
import landscape from "./widget";

const library = { landscape, comparison, openPage, load: loadRenderers };

export type Library = typeof library;

export default { initialize: () => library };
