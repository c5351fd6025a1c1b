/**
 * Threads side by side as plain text, or one below the other, with the arrows between neighbours: one way of setting out a picture, for
 * `text.ts` to choose from.
 */
import type { GraphEdge, GraphModel } from './graph-model.js';
import { type ColumnSetting, type ColumnText, ColumnTexts } from './text-column.js';
import { type Crossing, GAP, Gutter } from './text-gutter.js';

/** A way of setting out. */
export interface Setting extends ColumnSetting {
  /** How many threads stand side by side; the next ones below. */
  readonly beside: number;
  /** Arrows between two columns, at most. */
  readonly arrows: number;
}

export interface SetOut {
  readonly lines: readonly string[];
  readonly width: number;
  /** Edges that are drawn as arrows. */
  readonly drawn: readonly GraphEdge[];
  /** How many lines go on in the next one. */
  readonly broken: number;
}

/** Sets out one picture, in any ways. */
export class Compositor {
  private readonly texts: ColumnTexts;

  constructor(private readonly graph: GraphModel) {
    this.texts = new ColumnTexts(graph);
  }

  /** Null if it would be wider than `most`. */
  setOut(setting: Setting, most: number): SetOut | null {
    const bands: SetOut[] = [];
    for (let at = 0; at < this.graph.columns.length; at += setting.beside) {
      const columns = this.graph.columns.slice(at, at + setting.beside);
      const texts = columns.map((_, index) => this.texts.text(at + index, setting));
      const band = this.bandOf(texts, setting.arrows, most);
      if (band === null) return null;
      bands.push(band);
    }
    return {
      lines: bands.flatMap(({ lines }, at) => (at === 0 ? lines : ['', ...lines])),
      width: Math.max(0, ...bands.map(({ width }) => width)),
      drawn: bands.flatMap(({ drawn }) => drawn),
      broken: bands.reduce((sum, { broken }) => sum + broken, 0),
    };
  }

  private bandOf(texts: readonly ColumnText[], arrows: number, most: number): SetOut | null {
    const bare = texts.reduce((sum, { width }) => sum + width, 0);
    if (bare + GAP * (texts.length - 1) > most) return null;
    const height = Math.max(...texts.map(({ head }) => head.length));
    const placed: PlacedColumn[] = [];
    const gutters: Gutter[] = [];
    for (const text of texts) {
      const left = placed.at(-1);
      const [column, gutter] =
        left === undefined
          ? [placeColumn(text, height, 0), null]
          : this.bestHeight(left, text, height, arrows);
      placed.push(column);
      if (gutter !== null) gutters.push(gutter);
    }
    const width = gutters.reduce((sum, gutter) => sum + gutter.width, bare);
    if (width > most) return null;
    return {
      lines: linesOf(placed, gutters),
      width,
      drawn: gutters.flatMap(({ drawn }) => drawn),
      broken: texts.reduce((sum, { broken }) => sum + broken, 0),
    };
  }

  /** A column and the arrows before it: a line or two lower, if more arrows find a way then. */
  private bestHeight(
    left: PlacedColumn,
    text: ColumnText,
    height: number,
    arrows: number,
  ): readonly [PlacedColumn, Gutter] {
    let best: readonly [PlacedColumn, Gutter] | null = null;
    for (const lower of [0, 1, 2]) {
      const right = placeColumn(text, height, lower);
      const wanted = this.crossings(left, right);
      const gutter = Gutter.of(wanted, arrows);
      if (best === null || gutter.drawn.length > best[1].drawn.length) best = [right, gutter];
      if (gutter.drawn.length === Math.min(arrows, wanted.length)) break;
    }
    return best!;
  }

  private crossings(left: PlacedColumn, right: PlacedColumn): Crossing[] {
    return this.graph.edges.flatMap((edge): Crossing[] => {
      if (edge.label === null) return [];
      const [from, to] = [left.row(edge.from), right.row(edge.to)];
      if (from !== null && to !== null) return [{ edge, left: from, right: to, toRight: true }];
      const [start, end] = [right.row(edge.from), left.row(edge.to)];
      return start === null || end === null ? [] : [{ edge, left: end, right: start, toRight: false }];
    });
  }
}

interface PlacedColumn {
  readonly lines: readonly string[];
  readonly width: number;
  readonly row: (id: string) => number | null;
}

/** Heads end in the same row, the `height`th; events begin `lower` lines below the rule. */
function placeColumn({ head, body, width, rows }: ColumnText, height: number, lower: number): PlacedColumn {
  const blank = (count: number): string[] => Array.from({ length: count }, () => '');
  const start = height + 1 + lower;
  return {
    lines: [...blank(height - head.length), ...head, '='.repeat(width), ...blank(lower), ...body],
    width,
    row: (id) => {
      const row = rows.get(id);
      return row === undefined ? null : start + row;
    },
  };
}

function linesOf(columns: readonly PlacedColumn[], gutters: readonly Gutter[]): string[] {
  const rows = Math.max(...columns.map(({ lines }) => lines.length));
  return Array.from({ length: rows }, (_, row) =>
    columns
      .map(({ lines, width }, at) => (lines[row] ?? '').padEnd(width) + (gutters[at]?.line(row) ?? ''))
      .join('')
      .trimEnd(),
  );
}
