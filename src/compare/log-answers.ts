/**
 * What one side says of its tests, by their names: the blocks of a log, or tests that we judged.
 *
 * A name may come several times. Runs on a machine are joined: all of it was seen. Of all else each different answer counts, for none
 * is known to be the right one: the second is called `NAME (2)`, so that the k-th is compared with the k-th.
 */
import { compareNames } from './log-state.js';
import type { OutcomeSet } from './outcomes.js';

export interface LogTest {
  readonly name: string;
  /** `seen`: what a machine was seen to do, which need not be all. */
  readonly kind: 'all' | 'seen';
  readonly outcomes: OutcomeSet;
  /** As the log writes it; null if it does not. */
  readonly condition: string | null;
}

function union(first: LogTest, second: LogTest): LogTest {
  const [a, b] = [first.outcomes, second.outcomes];
  const both = <T>(left: readonly T[], right: readonly T[]): T[] => [...new Set([...left, ...right])];
  const isSame = a.verdict === b.verdict;
  const isOpen = a.verdict === 'Unknown' || b.verdict === 'Unknown';
  return {
    ...first,
    outcomes: {
      model: a.model,
      verdict: isSame ? a.verdict : isOpen ? 'Unknown' : 'Sometimes',
      observed: both(a.observed, b.observed).sort(compareNames),
      states: both(a.states, b.states),
      flags: both(a.flags, b.flags),
      limit: a.limit ?? b.limit,
    },
  };
}

/** Equal of two answers that are the same, whatever the order of their states. */
function answerText({ kind, condition, outcomes }: LogTest): string {
  const { verdict, states, flags, limit } = outcomes;
  return JSON.stringify([kind, condition, verdict, limit, [...states].sort(), [...flags].sort()]);
}

/** What the log says of one name. */
interface Answers {
  /** Where the runs on a machine stand, by what they ask. */
  readonly seen: Map<string | null, string>;
  readonly known: Set<string>;
  count: number;
}

export class LogAnswers {
  readonly tests = new Map<string, LogTest>();
  private readonly answers = new Map<string, Answers>();

  /** What it is called; null: there is nothing new in it. */
  add(test: LogTest): string | null {
    const { name, kind, condition } = test;
    const answers = this.answers.get(name) ?? { seen: new Map(), known: new Set(), count: 0 };
    this.answers.set(name, answers);
    const earlier = kind === 'seen' ? answers.seen.get(condition) : undefined;
    if (earlier !== undefined) {
      this.tests.set(earlier, union(this.tests.get(earlier)!, test));
      return null;
    }
    const text = answerText(test);
    if (answers.known.has(text)) return null;
    answers.known.add(text);
    const key = this.freeName(name, answers);
    if (kind === 'seen') answers.seen.set(condition, key);
    this.tests.set(key, { ...test, name: key });
    return key;
  }

  private freeName(name: string, answers: Answers): string {
    for (;;) {
      const key = ++answers.count === 1 ? name : `${name} (${answers.count})`;
      if (!this.tests.has(key)) return key;
    }
  }
}
