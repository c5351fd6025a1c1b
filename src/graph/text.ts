/**
 * A GraphModel as plain text, for mails, comments and commit messages: threads as columns, one line per event, and arrows between
 * neighbouring columns, in the manner of the kernel's own comments. ASCII only, and never wider than asked for.
 *
 * Of the ways to set it out that fit, the best is taken: full statements or accesses in short, lines broken or not, more arrows or
 * fewer, threads side by side or one below the other. Nothing is cut: edges that are not drawn as arrows are listed below, by
 * the letters of their events.
 */

import { invariant } from '../text/diagnostic.js';
import { captionLines } from './caption.js';
import type { GraphModel } from './graph-model.js';
import { Compositor, type SetOut, type Setting } from './text-columns.js';
import { nodeName, type TextStyle } from './text-node.js';
import { wrapText } from './wrap.js';

export interface TextOptions {
  /** Null: statements if they fit, else accesses. */
  readonly style: TextStyle | null;
  /** The longest line. */
  readonly width: number;
}

export const usualText: TextOptions = { style: null, width: 80 };

/** The picture as lines of text, ending in a line break. */
export function toText(graph: GraphModel, options: TextOptions = usualText): string {
  const { width } = options;
  const { setting, out } = bestSetting(graph, options);
  const caption = captionLines(graph, width);
  const linesOf = (part: 'title' | 'state' | 'argument'): string[] =>
    caption.filter((line) => line.part === part).flatMap(({ text }) => wrapText(text, width, 4));
  const blocks = [
    [...linesOf('title'), ...linesOf('state')],
    setting.hasSubtitles ? [] : legend(graph, width),
    out.lines,
    listed(graph, out, setting.style, width).flatMap((text) => wrapText(text, width, 4)),
    linesOf('argument'),
  ];
  const text = blocks.flatMap((block) => (block.length === 0 ? [] : [...block, '']));
  return `${ascii(text.join('\n')).trimEnd()}\n`;
}

/** The narrowest that columns with broken lines may be, to stand side by side. */
const NARROW = 16;
const MANY = 4;

/** What makes a picture worse, by how much: an arrow that is only listed, a line, and one that goes on in the next, a thread that is not beside the others. */
const LISTED = 3;
const LINE = 1;
const BROKEN = 3;
const BELOW = 8;
/** Statements are in the reader's own words. */
const SHORTENED = 2;

function bestSetting(graph: GraphModel, { style, width }: TextOptions): { setting: Setting; out: SetOut } {
  const styles: readonly TextStyle[] = style === null ? ['statements', 'accesses'] : [style];
  const compositor = new Compositor(graph);
  let best: { setting: Setting; out: SetOut; cost: number } | null = null;
  const offer = (setting: Setting): SetOut | null => {
    const out = compositor.setOut(setting, width);
    if (out === null) return null;
    const cost = costOf(graph, setting, out, width);
    if (best === null || cost < best.cost) best = { setting, out, cost };
    return out;
  };
  offer(stacked(styles.at(-1)!, width));
  const heads = graph.columns.some(({ subtitle }) => subtitle !== null) ? [true, false] : [true];
  for (const each of styles) {
    offer({ ...stacked(each, width), columnWidth: null });
    for (let beside = graph.columns.length; beside > 1; beside--)
      for (const hasSubtitles of heads)
        for (let arrows = MANY; arrows >= 0; arrows--) {
          const setting = { style: each, beside, columnWidth: null, hasSubtitles, arrows };
          const out = offerWidths(setting, width, offer);
          // with fewer arrows it would only say less
          if (out !== null && (out.broken === 0 || out.drawn.length === 0)) break;
        }
  }
  invariant(best !== null, 'one column with broken lines fits');
  return best;
}

/** Columns as wide as they need, or else as wide as they can be: wider ones need more room, up to a line or so. */
function offerWidths(
  setting: Setting,
  width: number,
  offer: (setting: Setting) => SetOut | null,
): SetOut | null {
  const natural = offer(setting);
  if (natural !== null) return natural;
  let found: SetOut | null = null;
  let [low, high] = [NARROW, width - NARROW * (setting.beside - 1)];
  while (low <= high) {
    const columnWidth = Math.floor((low + high) / 2);
    const out = offer({ ...setting, columnWidth });
    if (out === null) high = columnWidth - 1;
    else {
      found = out;
      low = columnWidth + 1;
    }
  }
  return found;
}

function costOf(
  graph: GraphModel,
  setting: Setting,
  { lines, drawn, broken }: SetOut,
  width: number,
): number {
  const columnOf = new Map(graph.nodes.map((node) => [node.id, node.column]));
  const arrows = graph.edges.filter(({ from, to, label }) => {
    const [a, b] = [columnOf.get(from), columnOf.get(to)];
    return label !== null && a != null && b != null && a !== b;
  });
  const bands = Math.ceil(graph.columns.length / setting.beside);
  const more = setting.hasSubtitles ? 0 : legend(graph, width).length;
  return (
    LISTED * (arrows.length - drawn.length) +
    LINE * (lines.length + more) +
    BROKEN * broken +
    BELOW * (bands - 1) +
    (setting.style === 'accesses' ? SHORTENED : 0)
  );
}

/** Fits whatever there is. */
function stacked(style: TextStyle, width: number): Setting {
  return { style, beside: 1, columnWidth: width, hasSubtitles: true, arrows: 0 };
}

function legend(graph: GraphModel, width: number): string[] {
  return graph.columns.flatMap(({ title, subtitle }) =>
    subtitle === null ? [] : wrapText(`${title}: ${subtitle}`, width, 4),
  );
}

/** Edges in lines as full as they can be. Program order is left out: it is the reading order of a column. */
function listed(graph: GraphModel, { drawn }: SetOut, style: TextStyle, width: number): string[] {
  const name = (id: string): string => nodeName(id, graph, style);
  const items = graph.edges
    .filter((edge) => edge.label !== null && edge.label !== 'po' && !drawn.includes(edge))
    .map(({ from, to, label }) => `${name(from)} -${label ?? ''}-> ${name(to)}`);
  const lines: string[] = [];
  for (const item of items) {
    const longer = lines.length === 0 ? item : `${lines.at(-1)!}; ${item}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}

/** What mails carry unharmed. */
function ascii(text: string): string {
  return text.replace(/[^\n -~]/gu, '?');
}
