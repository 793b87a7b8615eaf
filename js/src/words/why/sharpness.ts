// What can sharpness not tell?

import { finding, type Rule } from "./finding";

export const sharpness: Rule = ({ sharpness }) =>
  sharpness === null || sharpness.caveat === ""
    ? []
    : finding(
        "plain",
        "Sharpness is no measure of how well a network generalizes.",
        sharpness.caveat,
      );
