import { describe, expect, it } from 'vitest';
import { functionsIn, isSameBarrier } from './barrier-name.js';
import type { MutatedBarrier } from './mutation.js';
import { mutatedSample, type Sample } from './sample-mutations.js';

describe('the functions that a comment names', () => {
  it.each([
    ['try_to_wake_up(p)', 'try_to_wake_up'],
    ['__mutex_lock_common() and then schedule(), run by p itself', '__mutex_lock_common schedule'],
    ["the sleeper's loop: set_current_state(); if (cond) break; schedule();", 'schedule'],
    ['cond = 1; p->f(q); g (p)', 'g'],
    ['a reader', ''],
  ])('%s', (comment, functions) => {
    expect(functionsIn(comment).join(' ')).toBe(functions);
  });
});

/** The barrier of the line that begins with `>`, of a thread that does nothing but that. */
function barrierOf(
  code: readonly string[],
  label: string | null,
  file = 'litmus/a/t.litmus',
): MutatedBarrier {
  const marked = code.find((line) => line.startsWith('>')) ?? '';
  const sample: Sample = {
    file,
    comment: [],
    threads: [{ label, code: ['int r0;', 'int r1;', ...code.map((line) => line.replace(/^>/, ''))] }],
    question: 'x=0',
  };
  const found = mutatedSample(sample).barriers.find(({ statement }) => marked === `>${statement};`);
  if (found === undefined) throw new Error(`no barrier: ${marked}`);
  return found;
}

const f = 'f(p)';
const fence = ['WRITE_ONCE(*x, 1);', '>smp_mb();', 'r0 = READ_ONCE(*y);'];

describe('a barrier of another test', () => {
  it.each<[string, readonly string[], string, readonly string[], string]>([
    ['the same code', fence, f, fence, f],
    ['a function among others', fence, 'then g()', fence, 'f() and g()'],
    ['the access before it alone', fence, f, ['WRITE_ONCE(*x, 2);', '>smp_mb();', 'r0 = READ_ONCE(*z);'], f],
    [
      'the access behind it alone',
      fence,
      f,
      ['>smp_mb();', 'spin_lock(l);', 'r0 = READ_ONCE(*y);', 'spin_unlock(l);'],
      f,
    ],
    [
      'one path in common',
      ['r0 = READ_ONCE(*x);', 'if (r0)', '\tWRITE_ONCE(*y, 1);', '>smp_mb();', 'WRITE_ONCE(*z, 1);'],
      f,
      ['r0 = READ_ONCE(*x);', '>smp_mb();', 'r1 = READ_ONCE(*y);'],
      f,
    ],
    [
      'a variant of the lock',
      ['>spin_lock(l);', 'WRITE_ONCE(*x, 1);', 'spin_unlock(l);'],
      f,
      ['>spin_lock_irq(l);', 'WRITE_ONCE(*x, 1);', 'spin_unlock_irq(l);'],
      f,
    ],
    [
      'an access, whatever is beside it',
      ['>smp_store_release(x, 1);', 'WRITE_ONCE(*y, 1);'],
      f,
      ['WRITE_ONCE(*z, 1);', '>smp_store_release(x, 2);'],
      f,
    ],
  ])('is the same: %s', (_, a, ofA, b, ofB) => {
    const [one, other] = [barrierOf(a, ofA), barrierOf(b, ofB)];
    expect(isSameBarrier(one.name, other.name)).toBe(true);
    expect(isSameBarrier(other.name, one.name)).toBe(true);
  });

  it.each<[string, readonly string[], string | null, readonly string[], string | null]>([
    ['another function', fence, f, fence, 'g(p)'],
    ['a function in common, and others', fence, 'f() and g()', fence, 'g() and h()'],
    ['no comment', fence, null, fence, null],
    ['another primitive', fence, f, ['WRITE_ONCE(*x, 1);', '>smp_wmb();', 'r0 = READ_ONCE(*y);'], f],
    ['other accesses', fence, f, ['WRITE_ONCE(*z, 1);', '>smp_mb();', 'r0 = READ_ONCE(*x);'], f],
    ['a read for a write', fence, f, ['r0 = READ_ONCE(*x);', '>smp_mb();', 'WRITE_ONCE(*y, 1);'], f],
    ['sides exchanged', fence, f, ['r0 = READ_ONCE(*y);', '>smp_mb();', 'WRITE_ONCE(*x, 1);'], f],
    ['nothing beside either', ['>smp_mb();'], f, ['>smp_mb();'], f],
    ['another target', ['>smp_store_release(x, 1);'], f, ['>smp_store_release(y, 1);'], f],
    [
      'another section of the lock',
      ['>spin_lock(l);', 'WRITE_ONCE(*x, 1);', 'spin_unlock(l);', 'WRITE_ONCE(*y, 1);'],
      f,
      ['>spin_lock(l);', 'WRITE_ONCE(*y, 1);', 'spin_unlock(l);'],
      f,
    ],
  ])('is not the same: %s', (_, a, ofA, b, ofB) => {
    expect(isSameBarrier(barrierOf(a, ofA).name, barrierOf(b, ofB).name)).toBe(false);
  });

  it('is known by a comment that names no function within its folder', () => {
    const one = barrierOf(fence, 'a reader');
    expect(isSameBarrier(one.name, barrierOf(fence, 'a reader', 'litmus/a/u.litmus').name)).toBe(true);
    expect(isSameBarrier(one.name, barrierOf(fence, 'a reader', 'litmus/b/t.litmus').name)).toBe(false);
    expect(isSameBarrier(one.name, barrierOf(fence, 'another reader').name)).toBe(false);
  });
});
