/**
 * A GraphModel as DOT text, with every position given: Graphviz draws it as it is laid out here (`layout=nop2`), be it the
 * built-in one or a system's `dot -Tsvg`.
 *
 * Deterministic: the text depends on the model alone. Source of the attributes: Graphviz' documentation of the DOT
 * language (`pos`, `lp`, `bb` are in points, y upwards).
 */
import { type CaptionLine, captionLines } from './caption.js';
import type { GraphEdge, GraphModel, GraphNode } from './graph-model.js';
import type { Route } from './labels.js';
import {
  type Box,
  type Frame,
  frameOf,
  type Placement,
  type Point,
  placeNodes,
  plainRows,
  type Rows,
} from './layout.js';
import { nodeLines } from './node-text.js';
import { marginsFor, routeEdges } from './routes.js';
import { cycleColour, type EdgeStyle, edgeStyler } from './style.js';

const TEXT = 'Helvetica';
const CODE = 'Courier';
const CAPTION_LINE = 16;
const CAPTION_WIDTH = 88;

export interface DotOptions {
  /**
   * For a page that styles and animates what it draws: nodes and edges have `id`s that are the same in all pictures of a program, and
   * `class`es: in SVG `node access highlighted`, `edge rf highlighted`, one word for each relation of the edge (`classOf`). The
   * background is transparent. Default: false.
   */
  readonly interactive?: boolean;
  /** Where to place it, beside other pictures (`alignGraphs`); default: as it needs. */
  readonly place?: { readonly rows: Rows; readonly frame: Frame };
}

/** A relation's name as a class: `po-loc` as it is, what a class may not have replaced. */
export function classOf(relation: string): string {
  return relation.replace(/[^A-Za-z0-9_-]+/g, '-');
}

/** The `id` that an interactive picture gives an edge. */
export function edgeKey(edge: GraphEdge, graph: GraphModel): string {
  const key = (id: string): string => graph.nodes.find((node) => node.id === id)?.key ?? id;
  return `${key(edge.from)}__${key(edge.to)}`;
}

/** The picture as a DOT digraph. */
export function toDot(graph: GraphModel, { interactive = false, place }: DotOptions = {}): string {
  const rows = place?.rows ?? plainRows(graph);
  const frame = place?.frame ?? frameOf(graph, rows, marginsFor(graph));
  const placement = placeNodes(graph, rows, frame);
  const routes = routeEdges(graph, placement);
  const caption = captionLines(graph, CAPTION_WIDTH);
  const styleOf = edgeStyler(graph);
  const height = placement.height + caption.length * CAPTION_LINE + 10;
  const sheet = new Sheet(height, placement.height);
  const width = Math.max(placement.width, ...caption.map(({ text }) => text.length * 6.4));
  const lines = [
    `digraph ${quote(graph.caption.test)} {`,
    `  graph [layout="nop2", bb="0,0,${show(width)},${show(height)}", bgcolor="${interactive ? 'transparent' : 'white'}", fontname="${TEXT}", fontsize="12",`,
    `    label=${captionHtml(caption)}, lp="${show(placement.width / 2)},${show(height - (caption.length * CAPTION_LINE) / 2)}"]`,
    `  node [shape="box", style="rounded", fixedsize="true", fontname="${CODE}", fontsize="11"]`,
    `  edge [fontname="${TEXT}", fontsize="11"]`,
    ...placement.frames.flatMap((frame, index) => columnText(sheet, placement, frame, index)),
    ...graph.nodes.map((node) => nodeText(node, sheet, placement, interactive)),
    ...routes.map((route) =>
      edgeText(route, sheet, styleOf(route.edge), interactive ? edgeKey(route.edge, graph) : null),
    ),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** A DOT string. */
export function quote(text: string): string {
  const escaped = printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${escaped}"`;
}

/** Text inside an HTML-like label. */
export function escapeHtml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Text inside an HTML-like label of DOT, where Graphviz replaces `\N` by the node's name, and its like. */
function labelText(text: string): string {
  return escapeHtml(text).replaceAll('\\', '\\\\');
}

/** Graphviz fails on control characters, and XML has no way to write them or the two that are no characters; no name needs one. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, ' ');
}

/** Points of the layout (y downwards) as DOT writes them (y upwards). */
class Sheet {
  constructor(
    readonly height: number,
    private readonly floor: number,
  ) {}

  point({ x, y }: Point): string {
    return `${show(x)},${show(this.floor - y)}`;
  }

  corners({ x, y, width, height }: Box): string {
    return `${this.point({ x: x - width / 2, y: y + height / 2 })},${this.point({ x: x + width / 2, y: y - height / 2 })}`;
  }
}

function show(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function inches(points: number): string {
  return String(Math.round((points / 72) * 1000) / 1000);
}

/** Title in bold, then the state, then in the cycle's colour the argument; each line is one run of text. */
function captionHtml(caption: readonly CaptionLine[]): string {
  const lines = caption.map(({ text, part }) => {
    const html = labelText(text);
    if (part === 'title') return `<b>${html}</b>`;
    if (part === 'state') return `<font face="${CODE}" point-size="11">${html}</font>`;
    return `<font point-size="11" color="${cycleColour}">${html}</font>`;
  });
  return `<${lines.join('<br/>')}>`;
}

function columnText(sheet: Sheet, placement: Placement, frame: Box, index: number): string[] {
  const title = placement.titles[index]!;
  const text = title.lines.map((line) => `<b>${labelText(line)}</b>`).join('<br/>');
  return [
    `  subgraph cluster_${index} {`,
    `    graph [bb="${sheet.corners(frame)}", style="rounded", color="#b0b0b0", label=""]`,
    `    t${index} [label=<${text}>, shape="plaintext", fixedsize="false", pos="${sheet.point(title)}"]`,
    '  }',
  ];
}

function nodeText(node: GraphNode, sheet: Sheet, placement: Placement, interactive: boolean): string {
  const box = placement.nodes.get(node.id)!;
  const look = node.highlighted ? { ...looks[node.kind], ...highlightedLook } : looks[node.kind];
  const size = `pos="${sheet.point(box)}", width="${inches(box.width)}", height="${inches(box.height)}"`;
  const shown = Object.entries(look).map(([key, value]) => `, ${key}="${value}"`);
  const name = interactive ? `, ${identity(node.key, [node.kind], node.highlighted)}` : '';
  return `  ${node.id} [label=<${nodeHtml(node, box)}>, ${size}${shown.join('')}${name}]`;
}

const looks: Readonly<Record<GraphNode['kind'], Readonly<Record<string, string>>>> = {
  access: {},
  lock: { style: 'filled', fillcolor: '#f2f2f2' },
  unlock: { style: 'filled', fillcolor: '#f2f2f2' },
  fence: { style: 'filled', fillcolor: '#e4e4e4', color: '#a0a0a0' },
  initial: { shape: 'plaintext' },
};

const highlightedLook = { color: cycleColour, penwidth: '2.2' };

/** The lines of a node, left-aligned but for fences and initial writes. */
function nodeHtml(node: GraphNode, box: Box): string {
  const [first = '', ...rest] = nodeLines(node).map(labelText);
  const small = (line: string): string => `<font point-size="10" color="#404040">${hardSpaces(line)}</font>`;
  if (node.kind === 'initial') return small(first);
  if (node.kind === 'fence')
    return [`<font point-size="10">${first}</font>`, ...rest.map(small)].join('<br/>');
  const rows = [`<b>${first}</b>`, ...rest.map(small)].map(
    (line) => `<tr><td align="left">${line}</td></tr>`,
  );
  return `<table border="0" cellborder="0" cellspacing="0" cellpadding="0" width="${Math.floor(box.width - 14)}">${rows.join('')}</table>`;
}

function hardSpaces(html: string): string {
  return html.replace(/^ +/, (spaces) => '&#160;'.repeat(spaces.length));
}

function identity(key: string, classes: readonly string[], highlighted: boolean): string {
  const names = [...new Set(classes), ...(highlighted ? ['highlighted'] : [])];
  return `id=${quote(key)}, class=${quote(names.join(' '))}`;
}

/** `key`: the id to give it; null: none. */
function edgeText(
  { edge, curve, tip, label }: Route,
  sheet: Sheet,
  { colour, line }: EdgeStyle,
  key: string | null,
): string {
  const shown = edge.highlighted ? cycleColour : colour;
  const look = [`color="${shown}"`];
  if (line !== 'solid') look.push(`style="${line}"`);
  look.push(edge.highlighted ? 'penwidth="2.4", arrowsize="0.9"' : 'arrowsize="0.7"');
  look.push(`pos="e,${sheet.point(tip)} ${curve.map((point) => sheet.point(point)).join(' ')}"`);
  if (edge.label !== null && label !== null)
    look.push(`lp="${sheet.point(label)}"`, `label=<${labelHtml(edge.label, shown, edge.highlighted)}>`);
  if (key !== null) {
    const relations = edge.facts.map((fact) => classOf(fact.relation));
    look.push(identity(key, relations, edge.highlighted));
  }
  return `  ${edge.from} -> ${edge.to} [${look.join(', ')}]`;
}

/** On white, so that it can stand on its line. */
function labelHtml(label: string, colour: string, bold: boolean): string {
  const text = labelText(label);
  const cell = `<font color="${colour}">${bold ? `<b>${text}</b>` : text}</font>`;
  return `<table border="0" cellborder="0" cellspacing="0" cellpadding="1" bgcolor="white"><tr><td>${cell}</td></tr></table>`;
}
