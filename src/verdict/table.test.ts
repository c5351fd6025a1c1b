import { describe, expect, it } from 'vitest';
import { warningAt } from '../text/diagnostic.js';
import type { ModelName } from './model-choice.js';
import { defaultRunOptions, runTest } from './run-test.js';
import { type Sample, sampleLocation, sampleRun, sampleTest } from './sample-report.js';
import { plainTablePalette, renderTable, type TableOptions } from './table.js';
import { displayWidth, wrapWords } from './text-layout.js';

const plain: TableOptions = { width: Number.POSITIVE_INFINITY, unicode: false, palette: plainTablePalette };

const sb: Sample = {
  observed: ['1:r0', '1:r1'],
  states: [{ values: [0, 0] }, { values: [0, 1] }, { values: [1, 0], satisfies: true }],
};

const two = sampleTest([
  sampleRun({ ...sb, flags: ['data-race'] }),
  sampleRun({ ...sb, model: 'arm64', states: sb.states.slice(0, 2) }),
]);

describe('the table', () => {
  it('has a row per state and a column per model', () => {
    expect(renderTable(two, plain)).toBe(`\
sample: exists (1:r0=1 /\\ 1:r1=0)

     1:r0  1:r1  lkmm  arm64
        0     0  yes   yes
        0     1  yes   yes
  *     1     0  yes   -

  lkmm   Sometimes  (data-race)
  arm64  Never
`);
  });

  it('speaks Unicode where it can', () => {
    expect(renderTable(two, { ...plain, unicode: true })).toContain('  ▶     1     0  ✓     ·\n');
  });

  it('shows counts, and what a limit left open', () => {
    const counted = sampleRun({
      ...sb,
      states: sb.states.map((state, i) => ({ ...state, executions: 10 + i })),
    });
    const cut = sampleRun({ ...sb, model: 'x86', states: [{ values: [0, 1] }], limit: 'timeout' });
    expect(renderTable(sampleTest([counted, cut]), plain)).toBe(`\
sample: exists (1:r0=1 /\\ 1:r1=0)

     1:r0  1:r1  lkmm  x86
        0     0  10    ?
        0     1  11    yes
  *     1     0  12    ?

  lkmm  Sometimes  (12 for, 21 against)
  x86   Unknown  (limit: timeout)
`);
  });

  it('says what a stopped search is worth', () => {
    const states = [{ values: [0, 1] }, { values: [1, 0], satisfies: true }];
    const stopped = { ...sb, limit: 'time limit', explored: 0.374, candidates: 1 };
    const nothing = sampleRun({ ...stopped, model: 'x86', states: states.slice(0, 1), explored: 0.0001 });
    const both = sampleRun({ ...stopped, states });
    const given = { kind: 'unfinished', model: 'sc', limit: 'memory limit', diagnostics: [] } as const;
    const report = sampleTest([both, nothing, { ...given, program: both.program }]);
    expect(renderTable(report, plain)).toBe(`\
sample: exists (1:r0=1 /\\ 1:r1=0)

     1:r0  1:r1  lkmm  x86
        0     1  yes   yes
  *     1     0  yes   ?

  lkmm  Sometimes  (limit: time limit; about 37 % searched, 1 execution examined; the 2 states found are allowed)
  x86   Unknown  (limit: time limit; less than 0.1 % searched, 1 execution examined; the state found is allowed)
  sc    Unknown  (limit: memory limit)
`);
  });

  it('says of a stopped search that its verdict is known', () => {
    const states = [{ values: [0, 1], executions: 5 }];
    const stopped = { ...sb, states, limit: 'time limit', explored: 0.5, candidates: 7 };
    const kinds = { satisfying: false, other: true };
    const other = [
      { values: [1, 0], satisfies: true, executions: 2 },
      { values: [1, 1], executions: 3 },
    ];
    const report = sampleTest([
      sampleRun({ ...stopped, kinds }),
      sampleRun({ ...sb, model: 'x86', states: other }),
    ]);
    expect(renderTable(report, plain)).toBe(`\
sample: exists (1:r0=1 /\\ 1:r1=0)

     1:r0  1:r1  lkmm  x86
        0     1  5+    -
  *     1     0  -     2
        1     1  ?     3

  lkmm  Never  (0 for, at least 5 against; limit: time limit; about 50 % searched, 7 executions examined; the state found is allowed; the verdict covers all executions)
  x86   Sometimes  (2 for, 3 against)
`);
  });

  it('shows no number that is rounded', () => {
    const states = [
      { values: [0, 1], executions: 2 ** 60 },
      { values: [1, 1], executions: 3 },
    ];
    const kinds = { satisfying: false, other: true };
    expect(renderTable(sampleTest([sampleRun({ ...sb, states, kinds, limit: 'too many' })]), plain)).toBe(`\
sample: exists (1:r0=1 /\\ 1:r1=0)

     1:r0  1:r1  lkmm
        0     1  2^53+
        1     1  3+

  lkmm  Never  (0 for, at least 2^53 against; limit: too many; the verdict covers all executions)
`);
  });

  it('says once how to raise the bound on loops', () => {
    const cut = { ...sb, limit: 'unroll bound 4 (P0, line 6)' };
    const table = renderTable(sampleTest([sampleRun(cut), sampleRun({ ...cut, model: 'x86' })]), plain);
    expect(table.split('\n').filter((line) => line.includes('limit'))).toEqual([
      '  lkmm  Sometimes  (limit: unroll bound 4 (P0, line 6); --unroll raises it)',
      '  x86   Sometimes  (limit: unroll bound 4 (P0, line 6))',
    ]);
  });

  it('lists no states where the search did not look for all of them', () => {
    const example = { ...sampleRun({ ...sb, states: sb.states.slice(2) }), enumerated: false };
    expect(renderTable(sampleTest([example]), plain)).toBe(`\
sample: exists (1:r0=1 /\\ 1:r1=0)

  lkmm  Always
`);
  });

  it('says what was expected, a deadlock, and a model that could not judge', () => {
    const test = sampleTest(
      [
        sampleRun(sb),
        sampleRun({ ...sb, model: 'arm64', states: [] }),
        { kind: 'failure', model: 'x86', excused: false, diagnostics: [] },
        { kind: 'failure', model: 'sc', excused: true, diagnostics: [warningAt(null, 'c', 'no such fence')] },
      ],
      { lkmm: 'Never' },
    );
    expect(renderTable(test, plain).split('\n\n')[2]).toBe(`\
  lkmm   Sometimes, expected Never
  arm64  Deadlock  (no execution completes)
  x86    error
  sc     not judged  (no such fence)
`);
  });

  it('has rows for the states of a model with its own order of observables, addresses by name', () => {
    const left = sampleRun({
      observed: ['1:r0', 'x'],
      states: [{ values: [10, sampleLocation('y')] }, { values: [9, 0] }],
    });
    const right = sampleRun({
      model: 'sc',
      observed: ['x', '1:r0'],
      states: [{ values: [sampleLocation('y'), 10] }],
    });
    expect(renderTable(sampleTest([left, right]), plain).split('\n\n')[1]).toBe(`\
     1:r0  x  lkmm  sc
        9  0  yes   -
       10  y  yes   yes`);
  });

  it('has no state lines without states', () => {
    expect(renderTable(sampleTest([sampleRun({ ...sb, states: [] })]), plain)).toBe(`\
sample: exists (1:r0=1 /\\ 1:r1=0)

  lkmm  Deadlock  (no execution completes)
`);
  });

  it('wraps states that are too wide', () => {
    const wide = sampleRun({
      observed: ['p->blocked_on', 'p->__state', '1:observed'],
      states: [{ values: [0, 2, 1], satisfies: true }],
    });
    const text = renderTable(sampleTest([wide]), { ...plain, width: 42 });
    expect(text.split('\n\n')[1]).toBe(`\
     lkmm  state
  *  yes   p->blocked_on=0; p->__state=2;
           1:observed=1;`);
    expect(
      Math.max(
        ...text
          .split('\n\n')[1]!
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(42);
  });

  it('paints what it is told to', () => {
    const palette = {
      ...plainTablePalette,
      asked: (text: string) => `<${text}>`,
      bad: (text: string) => `!${text}!`,
    };
    const test = sampleTest([sampleRun(sb)], { lkmm: 'Never' });
    const text = renderTable(test, { ...plain, palette });
    expect(text).toContain('  <*     1     0  yes>\n');
    expect(text).toContain('lkmm  !Sometimes!!, expected Never!');
  });
});

describe('text layout', () => {
  it('knows wide and combining characters', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('漢字')).toBe(4);
    expect(displayWidth('e\u0301✓')).toBe(2);
  });

  it('wraps at words, and lets a long one stand alone', () => {
    expect(wrapWords(['aa', 'bb', 'cccccc', 'd'], 5)).toEqual(['aa bb', 'cccccc', 'd']);
  });

  it('says why the numbers of one model are larger, where that is for its compare-and-swap', () => {
    const text =
      'C cas\n{}\nP0(int *x) { int r0 = cmpxchg(x, 0, 1); }\nP1(int *x) { WRITE_ONCE(*x, 2); }\nexists (0:r0=2)\n';
    const shown = (models: readonly ModelName[], mode: 'count' | 'outcomes') => {
      const report = runTest({ name: 'cas', text }, { ...defaultRunOptions, models, mode });
      return report.kind === 'test' ? renderTable(report, plain) : '';
    };
    const note =
      /\n\n {2}Executions under arm64 count apart how a compare-and-swap went: which of two equal values it keeps, whether a failed one writes back\n$/;
    expect(shown(['lkmm', 'arm64'], 'count')).toMatch(note);
    for (const other of [
      shown(['lkmm', 'arm64'], 'outcomes'),
      shown(['arm64'], 'count'),
      shown(['lkmm', 'sc'], 'count'),
    ])
      expect(other).not.toContain('compare-and-swap');
  });
});
