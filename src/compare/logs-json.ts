/**
 * The JSON of `fencepost diff` of logs: one object. Stable: fields are added, never changed.
 *
 * before, after   what the two sides are called
 * counts          {same, different, open, only-before, only-after}
 * tests           [{test, status, before, after, verdict, conditions, appeared, vanished, flagsAppeared, flagsVanished, forbidden, unseen, limit}]
 *
 * `status` is one of the counts. `before`, `after`: {seen, verdict, states, flags, limit}, null where the test is not; `seen`: it is the log of a
 * machine. `verdict`: {before, after} if it differs, else null; `conditions` if they ask different things. `forbidden`: seen on a machine and forbidden by the model.
 */
import { countLogs, type LogDiff } from './compare-logs.js';
import type { LogTest } from './log-answers.js';

function sideObject(side: LogTest | null) {
  if (side === null) return null;
  const { verdict, states, flags, limit } = side.outcomes;
  return { seen: side.kind === 'seen', verdict, states, flags, limit };
}

export function logsObject(diffs: readonly LogDiff[], before: string, after: string) {
  return {
    before,
    after,
    counts: countLogs(diffs),
    tests: diffs.map(({ test, status, change, conditions, forbidden, unseen, ...sides }) => ({
      test,
      status,
      before: sideObject(sides.before),
      after: sideObject(sides.after),
      verdict: change?.verdict ?? null,
      conditions,
      appeared: change?.appeared ?? [],
      vanished: change?.vanished ?? [],
      flagsAppeared: change?.flagsAppeared ?? [],
      flagsVanished: change?.flagsVanished ?? [],
      forbidden,
      unseen,
      limit: change?.open ?? null,
    })),
  };
}
