// What does a lesson show at each step, and how is it put together? Pure; the twin of landscape_widget/live/lesson.py.

import type { LessonStep, Request, StepView } from "../protocol";
import { differing, namesIn } from "../store/history";
import { ALONE, GROUPS } from "./controls";

/** What says how a lesson goes, and what is a person's own: no step sets it. */
const KEPT: readonly string[] = ["linked", "big_type", "steps", "step"];

/** The requests that a step may set. */
export const STEPPED: readonly (keyof StepView)[] = [
  ...Object.values(GROUPS).flat(),
  ...ALONE,
].filter((name): name is keyof StepView => !KEPT.includes(name));

/** What a step sets, and what those before it have set; it covers the values only if it says so itself. */
export function viewAt(steps: readonly LessonStep[], step: number): StepView {
  const view = Object.assign({}, ...steps.slice(0, step + 1).map((one) => one.view));
  if (!steps.some((one) => "covered" in one.view)) return view;
  return { ...view, covered: steps[step]?.view.covered ?? false };
}

/** All that changes when a step is gone to. */
export function goingTo(request: Request, step: number): Partial<Request> {
  return { ...viewAt(request.steps, step), step };
}

/** What is no longer as the step that is shown has it. */
export function strayed(request: Request): readonly (keyof Request)[] {
  if (request.step === null) return [];
  return namesIn(differing(request, viewAt(request.steps, request.step)));
}

/** One more, of all that is seen now. */
export function withStep(request: Request, caption: string): Partial<Request> {
  const names = STEPPED.filter((name) => name !== "covered" || request.covered);
  const view: StepView = Object.fromEntries(names.map((name) => [name, request[name]]));
  return { steps: [...request.steps, { caption, view }] };
}

/** The caption says something else. */
export function captioned(request: Request, step: number, caption: string): Partial<Request> {
  const steps = request.steps.map((one, index) => (index === step ? { ...one, caption } : one));
  return { steps };
}

/** Two neighbours change places; whichever was shown still is. */
export function movedUp(request: Request, step: number): Partial<Request> {
  const steps = [...whole(request.steps)];
  const moved = steps.splice(step, 1);
  steps.splice(step - 1, 0, ...moved);
  const places = new Map([
    [step, step - 1],
    [step - 1, step],
  ]);
  const shown = request.step;
  return { steps, step: shown === null ? null : (places.get(shown) ?? shown) };
}

/** One fewer; whichever was shown still is, or else the one before it. */
export function withoutStep(request: Request, step: number): Partial<Request> {
  const steps = whole(request.steps).filter((_, index) => index !== step);
  const { step: shown } = request;
  if (steps.length === 0 || shown === null) return { steps, step: null };
  return { steps, step: Math.max(0, shown >= step && shown > 0 ? shown - 1 : shown) };
}

/** The same lesson, with no step that builds on the ones before it. */
function whole(steps: readonly LessonStep[]): readonly LessonStep[] {
  return steps.map(({ caption }, index) => ({ caption, view: viewAt(steps, index) }));
}
