/** Where the labels of a picture's edges go: on their edge, where they cover the fewest other things. */
import type { GraphEdge } from './graph-model.js';
import type { Box, Placement, Point } from './layout.js';

/** A chain of cubic curves: 3k + 1 points; the arrow's head is from the last of them to `tip`. */
export interface Route {
  readonly edge: GraphEdge;
  readonly curve: readonly Point[];
  readonly tip: Point;
  /** Centre of the label; null if the edge has none. */
  readonly label: Point | null;
}

const LABEL_HEIGHT = 13;

/** Room for the label's text; 0 without one. */
export function labelWidth(edge: GraphEdge): number {
  return edge.label === null ? 0 : edge.label.length * 6.4 + 6;
}

/** The point of a curve at t in 0..1. */
function pointAt(curve: readonly Point[], t: number): Point {
  const pieces = (curve.length - 1) / 3;
  const piece = Math.min(pieces - 1, Math.floor(t * pieces));
  const u = t * pieces - piece;
  const [a, b, c, d] = curve.slice(3 * piece, 3 * piece + 4) as [Point, Point, Point, Point];
  const mix = (p: number, q: number, r: number, s: number): number =>
    (1 - u) ** 3 * p + 3 * (1 - u) ** 2 * u * q + 3 * (1 - u) * u ** 2 * r + u ** 3 * s;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}

const POSITIONS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/** Each label where it covers least: other labels first, then nodes and titles, then other edges. Highlighted edges choose first. */
export function placeLabels(routes: readonly Route[], placement: Placement): Route[] {
  const samples = routes.map(({ curve }) => Array.from({ length: 33 }, (_, i) => pointAt(curve, i / 32)));
  const nodes = [...placement.nodes.values(), ...placement.titles];
  const placed: Box[] = [];
  const chosen = new Map<number, Point>();
  const order = [...routes.keys()].sort(
    (a, b) => Number(routes[b]!.edge.highlighted) - Number(routes[a]!.edge.highlighted) || a - b,
  );
  for (const at of order) {
    const route = routes[at]!;
    if (route.edge.label === null) continue;
    const others = samples.flatMap((points, other) => (other === at ? [] : points));
    const badness = (box: Box): number =>
      100 * placed.filter((other) => overlap(box, other)).length +
      20 * nodes.filter((node) => overlap(box, node)).length +
      others.filter((p) => isInside(p, { ...box, width: box.width + 10, height: box.height + 10 })).length;
    const boxes = POSITIONS.map((t) => labelBox(route, t));
    const best = boxes.reduce((a, b) => (badness(b) < badness(a) ? b : a));
    placed.push(best);
    chosen.set(at, { x: best.x, y: best.y });
  }
  return routes.map((route, at) => ({ ...route, label: chosen.get(at) ?? null }));
}

/** On the edge, or to the right of one that is straight down. */
function labelBox({ edge, curve }: Route, t: number): Box {
  const point = pointAt(curve, t);
  const width = labelWidth(edge);
  const isUpright = curve.length === 4 && curve.every((p) => Math.abs(p.x - curve[0]!.x) < 1);
  return { x: point.x + (isUpright ? width / 2 + 4 : 0), y: point.y, width, height: LABEL_HEIGHT };
}

function overlap(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
}

function isInside(point: Point, box: Box): boolean {
  return Math.abs(point.x - box.x) * 2 < box.width && Math.abs(point.y - box.y) * 2 < box.height;
}
