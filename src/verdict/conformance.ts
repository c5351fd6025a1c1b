/**
 * Compares what we say of a test with what a reference tool said: data in, differences out.
 *
 * Used by `npm run conformance` and by conformance.test.ts. What is compared depends on the mode: counts only in count mode,
 * states and flags not in verdict mode, which does not look for all of them.
 */
import type { Mode } from '../search/execution.js';
import { positionAt } from '../text/source.js';
import { type Difference, type DifferenceKind, differenceKinds } from './difference.js';
import type { ExpectedResult, FullResult } from './expected-result.js';
import { isKnown, type KnownDifference, knownDifferences } from './known-differences.js';
import type { FileReport, ModelRun } from './report.js';
import { stateLine } from './state.js';
import { decideAnswer, type Verdict } from './verdict.js';

/** One test, compared. */
export interface ComparedTest {
  /** Relative to the folder of the `expected.json`. */
  readonly file: string;
  /** Empty: full agreement. */
  readonly differences: readonly Difference[];
  readonly seconds: number;
  /** If our answer was explained, too. */
  readonly explained?: ExplainedTest;
}

/** An explanation of our answer, and its audit. */
export interface ExplainedTest {
  /** allowed, forbidden, impossible, deadlock or unknown. */
  readonly kind: string;
  /** How many facts of it were checked, and hold. */
  readonly facts: number;
  /** CPU time of the explanation, without the search for the answer and without the audit. */
  readonly milliseconds: number;
}

function differ(kind: DifferenceKind, detail: string): Difference[] {
  return [{ kind, detail }];
}

function compareStates({ program, result }: ModelRun, expected: FullResult): Difference[] {
  const found = new Set(result.states.map((state) => stateLine(program.observed, state.values)));
  const wanted = new Set(expected.states);
  const extra = [...found].filter((line) => !wanted.has(line));
  const missing = [...wanted].filter((line) => !found.has(line));
  if (extra.length === 0 && missing.length === 0) return [];
  const part = (word: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${lines.length} ${word}, such as ${lines[0]}`];
  return differ('states', [...part('too many', extra), ...part('missing', missing)].join(' '));
}

/** herd7's word for a verdict: a test whose executions do not complete is `Never`. */
const observationOf: Readonly<Record<Verdict, string>> = {
  Never: 'Never',
  Sometimes: 'Sometimes',
  Always: 'Always',
  Deadlock: 'Never',
  Unknown: 'Unknown',
};

function compareObservation(run: ModelRun, expected: FullResult): Difference[] {
  const observation = observationOf[run.verdict];
  if (observation === expected.observation) return [];
  return differ('observation', `${observation}, expected ${expected.observation}`);
}

function compareCounts({ result }: ModelRun, expected: FullResult): Difference[] {
  const { positive, negative } = result;
  const [first, second] = expected.question === 'Forbidden' ? [negative, positive] : [positive, negative];
  if (first === expected.positive && second === expected.negative) return [];
  return differ('counts', `${first}/${second}, expected ${expected.positive}/${expected.negative}`);
}

function compareFlags({ result }: ModelRun, expected: FullResult): Difference[] {
  const found = result.flags.map((flag) => flag.name).sort();
  const wanted = [...expected.flags].sort();
  if (found.join('\n') === wanted.join('\n')) return [];
  const list = (names: readonly string[]) => names.join(', ') || 'none';
  return differ('flags', `${list(found)}, expected ${list(wanted)}`);
}

function compareAnswer(run: ModelRun, yes: boolean): Difference[] {
  const answer = decideAnswer(run.program.condition.quantifier, run.result);
  const expected = yes ? 'yes' : 'no';
  return answer === expected ? [] : differ('observation', `${answer}, expected ${expected}`);
}

function compareRun(run: ModelRun, expected: ExpectedResult, mode: Mode): Difference[] {
  // One witness answers `exists`, whatever limit was hit besides.
  if (expected.kind === 'answer' && decideAnswer(run.program.condition.quantifier, run.result) !== 'open')
    return compareAnswer(run, expected.yes);
  if (run.result.limit !== null) return differ('unfinished', run.result.limit);
  if (expected.kind === 'answer') return compareAnswer(run, expected.yes);
  const observation = compareObservation(run, expected);
  if (mode === 'verdict') return observation;
  const counts = mode === 'count' ? compareCounts(run, expected) : [];
  return [...compareStates(run, expected), ...observation, ...counts, ...compareFlags(run, expected)];
}

/** Why there is no run: the first error, with its place. */
function describeRefusal(diagnostics: FileReport['diagnostics']): string {
  const error = diagnostics.find((d) => d.severity === 'error');
  if (error === undefined) return 'without a reason';
  if (error.span === null) return error.message;
  const { line, column } = positionAt(error.span.file, error.span.start);
  return `${line}:${column}: ${error.message}`;
}

/** The mode to run a test in: of those without a full answer only the question is known. */
export function modeFor(expected: ExpectedResult, mode: Mode): Mode {
  return expected.kind === 'answer' ? 'verdict' : mode;
}

/** What differs in a report of one model, which ran in `modeFor(expected, mode)`. */
export function compareReport(report: FileReport, expected: ExpectedResult, mode: Mode): Difference[] {
  if (report.kind === 'input-failure') return differ('refused', describeRefusal(report.diagnostics));
  const [only] = report.models;
  if (only === undefined || only.kind === 'failure')
    return differ('refused', describeRefusal(only?.diagnostics ?? report.diagnostics));
  if (only.kind === 'unfinished') return differ('unfinished', only.limit);
  return compareRun(only, expected, mode);
}

/** The kinds of differences that a mode can find. */
function visibleKinds(mode: Mode): readonly DifferenceKind[] {
  const hidden: readonly DifferenceKind[] =
    mode === 'count' ? [] : mode === 'outcomes' ? ['counts'] : ['counts', 'states', 'flags'];
  return differenceKinds.filter((kind) => !hidden.includes(kind));
}

/**
 * What becomes of a compared test: it agrees; it differs in just what its row of the table says; it differs otherwise; it has
 * a row that says a difference which is not there any more.
 */
export type Standing = 'agrees' | 'known' | 'new' | 'stale';

export interface JudgedTest extends ComparedTest {
  readonly standing: Standing;
  readonly known: KnownDifference | null;
}

/** Looks a compared test up in the table of known differences. `folder`: the name of the folder, without its path. */
export function judgeTest(
  folder: string,
  compared: ComparedTest,
  mode: Mode,
  table: readonly KnownDifference[] = knownDifferences,
): JudgedTest {
  const known = table.find((row) => isKnown(row, `${folder}/${compared.file}`)) ?? null;
  const visible = visibleKinds(mode);
  const wanted = known === null ? [] : visible.filter((kind) => known.kinds.includes(kind));
  const found = visible.filter((kind) => compared.differences.some((d) => d.kind === kind));
  const same = found.join() === wanted.join();
  const standing = same ? (found.length === 0 ? 'agrees' : 'known') : found.length === 0 ? 'stale' : 'new';
  return { ...compared, standing, known };
}
