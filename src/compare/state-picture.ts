/**
 * One final state, or one flag, of a run as a small text picture: the execution that proves that the model allows it, or the cycle that forbids it.
 */
import { findRefusedExecution } from '../explain/refused-execution.js';
import { viewedGraph } from '../graph/from-execution.js';
import { endingIn } from '../graph/pictures-of-run.js';
import { toText, usualText } from '../graph/text.js';
import { usualView } from '../graph/view.js';
import type { Program } from '../program/ir.js';
import { canonical, showValue, type Value } from '../program/value.js';
import type { Execution, SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { plainName } from '../verdict/state.js';
import { stateText, valuesIn } from './outcomes.js';

function draw(run: ModelRun, test: string, execution: Execution): string {
  const caption = { test, model: run.model, verdict: 'allowed' };
  const whole = { ...execution, program: run.program };
  return toText(viewedGraph(whole, caption, null, { model: run.compiled, view: usualView }), usualText);
}

/** `state` as `stateText` writes it; `test`: its name. Null if the run has no such state. At most 80 columns, ends in a line break. */
export function pictureOfState(run: ModelRun, test: string, state: string): string | null {
  const { observed } = run.program;
  const found = run.result.states.find(({ values }) => stateText(observed, values) === state);
  return found === undefined ? null : draw(run, test, found.witness());
}

/** An execution that raises the flag; null if the run does not raise it. */
export function pictureOfFlag(run: ModelRun, test: string, flag: string): string | null {
  const found = run.result.flags.find(({ name }) => name === flag);
  return found === undefined ? null : draw(run, test, found.witness());
}

/** The value that `showValue` writes so in a program; null: it has none such. */
function valueNamed(text: string, { locations }: Program): Value | null {
  if (/^-?\d+$/.test(text)) return canonical(BigInt(text));
  return locations.find((location) => showValue(location) === text) ?? null;
}

/**
 * An execution that would end in `state`, with the cycle for which the run's model forbids it. Null if the run does not exclude the
 * state, if nothing that the threads can do leads there, and if a limit came first.
 */
export function pictureOfForbidden(
  run: ModelRun,
  test: string,
  state: string,
  options: SearchOptions,
): string | null {
  const { program, compiled, model, result } = run;
  if (
    result.limit !== null ||
    result.states.some(({ values }) => stateText(program.observed, values) === state)
  )
    return null;
  const texts = valuesIn(state, program.observed.map(plainName));
  const values = texts.map((text) => valueNamed(text, program)).filter((value) => value !== null);
  if (values.length < texts.length) return null;
  const refusal = findRefusedExecution(endingIn(program, values), compiled, options);
  if (refusal === null) return null;
  const caption = { test, model, verdict: 'forbidden' };
  const whole = { ...refusal.execution, program };
  return toText(viewedGraph(whole, caption, refusal.cycle, { model: compiled, view: usualView }), usualText);
}
