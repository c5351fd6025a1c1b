/**
 * What compare-logs.ts found, for people: the tests that differ, one below the other, and the totals.
 *
 *     MP  Sometimes before, Never after
 *       vanished: 1:r0=1; 1:r1=0
 *     12 tests: 11 are the same, 1 differs
 */
import { listed } from '../regress/barriers-text.js';
import { countLogs, type LogDiff } from './compare-logs.js';

export interface LogsTextOptions {
  /** What the two sides are called: `lkmm`, `a.log`. */
  readonly before: string;
  readonly after: string;
  /** Whether to list all states, and what a machine was not seen to do. */
  readonly all: boolean;
}

const MOST_LISTED = 8;

function listLines(word: string, states: readonly string[], all: boolean): string[] {
  const shown = all ? states : states.slice(0, MOST_LISTED);
  const more = states.length - shown.length;
  const lines = shown.map((state) => `  ${word}: ${state === '' ? 'a completed execution' : state}`);
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

function changeLines(diff: LogDiff, options: LogsTextOptions): string[] {
  const { change, before, after, conditions, forbidden } = diff;
  if (change === null || before === null || after === null) return [];
  const { observedBefore, observedAfter, appeared, vanished, flagsAppeared, flagsVanished } = change;
  const names = (of: readonly string[]): string => (of.length === 0 ? 'nothing more' : listed(of));
  const isOther = observedBefore.length + observedAfter.length > 0;
  const question = [
    ...(conditions === null
      ? []
      : [`  they ask different things: ${conditions.before} before, ${conditions.after} after`]),
    ...(isOther
      ? [
          `  the outcomes cannot be compared: only before, they have ${names(observedBefore)}, only after ${names(observedAfter)}`,
        ]
      : []),
  ];
  const open = change.open === null ? [] : [`  not all known (limit: ${change.open})`];
  if (before.kind !== after.kind) {
    const model = before.kind === 'all' ? options.before : options.after;
    const words = `seen, and forbidden by ${model}`;
    const unseen = options.all ? listLines('allowed, and not seen', diff.unseen, true) : [];
    return [...question, ...listLines(words, forbidden, options.all), ...unseen, ...open];
  }
  const seen = before.kind === 'seen';
  return [
    ...question,
    ...listLines(seen ? 'seen only after' : 'appeared', appeared, options.all),
    ...listLines(seen ? 'seen only before' : 'vanished', vanished, options.all),
    ...flagsAppeared.map((flag) => `  ${flag} appeared`),
    ...flagsVanished.map((flag) => `  ${flag} vanished`),
    ...open,
  ];
}

function headOf({ test, change }: LogDiff): string {
  const verdict = change?.verdict ?? null;
  return verdict === null ? test : `${test}: ${verdict.before} before, ${verdict.after} after`;
}

function tests(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `12 tests: 11 the same, 1 different`. */
function totals(diffs: readonly LogDiff[], { before, after }: LogsTextOptions): string[] {
  const counts = countLogs(diffs);
  const parts = [
    `${counts.same} the same`,
    ...(counts.different === 0 ? [] : [`${counts.different} different`]),
    ...(counts.open === 0 ? [] : [`${counts.open} not decided`]),
    ...(counts['only-before'] === 0 ? [] : [`${counts['only-before']} only in ${before}`]),
    ...(counts['only-after'] === 0 ? [] : [`${counts['only-after']} only in ${after}`]),
  ];
  const forbidden = diffs.filter((diff) => diff.forbidden.length > 0).length;
  const unseen = diffs.filter((diff) => diff.unseen.length > 0).length;
  return [
    `${tests(diffs.length, 'test', 'tests')}: ${parts.join(', ')}`,
    ...(forbidden === 0
      ? []
      : [`${tests(forbidden, 'test does', 'tests do')} on a machine what the model forbids`]),
    ...(unseen === 0
      ? []
      : [
          `${tests(unseen, 'test has outcomes', 'tests have outcomes')} that the model allows and nobody has seen, which is no difference; --pictures lists them`,
        ]),
  ];
}

export function renderLogDiffs(diffs: readonly LogDiff[], options: LogsTextOptions): string {
  const shown = diffs.filter(
    ({ status, unseen }) => status === 'different' || status === 'open' || (options.all && unseen.length > 0),
  );
  const blocks = shown.flatMap((diff) => [headOf(diff), ...changeLines(diff, options)]);
  const only = (status: 'only-before' | 'only-after', name: string): string[] =>
    diffs.filter((diff) => diff.status === status).map(({ test }) => `${test}: only in ${name}`);
  const lines = [...blocks, ...only('only-before', options.before), ...only('only-after', options.after)];
  const head = [`before: ${options.before}`, `after:  ${options.after}`, ''];
  return `${[...head, ...lines, ...(lines.length > 0 ? [''] : []), ...totals(diffs, options)].join('\n')}\n`;
}
