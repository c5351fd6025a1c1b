/**
 * The pictures of `-show ... -o DIR`: one file NAME.dot for each test, with a digraph for each execution that is shown; `-o -` frames
 * them on standard output, as herd7 does. One execution stands for all that end in the same state.
 */
import { basename, join } from 'node:path';
import { toDot } from '../../graph/dot.js';
import { viewedGraph } from '../../graph/from-execution.js';
import { usualView } from '../../graph/view.js';
import { writeWhole } from '../../io/write-file.js';
import type { Quantifier } from '../../program/ir.js';
import type { Diagnostic } from '../../text/diagnostic.js';
import type { ModelRun } from '../../verdict/report.js';
import { distinctNames } from '../distinct-names.js';
import type { HerdRequest, ShownExecutions } from './herd-options.js';

/** Whether states are shown that satisfy the condition's proposition, and others. */
function shows(show: ShownExecutions, quantifier: Quantifier): (satisfies: boolean) => boolean {
  switch (show) {
    case 'all':
      return () => true;
    case 'none':
      return () => false;
    case 'prop':
      return (satisfies) => satisfies;
    case 'neg':
      return (satisfies) => !satisfies;
    case 'cond':
      return (satisfies) => satisfies === (quantifier !== '~exists');
    case 'wit':
      return (satisfies) => satisfies === (quantifier !== 'forall');
  }
}

function picturesOf(test: string, run: ModelRun, { show, most }: HerdRequest): string {
  const isShown = shows(show, run.program.condition.quantifier);
  const caption = { test, model: run.model, verdict: 'allowed' };
  return run.result.states
    .filter(({ satisfies }) => isShown(satisfies))
    .slice(0, most ?? undefined)
    .map((state) =>
      toDot(viewedGraph(state.witness(), caption, null, { model: run.compiled, view: usualView })),
    )
    .join('\n');
}

function baseOf(path: string): string {
  return basename(path).replace(/\.litmus$/, '');
}

/** What the picture of each file is called: as the file, but for another file of the same name in another folder. */
export function pictureNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const files = [...new Set(paths)];
  const names = distinctNames(files.map(baseOf));
  return new Map(files.map((path, at) => [path, names[at]!]));
}

/**
 * Draws a test into the folder, as the file of this name, or for standard output. An empty file says that nothing is shown: it replaces
 * an older picture.
 */
export function drawForHerd(
  path: string,
  name: string,
  test: string,
  run: ModelRun,
  request: HerdRequest,
): { readonly out: string; readonly failure: Diagnostic | null } {
  const { output, suffix } = request;
  if (output === null) return { out: '', failure: null };
  const text = picturesOf(test, run, request);
  const base = baseOf(path);
  if (output === '-')
    return { out: `\nDOTBEGIN ${base}\nDOTCOM dot\n${text}\nDOTEND ${base}\n`, failure: null };
  return { out: '', failure: writeWhole(join(output, `${name}${suffix}.dot`), text, 'ours') };
}
