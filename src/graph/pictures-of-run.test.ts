import { expect, test } from 'vitest';
import { createGraphvizDrawer } from '../io/graphviz.js';
import { defaultSearchOptions } from '../search/search.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { toDot } from './dot.js';
import { type Pictures, type PicturesOptions, picturesOfRun } from './pictures-of-run.js';

const RACE = `C race
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); FENCE WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0 = READ_ONCE(*y); smp_rmb(); int r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;

function runsOf(text: string): ModelRun[] {
  const report = runTest({ name: 'race.litmus', text }, defaultRunOptions);
  return report.kind === 'test' ? report.models.filter(isRun) : [];
}

const everything: PicturesOptions = { search: defaultSearchOptions, most: Number.POSITIVE_INFINITY };

function picturesUnder(model: string, text: string, options = everything): Pictures {
  const run = runsOf(text).find((each) => each.model === model);
  expect(run, model).toBeDefined();
  return picturesOfRun(run!, 'race', options);
}

const lines = ({ pictures }: Pictures): string[] =>
  pictures.map(({ state, verdict, satisfies }) => `${state} ${verdict}${satisfies ? ' *' : ''}`);

test.each([
  ['lkmm', 'smp_mb();'],
  ['arm64', 'smp_wmb();'],
  ['x86', ''],
  ['sc', ''],
])('%s: allowed states and the forbidden one, in order of values', (model, fence) => {
  const found = picturesUnder(model, RACE.replace('FENCE', fence));
  expect(found).toMatchObject({ limit: null, omitted: 0 });
  expect(lines(found)).toEqual([
    '1:r0=0; 1:r1=0 allowed',
    '1:r0=0; 1:r1=1 allowed',
    '1:r0=1; 1:r1=0 forbidden *',
    '1:r0=1; 1:r1=1 allowed',
  ]);
  const [first, , forbidden] = found.pictures;
  expect(forbidden?.cycle?.edges.length).toBeGreaterThan(0);
  expect(forbidden?.graph.argument).toContain('-fr->');
  expect(first?.cycle).toBeNull();
});

test('keys are those of the statement in every execution, and belong to one node', () => {
  const { pictures } = picturesUnder('x86', RACE.replace('FENCE', 'smp_mb();'));
  const keysOf = ({ graph }: (typeof pictures)[number]) =>
    graph.nodes.filter((node) => node.kind !== 'initial').map((node) => `${node.key} ${node.statement}`);
  for (const picture of pictures) {
    expect(keysOf(picture)).toEqual(keysOf(pictures[0]!));
    expect(new Set(picture.graph.nodes.map((node) => node.key)).size).toBe(picture.graph.nodes.length);
    for (const edge of picture.graph.edges) expect(edge.facts.length).toBeGreaterThan(0);
  }
});

test('no more than asked for, those of the condition first', () => {
  const found = picturesUnder('x86', RACE.replace('FENCE', ''), { ...everything, most: 1 });
  expect(lines(found)).toEqual(['1:r0=1; 1:r1=0 forbidden *']);
  expect(found.omitted).toBe(3);
});

test('what a limit left open is not called forbidden', () => {
  const run = runsOf(RACE.replace('FENCE', 'smp_wmb();'))[0]!;
  const cut = { ...run, result: { ...run.result, limit: 'time limit' } };
  const found = picturesOfRun(cut, 'race', everything);
  expect(found.limit).toBe('time limit');
  expect(found.pictures.map(({ verdict }) => verdict)).toEqual(['allowed', 'allowed', 'allowed']);
  const hurried = picturesOfRun(run, 'race', {
    ...everything,
    search: { ...defaultSearchOptions, expired: () => true },
  });
  expect(hurried.limit).toBe('time limit');
  expect(hurried.pictures.length).toBe(3);
});

test('an interactive picture names its parts', async () => {
  const { graph } = picturesUnder('lkmm', RACE.replace('FENCE', 'smp_wmb();')).pictures[2]!;
  const svg = await createGraphvizDrawer().drawSvg(toDot(graph, { interactive: true }));
  expect(svg).toMatch(/<g id="t0_0_write" class="node access highlighted">/);
  expect(svg).toMatch(/<g id="t0_2_write__t1_0_read" class="edge rf highlighted">/);
  const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
});
