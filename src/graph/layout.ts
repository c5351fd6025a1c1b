/**
 * Where everything of a picture goes: threads as columns, program order downwards, rows aligned across threads.
 *
 * Graphviz is left only the drawing: its own layouts move threads out of order and lead edges around the whole picture.
 * Units are points, y grows downwards, boxes are given by their centre. Widths assume a fixed-pitch font (0.6 em, as all of
 * Courier's kin). Every access of a column is as wide as the widest, so that edges between columns cross nothing but
 * the space between them.
 */
import type { GraphColumn, GraphModel, GraphNode } from './graph-model.js';
import { nodeLines } from './node-text.js';
import { wrapText } from './wrap.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `x`, `y` are the centre. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Box>;
  readonly frames: readonly Box[];
  /** Of the frames. */
  readonly titles: readonly Title[];
  /** Between rows, and between titles and the first row, over the whole width, nothing is in the way: the y of each such aisle, from the top. */
  readonly aisles: readonly number[];
}

const CHARACTER = 6.7;
const LINE = 13;
const PADDING = 9;
const ROW_GAP = 30;
const COLUMN_GAP = 104;
/** Room beside the outer columns, for edges within them. */
const MARGIN = 18;
const FRAME_PADDING = 14;
const TITLE = 24;
const INITIAL = 17;

export interface Title extends Box {
  readonly lines: readonly string[];
}

/** A title may widen its column so far; beyond, it is broken. */
const TITLE_LENGTH = 48;

function titleLines({ title, subtitle, nodes }: GraphColumn, byId: ReadonlyMap<string, GraphNode>): string[] {
  const widest = Math.max(0, ...nodes.map((id) => naturalWidth(byId.get(id)!)));
  const text = subtitle === null ? title : `${title} ${subtitle}`;
  return wrapText(text, Math.max(TITLE_LENGTH, Math.floor(widest / CHARACTER)));
}

/** Room beside the columns, for edges within them; and above their first rows, for edges that pass them there. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly between: number;
  readonly top: number;
}

/** How much room a picture needs, so that several can be placed alike. */
export interface Frame {
  readonly columnWidths: readonly number[];
  readonly rowHeights: readonly number[];
  /** Initial writes above the columns, one on the other. */
  readonly initialRows: number;
  /** Lines of the titles. */
  readonly titleRows: number;
  readonly margins: Margins;
}

/** The row of each node, from 0: those of a column are in its order. */
export type Rows = ReadonlyMap<string, number>;

/** Without gaps. */
export function plainRows(graph: GraphModel): Rows {
  return new Map(graph.columns.flatMap(({ nodes }) => nodes.map((id, row) => [id, row] as const)));
}

/** A row is as high as its highest node, a column as wide as its widest. */
export function frameOf(graph: GraphModel, rows: Rows, margins: Margins): Frame {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const rowHeights: number[] = [];
  for (const [id, row] of rows) {
    while (rowHeights.length <= row) rowHeights.push(0);
    rowHeights[row] = Math.max(rowHeights[row]!, naturalHeight(byId.get(id)!));
  }
  const columnWidths = graph.columns.map((column) => {
    const title = Math.max(...titleLines(column, byId).map((line) => line.length)) * CHARACTER;
    return Math.max(60, title, ...column.nodes.map((id) => naturalWidth(byId.get(id)!)));
  });
  const initialRows = Math.max(0, ...graph.columns.map((_, column) => initialStack(graph, column).length));
  const titleRows = Math.max(1, ...graph.columns.map((column) => titleLines(column, byId).length));
  return { columnWidths, rowHeights, initialRows, titleRows, margins };
}

/** Places all nodes in a frame that is large enough for them. */
export function placeNodes(graph: GraphModel, rowOf: Rows, frame: Frame): Placement {
  const { margins } = frame;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const top = frame.initialRows * INITIAL;
  const titleHeight = TITLE + (frame.titleRows - 1) * LINE;
  const firstGap = FRAME_PADDING / 2 + margins.top;
  const rows = rowBands(frame.rowHeights, top + titleHeight + firstGap);
  const nodes = new Map<string, Box>();
  const frames: Box[] = [];
  const titles: Title[] = [];
  let left = MARGIN + margins.left;
  for (const [index, column] of graph.columns.entries()) {
    const width = frame.columnWidths[index]!;
    const x = left + width / 2;
    for (const id of column.nodes)
      nodes.set(id, boxOf(byId.get(id)!, x, rows[rowOf.get(id)!]!.middle, width));
    for (const [at, node] of initialStack(graph, index).entries())
      nodes.set(node.id, { x, y: (at + 0.5) * INITIAL, width: naturalWidth(node), height: INITIAL - 2 });
    const last = column.nodes.at(-1);
    const bottom = rows.at(last === undefined ? 0 : rowOf.get(last)!)?.bottom ?? top + titleHeight;
    const height = bottom + FRAME_PADDING - top - 4;
    frames.push({ x, y: top + 4 + height / 2, width: width + 2 * FRAME_PADDING, height });
    titles.push(titleBox(titleLines(column, byId), { x, y: top + 4 + titleHeight / 2 }));
    left += width + COLUMN_GAP + margins.between;
  }
  const width = left - COLUMN_GAP - margins.between + margins.right + MARGIN;
  const height = Math.max(top + titleHeight, ...rows.map((row) => row.bottom)) + FRAME_PADDING;
  const aisles = rows.map(({ top }, at) => top - (at === 0 ? firstGap : ROW_GAP) / 2);
  return { width, height, nodes, frames, titles, aisles };
}

function titleBox(lines: readonly string[], at: Point): Title {
  const width = Math.max(...lines.map((line) => line.length)) * CHARACTER;
  return { ...at, width, height: lines.length * LINE, lines };
}

interface Band {
  readonly top: number;
  readonly middle: number;
  readonly bottom: number;
}

function rowBands(heights: readonly number[], start: number): Band[] {
  const bands: Band[] = [];
  let top = start;
  for (const height of heights) {
    bands.push({ top, middle: top + height / 2, bottom: top + height });
    top += height + ROW_GAP;
  }
  return bands;
}

/** The initial writes drawn above a column, because its reads are the first to read them; the earliest read lowest. */
function initialStack(graph: GraphModel, column: number): GraphNode[] {
  const rank = (node: GraphNode | undefined): number => (node === undefined ? -1 : graph.nodes.indexOf(node));
  const initial = graph.nodes
    .filter((node) => node.kind === 'initial')
    .map((node) => ({ node, partner: partnerOf(graph, node) }));
  return initial
    .filter(({ partner }) => (partner?.column ?? 0) === column)
    .sort((a, b) => rank(b.partner) - rank(a.partner))
    .map(({ node }) => node);
}

/** The node at the other end of the first edge of an initial write, above whose column that stands. */
export function partnerOf(graph: GraphModel, node: GraphNode): GraphNode | undefined {
  const edge = graph.edges.find((e) => e.from === node.id || e.to === node.id);
  return graph.nodes.find((n) => n.id === (edge?.from === node.id ? edge.to : edge?.from));
}

function boxOf(node: GraphNode, x: number, y: number, columnWidth: number): Box {
  const width = node.kind === 'fence' ? naturalWidth(node) : columnWidth;
  return { x, y, width, height: naturalHeight(node) };
}

function naturalWidth(node: GraphNode): number {
  return Math.max(...nodeLines(node).map((line) => line.length)) * CHARACTER + 2 * PADDING;
}

function naturalHeight(node: GraphNode): number {
  if (node.kind === 'fence') return nodeLines(node).length * 11 + 7;
  return nodeLines(node).length * LINE + 9;
}
