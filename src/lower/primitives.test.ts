/** The instructions that kernel C becomes, from the C itself: what RCU, bit operations and the shared locks add to the table. */
import { describe, expect, it } from 'vitest';
import { readMacros } from '../elaborate/def-macros.js';
import { elaborateC } from '../elaborate/elaborate.js';
import { kernelPrimitives, type PrimitiveTable } from '../elaborate/primitive-table.js';
import { parseLitmus } from '../syntax/parse.js';
import { showLine } from '../syntax/print-instruction.js';
import { renderDiagnostics } from '../text/render.js';
import { type LowerOptions, type LowerTarget, lowerProgram } from './lower.js';

const TARGETS = {
  lse: ['arm64', { atomics: 'lse' }],
  llsc: ['arm64', { atomics: 'llsc' }],
  x86: ['x86', { atomics: 'lse' }],
} as const satisfies Readonly<Record<string, readonly [LowerTarget, LowerOptions]>>;

const PARAMETERS =
  'int *x, atomic_t *v, unsigned long *w, rwlock_t *rw, struct rw_semaphore *sem, spinlock_t *l, struct srcu_struct *ss';

function lower(statement: string, target: keyof typeof TARGETS, macros: PrimitiveTable = kernelPrimitives()) {
  const text = `C test\n{}\nP0(${PARAMETERS})\n{\nint n = 0; int r = 0;\n${statement}\n}\nlocations [0:r; 0:n]\nforall (true)\n`;
  const parsed = parseLitmus({ name: 't', text });
  if (parsed.value?.dialect !== 'C') throw new Error(renderDiagnostics(parsed.diagnostics));
  const program = elaborateC(parsed.value, { macros });
  expect(renderDiagnostics(program.diagnostics)).toBe('');
  const [arch, options] = TARGETS[target];
  return lowerProgram(program.value!, arch, options);
}

/** One line for each target: the code, or why there is none; without what gives `n` and `r` their first values. */
function listings(statement: string): string {
  return Object.keys(TARGETS)
    .map((name) => {
      const lowered = lower(statement, name as keyof typeof TARGETS);
      if (lowered.value === null) return `${name}: ${lowered.diagnostics.map((d) => d.message).join('; ')}`;
      const { assembly } = lowered.value;
      const lines = assembly.threads[0]!.lines.map((line) => showLine(assembly.dialect, line));
      return `${name}: ${lines.slice(2).join('; ')}`;
    })
    .join('\n');
}

describe('the instructions', () => {
  it.each([
    ['of RCU readers', 'rcu_read_lock(); rcu_read_unlock(); smp_mb__after_srcu_read_unlock();'],
    ['of set_bit', 'set_bit(3, w);'],
    ['of set_bit with a high bit', 'set_bit(40, w);'],
    ['of set_bit with a register', 'set_bit(n, w);'],
    ['of clear_bit', 'clear_bit(63, w);'],
    ['of clear_bit with a register', 'clear_bit(n, w);'],
    ['of change_bit', 'change_bit(0, w);'],
    ['of test_bit', 'r = test_bit(2, w);'],
    ['of test_bit_acquire', 'r = test_bit_acquire(n, w);'],
    ['of test_and_set_bit', 'r = test_and_set_bit(1, w);'],
    ['of test_and_clear_bit', 'r = test_and_clear_bit(1, w);'],
    ['of test_and_change_bit', 'test_and_change_bit(1, w);'],
    ['of test_and_clear_bit with a register', 'r = test_and_clear_bit(n, w);'],
    ['of test_and_set_bit_lock', 'r = test_and_set_bit_lock(0, w);'],
    ['of clear_bit_unlock', 'clear_bit_unlock(0, w);'],
    ['of __clear_bit_unlock', '__clear_bit_unlock(0, w);'],
    ['of __test_and_set_bit', 'r = __test_and_set_bit(5, w);'],
    ['of read_lock', 'read_lock(rw);'],
    ['of read_trylock', 'r = read_trylock(rw);'],
    ['of read_unlock', 'read_unlock(rw);'],
    ['of write_lock', 'write_lock(rw);'],
    ['of write_trylock', 'r = write_trylock(rw);'],
    ['of write_unlock', 'write_unlock(rw);'],
    ['of up_write', 'up_write(sem);'],
    ['of spin_is_locked', 'r = spin_is_locked(l);'],
    ['of atomic_inc_unless_negative', 'r = atomic_inc_unless_negative(v);'],
    ['of atomic_dec_if_positive', 'r = atomic_dec_if_positive(v);'],
    ['of atomic_add_negative_relaxed', 'r = atomic_add_negative_relaxed(-2, v);'],
    ['of atomic_fetch_and', 'r = atomic_fetch_and(6, v);'],
    ['of atomic_cond_read_acquire', 'r = atomic_cond_read_acquire(v, VAL > 1);'],
  ])('%s', (_name, statement) => {
    expect(listings(statement)).toMatchSnapshot();
  });
});

describe('what a macro file says of events that no instruction is known for', () => {
  it.each([
    'f(A) __load{mine}(A)',
    'f(A) { __store{my-release}(A, 1); }',
    'f(A) __xchg{seq-cst}(&A, 1)',
    'f(A) { __fence{dmb}; }',
  ])('is refused: %s', (macro) => {
    const { value: macros } = readMacros({ name: 'm.def', text: macro });
    expect(renderDiagnostics(lower('f(*x);', 'lse', macros!).diagnostics)).toMatchSnapshot();
  });
});

describe('what takes code of the kernel is refused', () => {
  it.each([
    'synchronize_rcu();',
    'synchronize_rcu_expedited();',
    'r = srcu_read_lock(ss);',
    'srcu_read_unlock(ss, n);',
    'synchronize_srcu(ss);',
  ])('%s', (statement) => {
    for (const target of ['lse', 'x86'] as const)
      expect(`\n${renderDiagnostics(lower(statement, target).diagnostics)}\n`).toMatchSnapshot();
  });
});
