// What is known of the sharpness at the origin, number by number, and what is each of them? Pure.

import { formatCount, formatError, formatNumber } from "../numbers/format";
import type { Sharpness } from "../protocol";

/** One number with its name; of some there is more to say. */
export interface ReadOut {
  readonly name: string;
  readonly value: string;
  /** The sentence behind it. */
  readonly hint: string;
}

/** Those that are known, in the order in which they say most. */
export function readOuts(sharpness: Sharpness): readonly ReadOut[] {
  const { largest, smallest, critical, critical_step, sam, sam_radius, asam, asam_radius } =
    sharpness;
  const { trace, trace_error } = sharpness;
  return [
    readOut("λ_max", largest, "", LARGEST),
    readOut("λ_min", smallest, "", SMALLEST),
    readOut("critical sharpness", critical, step(critical_step), CRITICAL),
    readOut("SAM", sam, radius(sam_radius), SAM),
    readOut("ASAM", asam, radius(asam_radius), ASAM),
    readOut("trace", trace, trace_error === null ? "" : ` ${formatError(trace_error)}`, TRACE),
  ].filter((one) => one !== null);
}

/** "of 4,810 parameters, on 512 of 1,797 samples" */
export function ofText({ parameters, samples, size }: Sharpness): string {
  const what = parameters === null ? [] : [`of ${formatCount(parameters)} parameters`];
  const some = samples === null ? [] : [onText(samples, size)];
  return [...what, ...some].join(", ");
}

export function onText(samples: number, size: number | null): string {
  if (size === null || samples >= size) return `on all ${formatCount(samples)} samples`;
  return `on ${formatCount(samples)} of ${formatCount(size)} samples`;
}

export const MEASURE_HINT =
  "Critical sharpness, SAM and ASAM, the ends and the trace of the Hessian, and the density of its eigenvalues: some hundred products of the Hessian with a vector, each as long as a few gradients.";

export const SPECTRUM_HINT =
  "How many eigenvalues of the Hessian lie where, on a logarithmic scale: most of them near 0, and apart from the bulk a few, marked.";

function readOut(name: string, value: number | null, rest: string, hint: string): ReadOut | null {
  return value === null ? null : { name, value: `${formatNumber(value)}${rest}`, hint };
}

function step(critical: number | null): string {
  return critical === null ? "" : ` = 2/${formatNumber(critical)}`;
}

function radius(length: number | null): string {
  return length === null ? "" : ` within ${formatNumber(length)}`;
}

const LARGEST =
  "The largest eigenvalue of the Hessian: the curvature along the steepest valley wall.";
const SMALLEST =
  "The smallest eigenvalue of the Hessian. Below 0, there is a direction along which the loss falls away.";
const CRITICAL =
  "2/η, where η is the smallest step along the negative gradient that raises the loss: a gradient descent with larger steps can't stay here.";
const SAM =
  "By how much one step of this length along the gradient raises the loss (sharpness-aware minimization).";
const ASAM =
  "The same with steps measured in sizes of the weights, so that rescaling layers or units changes nothing (adaptive SAM).";
const TRACE =
  "The sum of all eigenvalues of the Hessian, estimated from random vectors; after ±, its standard error.";
