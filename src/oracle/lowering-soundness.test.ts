/**
 * What a kernel program may do once it is compiled, the kernel's model allows: the final states of random programs, compiled for
 * arm64 (with single-instruction atomics and with exclusive pairs) and for x86, are among those of their C under lkmm. And what the C
 * does in some interleaving, the compiled program does.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elaborateC } from '../elaborate/elaborate.js';
import { programFor } from '../lower/target.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import { showValue } from '../program/value.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { parseLitmus } from '../syntax/parse.js';
import { renderDiagnostics } from '../text/render.js';

const PARAMETERS = 'int *x, int *y, atomic_t *v, unsigned long *w, spinlock_t *l, rwlock_t *rw';

/** Statements of a thread; `#` stands for a number of their own in the thread. */
const STATEMENTS = [
  'WRITE_ONCE(*x, #);',
  'WRITE_ONCE(*y, #);',
  'int r# = READ_ONCE(*x);',
  'int r# = READ_ONCE(*y);',
  'int r# = smp_load_acquire(x);',
  'smp_store_release(y, #);',
  'smp_mb();',
  'smp_wmb();',
  'smp_rmb();',
  'rcu_read_lock(); int r# = rcu_dereference(*x); rcu_read_unlock();',
  'set_bit(1, w);',
  'int r# = test_bit(1, w);',
  'int r# = test_and_set_bit(1, w);',
  'int r# = test_and_set_bit_lock(1, w);',
  'int r# = test_and_clear_bit(READ_ONCE(*x) & 3, w);',
  'change_bit(READ_ONCE(*y) & 3, w);',
  'int r# = 64 >> (READ_ONCE(*x) & 7);',
  'clear_bit_unlock(1, w);',
  'smp_mb__before_atomic(); clear_bit(1, w);',
  'atomic_inc(v);',
  'int r# = atomic_read(v);',
  'int r# = atomic_dec_if_positive(v);',
  'int r# = atomic_inc_not_zero(v);',
  'int r# = atomic_add_negative_relaxed(-1, v);',
  'int r# = spin_is_locked(l);',
  'spin_lock(l); int r# = READ_ONCE(*y); spin_unlock(l);',
  'read_lock(rw); int r# = READ_ONCE(*y); read_unlock(rw);',
  'write_lock(rw); WRITE_ONCE(*x, #); write_unlock(rw);',
  'int r# = read_trylock(rw);',
] as const;
/** The first of them are loads and stores, which are what shows order. */
const MARKED = 6;

function testOf(threads: readonly (readonly number[])[]): string {
  const registers: string[] = [];
  const bodies = threads.map((statements, thread) => {
    const lines = statements.map((statement, i) => {
      const line = STATEMENTS[statement]!.replaceAll('#', String(i + 1));
      if (line.includes('int r')) registers.push(`${thread}:r${i + 1}`);
      return line;
    });
    return `P${thread}(${PARAMETERS})\n{\n${lines.join('\n')}\n}\n`;
  });
  return `C random\n{ v = 1; }\n${bodies.join('\n')}\nlocations [${['x', 'y', 'v', 'w', ...registers].join('; ')}]\n`;
}

function programOf(text: string): Program {
  const parsed = parseLitmus({ name: 'random', text });
  if (parsed.value?.dialect !== 'C') throw new Error(renderDiagnostics(parsed.diagnostics));
  const { value, diagnostics } = elaborateC(parsed.value);
  expect(renderDiagnostics(diagnostics), text).toBe('');
  return value!;
}

function finalStates(program: Program, model: CompiledModel, text: string): ReadonlySet<string> {
  const result = searchProgram(program, model, { ...defaultSearchOptions, mode: 'outcomes' });
  expect(result.limit, text).toBeNull();
  return new Set(result.states.map((state) => state.values.map(showValue).join(' ')));
}

const sc = loadShippedModel('sc');
const lkmm = loadShippedModel('lkmm');
const targets = [
  ['arm64', 'lse', loadShippedModel('arm64')],
  ['arm64', 'llsc', loadShippedModel('arm64')],
  ['x86', 'lse', loadShippedModel('x86')],
] as const;

describe('compiled programs', () => {
  it('do only what the kernel model allows, and all that interleaving gives', () => {
    const statement = fc.oneof(fc.nat(MARKED - 1), fc.nat(STATEMENTS.length - 1));
    const thread = fc.array(statement, { minLength: 2, maxLength: 3 });
    let relaxed = 0;
    fc.assert(
      fc.property(thread, thread, (first, second) => {
        const text = testOf([first, second]);
        const program = programOf(text);
        const allowed = finalStates(program, lkmm, text);
        const inOrder = finalStates(program, sc, text);
        for (const [target, atomics, model] of targets) {
          const lowered = programFor(program, target, { atomics });
          expect(renderDiagnostics(lowered.diagnostics), text).toBe('');
          const reached = finalStates(lowered.value!.program, model, text);
          expect(
            [...reached].filter((state) => !allowed.has(state)),
            `${target} ${atomics}\n${text}`,
          ).toEqual([]);
          expect(
            [...inOrder].filter((state) => !reached.has(state)),
            `lost by ${target} ${atomics}\n${text}`,
          ).toEqual([]);
          if ([...reached].some((state) => !inOrder.has(state))) relaxed++;
        }
      }),
      { numRuns: 250, seed: 6 },
    );
    expect(relaxed).toBeGreaterThan(25);
  });
});
