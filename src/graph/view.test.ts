import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEqual, transitiveClosure } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import { defaultSearchOptions } from '../search/search.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import type { GraphModel } from './graph-model.js';
import { withoutImplied } from './named-relations.js';
import { pictureOfRun } from './picture-of-run.js';
import { parseView, type ViewText } from './view.js';

const TEST = `C fixed
{}
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
}
P1(int *x, int *y)
{
	int r0 = READ_ONCE(*y);
	smp_rmb();
	int r1 = READ_ONCE(*x);
}
exists (1:r0=1 /\\ 1:r1=0)
`;

function runUnder(model: string): ModelRun {
  const report = runTest({ name: 'fixed.litmus', text: TEST }, defaultRunOptions);
  const run = report.kind === 'test' ? report.models.filter(isRun).find((m) => m.model === model) : undefined;
  expect(run, model).toBeDefined();
  return run!;
}

const asked: ViewText = { hide: [], show: [], highlight: 'cycle' };

function viewed(model: string, text: Partial<ViewText>): GraphModel {
  const run = runUnder(model);
  const view = parseView({ ...asked, ...text }, [run]);
  expect(view.diagnostics).toEqual([]);
  const graph = pictureOfRun(run, 'fixed', run.compiled, defaultSearchOptions, view.value!);
  expect(graph).not.toBeNull();
  return graph!;
}

function edges(graph: GraphModel): string[] {
  return graph.edges.map(
    (e) => `${e.highlighted ? '! ' : ''}${e.from}${e.label === null ? '' : ` ${e.label}`} ${e.to}`,
  );
}

const usual = ['! a f0', '! f0 b', '! b rf c', '! c f1', '! f1 d', '! d fr a', 'i0 rf d'];

describe('a view', () => {
  const cases: readonly [string, string, Partial<ViewText>, readonly string[]][] = [
    ['the usual', 'lkmm', {}, usual],
    [
      'nothing highlighted',
      'lkmm',
      { highlight: 'none' },
      ['a f0', 'f0 b', 'c f1', 'f1 d', 'i0 rf d', 'b rf c', 'd fr a'],
    ],
    ['the cycle stays, whatever is hidden', 'lkmm', { hide: ['rf', 'po', 'fr'] }, usual.slice(0, 6)],
    [
      'hidden, and the initial write that nothing needs then',
      'lkmm',
      { hide: ['rf', 'po'], highlight: 'none' },
      ['d fr a'],
    ],
    ['a relation of the model', 'lkmm', { show: ['ppo'], hide: ['po'] }, [...usual, 'a ppo b', 'c ppo d']],
    [
      'several, and one that has no pairs here',
      'lkmm',
      { show: ['ppo', 'wmb', 'rcu-fence'] },
      [...usual, 'c ppo d', 'a ppo, wmb b'],
    ],
    [
      'a relation that is transitive, reduced',
      'lkmm',
      { show: ['po'] },
      ['! a po f0', '! f0 po b', '! b rf c', '! c po f1', '! f1 po d', '! d fr a', 'i0 rf d'],
    ],
    [
      'all of a relation highlighted',
      'lkmm',
      { highlight: 'hb' },
      [
        'a f0',
        'f0 b',
        'c f1',
        'f1 d',
        '! i0 hb, rf d',
        '! b hb, rf c',
        'd fr a',
        '! a hb b',
        '! c hb d',
        '! d hb c',
      ],
    ],
    [
      'two lines',
      'lkmm',
      { highlight: 'P0:7,P1:11' },
      ['a f0', 'f0 b', 'c f1', 'f1 d', 'i0 rf d', '! b rf c', 'd fr a'],
    ],
    [
      'in assembly, by the lines of the C',
      'arm64',
      { highlight: '0:7,1:11', hide: ['po'] },
      ['i0 rf d', '! b rf c', 'd fr a'],
    ],
  ];
  test.each(cases)('%s', (_, model, text, expected) => {
    expect(edges(viewed(model, text)).sort()).toEqual([...expected].sort());
  });

  test('the argument does not depend on what is highlighted', () => {
    const { argument } = viewed('lkmm', {});
    expect(argument).toContain('-smp_wmb->');
    expect(viewed('lkmm', { highlight: 'none' }).argument).toBe(argument);
    expect(viewed('lkmm', { highlight: 'ppo' }).argument).toBe(argument);
  });

  const mistakes: readonly [string, Partial<ViewText>, string, RegExp][] = [
    [
      'an unknown relation',
      { show: ['pppo'] },
      '--show: there is no relation `pppo` in lkmm',
      /did you mean `ppo`\? the relations are po-loc, /,
    ],
    [
      'a set',
      { hide: ['Marked'] },
      '--hide: `Marked` is a set of events, not a relation',
      /^the relations are /,
    ],
    [
      'an unknown highlight',
      { highlight: 'cycles' },
      '--highlight: there is no relation `cycles` in lkmm',
      /relations are/,
    ],
    [
      'a line without a statement',
      { highlight: 'P0:5,P1:10' },
      '--highlight: there is no statement at `P1:10`',
      /there are P0:5, P0:6, P0:7, P1:11, P1:12, P1:13/,
    ],
    [
      'half a place',
      { highlight: 'P0:5,P1' },
      '--highlight: there is no statement at `P1`',
      /there are P0:5/,
    ],
  ];
  test.each(mistakes)('%s', (_, text, message, hint) => {
    const view = parseView({ ...asked, ...text }, [runUnder('lkmm')]);
    expect(view.value).toBeNull();
    expect(view.diagnostics.map((each) => each.message)).toEqual([message]);
    expect(view.diagnostics[0]?.hint).toMatch(hint);
  });

  test('a relation of one of several models is enough', () => {
    const [lkmm, arm64] = [runUnder('lkmm'), runUnder('arm64')];
    expect(parseView({ ...asked, show: ['hb'] }, [arm64, lkmm]).diagnostics).toEqual([]);
    expect(parseView({ ...asked, show: ['hb'] }, [arm64]).value).toBeNull();
  });
});

test('without what transitivity adds: smallest, with the same closure', () => {
  const pairs = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 14 });
  const property = fc.property(pairs, pairs, (some, others) => {
    const closed = transitiveClosure(Relation.of(7, some));
    const preferred = Relation.of(7, others);
    const reduced = withoutImplied(closed, preferred);
    const irreflexive = (r: Relation) =>
      Relation.of(
        7,
        r.pairs().filter(([a, b]) => a !== b),
      );
    expect(isEqual(irreflexive(transitiveClosure(reduced)), irreflexive(closed))).toBe(true);
    for (const [a, b] of reduced.pairs()) {
      const less = reduced.copy();
      less.remove(a, b);
      expect(transitiveClosure(less).has(a, b)).toBe(false);
    }
  });
  fc.assert(property, { seed: 6, numRuns: 300 });
});
