/** The execution that makes a verdict what it is, where another was expected: text of at most 80 columns. */
import { findRefusedExecution } from '../explain/refused-execution.js';
import { viewedGraph } from '../graph/from-execution.js';
import { toText, usualText } from '../graph/text.js';
import { usualView } from '../graph/view.js';
import type { SearchOptions } from '../search/execution.js';
import type { ExpectedVerdict, ModelRun } from '../verdict/report.js';
import type { Verdict } from '../verdict/verdict.js';

/** An execution that ends as the proposition says, or otherwise; allowed, or with what forbids it. */
interface Shown {
  readonly satisfies: boolean;
  readonly allowed: boolean;
}

/**
 * What tells the found verdict from the expected one: an execution that should not be allowed, or one that should. Of a deadlock,
 * nothing: it has no execution.
 */
export function telling(expected: ExpectedVerdict, found: Verdict): Shown | null {
  if (found === 'Deadlock' || found === 'Unknown') return null;
  if (expected === 'Always') return { satisfies: false, allowed: true };
  if (expected === 'Never') return { satisfies: true, allowed: true };
  if (expected === 'Sometimes') return { satisfies: found === 'Never', allowed: false };
  // Deadlock: any execution
  return { satisfies: found !== 'Never', allowed: true };
}

/** `options`: for the search of an execution that is forbidden. Null: there is none to show, or a limit came first. */
export function pictureOfVerdict(
  run: ModelRun,
  test: string,
  expected: ExpectedVerdict,
  options: SearchOptions,
): string | null {
  const shown = telling(expected, run.verdict);
  if (shown === null) return null;
  const { satisfies, allowed } = shown;
  const show = { model: run.compiled, view: usualView };
  const caption = { test, model: run.model, verdict: allowed ? 'allowed' : 'forbidden' };
  if (allowed) {
    const found = run.result.states.find((state) => state.satisfies === satisfies);
    return found === undefined ? null : toText(viewedGraph(found.witness(), caption, null, show), usualText);
  }
  const refusal = findRefusedExecution({ program: run.program, satisfies }, run.compiled, options);
  if (refusal === null) return null;
  return toText(viewedGraph(refusal.execution, caption, refusal.cycle, show), usualText);
}
