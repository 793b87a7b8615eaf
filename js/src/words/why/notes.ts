// What else has the kernel to say: of the data, of the directions, of how it computed?

import { mapTruth } from "../maps";
import { finding, type Rule } from "./finding";

export const notes: Rule = ({ facts, status: { how, maps } }) =>
  [...facts.notes, ...(how?.notes ?? []), ...maps.map(mapTruth)].flatMap((note) =>
    finding("plain", note, ""),
  );
