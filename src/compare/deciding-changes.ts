/**
 * Which of several changes of a test's code make the difference: the smallest sets of changes that are enough by themselves.
 *
 * Sound by construction: the earlier test with some of the changes is a test, which is elaborated, compiled and searched as any other, and a set
 * is enough only if it allows exactly what the later test allows. Variants stand in the later test's frame (initial values,
 * parameters, question), so nothing is said unless that frame with none of the changes answers as the earlier test did; nor where a
 * limit leaves an answer open.
 */
import type { LitmusTree } from '../syntax/parse.js';
import type { CodeChange, CodeComparison } from './code-changes.js';
import { compareOutcomes, isSame, type OutcomeSet } from './outcomes.js';

/** What one model says of a test in a tree; null: it is no test. */
export type JudgeTree = (tree: LitmusTree) => OutcomeSet | null;

/** More sets than this are not tried for a model. */
const MOST_TRIALS = 64;
/** Larger sets than this are not tried. */
const MOST_TOGETHER = 3;

function isEqual(a: OutcomeSet | null, b: OutcomeSet): boolean {
  return a !== null && a.limit === null && b.limit === null && isSame(compareOutcomes(a, b));
}

/** All sets of `size` of the numbers below `of`, in their order. */
function* choices(of: number, size: number, from = 0): Generator<readonly number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= of - size; first++)
    for (const rest of choices(of, size - 1, first + 1)) yield [first, ...rest];
}

/**
 * The minimal sets of changes, by their numbers, that turn `before` into `after`; smaller sets first. Null: not found out. All changes together
 * are a set only if no smaller one was found and all smaller ones were tried.
 */
export function decidingChanges(
  { changes, mix }: CodeComparison,
  before: OutcomeSet,
  after: OutcomeSet,
  judge: JudgeTree,
): readonly (readonly number[])[] | null {
  const judgeSet = (made: ReadonlySet<CodeChange>): OutcomeSet | null =>
    judge(mix((change) => made.has(change)));
  if (changes.length < 2 || !isEqual(judgeSet(new Set()), before)) return null;
  const found: (readonly number[])[] = [];
  const unlessEmpty = () => (found.length === 0 ? null : found);
  let trials = 0;
  let isOpen = false;
  for (let size = 1; size < changes.length; size++) {
    if (size > MOST_TOGETHER) return unlessEmpty();
    for (const set of choices(changes.length, size)) {
      if (found.some((known) => known.every((each) => set.includes(each)))) continue;
      if (++trials > MOST_TRIALS) return unlessEmpty();
      const outcomes = judgeSet(new Set(set.map((at) => changes[at]!)));
      // what is no test, or hits a limit, was not tried
      isOpen ||= outcomes === null || outcomes.limit !== null;
      if (isEqual(outcomes, after)) found.push(set);
    }
  }
  return unlessEmpty() ?? (isOpen ? null : [changes.map((_, at) => at)]);
}
