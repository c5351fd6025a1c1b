import { expect, test } from 'vitest';
import { handMadeExecution } from '../explain/hand-made-execution.js';
import { createGraphvizDrawer } from '../io/graphviz.js';
import { toDot } from './dot.js';
import { executionGraph } from './from-execution.js';
import { tidySvg } from './svg.js';

const execution = handMadeExecution('P0: W x=1 | smp_wmb | W y=1\nP1: R y=1 | smp_rmb | R x=0');
const graph = executionGraph(execution, { test: 'drawn', model: 'lkmm', verdict: 'allowed' }, null);

/** Where Graphviz drew a text: the x and y (downwards) of the first one that starts so. */
function placeOf(svg: string, text: string): { x: number; y: number } {
  const [, x, y] = svg.match(new RegExp(`x="([-\\d.]+)" y="([-\\d.]+)"[^>]*>${text}`)) ?? [];
  expect(x, text).toBeDefined();
  return { x: Number(x), y: Number(y) };
}

test('Graphviz keeps the layout, and draws the same each time', async () => {
  const svg = tidySvg(await createGraphvizDrawer().drawSvg(toDot(graph)), graph);
  expect(tidySvg(await createGraphvizDrawer().drawSvg(toDot(graph)), graph)).toBe(svg);
  expect(svg).not.toMatch(/graphviz|<!--|DOCTYPE/i);
  const [first, second, other] = ['a: ', 'b: ', 'c: '].map((letter) => placeOf(svg, letter));
  expect(first!.y).toBeLessThan(second!.y);
  expect(second!.x).toBeLessThan(other!.x);
  expect(other!.y).toBeCloseTo(first!.y, 0);
  expect(placeOf(svg, 'smp_wmb').y).toBeGreaterThan(first!.y);
  for (const label of ['rf', 'fr', 'P0', 'P1', 'init x = 0']) placeOf(svg, label);
});

test('what Graphviz would read as its own is text', async () => {
  const hostile = String.raw`\N \G <b>x</b> &amp; "q" C:\new \\`;
  const columns = graph.columns.map((column) => ({ ...column, subtitle: hostile }));
  const svg = await createGraphvizDrawer().drawSvg(toDot({ ...graph, columns }));
  const shown = hostile.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  expect(svg.replaceAll('&quot;', '"').replaceAll('&#45;', '-')).toContain(`P0 ${shown}`);
});
