// When is the picture close enough, so that no finer cells are measured?

import { bind } from "../controls/binding";
import type { Option } from "../controls/choice";
import { row } from "../controls/row";
import { select } from "../controls/select";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { shareText } from "../words/interpolation";

const SHARES = [0.03, 0.01, 0.003];

/** A list offers keys, so a share is written as one. */
export function createStop(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<string>(
    store,
    ["tolerance"],
    (request) => String(request.tolerance),
    (key) => ({ tolerance: key === EVERY_CELL.key ? null : Number(key) }),
  );
  const options = [EVERY_CELL, ...SHARES.map((share) => stopOption(String(share)))];
  const control = select({ label: "stop at", options, binding, other: stopOption }, signal);
  const about = { label: "stop at", ...defined("tolerance"), refusal: binding.refusal };
  return row(about, signal, control);
}

const EVERY_CELL: Option<string> = {
  key: "null",
  label: "every cell",
  hint: "Every cell is measured, and nothing interpolated is left.",
};

function stopOption(key: string): Option<string> {
  const share = shareText(Number(key));
  return {
    key,
    label: `${share} of the range`,
    hint: `Finer cells are left out once interpolating them would be off by less than ${share} of the range.`,
  };
}
