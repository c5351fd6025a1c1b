/**
 * A GraphModel as plain text, for mails and commit messages: threads as columns, one line per event, and arrows in the
 * gutter between neighbouring columns, in the manner of the kernel's own comments. At most 80 columns wide where the
 * statements allow it; edges that no gutter can show are listed below.
 */
import { captionLines } from './caption.js';
import type { GraphEdge, GraphModel, GraphNode } from './graph-model.js';

const WIDTH = 80;
const NARROWEST = 14;

/** The picture as lines of text, ending in a line break. */
export function toText(graph: GraphModel): string {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const gutters = graph.columns.slice(1).map((_, at) => new Gutter(graph, byId, at));
  const room = WIDTH - gutters.reduce((sum, gutter) => sum + gutter.width, 0);
  const columns = columnTexts(graph, byId, fittingWidth(graph, byId, room));
  const rows = Math.max(0, ...columns.map((lines) => lines.length));
  const body = Array.from({ length: rows }, (_, row) =>
    columns
      .map((lines, at) => (lines[row] ?? '').padEnd(widthOf(lines)) + (gutters[at]?.line(row - HEAD) ?? ''))
      .join('')
      .trimEnd(),
  );
  const drawn = new Set(gutters.flatMap((gutter) => gutter.edges));
  // Program order is the reading order of a column.
  const listed = graph.edges.filter((edge) => edge.label !== null && edge.label !== 'po' && !drawn.has(edge));
  const caption = captionLines(graph, WIDTH);
  return [
    ...caption.filter((line) => line.part !== 'argument').map((line) => line.text),
    '',
    ...body,
    '',
    ...listed.map((edge) => `${nameOf(edge.from, byId)} -${edge.label}-> ${nameOf(edge.to, byId)}`),
    ...caption.filter((line) => line.part === 'argument').map((line) => line.text),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');
}

/** Lines above the first event: the title and its rule. */
const HEAD = 2;

function widthOf(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => line.length));
}

function nameOf(id: string, byId: ReadonlyMap<string, GraphNode>): string {
  const node = byId.get(id);
  return node?.kind === 'initial' ? `(${node.event})` : (node?.letter ?? node?.event ?? id);
}

/** The widest that columns may be so that all fit: those that need less leave room to the others. */
function fittingWidth(graph: GraphModel, byId: ReadonlyMap<string, GraphNode>, room: number): number {
  const natural = columnTexts(graph, byId, WIDTH).map(widthOf);
  for (let width = WIDTH; width > NARROWEST; width--)
    if (natural.reduce((sum, own) => sum + Math.min(own, width), 0) <= room) return width;
  return NARROWEST;
}

function columnTexts(graph: GraphModel, byId: ReadonlyMap<string, GraphNode>, room: number): string[][] {
  return graph.columns.map(({ title, subtitle, nodes }) => {
    const head = subtitle === null ? title : `${title} ${subtitle}`;
    const lines = nodes.map((id) => nodeLine(byId.get(id)!, room));
    return [head, '='.repeat(Math.max(head.length, ...lines.map((line) => line.length))), ...lines];
  });
}

/** `b: WRITE_ONCE(p->blocked_on, 1)`, `<smp_wmb>`; a read says what it read. `*` marks the cycle. */
function nodeLine(node: GraphNode, room: number): string {
  const mark = node.highlighted ? '*' : ' ';
  if (node.kind === 'fence') return `${mark}   <${node.event}>`;
  const isRead = node.kind === 'access' && node.event.startsWith('R');
  const value = isRead ? ` [${node.event.replace(/^.*? = /, '')}]` : '';
  const text = node.kind === 'access' ? (node.statement ?? node.event) : node.event;
  const line = `${mark}${node.letter}: ${text}`;
  const space = Math.max(8, room - value.length);
  return (line.length <= space ? line : `${line.slice(0, space - 3)}...`) + value;
}

interface Lane {
  readonly edge: GraphEdge;
  readonly left: number;
  readonly right: number;
  readonly toRight: boolean;
}

/** The space between two neighbouring columns: each edge between them has a lane of its own, crossings are `+`. */
class Gutter {
  private readonly lanes: readonly Lane[];

  constructor(graph: GraphModel, byId: ReadonlyMap<string, GraphNode>, at: number) {
    const row = (id: string, column: number): number => graph.columns[column]!.nodes.indexOf(id);
    this.lanes = graph.edges.flatMap((edge): Lane[] => {
      const [from, to] = [byId.get(edge.from)?.column, byId.get(edge.to)?.column];
      if (from === at && to === at + 1)
        return [{ edge, left: row(edge.from, at), right: row(edge.to, at + 1), toRight: true }];
      if (from === at + 1 && to === at)
        return [{ edge, left: row(edge.to, at), right: row(edge.from, at + 1), toRight: false }];
      return [];
    });
  }

  get edges(): readonly GraphEdge[] {
    return this.lanes.map((lane) => lane.edge);
  }

  /** Room for ` <`, the lanes, the longest label and `> `. */
  get width(): number {
    return this.lanes.length === 0 ? 3 : LANE * this.lanes.length + this.labelRoom + 4;
  }

  private get labelRoom(): number {
    return Math.max(...this.lanes.map((lane) => (lane.edge.label ?? '').length)) + 1;
  }

  /** The gutter in a row of events; negative rows are above the events. */
  line(row: number): string {
    const cells = Array.from({ length: this.width }, () => ' ');
    const put = (x: number, mark: string): void => {
      const old = cells[x];
      cells[x] = old === ' ' || old === mark ? mark : '+';
    };
    for (const [index, lane] of this.lanes.entries()) {
      const x = 3 + index * LANE;
      if (row === lane.left) for (let at = 1; at < x; at++) put(at, '-');
      if (row === lane.right) for (let at = x + 1; at < this.width - 1; at++) put(at, '-');
      const isWithin = row > Math.min(lane.left, lane.right) && row < Math.max(lane.left, lane.right);
      if (isWithin) put(x, '|');
      else if (row === lane.left || row === lane.right) put(x, lane.left === lane.right ? '-' : '+');
    }
    for (const lane of this.lanes) this.finish(lane, row, cells);
    return cells.join('');
  }

  /** The arrow's head, and the label on the stretch to the right column. */
  private finish(lane: Lane, row: number, cells: string[]): void {
    if (row === lane.left && !lane.toRight) cells[1] = '<';
    if (row !== lane.right) return;
    if (lane.toRight) cells[this.width - 2] = '>';
    const label = lane.edge.label ?? '';
    const start = this.width - 3 - label.length;
    for (const [at, letter] of [...label].entries()) cells[start + at] = letter;
  }
}

const LANE = 3;
