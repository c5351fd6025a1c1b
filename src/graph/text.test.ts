import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handMadeExecution } from '../explain/hand-made-execution.js';
import { evaluateExecution } from '../explain/refused-execution.js';
import { loadShippedModel } from '../model/shipped.js';
import { executionGraph, witnessGraph } from './from-execution.js';
import type { GraphEdge, GraphModel, GraphNode } from './graph-model.js';
import { toText, usualText } from './text.js';
import { wrapText } from './wrap.js';

function textOf(threads: string): string {
  const execution = handMadeExecution(threads);
  const model = loadShippedModel('lkmm');
  const evaluation = evaluateExecution(execution, model);
  const verdict = evaluation.failed.length === 0 ? 'allowed' : 'forbidden';
  return toText(witnessGraph(execution, model, evaluation, { test: 'test', model: 'lkmm', verdict }));
}

test('two threads with crossing arrows', () => {
  const text = textOf(`P0: lock l | W p->blocked_on=1 | smp_wmb | W p->__state=1 | unlock l
P1: R p->__state=1 | smp_rmb | R p->blocked_on=0`);
  expect(`\n${text}`).toMatchInlineSnapshot(`
    "
    test under lkmm: forbidden
    1:r0=1; 1:r1=0

    P0                                     P1
    =========================              =========================
     a: LOCK l                  +-----rf-> *e: [R] p->__state = 1
    *b: [W] p->blocked_on = 1 <-|--+       *   RMB
    *   WMB                     |  +--fr-- *f: [R] p->blocked_on = 0
    *c: [W] p->__state = 1    --+
     d: UNLOCK l

    (p->blocked_on = 0) -rf-> f

    happens-before: b -smp_wmb-> c -rf-> e -smp_rmb-> f -fr-> b
    "
  `);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('three threads; an edge past a column is listed', () => {
  const text = textOf('P0: W x=1\nP1: R x=1 | W y=1\nP2: R y=1 | R x=0');
  expect(`\n${text}`).toMatchInlineSnapshot(`
    "
    test under lkmm: allowed
    1:r0=1; 2:r0=1; 2:r1=0

    P0                      P1                      P2
    =============           =============           =============
     a: [W] x = 1 -----rf->  b: [R] x = 1   +--rf->  d: [R] y = 1
                             c: [W] y = 1 --+        e: [R] x = 0

    (x = 0) -rf-> e; e -fr-> a
    "
  `);
});

const words = fc.constantFrom(
  'x',
  'p->__state',
  'WRITE_ONCE(p->blocked_on, 1)',
  'smp_store_release(&lock->owner.counter, old | FLAG_WAITERS)',
  'a_name_that_goes_on_and_on_and_is_longer_than_any_line_of_a_mail_could_be_without_a_break',
);

/** Columns of nodes `n0`, `n1` ... and edges with labels `e0`, `e1` ... */
const graphs: fc.Arbitrary<GraphModel> = fc
  .record({
    columns: fc.array(fc.record({ words: fc.array(words, { maxLength: 5 }), subtitle: fc.option(words) }), {
      minLength: 1,
      maxLength: 6,
    }),
    ends: fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.boolean()), { maxLength: 12 }),
    state: words,
  })
  .map(({ columns, ends, state }) => {
    const nodes: GraphNode[] = [];
    const shown = columns.map(({ words: texts, subtitle }, column) => {
      const ids = texts.map((text): string => {
        const id = `n${nodes.length}`;
        const event = `Wonce ${text} = 1`;
        const kind = text === 'x' ? 'fence' : 'access';
        nodes.push({
          ...{ id, key: id, kind, column, letter: kind === 'fence' ? null : id, statement: text, event },
          ...{ instruction: null, line: nodes.length, events: [nodes.length], highlighted: false },
        });
        return id;
      });
      return { title: `P${column}`, subtitle, nodes: ids };
    });
    const edges = ends.flatMap(([a, b, highlighted], at): GraphEdge[] => {
      const [from, to] = [nodes[a % Math.max(1, nodes.length)], nodes[b % Math.max(1, nodes.length)]];
      if (from === undefined || to === undefined || from === to) return [];
      return [{ from: from.id, to: to.id, kind: 'rf', facts: [], label: `e${at};`, highlighted }];
    });
    const caption = { test: 'random', model: 'lkmm', verdict: 'forbidden' };
    return { caption, state, argument: state, columns: shown, nodes, edges };
  });

describe('whatever the picture', () => {
  test.each(['statements', 'accesses', null] as const)('lines fit, nothing is lost: %s', (style) => {
    const property = fc.property(graphs, fc.constantFrom(80, 60), (graph, width) => {
      const text = toText(graph, { style, width });
      for (const line of text.split('\n')) expect(line.length, text).toBeLessThanOrEqual(width);
      expect(text).toMatch(/^[\n -~]*$/);
      for (const { letter } of graph.nodes) if (letter !== null) expect(text).toContain(`${letter}: `);
      const joined = text.replace(/\s+/g, '');
      for (const { label } of graph.edges) expect(joined, text).toContain(label);
    });
    fc.assert(property, { seed: 21, numRuns: 25 });
  });

  test('an edge is an arrow, or listed with both its ends', () => {
    const property = fc.property(graphs, (graph) => {
      const text = toText(graph);
      for (const { from, to, label } of graph.edges) {
        const drawn = new RegExp(`-${label}(->|-)`).test(text);
        const names = [from, to].every((id) => graph.nodes.find((node) => node.id === id)?.letter !== null);
        if (!drawn && names) expect(text.replace(/\s+/g, ' ')).toContain(`${from} -${label}-> ${to}`);
      }
    });
    fc.assert(property, { seed: 22, numRuns: 25 });
  });
});

test('what is not ASCII is not sent', () => {
  const execution = handMadeExecution('P0: W x=1');
  const caption = { test: 'caf\u00e9 \u2192', model: 'lkmm', verdict: 'allowed' };
  expect(toText(executionGraph(execution, caption, null))).toContain('caf? ? under lkmm: allowed');
});

test('accesses in short, statements in full', () => {
  const execution = handMadeExecution('P0: W x=1 | smp_mb | R y=0\nP1: W y=1 | smp_mb | R x=0');
  const graph = executionGraph(execution, { test: 'sb', model: 'lkmm', verdict: 'forbidden' }, null);
  const [short, full] = (['accesses', 'statements'] as const).map((style) =>
    toText(graph, { ...usualText, style }),
  );
  expect(short).toContain(' a: [W] x = 1');
  expect(short).toContain('     MB');
  expect(full).toContain(' a: WRITE_ONCE(x, 1)');
  expect(full).toContain('    <smp_mb>');
  expect(full).toContain(' b: r = READ_ONCE(y) [0]');
});

test.each([
  ['a b', 80, ['a b']],
  ['aa bb cc', 5, ['aa bb', '  cc']],
  ['p->blocked_on', 8, ['p->block', '  ed_on']],
  ['abcdefgh', 4, ['abcd', '  ef', '  gh']],
])('wrapped: %s', (text, width, lines) => {
  expect(wrapText(text, width, 2)).toEqual(lines);
});
