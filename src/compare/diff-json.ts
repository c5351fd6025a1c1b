/**
 * The JSON of `fencepost diff` of tests: an array with one object per pair of tests. Stable: fields are added, never changed.
 *
 * status           same, different; open: a limit was hit, and what is known is the same; new, removed: only one of the two is there
 * before, after    {file, test, condition}, null of one that is not there or is no test
 * code             null for one file, or two languages; else {changes, otherwise}:
 *   changes        [{thread, kind, text, ordering, linesBefore, linesAfter}]; kind: removed, added, changed, moved; ordering: whether it
 *                  concerns what orders memory
 *   otherwise      what else differs: `the initial values`
 * models           [{status, before, after, verdict, appeared, vanished, flagsAppeared, flagsVanished, deciding, limit}]
 *   status         same, different, open, not-judged
 *   before, after  {model, verdict, states, flags, limit, reason}; verdict null: not judged, for this reason
 *   verdict        {before, after} if it differs, else null
 *   appeared       [{outcome, asked, picture}]: asked: the condition asks for it; picture: text of at most 80 columns, or null
 *   vanished       likewise; pictures of the cycles that forbid them only with --pictures
 *   deciding       [[0], [1, 2]]: each of these sets of `changes` is enough for the whole difference; null: not known
 */
import type { DiffSide, ModelDiff, PicturedOutcome, TestDiff } from './test-diff.js';
import { statusOf } from './test-diff.js';

function outcomeObject({ outcome, isAsked, picture }: PicturedOutcome) {
  return { outcome, asked: isAsked, picture };
}

function sideObject({ model, outcomes, reason }: DiffSide) {
  const { verdict = null, states = [], flags = [], limit = null } = outcomes ?? {};
  return { model, verdict, states, flags, limit, reason };
}

function modelObject(diff: ModelDiff) {
  const { status, before, after, change, deciding } = diff;
  return {
    status,
    before: sideObject(before),
    after: sideObject(after),
    verdict: change?.verdict ?? null,
    appeared: diff.appeared.map(outcomeObject),
    vanished: diff.vanished.map(outcomeObject),
    flagsAppeared: diff.flagsAppeared.map(outcomeObject),
    flagsVanished: change?.flagsVanished ?? [],
    deciding,
    limit: change?.open ?? null,
  };
}

export function diffObject(diff: TestDiff) {
  const { before, after, code, models } = diff;
  return {
    status: statusOf(diff),
    before,
    after,
    code:
      code === null
        ? null
        : {
            changes: code.changes.map(({ thread, kind, text, isOrdering, linesBefore, linesAfter }) => ({
              thread,
              kind,
              text,
              ordering: isOrdering,
              linesBefore,
              linesAfter,
            })),
            otherwise: code.otherwise,
          },
    models: models.map(modelObject),
  };
}

/** A test that is only on one side. */
export function aloneObject(status: 'new' | 'removed', file: string) {
  const side = { file, test: null, condition: null };
  return {
    status,
    before: status === 'removed' ? side : null,
    after: status === 'new' ? side : null,
    code: null,
    models: [],
  };
}
