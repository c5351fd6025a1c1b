import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type LitmusTree, parseLitmus } from '../syntax/parse.js';
import type { SourceFile } from '../text/source.js';
import { defaultRunOptions } from '../verdict/run-test.js';
import { compareCode } from './code-changes.js';
import { decidingChanges } from './deciding-changes.js';
import { diffTests } from './diff-tests.js';
import type { OutcomeSet } from './outcomes.js';

const test = (p0: readonly string[], p1: readonly string[], condition = '1:r0=1 /\\ 1:r1=0'): SourceFile => ({
  name: 't.litmus',
  text: `C t\n{}\nP0(int *x, int *y)\n{\n\t${p0.join('\n\t')}\n}\nP1(int *x, int *y)\n{\n\t${p1.join('\n\t')}\n}\nexists (${condition})\n`,
});

const writer = (barrier: string): string[] => ['WRITE_ONCE(*x, 1);', barrier, 'WRITE_ONCE(*y, 1);'];
const reader = (barrier: string): string[] => ['int r0 = READ_ONCE(*y);', barrier, 'int r1 = READ_ONCE(*x);'];

function deciding(before: SourceFile, after: SourceFile): unknown {
  const { diff } = diffTests(before, after, {
    run: { ...defaultRunOptions, models: ['lkmm'] },
    pictures: false,
    expired: null,
  });
  return diff?.models[0]?.deciding;
}

describe('the changes that decide', () => {
  it('are each enough, if any barrier less opens the door', () => {
    expect(deciding(test(writer('smp_wmb();'), reader('smp_rmb();')), test(writer(''), reader('')))).toEqual([
      [0],
      [1],
    ]);
  });

  it('are only all of them together, if each barrier is needed', () => {
    expect(deciding(test(writer(''), reader('')), test(writer('smp_wmb();'), reader('smp_rmb();')))).toEqual([
      [0, 1],
    ]);
  });

  it('leave out those that make no difference', () => {
    const before = test(writer('smp_mb();'), reader('smp_rmb();'));
    const after = test(writer('smp_wmb();'), reader(''));
    expect(deciding(before, after)).toEqual([[1]]);
  });

  it('are those of the statements that need each other', () => {
    const before = test(writer('smp_wmb();'), ['int r0 = smp_load_acquire(y);', 'int r1 = READ_ONCE(*x);']);
    const after = test(writer('smp_wmb();'), [
      'int r2;',
      'int r0 = READ_ONCE(*y);',
      'r2 = READ_ONCE(*y);',
      'int r1 = READ_ONCE(*x);',
    ]);
    expect(deciding(before, after)).toEqual([[0]]);
  });

  it('are found inside of statements whose head changed, too', () => {
    const guarded = (head: string, barrier: string): string[] => [
      'int r0 = READ_ONCE(*y);',
      'int r1;',
      `if (${head}) { ${barrier} r1 = READ_ONCE(*x); } else { r1 = 5; }`,
    ];
    const before = test(writer('smp_wmb();'), guarded('r0', 'smp_rmb();'));
    expect(deciding(before, test(writer('smp_wmb();'), guarded('r0 == 1', '')))).toEqual([[1]]);
  });

  it('are not told if a smaller set of changes is no test, so that it was not tried', () => {
    const [before, after] = [test(writer('smp_wmb();'), reader('smp_rmb();')), test(writer(''), reader(''))];
    const [a, b] = [before, after].map((file) => parseLitmus(file).value!);
    const nothing = { model: 'lkmm', observed: [], states: [], flags: [], limit: null };
    const set = (verdict: 'Never' | 'Sometimes'): OutcomeSet => ({ ...nothing, verdict });
    const compared = compareCode(a!, b!, null)!;
    const judge = (one: OutcomeSet | null) => (tree: LitmusTree) => {
      const left = compareCode(tree, b!, null)!.changes.length;
      return left === 2 ? set('Never') : left === 0 ? set('Sometimes') : one;
    };
    const of = (one: OutcomeSet | null) =>
      decidingChanges(compared, set('Never'), set('Sometimes'), judge(one));
    expect(of(set('Never'))).toEqual([[0, 1]]);
    expect(of(null)).toBeNull();
  });

  it('are not told where nothing differs, or there is one change only', () => {
    const [a, b] = [test(writer('smp_wmb();'), reader('smp_rmb();')), test(writer(''), reader('smp_rmb();'))];
    expect(deciding(a, b)).toBeNull();
    expect(deciding(a, test(writer('smp_mb();'), reader('smp_mb();')))).toBeNull();
  });

  it('are not told of tests that ask for different things', () => {
    const before = test(writer('smp_wmb();'), reader('smp_rmb();'));
    const after = test(writer(''), reader(''), '1:r0=1');
    expect(deciding(before, after)).toBeNull();
  });
});

const folder = fileURLToPath(new URL('../../litmus/', import.meta.url));

describe('a test with some of the changes', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.litmus'))
    .sort();
  const trees = names.map((name) => {
    const text = readFileSync(`${folder}${name}`, 'utf8');
    return { group: name.split(/[/\\]/)[0]!, tree: parseLitmus({ name, text }).value! };
  });

  it('is the later one with all of them, and has the code of the earlier one with none', () => {
    let pairs = 0;
    for (const [i, { group, tree: before }] of trees.entries())
      for (const { group: other, tree: after } of [trees[i - 1], trees[i + 1]].filter(
        (one) => one !== undefined,
      )) {
        const compared = group === other ? compareCode(before, after, null) : null;
        if (compared === null) continue;
        pairs++;
        const all = compared.mix(() => true);
        const none = compared.mix(() => false);
        expect(compareCode(after, all, null)?.changes).toEqual([]);
        expect(compareCode(all, after, null)?.changes).toEqual([]);
        const isSameFrame =
          before.threads.map(({ name }) => name).join() === after.threads.map(({ name }) => name).join();
        if (isSameFrame) expect(compareCode(before, none, null)?.changes).toEqual([]);
      }
    expect(pairs).toBeGreaterThan(100);
  });
});
