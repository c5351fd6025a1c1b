/** What is known of values before any read is assigned, and the searches that need not ask for it. */
import { expect, test } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import { show } from '../relation/notation.js';
import { unfoldProgram } from '../unfold/unfold.js';
import { prepareTest } from '../verdict/prepare-test.js';
import { mayDiffer } from './equal-values.js';
import { searchProgram } from './search.js';
import { buildSkeleton } from './skeleton.js';

function programOf(threads: readonly string[], condition: string): Program {
  const code = threads.map((body, i) => `P${i}(int *x, int *y, struct srcu_struct *s) { ${body} }`);
  const text = `C test\n{}\n${code.join('\n')}\nexists (${condition})\n`;
  const { value } = prepareTest({ name: 'test', text });
  expect(value).not.toBeNull();
  return value!.program;
}

/** The bound for the accesses of a program with one path; initial writes come first, of the locations in their order. */
function differing(threads: readonly string[]): string {
  const program = programOf(threads, 'x=0');
  const traces = unfoldProgram(program).threads.map((thread) => thread.traces[0]!);
  const skeleton = buildSkeleton(program, traces);
  if ('fault' in skeleton) throw new Error(skeleton.fault);
  return show(mayDiffer(skeleton, [...skeleton.reads, ...skeleton.writes]));
}

test.each([
  // a copy; the initial writes of x and y are equal
  [['int r; r = READ_ONCE(*x); WRITE_ONCE(*y, r);'], '0>2 0>3 1>2 1>3 2>0 2>1 3>0 3>1 / 4'],
  // one more than what was read
  [['int r; r = READ_ONCE(*x); WRITE_ONCE(*y, r + 1);'], '0>2 0>3 1>2 1>3 2>0 2>1 2>3 3>0 3>1 3>2 / 4'],
  // a conversion that loses bits
  [['int r; r = READ_ONCE(*x); WRITE_ONCE(*y, (char)r);'], '0>2 0>3 1>2 1>3 2>0 2>1 2>3 3>0 3>1 3>2 / 4'],
  // constants of two threads, one of them the initial value
  [
    ['WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 0);', 'WRITE_ONCE(*x, 1);'],
    '0>2 0>4 1>2 1>4 2>0 2>1 2>3 3>2 3>4 4>0 4>1 4>3 / 5',
  ],
  // the first reads of two threads
  [['int r; r = READ_ONCE(*x);', 'int r; r = READ_ONCE(*x);'], '0>1 0>2 1>0 1>2 2>0 2>1 / 3'],
])('what may differ: %s', (threads, expected) => {
  expect(differing(threads)).toBe(expected);
});

/** Readers of two variables in an SRCU section each, beside a grace period between two writes. */
function sections(readers: number, index: string): Program {
  const reader = `int r0; int r1; int i; i = srcu_read_lock(s); r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); srcu_read_unlock(s, ${index});`;
  const writer = 'WRITE_ONCE(*x, 1); synchronize_srcu(s); WRITE_ONCE(*y, 1);';
  const both = Array.from({ length: readers }, (_, i) => `${i}:r0=0 /\\ ${i}:r1=1`);
  return programOf([...both.map(() => reader), writer], both.join(' /\\ '));
}

test('an index that is passed on as it was cannot be a wrong one', () => {
  const { states, flags, candidates } = searchProgram(sections(4, 'i'), loadShippedModel('lkmm'));
  expect(states.length).toBe(3 ** 4);
  expect(flags).toEqual([]);
  // without the bound, each way to read the index: 5^4 for most states
  expect(candidates).toBeLessThan(1000);
});

test('one that was changed is', () => {
  const { flags } = searchProgram(sections(1, 'i + 1'), loadShippedModel('lkmm'));
  expect(flags.map(({ name }) => name)).toContain('srcu-bad-value-match');
});
