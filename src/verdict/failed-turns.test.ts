/** A loop that waits must have the outcomes and flags of the same code with a failed turn written out before it. */
import { describe, expect, it } from 'vitest';
import { invariant } from '../text/diagnostic.js';
import type { ModelName } from './model-choice.js';
import { isRun } from './report.js';
import { defaultRunOptions, runTest } from './run-test.js';

/** What is found: states, and flags. */
function found(text: string, model: ModelName): { states: readonly string[]; flags: readonly string[] } {
  const report = runTest({ name: 't.litmus', text }, { ...defaultRunOptions, models: [model] });
  invariant(report.kind === 'test', JSON.stringify(report.diagnostics.map(({ message }) => message)));
  const [run] = report.models;
  invariant(run !== undefined && isRun(run), JSON.stringify(report.models[0]?.diagnostics));
  expect(run.result.limit).toBeNull();
  return {
    states: run.result.states.map(({ values }) => values.join(' ')),
    flags: run.result.flags.map(({ name }) => name),
  };
}

/** `once`: what one turn does, and whether it was the last; `turns`: how many are written out before the loop. */
function test(
  parts: { before: string; once: string; after: string; others: string; ask: string },
  turns: number,
) {
  const { before, once, after, others, ask } = parts;
  const written = Array.from(
    { length: turns },
    () =>
      `if (!done) { done = 1; ${once.replace('BREAK', 'done = 2;')} if (done == 1) done = 0; else done = 2; }`,
  );
  return `C t
{}
P0(int *a, int *b, int *c) {
  int r0; int r1; int r2; int done;
  done = 0;
  ${before}
  ${written.join('\n')}
  if (!done) { for (;;) { ${once.replace('BREAK', 'break;')} } }
  ${after}
}
${others}
${ask}
`;
}

describe('a wait', () => {
  it.each<[string, Parameters<typeof test>[0], readonly ModelName[], string]>([
    [
      'that lets grace periods pass',
      {
        before: 'rcu_read_lock(); r0 = READ_ONCE(*a);',
        once: 'r1 = READ_ONCE(*b); if (r1) { BREAK } else { rcu_read_unlock(); rcu_read_lock(); }',
        after: 'rcu_read_unlock();',
        others: 'P1(int *a, int *b) { WRITE_ONCE(*a, 1); synchronize_rcu(); WRITE_ONCE(*b, 1); }',
        ask: 'exists (0:r0=0 /\\ 0:r1=1)',
      },
      ['lkmm', 'sc'],
      '0 1',
    ],
    [
      'that clears a register which was read',
      {
        before: 'r0 = READ_ONCE(*a); r2 = r0 ^ r0;',
        once: 'r1 = READ_ONCE(*b); if (r1) { BREAK } else { r2 = 0; }',
        after: 'WRITE_ONCE(*c, r2 + 1);',
        others:
          'P1(int *a, int *b, int *c) { int r0; r0 = READ_ONCE(*c); smp_mb(); WRITE_ONCE(*a, r0); WRITE_ONCE(*b, 1); }',
        ask: 'exists (0:r0=1 /\\ 1:r0=1)',
      },
      ['lkmm'],
      '1 1',
    ],
    [
      'that reads anew what only a false dependency is on',
      {
        before: 'r0 = READ_ONCE(*a);',
        once: 'r1 = READ_ONCE(*b); if (r1) { BREAK } else { r0 = READ_ONCE(*a); }',
        after: 'WRITE_ONCE(*c, (r0 ^ r0) + 1);',
        others:
          'P1(int *a, int *b, int *c) { int r0; r0 = READ_ONCE(*c); smp_mb(); WRITE_ONCE(*a, r0); WRITE_ONCE(*b, 1); }',
        ask: 'exists (0:r1=1 /\\ 1:r0=1)',
      },
      ['lkmm'],
      '1 1',
    ],
  ])('%s', (_, parts, models, state) => {
    for (const model of models) {
      const loop = found(test(parts, 0), model);
      expect(loop).toEqual(found(test(parts, 1), model));
      expect(loop).toEqual(found(test(parts, 2), model));
      expect(loop.states).toContain(state);
    }
  });

  it('whose failed turns race has the flag', () => {
    const parts = {
      before: '',
      once: 'r1 = smp_load_acquire(b); if (r1) { BREAK } else { r0 = *a; }',
      after: '',
      others: 'P1(int *a, int *b) { *a = 1; smp_store_release(b, 1); }',
      ask: 'exists (0:r1=1)',
    };
    const loop = found(test(parts, 0), 'lkmm');
    expect(loop).toEqual(found(test(parts, 1), 'lkmm'));
    expect(loop.flags).toEqual(['data-race']);
  });

  it.each(['', 'LDXR W2,[X3]; B top;'])('that arms the exclusive monitor: %s', (arming) => {
    const lines = [
      'top: LDR W0,[X1]',
      'CBNZ W0,out',
      ...arming.split('; ').filter((line) => line !== ''),
      'B top',
    ];
    const code = [...lines, 'out: STXR W4,W5,[X3]'].map((line) => line.replace(';', ''));
    const rows = code.map((line, index) => ` ${line} | ${['MOV W0,#1', 'STR W0,[X1]'][index] ?? ''} ;`);
    const text = `AArch64 t
{ 0:X1=x; 0:X3=y; 0:X5=1; 1:X1=x; }
 P0 | P1 ;
${rows.join('\n')}
exists (y=1)
`;
    const expected = arming === '' ? ['0'] : ['0', '1'];
    for (const model of ['arm64', 'sc'] as const) expect(found(text, model).states).toEqual(expected);
  });
});
