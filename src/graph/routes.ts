/**
 * How the edges of a picture run, given where its nodes are.
 *
 * Between columns an edge leaves and enters at the facing sides and crosses only the space between; past a column it
 * takes the nearest aisle between two rows. Within a column it is straight between neighbours and an arc beside the
 * column otherwise: on the outer side, so that arcs and edges between columns keep apart. `labels.ts` then
 * puts labels on the edges.
 */
import type { GraphEdge, GraphModel } from './graph-model.js';
import { labelWidth, placeLabels, type Route } from './labels.js';
import { type Margins, type Placement, type Point, partnerOf } from './layout.js';

const PORT_GAP = 9;
const AISLE_GAP = 7;
const ARC = 20;
const ARC_STEP = 11;
/** Between titles and the first row, for edges with their labels that pass a column there. */
const TOP_AISLE = 18;

type Side = 'left' | 'right';

/** Rooms beside and above the columns that `routeEdges` will need; to be known before nodes are placed. */
export function marginsFor(graph: GraphModel): Margins {
  const top = graph.edges.some((edge) => passesColumn(graph, edge)) ? TOP_AISLE : 0;
  const rooms = { left: 0, right: 0, between: 0, top };
  for (const edge of graph.edges) {
    const span = arcSpan(graph, edge);
    if (span === null) continue;
    const room = arcDepth(graph, edge) + labelWidth(edge) / 2;
    const column = columnOf(graph, edge.to) ?? columnOf(graph, edge.from) ?? 0;
    const place =
      column === graph.columns.length - 1 ? 'right' : column === 0 ? 'left' : ('between' as const);
    rooms[place] = Math.max(rooms[place], room);
  }
  return rooms;
}

function passesColumn(graph: GraphModel, edge: GraphEdge): boolean {
  const columnAt = (id: string): number => {
    const node = graph.nodes.find((one) => one.id === id)!;
    return node.column ?? partnerOf(graph, node)?.column ?? 0;
  };
  return Math.abs(columnAt(edge.from) - columnAt(edge.to)) > 1;
}

export function routeEdges(graph: GraphModel, placement: Placement): Route[] {
  const ports = assignPorts(graph, placement);
  const aisles = new Aisles(placement.aisles);
  const routes = graph.edges.map((edge, at): Route => {
    const curve = curveOf(graph, placement, edge, ports[at]!, aisles);
    return { edge, ...withTip(curve, edge.highlighted ? 9 : 7), label: null };
  });
  return placeLabels(routes, placement);
}

/** Rows that an arc spans; null if the edge is none: it is straight, or between columns. */
function arcSpan(graph: GraphModel, edge: GraphEdge): number | null {
  const [from, to] = [columnOf(graph, edge.from), columnOf(graph, edge.to)];
  if (from !== to && from !== null && to !== null) return null;
  const span = Math.abs(rowOf(graph, edge.to) - rowOf(graph, edge.from));
  return from !== null && to !== null && rowOf(graph, edge.to) - rowOf(graph, edge.from) === 1 ? null : span;
}

/** The further the arc reaches, the wider; a second arc between the same two nodes stays clear of the first. */
function arcDepth(graph: GraphModel, edge: GraphEdge): number {
  const ends = [edge.from, edge.to];
  const before = graph.edges.slice(0, graph.edges.indexOf(edge));
  const doubles = before.filter((other) => ends.includes(other.from) && ends.includes(other.to)).length;
  return ARC + ARC_STEP * (arcSpan(graph, edge) ?? 1) + ARC * doubles;
}

function columnOf(graph: GraphModel, id: string): number | null {
  return graph.nodes.find((node) => node.id === id)?.column ?? null;
}

/** Position in its column; -1 for initial writes. */
function rowOf(graph: GraphModel, id: string): number {
  const column = columnOf(graph, id);
  return column === null ? -1 : (graph.columns[column]?.nodes.indexOf(id) ?? -1);
}

/** The column of a node; for initial writes the one it stands above. */
function placeOf(graph: GraphModel, placement: Placement, id: string): number {
  const column = columnOf(graph, id);
  if (column !== null) return column;
  const x = placement.nodes.get(id)!.x;
  return Math.max(
    0,
    placement.frames.findIndex((frame) => frame.x === x),
  );
}

function isStraight(graph: GraphModel, placement: Placement, edge: GraphEdge): boolean {
  return (
    placeOf(graph, placement, edge.from) === placeOf(graph, placement, edge.to) &&
    arcSpan(graph, edge) === null
  );
}

/** The outer side of a column; inner columns use their right. */
function outerSide(graph: GraphModel, column: number): Side {
  return column === 0 && graph.columns.length > 1 ? 'left' : 'right';
}

interface Ends {
  readonly from: { readonly side: Side; readonly at: Point };
  readonly to: { readonly side: Side; readonly at: Point };
}

/** The ends of an edge on the sides of its nodes, those of one side spread out in the order of where they lead. */
function assignPorts(graph: GraphModel, placement: Placement): (Ends | null)[] {
  const uses: { edge: number; end: 'from' | 'to'; node: string; side: Side; toward: number }[] = [];
  for (const [at, edge] of graph.edges.entries()) {
    if (isStraight(graph, placement, edge)) continue;
    const [a, b] = [placeOf(graph, placement, edge.from), placeOf(graph, placement, edge.to)];
    const arc = outerSide(graph, b);
    const [from, to]: Side[] = a === b ? [arc, arc] : a < b ? ['right', 'left'] : ['left', 'right'];
    const [yFrom, yTo] = [placement.nodes.get(edge.from)!.y, placement.nodes.get(edge.to)!.y];
    uses.push({ edge: at, end: 'from', node: edge.from, side: from!, toward: yTo });
    uses.push({ edge: at, end: 'to', node: edge.to, side: to!, toward: yFrom });
  }
  const points = new Map<string, { side: Side; at: Point }>();
  for (const use of uses) {
    const shared = uses
      .filter((u) => u.node === use.node && u.side === use.side)
      .sort((u, v) => u.toward - v.toward || u.edge - v.edge);
    const box = placement.nodes.get(use.node)!;
    const gap = Math.min(PORT_GAP, (box.height - 6) / shared.length);
    const offset = (shared.indexOf(use) - (shared.length - 1) / 2) * gap;
    const x = box.x + ((use.side === 'left' ? -1 : 1) * box.width) / 2;
    points.set(`${use.edge} ${use.end}`, { side: use.side, at: { x, y: box.y + offset } });
  }
  return graph.edges.map((_, at) => {
    const [from, to] = [points.get(`${at} from`), points.get(`${at} to`)];
    return from === undefined || to === undefined ? null : { from, to };
  });
}

function curveOf(
  graph: GraphModel,
  placement: Placement,
  edge: GraphEdge,
  ends: Ends | null,
  aisles: Aisles,
): Point[] {
  const [a, b] = [placement.nodes.get(edge.from)!, placement.nodes.get(edge.to)!];
  if (ends === null) return straight({ x: a.x, y: a.y + a.height / 2 }, { x: b.x, y: b.y - b.height / 2 });
  const { from, to } = ends;
  const columns = [placeOf(graph, placement, edge.from), placeOf(graph, placement, edge.to)] as const;
  if (columns[0] === columns[1]) return arc(from.at, to.at, from.side, arcDepth(graph, edge));
  return across(placement, from.at, to.at, columns, aisles);
}

function straight(from: Point, to: Point): Point[] {
  const third = (t: number): Point => ({ x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t });
  return [from, third(1 / 3), third(2 / 3), to];
}

/** Beside a column; `depth` beyond the outer of its ends. */
function arc(from: Point, to: Point, side: Side, depth: number): Point[] {
  const x = side === 'left' ? Math.min(from.x, to.x) - depth * 1.33 : Math.max(from.x, to.x) + depth * 1.33;
  return [from, { x, y: from.y }, { x, y: to.y }, to];
}

/** From side to side; columns in between are crossed straight in an aisle. */
function across(
  placement: Placement,
  from: Point,
  to: Point,
  columns: readonly [number, number],
  aisles: Aisles,
): Point[] {
  const step = columns[1] > columns[0] ? 1 : -1;
  const curve: Point[] = [from];
  const go = (x: number, y: number): void => {
    const last = curve.at(-1)!;
    const reach = (x - last.x) * 0.45;
    curve.push({ x: last.x + reach, y: last.y }, { x: x - reach, y }, { x, y });
  };
  for (let column = columns[0] + step; column !== columns[1]; column += step) {
    const frame = placement.frames[column]!;
    const share = (frame.x - from.x) / (to.x - from.x);
    const y = aisles.take(column, from.y + (to.y - from.y) * share);
    go(frame.x - (step * frame.width) / 2, y);
    go(frame.x + (step * frame.width) / 2, y);
  }
  go(to.x, to.y);
  return curve;
}

/** Hands out the aisles of each column, so that no two edges run on top of each other. */
class Aisles {
  private readonly taken = new Map<string, number>();

  constructor(private readonly aisles: readonly number[]) {}

  /** A free height near `y` for crossing a column. */
  take(column: number, y: number): number {
    const nearest = this.aisles.reduce(
      (best, aisle) => (Math.abs(aisle - y) < Math.abs(best - y) ? aisle : best),
      this.aisles[0] ?? y,
    );
    const key = `${column} ${nearest}`;
    const count = this.taken.get(key) ?? 0;
    this.taken.set(key, count + 1);
    const shift = Math.ceil(count / 2) * (count % 2 === 1 ? 1 : -1);
    return nearest + shift * AISLE_GAP;
  }
}

/** Takes the arrow's head from the end of a curve. */
function withTip(curve: readonly Point[], length: number): { curve: Point[]; tip: Point } {
  const tip = curve.at(-1)!;
  const before = curve.at(-2)!;
  const distance = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const share = Math.min(1, length / distance);
  const neck = { x: tip.x + (before.x - tip.x) * share, y: tip.y + (before.y - tip.y) * share };
  return { curve: [...curve.slice(0, -1), neck], tip };
}
