/** One thread of a text picture: its head and its events in lines, of a width that is asked for or as wide as they need. */
import type { GraphModel, GraphNode } from './graph-model.js';
import { nodeText, type TextStyle } from './text-node.js';
import { longestPart, wrapText } from './wrap.js';

export interface ColumnSetting {
  readonly style: TextStyle;
  /** Columns are made no wider than this, by breaking their lines; null: as wide as they need. */
  readonly columnWidth: number | null;
  /** Whether a column's head says what the thread runs. */
  readonly hasSubtitles: boolean;
}

export interface ColumnText {
  readonly head: readonly string[];
  readonly body: readonly string[];
  readonly width: number;
  /** The line of the body that each node starts in. */
  readonly rows: ReadonlyMap<string, number>;
  /** How many lines go on in the next one; a word that is broken counts for many. */
  readonly broken: number;
}

/** Continued lines stand further right than the letter. */
const INDENT = 6;
/** A head may widen its column so far; beyond, it is broken. */
const HEAD_WIDTH = 24;
const BROKEN_WORD = 10;

/** The columns of a picture in many settings, each made once. */
export class ColumnTexts {
  private readonly byId: ReadonlyMap<string, GraphNode>;
  private readonly known = new Map<string, ColumnText>();

  constructor(private readonly graph: GraphModel) {
    this.byId = new Map(graph.nodes.map((node) => [node.id, node]));
  }

  text(column: number, { style, columnWidth, hasSubtitles }: ColumnSetting): ColumnText {
    const key = `${column} ${style} ${columnWidth ?? ''} ${hasSubtitles}`;
    const known = this.known.get(key) ?? this.make(column, { style, columnWidth, hasSubtitles });
    this.known.set(key, known);
    return known;
  }

  private make(column: number, setting: ColumnSetting): ColumnText {
    const { title, subtitle, nodes } = this.graph.columns[column]!;
    const { style, columnWidth, hasSubtitles } = setting;
    const rows = new Map<string, number>();
    const body: string[] = [];
    let broken = 0;
    for (const id of nodes) {
      const text = nodeText(this.byId.get(id)!, style);
      const lines =
        columnWidth === null ? [text] : wrapText(text, columnWidth, Math.min(INDENT, columnWidth - 1));
      if (columnWidth !== null && longestPart(text) > columnWidth - INDENT) broken += BROKEN_WORD;
      broken += lines.length - 1;
      rows.set(id, body.length);
      body.push(...lines);
    }
    const name = subtitle === null || !hasSubtitles ? title : `${title} ${subtitle}`;
    const room = Math.max(HEAD_WIDTH, ...[...body, ...name.split(' ')].map((part) => part.length));
    const head = wrapText(name, columnWidth ?? room);
    const width = Math.max(...[...head, ...body].map((line) => line.length));
    return { head, body, width, rows, broken };
  }
}
