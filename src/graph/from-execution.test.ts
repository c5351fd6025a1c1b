import { describe, expect, test } from 'vitest';
import { handMadeExecution } from '../explain/hand-made-execution.js';
import { evaluateExecution } from '../explain/refused-execution.js';
import { loadShippedModel } from '../model/shipped.js';
import { toDot } from './dot.js';
import { witnessGraph } from './from-execution.js';
import type { GraphModel } from './graph-model.js';

const RACE = `P0: lock p->blocked_lock | W p->blocked_on=1 | W p->__state=1 | smp_mb | unlock p->blocked_lock
P1: lock p->pi_lock | R p->__state=1 | smp_rmb | R p->blocked_on=0 | unlock p->pi_lock`;
const FIXED = RACE.replace('W p->__state=1 |', 'smp_wmb | W p->__state=1 |');

function graphOf(
  text: string,
  options: Parameters<typeof handMadeExecution>[1] & { model?: string } = {},
): GraphModel {
  const execution = handMadeExecution(text, options);
  const model = loadShippedModel(options.model ?? 'lkmm');
  const evaluation = evaluateExecution(execution, model);
  const verdict = evaluation.failed.length === 0 ? 'allowed' : 'forbidden';
  return witnessGraph(execution, model, evaluation, {
    test: options.name ?? 'test',
    model: model.name,
    verdict,
  });
}

/** One line per node and edge; `!` marks what is highlighted, edges without a label are program order. */
function show(graph: GraphModel): string[] {
  const mark = (highlighted: boolean): string => (highlighted ? '! ' : '');
  return [
    ...graph.nodes.map((n) => `${mark(n.highlighted)}${n.id}@${n.column ?? '-'} ${n.kind} ${n.event}`),
    ...graph.edges.map(
      (e) => `${mark(e.highlighted)}${e.from} -> ${e.to}${e.label === null ? '' : ` ${e.label}`}`,
    ),
  ];
}

/** The edges with a label, `a rf b`. */
/** The labelled edges but program order, which every picture has. */
function labelled(graph: GraphModel): string[] {
  return graph.edges.flatMap((e) =>
    e.label === null || e.label === 'po' ? [] : [`${e.from} ${e.label} ${e.to}`],
  );
}

describe('what a picture shows', () => {
  test('the race: locks are one box, initial writes only where read', () => {
    expect(show(graphOf(RACE))).toEqual([
      'i0@- initial p->blocked_on = 0',
      'a@0 lock LOCK p->blocked_lock',
      'b@0 access Wonce p->blocked_on = 1',
      'c@0 access Wonce p->__state = 1',
      'f0@0 fence smp_mb',
      'd@0 unlock UNLOCK p->blocked_lock',
      'e@1 lock LOCK p->pi_lock',
      'f@1 access Ronce p->__state = 1',
      'f1@1 fence smp_rmb',
      'g@1 access Ronce p->blocked_on = 0',
      'h@1 unlock UNLOCK p->pi_lock',
      'a -> b po',
      'b -> c po',
      'c -> f0',
      'f0 -> d',
      'e -> f po',
      'f -> f1',
      'f1 -> g',
      'g -> h po',
      'i0 -> g rf',
      'c -> f rf',
      'g -> b fr',
    ]);
  });

  test('the fixed race: the cycle goes through the fences', () => {
    const graph = graphOf(FIXED);
    expect(show(graph).filter((line) => line.startsWith('! '))).toEqual([
      '! b@0 access Wonce p->blocked_on = 1',
      '! f0@0 fence smp_wmb',
      '! c@0 access Wonce p->__state = 1',
      '! f@1 access Ronce p->__state = 1',
      '! f2@1 fence smp_rmb',
      '! g@1 access Ronce p->blocked_on = 0',
      '! b -> f0',
      '! f0 -> c',
      '! c -> f rf',
      '! f -> f2',
      '! f2 -> g',
      '! g -> b fr',
    ]);
    expect(graph.argument).toBe('happens-before: b -smp_wmb-> c -rf-> f -smp_rmb-> g -fr-> b');
    expect(graph.state).toBe('1:r0=1; 1:r1=0');
  });

  test('highlighted program order goes through what is between, not around it', () => {
    const graph = graphOf('P0: W x=1 | W z=1 | smp_mb | W y=1\nP1: R y=1 | R x=0', { model: 'sc' });
    expect(show(graph).filter((line) => line.startsWith('! ') && line.includes('->'))).toEqual([
      '! c -> d rf',
      '! d -> e po',
      '! e -> a fr',
      '! a -> b po',
      '! b -> f0',
      '! f0 -> c',
    ]);
    expect(graph.argument).toBe('sc: a -po-> c -rf-> d -po-> e -fr-> a');
  });

  test('instructions stand beside the statement', () => {
    const graph = graphOf(FIXED, { dialect: 'arm64', model: 'arm64' });
    const [lock, write, fence] = graph.nodes.filter((node) => node.column === 0);
    expect(lock).toMatchObject({
      kind: 'lock',
      event: 'LOCK p->blocked_lock',
      instruction: 'casa w0, w1, [x2]',
    });
    expect(write).toMatchObject({
      statement: 'WRITE_ONCE(p->blocked_on, 1)',
      instruction: 'str w1, [x0]',
      line: 1,
    });
    expect(fence).toMatchObject({ event: 'smp_wmb', instruction: 'dmb ishst' });
  });

  const edges: readonly [string, string, string, readonly string[]][] = [
    ['co to the next write of another thread', 'P0: W x=1\nP1: W x=2\nP2: W x=3', '', ['a co b', 'b co c']],
    ['no co within a thread', 'P0: W x=1 | W x=2', '', []],
    ['no fr that program order implies', 'P0: R x=0 | W x=1', '', ['i0 rf a']],
    [
      'fr from the last of several reads only',
      'P0: R x=0 | R x=0\nP1: W x=1',
      '',
      ['i0 rf a', 'i0 rf b', 'b fr c'],
    ],
    ['no co beside the rf; fr that implies it', 'P0: W x=1\nP1: R x=1\nP2: W x=2', '', ['a rf b', 'b fr c']],
    [
      'no fr that the hand-over of a lock implies',
      'P0: lock l | R x=0 | unlock l\nP1: lock l | W x=1 | unlock l',
      '',
      ['i0 rf b', 'c rf d'],
    ],
    [
      'ctrl to the first event only',
      'P0: R x=0 | W y=1 | W z=1',
      'ctrl 0.0>0.1 ctrl 0.0>0.2',
      ['i0 rf a', 'a ctrl b'],
    ],
    [
      'two dependencies of one pair as one',
      'P0: R x=0 | W y=1',
      'addr 0.0>0.1 data 0.0>0.1',
      ['i0 rf a', 'a addr, data b'],
    ],
  ];
  test.each(edges)('%s', (_, text, dependencies, expected) => {
    expect(labelled(graphOf(text, { edges: dependencies }))).toEqual(expected);
  });
});

describe('DOT', () => {
  const goldens: readonly [string, string, Parameters<typeof graphOf>[1]][] = [
    ['race', RACE, {}],
    ['race-with-wmb', FIXED, {}],
    ['race-with-wmb-arm64', FIXED, { dialect: 'arm64', model: 'arm64' }],
    ['race-x86', RACE.replace(' | smp_rmb', ''), { dialect: 'x86', model: 'x86' }],
    [
      'three-threads',
      'P0: lock l | W x=1 | W y=1 | unlock l\nP1: lock l | R x=1 | W z=1 | unlock l\nP2: R z=1 | R y=0 | R x=0',
      { edges: 'addr 2.0>2.1 ctrl 2.0>2.2' },
    ],
  ];
  test.each(goldens)('%s', async (name, text, options) => {
    const dot = toDot(graphOf(text, { ...options, name }));
    expect(toDot(graphOf(text, { ...options, name }))).toBe(dot);
    await expect(dot).toMatchFileSnapshot(`golden/${name}.dot`);
  });

  test('hostile names are escaped', () => {
    const graph = graphOf('P0: W x=1', { name: 'a "quoted" \\ <b>&amp;\u0007' });
    const dot = toDot(graph);
    expect(dot).toContain('digraph "a \\"quoted\\" \\\\ <b>&amp; " {');
    expect(dot).toContain('a &quot;quoted&quot; \\\\ &lt;b&gt;&amp;amp;  under lkmm: allowed');
  });
});
