/**
 * What Graphviz draws, made fit to be kept in a repository and read anywhere: no version, no comments, no DOCTYPE (which
 * some viewers fetch), fonts that every system has a metric-compatible form of, and a title for screen readers.
 */

import { escapeHtml } from './dot.js';
import type { GraphModel } from './graph-model.js';

const fonts: ReadonlyMap<string, string> = new Map([
  ['Courier,monospace', 'Courier New,Liberation Mono,DejaVu Sans Mono,Menlo,monospace'],
  ['Helvetica,sans-Serif', 'Helvetica,Arial,Liberation Sans,DejaVu Sans,sans-serif'],
]);

/** The SVG text to keep, from the SVG that Graphviz made of `toDot(graph)`. Depends on nothing else. */
export function tidySvg(drawn: string, graph: GraphModel): string {
  const { test, model, verdict } = graph.caption;
  const title = escapeHtml(`${test} under ${model}: ${verdict}`);
  return drawn
    .replace(/<!DOCTYPE[^>]*>\s*/u, '')
    .replace(/<!--[\s\S]*?-->\s*/gu, '')
    .replace(/<title>[^<]*<\/title>\s*/gu, '')
    .replace(/<svg\b[^>]*>/u, (start) => `${start}\n<title>${title}</title>`)
    .replace(/font-family="([^"]*)"/gu, (all, family: string) => {
      const stack = fonts.get(family);
      return stack === undefined ? all : `font-family="${stack}"`;
    });
}
