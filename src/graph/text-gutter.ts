/**
 * The space between two neighbouring columns of a text picture, with the arrows that cross it.
 *
 * An arrow is a stretch on the left in its left row, a lane down or up, and a stretch with its label on the right in its right row. Lanes
 * are chosen so that no two arrows run along each other, and few cross; an arrow for which there is no such place is left out
 * (`drawn` has the others), for the caller to list.
 */
import type { GraphEdge } from './graph-model.js';

/** An edge between the two columns, by the rows of its ends. */
export interface Crossing {
  readonly edge: GraphEdge;
  readonly left: number;
  readonly right: number;
  readonly toRight: boolean;
}

interface Placed extends Crossing {
  /** From the left; lanes have no gaps. */
  readonly lane: number;
}

/** With more, nobody could follow them. */
const MOST = 4;
const LANE = 3;
/** Between columns without arrows. */
export const GAP = 3;

export class Gutter {
  private readonly lanes: number;

  private constructor(private readonly placed: readonly Placed[]) {
    this.lanes = Math.max(0, ...placed.map(({ lane }) => lane + 1));
  }

  /** Draws as many as it can: the highlighted first, then in the given order; at most `most`. */
  static of(crossings: readonly Crossing[], most = MOST): Gutter {
    const order = [...crossings].sort((a, b) => Number(b.edge.highlighted) - Number(a.edge.highlighted));
    const chosen: Crossing[] = [];
    for (const crossing of order)
      if (chosen.length < Math.min(most, MOST) && chosen.every((other) => canBeBoth(other, crossing)))
        chosen.push(crossing);
    for (let count = chosen.length; count > 0; count--) {
      const placed = assignLanes(chosen.slice(0, count));
      if (placed !== null) return new Gutter(placed);
    }
    return new Gutter([]);
  }

  get drawn(): readonly GraphEdge[] {
    return this.placed.map(({ edge }) => edge);
  }

  /** ` <-`, the lanes, `-`, the longest label and `-> `. */
  get width(): number {
    if (this.placed.length === 0) return GAP;
    const label = Math.max(...this.placed.map(({ edge }) => (edge.label ?? '').length));
    return LANE * (this.lanes + 1) + label + 3;
  }

  line(row: number): string {
    const cells = Array.from({ length: this.width }, () => ' ');
    const end = this.width - 2;
    for (const crossing of this.placed) this.stretches(crossing, row, cells);
    for (const { left, right, lane } of this.placed)
      if (row > Math.min(left, right) && row < Math.max(left, right)) cells[columnOf(lane)] = '|';
    for (const { left, right, lane, toRight, edge } of this.placed) {
      if (left !== right && (row === left || row === right)) cells[columnOf(lane)] = '+';
      if (row === left && !toRight) cells[1] = '<';
      if (row !== right) continue;
      if (toRight) cells[end] = '>';
      const label = edge.label ?? '';
      for (const [at, letter] of [...label].entries()) cells[end - 1 - label.length + at] = letter;
    }
    return cells.join('');
  }

  private stretches({ left, right, lane }: Placed, row: number, cells: string[]): void {
    const x = columnOf(lane);
    if (row === left) for (let at = 1; at < x; at++) cells[at] = '-';
    if (row === right) for (let at = left === right ? 1 : x; at < this.width - 1; at++) cells[at] = '-';
  }
}

function columnOf(lane: number): number {
  return LANE * (lane + 1);
}

/** Lanes such that no two arrows run along each other, with fewest crossings and lanes; null if there are none. */
function assignLanes(crossings: readonly Crossing[]): Placed[] | null {
  let best: { readonly cost: number; readonly placed: readonly Placed[] } | null = null;
  const place = (placed: readonly Placed[], lanes: number, cost: number): void => {
    if (best !== null && cost + lanes >= best.cost) return;
    const crossing = crossings[placed.length];
    if (crossing === undefined) {
      best = { cost: cost + lanes, placed };
      return;
    }
    for (let lane = 0; lane < crossings.length; lane++) {
      const next = { ...crossing, lane };
      const more = costBeside(next, placed);
      const isNew = placed.every((other) => other.lane !== lane);
      if (more !== null) place([...placed, next], lanes + (isNew ? 1 : 0), cost + more);
    }
  };
  place([], 0, 0);
  return best === null ? null : withoutGaps((best as { readonly placed: readonly Placed[] }).placed);
}

function withoutGaps(placed: readonly Placed[]): Placed[] {
  const used = [...new Set(placed.map(({ lane }) => lane))].sort((a, b) => a - b);
  return placed.map((each) => ({ ...each, lane: used.indexOf(each.lane) }));
}

/** Whether there are lanes for these two, if there were no others. */
function canBeBoth(a: Crossing, b: Crossing): boolean {
  const orders = [
    [0, 1],
    [1, 0],
    [0, 0],
  ] as const;
  return orders.some(([x, y]) => crossingsOf({ ...a, lane: x }, { ...b, lane: y }) !== null);
}

/** How many crossings one more makes; null if it runs along another. */
function costBeside(next: Placed, placed: readonly Placed[]): number | null {
  let cost = 0;
  for (const other of placed) {
    const crossed = crossingsOf(other, next);
    if (crossed === null) return null;
    cost += crossed;
  }
  return cost;
}

function crossingsOf(a: Placed, b: Placed): number | null {
  if (runAlong(a, b) || meet(a, b) || meet(b, a)) return null;
  let count = 0;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (isBetween(one.left, other) && other.lane <= one.lane) count += other.lane === one.lane ? 99 : 1;
    if (isBetween(one.right, other) && other.lane >= one.lane) count += other.lane === one.lane ? 99 : 1;
  }
  return count >= 99 ? null : count;
}

function isBetween(row: number, { left, right }: Crossing): boolean {
  return row > Math.min(left, right) && row < Math.max(left, right);
}

/** Two stretches of the same side in one row, but for arrows that start together; two lanes that are one. */
function runAlong(a: Placed, b: Placed): boolean {
  if (a.left === b.left && !(a.toRight && b.toRight)) return true;
  if (a.right === b.right && !(!a.toRight && !b.toRight && a.edge.label === b.edge.label)) return true;
  const isApart =
    Math.max(a.left, a.right) < Math.min(b.left, b.right) ||
    Math.max(b.left, b.right) < Math.min(a.left, a.right);
  return a.lane === b.lane && !isApart;
}

/** The left stretch of the one runs into the right stretch of the other. */
function meet(a: Placed, b: Placed): boolean {
  if (a.left !== b.right) return false;
  return b.lane <= a.lane || a.left === a.right || b.left === b.right;
}
