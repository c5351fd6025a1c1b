import { describe, expect, it } from 'vitest';
import type { Site } from '../regress/site.js';
import { defaultSiteOptions, findSites } from '../regress/sites.js';
import { positionAt } from '../text/source.js';
import { sampleSource } from './sample-mutations.js';
import { readUnguarded, type UnguardedLines } from './unguarded-lines.js';

interface Read extends UnguardedLines {
  readonly sites: readonly Site[];
}

function read(...comment: readonly string[]): Read {
  const source = sampleSource({
    comment: ['A test.', '', ...comment],
    threads: [
      {
        label: null,
        code: ['WRITE_ONCE(*x, 1);', 'smp_mb();', 'WRITE_ONCE(*y, 1);', 'smp_mb();', 'WRITE_ONCE(*z, 1);'],
      },
      { label: null, code: ['int r0;', 'spin_lock(l);', 'r0 = xchg(y, 2);', 'spin_unlock(l);'] },
    ],
    question: 'x=0',
  });
  const sites = findSites(source, defaultSiteOptions(null)).value!;
  return { ...readUnguarded(source, sites), sites };
}

function shown({ lines, diagnostics, sites }: Read): readonly string[] {
  return [
    ...lines.map(({ site, to, isOneForm, reason }) => {
      const form = isOneForm ? ` -> ${to ?? 'nothing'}` : '';
      const alike = sites.filter((each) => each.statement === site.statement);
      return `${site.thread} ${site.primitive} ${alike.indexOf(site) + 1}${form}: ${reason}`;
    }),
    ...diagnostics.map(
      ({ code, span, hint }) => `${code} ${positionAt(span!.file, span!.start).line} (${hint})`,
    ),
  ];
}

describe('a line that declares a barrier unguarded', () => {
  it.each<[readonly string[], string]>([
    [['Unguarded: P0 smp_mb() #2: nobody asks'], 'P0 smp_mb() 2: nobody asks'],
    [['Unguarded: P0 smp_mb() #1 -> smp_wmb(): enough'], 'P0 smp_mb() 1 -> smp_wmb(): enough'],
    [['Unguarded: P0 smp_mb() #1 -> nothing: enough'], 'P0 smp_mb() 1 -> nothing: enough'],
    [
      ['Unguarded: P1 spin_lock(l): one', 'line and the next', '', 'Result: Never'],
      'P1 spin_lock() ... spin_unlock() 1: one line and the next',
    ],
    [['Unguarded: P1 spin_lock(l): a', 'Result: Never'], 'P1 spin_lock() ... spin_unlock() 1: a'],
    [['Unguarded: P1 r0 = xchg(y,2);: a: b'], 'P1 xchg() 1: a: b'],
    [['Unguarded: P1 xchg(y, 2): a part of the statement'], 'P1 xchg() 1: a part of the statement'],
  ])('%j', (comment, expected) => {
    expect(shown(read(...comment))).toEqual([expected]);
  });

  it.each<[string, string]>([
    ['Unguarded: P0 smp_mb(): which?', 'unguarded-ambiguous 6 (say which one: `P0 smp_mb() #1`)'],
    ['Unguarded: P0 smp_mb() #3: which?', 'unguarded-ambiguous 6 (say which one: `P0 smp_mb() #1`)'],
    ['Unguarded: P1 xchg(y, 2) #2: which?', 'unguarded-ambiguous 6 (leave the number out)'],
    ['Unguarded: P0 smp_mbb(): typo', 'unguarded-no-such-statement 6 (did you mean `P0 smp_mb()`?)'],
    ['Unguarded: P1 smp_mb(): of P0', 'unguarded-no-such-statement 6 (did you mean `P0 smp_mb()`?)'],
    [
      'Unguarded: P0 WRITE_ONCE(*x, 1): orders nothing',
      'unguarded-no-such-statement 6 (those that can be weaker: P0 smp_mb(), P0 smp_mb(), P1 spin_lock(l), P1 r0 = xchg(y, 2))',
    ],
    [
      'Unguarded: P0 smp_mb() #1 -> READ_ONCE(): no form',
      'unguarded-no-such-form 6 (these are: smp_rmb(), smp_wmb(), nothing)',
    ],
    [
      'Unguarded: P0 smp_mb() #1:',
      'unguarded-no-reason 6 (write `Unguarded: P1 smp_mb(): why nothing needs it`)',
    ],
    ['Unguarded: because', 'unguarded-unreadable 6 (write `Unguarded: P1 smp_mb(): why nothing needs it`)'],
    [
      'Ungarded: P0 smp_mb(): typo',
      'unguarded-misspelt 6 (write `Unguarded: P1 smp_mb(): why nothing needs it`)',
    ],
  ])('warns of %s', (comment, expected) => {
    expect(shown(read(comment))).toEqual([expected]);
  });

  it('is refused soon where it is long without sense, or there many times', () => {
    const start = process.cpuUsage();
    expect(shown(read(`Unguarded: P0 ${'a -> '.repeat(100_000)}`))).toHaveLength(1);
    expect(shown(read(...Array.from({ length: 5000 }, () => 'Unguarded: P9 x: none')))).toHaveLength(5000);
    // of the processors, not of the clock
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(20);
  });

  it('is no prose', () => {
    expect(shown(read('This lock is left unguarded: P0 has none.', 'Unguarded by all.'))).toEqual([]);
  });
});
