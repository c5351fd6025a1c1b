/** Edges and their labels keep off what is to be read. */
import { expect, test } from 'vitest';
import { handMadeExecution } from '../explain/hand-made-execution.js';
import { executionGraph } from './from-execution.js';
import type { GraphModel } from './graph-model.js';
import { frameOf, placeNodes, plainRows } from './layout.js';
import { marginsFor, routeEdges } from './routes.js';

function drawn(text: string) {
  const execution = handMadeExecution(text);
  const graph: GraphModel = executionGraph(execution, { test: 't', model: 'lkmm', verdict: 'allowed' }, null);
  const rows = plainRows(graph);
  const placement = placeNodes(graph, rows, frameOf(graph, rows, marginsFor(graph)));
  return { placement, routes: routeEdges(graph, placement) };
}

/** Points of the straight pieces and of the bends: enough to see where an edge that passes a column runs. */
function pointsOf(curve: readonly { readonly x: number; readonly y: number }[]) {
  return curve.flatMap((a, at) => {
    const b = curve[at + 1] ?? a;
    return [0, 0.25, 0.5, 0.75].map((t) => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t }));
  });
}

test.each([
  ['four threads', 'P0: W x=1\nP1: W y=1\nP2: R x=1 | smp_rmb | R y=0\nP3: R y=1 | smp_rmb | R x=0'],
  ['one row', 'P0: W x=1\nP1: W y=1\nP2: R x=1'],
])('past a column runs below its title, and above its first statement: %s', (_name, text) => {
  const { placement, routes } = drawn(text);
  const passing = routes.filter(({ curve }) => curve.length > 4);
  expect(passing.length).toBeGreaterThan(0);
  const isIn = (p: { x: number; y: number }, box: { x: number; y: number; width: number; height: number }) =>
    Math.abs(p.x - box.x) < box.width / 2 && Math.abs(p.y - box.y) < box.height / 2;
  const boxes = [...placement.titles, ...placement.nodes.values()];
  for (const { curve, label } of passing) {
    const points = pointsOf(curve.slice(1, -1));
    expect(boxes.filter((box) => points.some((point) => isIn(point, box)))).toEqual([]);
    expect(boxes.filter((box) => label !== null && isIn(label, { ...box, height: box.height + 10 }))).toEqual(
      [],
    );
  }
});
