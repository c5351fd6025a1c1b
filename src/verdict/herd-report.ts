/**
 * The report block that herd7 prints, so that scripts and log comparers go on working.
 *
 * Source: the format as measured on herd7 7.58. Ours: `Hash` is a content hash of the test's text (not herd7's), and
 * where a limit was hit there is a `Limit` line after the flags (which says how far a search came that was stopped), and what it leaves open reads `??` (for Ok, No) and
 * `Unknown` (for Never, Sometimes, Always), so that no script takes an incomplete search for an answer.
 */
import type { Quantifier } from '../program/ir.js';
import { invariant } from '../text/diagnostic.js';
import { contentHash } from './content-hash.js';
import { describeSearched } from './partial.js';
import type { ModelRun, ModelUnfinished, TestReport } from './report.js';
import { stateLine } from './state.js';
import { decideAnswer } from './verdict.js';

const kinds: Readonly<Record<Quantifier, string>> = {
  exists: 'Allowed',
  '~exists': 'Forbidden',
  forall: 'Required',
};

/** Without any execution (deadlock) nothing exists and everything holds for all. */
function okOrNo(run: ModelRun): string {
  const { quantifier } = run.program.condition;
  const answer = decideAnswer(quantifier, run.result);
  if (answer === 'open') {
    if (run.verdict !== 'Deadlock') return '??';
    return quantifier === 'exists' ? 'No' : 'Ok';
  }
  return answer === 'yes' ? 'Ok' : 'No';
}

/** One block, with its final blank line. The run must be counted (mode `count`). */
export function renderHerdReport(test: TestReport, run: ModelRun): string {
  const { positive, negative, flags, states, limit } = run.result;
  invariant(positive !== null && negative !== null, 'the herd report needs a counted search');
  const { quantifier, text } = run.program.condition;
  const [witnesses, others] = quantifier === '~exists' ? [negative, positive] : [positive, negative];
  const lines = states.map((state) => stateLine(run.program.observed, state.values)).sort();
  const searched = describeSearched(run.result);
  return [
    `Test ${test.name} ${kinds[quantifier]}`,
    `States ${states.length}`,
    ...lines,
    okOrNo(run),
    'Witnesses',
    `Positive: ${witnesses} Negative: ${others}`,
    ...flags.map((flag) => `Flag ${flag.name}`),
    ...(limit === null ? [] : [`Limit ${limit}${searched === null ? '' : ` (${searched})`}`]),
    `Condition ${text}`,
    `Observation ${test.name} ${run.verdict === 'Deadlock' ? 'Never' : run.verdict} ${positive} ${negative}`,
    `Time ${test.name} ${run.seconds.toFixed(2)}`,
    `Hash=${contentHash(test.source.text)}`,
    '',
    '',
  ].join('\n');
}

/** The block of a model whose search left nothing behind: everything is open. */
export function renderHerdUnfinished(test: TestReport, { program, limit }: ModelUnfinished): string {
  const { quantifier, text } = program.condition;
  return [
    `Test ${test.name} ${kinds[quantifier]}`,
    'States 0',
    '??',
    'Witnesses',
    'Positive: 0 Negative: 0',
    `Limit ${limit}`,
    `Condition ${text}`,
    `Observation ${test.name} Unknown 0 0`,
    `Hash=${contentHash(test.source.text)}`,
    '',
    '',
  ].join('\n');
}
