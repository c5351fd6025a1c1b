/** What `fencepost diff` prints: tests one below the other with totals, or a comparison with a log; text or JSON. */
import { compareLogs, type LogDiff } from '../compare/compare-logs.js';
import { aloneObject, diffObject } from '../compare/diff-json.js';
import { renderDiff, unchangedLine } from '../compare/diff-text.js';
import { LogAnswers } from '../compare/log-answers.js';
import { logsObject } from '../compare/logs-json.js';
import { renderLogDiffs } from '../compare/logs-text.js';
import { statusOf, type TestDiff } from '../compare/test-diff.js';
import { listed } from '../regress/barriers-text.js';
import type { DiffFileResult, DiffSetup } from './diff-file.js';
import type { Alone, Inputs } from './diff-inputs.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface DiffDisplay {
  readonly from: string | undefined;
  /** What the models are called that our own answers are by; null: those of the tests' languages. */
  readonly models: string | null;
  readonly pictures: boolean;
  readonly format: 'text' | 'json';
}

function aloneText({ status, file }: Alone, display: DiffDisplay): string {
  const [before, after = 'the working tree'] = (display.from ?? '').split('..');
  if (display.from === undefined) return status === 'new' ? `${file}: only after` : `${file}: only before`;
  return status === 'new' ? `${file}: new, not in ${before}` : `${file}: removed, not in ${after}`;
}

/** More tests that were not judged are counted. */
const MOST_NAMES = 5;

/** Whether no model judges both sides. */
function isUnjudged({ models }: TestDiff): boolean {
  return models.every(({ status }) => status === 'not-judged');
}

/** What stands below many tests. */
function totalsText(inputs: Inputs, results: readonly DiffFileResult[], setup: DiffSetup): string | null {
  const diffs = results.flatMap(({ diff }) => diff ?? []);
  const unjudged = diffs.filter(isUnjudged).length;
  const foreign = results.filter(({ isForeign }) => isForeign).length;
  const skipped = results.filter(({ diff, isForeign }) => isForeign || (diff !== null && isUnjudged(diff)));
  const different = diffs.filter((diff) => statusOf(diff) === 'different').length;
  const open = diffs.filter((diff) => statusOf(diff) === 'open').length;
  const alike = diffs.length - different - open - unjudged + inputs.untouched;
  const all = diffs.length + foreign + inputs.untouched;
  const isOne = all + inputs.alone.length === 1 && setup.other === null && inputs.untouched === 0;
  if (isOne || all === 0) return null;
  const tests = (count: number): string => `${count} test${count === 1 ? '' : 's'}`;
  const parts = [
    `${different} ${different === 1 ? 'differs' : 'differ'}`,
    `${alike} ${alike === 1 ? 'is' : 'are'} alike${inputs.untouched > 0 && setup.other === null ? ` (${inputs.untouched} untouched)` : ''}`,
    ...(open === 0 ? [] : [`${open} not decided`]),
    ...(skipped.length === 0
      ? []
      : [`${skipped.length} that ${setup.other === null ? 'the models do not' : 'not both models'} judge`]),
  ];
  const names = skipped.slice(0, MOST_NAMES).map(({ path }) => path);
  const more = skipped.length > MOST_NAMES ? [`${skipped.length - MOST_NAMES} more`] : [];
  return `${tests(all)}: ${listed(parts)}${skipped.length === 0 ? '' : ` (${[...names, ...more].join(', ')})`}`;
}

export function printTests(
  inputs: Inputs,
  results: readonly DiffFileResult[],
  setup: DiffSetup,
  display: DiffDisplay,
  terminal: Terminal,
): void {
  const diffs = results.flatMap(({ diff }) => diff ?? []);
  if (display.format === 'json') {
    const objects = [
      ...diffs.map(diffObject),
      ...inputs.alone.map(({ status, file }) => aloneObject(status, file)),
    ];
    terminal.out(`${JSON.stringify(objects, null, 2)}\n`);
    return;
  }
  const isOne = diffs.length === 1 && inputs.untouched + inputs.alone.length === 0 && setup.other === null;
  const options = { width: terminal.width, pictures: display.pictures };
  const shown = diffs.filter((diff) => isOne || statusOf(diff) !== 'same');
  // of two models, there is one version of each test, and what they agree on is not news
  const alike =
    setup.other === null ? diffs.filter((diff) => !shown.includes(diff) && !isUnjudged(diff)) : [];
  const blocks = [
    ...shown.map((diff) => renderDiff(diff, options)),
    ...(inputs.alone.length === 0
      ? []
      : [inputs.alone.map((each) => `${aloneText(each, display)}\n`).join('')]),
    ...(alike.length === 0 ? [] : [alike.map((diff) => `${unchangedLine(diff)}\n`).join('')]),
  ];
  const totals = totalsText(inputs, results, setup);
  terminal.out([...blocks, ...(totals === null ? [] : [`${totals}\n`])].join('\n'));
}

function logDiffs(inputs: Inputs, results: readonly DiffFileResult[]): readonly LogDiff[] {
  const answers = new LogAnswers();
  for (const { outcomes } of results) if (outcomes !== null) answers.add(outcomes);
  const judged = answers.tests;
  const { before = null, after = null } = inputs.logs ?? {};
  return compareLogs(before?.tests ?? judged, after?.tests ?? judged);
}

export function printLogs(
  inputs: Inputs,
  results: readonly DiffFileResult[],
  display: DiffDisplay,
  terminal: Terminal,
): ExitCode {
  const diffs = logDiffs(inputs, results);
  const ours = display.models === null ? 'fencepost' : `fencepost, ${display.models}`;
  const before = inputs.logs?.before?.name ?? ours;
  const after = inputs.logs?.after?.name ?? ours;
  if (display.format === 'json')
    terminal.out(`${JSON.stringify(logsObject(diffs, before, after), null, 2)}\n`);
  else terminal.out(renderLogDiffs(diffs, { before, after, all: display.pictures }));
  const isDifferent = diffs.some(({ status }) => status !== 'same' && status !== 'open');
  const isOpen = diffs.some(({ change }) => change !== null && change.open !== null);
  return worstExit([
    isDifferent ? exitCodes.mismatch : exitCodes.ok,
    isOpen ? exitCodes.limit : exitCodes.ok,
  ]);
}
