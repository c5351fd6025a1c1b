/** Measures one size of a family in one mode: numbers of the result, and the time of the search alone. */

import { defaultLowerOptions } from '../lower/lower.js';
import { loadShippedModel } from '../model/shipped.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { dialectFor } from '../verdict/model-choice.js';
import { prepareTest, programIn } from '../verdict/prepare-test.js';
import type { Family } from './family.js';

export type BenchMode = 'count' | 'outcomes';

export interface Row {
  readonly family: string;
  readonly model: string;
  readonly size: number;
  readonly mode: BenchMode;
  /** Events of an execution; 0 if there is none. */
  readonly events: number;
  readonly candidates: number;
  /** Executions that the model allows; null in outcome mode. */
  readonly allowed: number | null;
  readonly expected: number;
  readonly states: number;
  readonly milliseconds: number;
  /** What cut the search short, or null. */
  readonly limit: string | null;
}

/** Whether the count is what it must be; nothing to say of an incomplete or an uncounted search. */
export function isWrong(row: Row): boolean {
  return row.limit === null && row.allowed !== null && row.allowed !== row.expected;
}

export function measure(
  family: Family,
  size: number,
  mode: BenchMode,
  now: () => number,
  limitMs: number,
): Row {
  const source = { name: `${family.name} ${size}`, text: family.text(size) };
  const test = prepareTest(source);
  invariant(test.value !== null, renderDiagnostics(test.diagnostics));
  const program = programIn(test.value, dialectFor(family.model, family.language), defaultLowerOptions);
  invariant(program.value !== null, renderDiagnostics(program.diagnostics));
  const model = loadShippedModel(family.model);
  const start = now();
  const expired = () => now() - start > limitMs;
  const result = searchProgram(program.value, model, { ...defaultSearchOptions, mode, expired });
  const milliseconds = now() - start;
  const counted = result.positive !== null && result.negative !== null;
  return {
    family: family.name,
    model: family.model,
    size,
    mode,
    events: result.states[0]?.witness().events.length ?? 0,
    candidates: result.candidates,
    allowed: counted ? (result.positive ?? 0) + (result.negative ?? 0) : null,
    expected: family.allowed(size),
    states: result.states.length,
    milliseconds,
    limit: result.limit,
  };
}
