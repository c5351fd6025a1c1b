/** One final state, or one flag, of a run as a small text picture: the execution that proves that the model allows it. */
import { viewedGraph } from '../graph/from-execution.js';
import { toText, usualText } from '../graph/text.js';
import { usualView } from '../graph/view.js';
import type { Execution } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { stateText } from './outcomes.js';

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
