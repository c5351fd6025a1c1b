/** The ways in which our answer can differ from a reference tool's. */

/**
 * In the order of the report. `crashed`: our own bug. `refused`: no program, or none for the model. `unfinished`: a limit. `explanation`:
 * ours, of our own answer, does not pass its audit.
 */
export const differenceKinds = [
  'crashed',
  'refused',
  'unfinished',
  'states',
  'observation',
  'counts',
  'flags',
  'explanation',
] as const;

export type DifferenceKind = (typeof differenceKinds)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** What was found against what was expected, in one line. */
  readonly detail: string;
}
