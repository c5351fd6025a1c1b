/**
 * Pictures that are to be compared, placed alike: the same statement at the same height in each, columns of one width.
 *
 * Statements are matched by their text, so that a fence that only one of the tests has leaves a gap in the others, and the one below
 * it stays where it is.
 */
import type { GraphModel, GraphNode } from './graph-model.js';
import { type Frame, frameOf, type Rows } from './layout.js';
import { marginsFor } from './routes.js';

/** For each of the graphs, its place. */
export function alignGraphs(graphs: readonly GraphModel[]): { readonly rows: Rows; readonly frame: Frame }[] {
  const rows = alignedRows(graphs);
  const frames = graphs.map((graph, at) => frameOf(graph, rows[at]!, marginsFor(graph)));
  const frame = frames.reduce(largest);
  return rows.map((each) => ({ rows: each, frame }));
}

function largest(a: Frame, b: Frame): Frame {
  return {
    columnWidths: maxima(a.columnWidths, b.columnWidths),
    rowHeights: maxima(a.rowHeights, b.rowHeights),
    initialRows: Math.max(a.initialRows, b.initialRows),
    titleRows: Math.max(a.titleRows, b.titleRows),
    margins: {
      left: Math.max(a.margins.left, b.margins.left),
      right: Math.max(a.margins.right, b.margins.right),
      between: Math.max(a.margins.between, b.margins.between),
      top: Math.max(a.margins.top, b.margins.top),
    },
  };
}

function maxima(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => Math.max(a[at] ?? 0, b[at] ?? 0));
}

/** Column by column: the statements of all graphs in one order that keeps each graph's own. */
function alignedRows(graphs: readonly GraphModel[]): Rows[] {
  const rows = graphs.map(() => new Map<string, number>());
  const columns = Math.max(0, ...graphs.map((graph) => graph.columns.length));
  for (let column = 0; column < columns; column++) {
    const lists = graphs.map((graph) => {
      const byId = new Map(graph.nodes.map((node) => [node.id, node]));
      return (graph.columns[column]?.nodes ?? []).map((id) => byId.get(id)!);
    });
    const order = lists.map((list) => list.map(textOf)).reduce(merge, []);
    for (const [at, list] of lists.entries()) {
      let row = 0;
      for (const node of list) {
        while (order[row] !== textOf(node)) row++;
        rows[at]!.set(node.id, row++);
      }
    }
  }
  return rows;
}

function textOf(node: GraphNode): string {
  return `${node.kind} ${node.statement ?? node.event}`;
}

/** A shortest list that both are subsequences of. */
function merge(a: readonly string[], b: readonly string[]): string[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const merged: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      merged.push(a[i++]!);
      j++;
    } else if (j === b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!))
      merged.push(a[i++]!);
    else merged.push(b[j++]!);
  }
  return merged;
}
