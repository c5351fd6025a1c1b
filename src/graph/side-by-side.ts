/** Several drawn pictures as one SVG, from left to right, each with the caption that it has. */
import { escapeHtml } from './dot.js';

const GAP = 24;

/** A picture as `tidySvg` gives it. */
interface Drawn {
  readonly title: string;
  readonly svg: string;
}

/**
 * One SVG of SVGs, level at the bottom: captions differ in height. Their ids get a prefix of their own each (`p1-`), so that none is there twice.
 */
export function sideBySide(pictures: readonly Drawn[]): string {
  let x = 0;
  const panels = pictures.map(({ svg }, at) => {
    const { width, height, body } = readSvg(svg);
    const panel = { x, width, height, body: withPrefix(body, `p${at + 1}-`) };
    x += width + GAP;
    return panel;
  });
  const width = Math.max(0, x - GAP);
  const height = Math.max(0, ...panels.map((panel) => panel.height));
  const title = escapeHtml(pictures.map((picture) => picture.title).join('; '));
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
    `<svg width="${show(width)}pt" height="${show(height)}pt" viewBox="0 0 ${show(width)} ${show(height)}"`,
    ' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">',
    `<title>${title}</title>`,
    `<rect x="0" y="0" width="${show(width)}" height="${show(height)}" fill="white"/>`,
    ...panels.flatMap((panel) => [
      `<svg x="${show(panel.x)}" y="${show(height - panel.height)}" width="${show(panel.width)}" height="${show(panel.height)}" viewBox="0 0 ${show(panel.width)} ${show(panel.height)}">`,
      panel.body.trim(),
      '</svg>',
    ]),
    '</svg>',
    '',
  ].join('\n');
}

function show(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Graphviz gives a `viewBox` from 0,0 in points. */
function readSvg(svg: string): { width: number; height: number; body: string } {
  const [open = '', viewBox = ''] = svg.match(/<svg\b[^>]*?viewBox="([^"]*)"[^>]*>/u) ?? [];
  const [, , width = 0, height = 0] = viewBox.split(/\s+/u).map(Number);
  const body = svg.slice(svg.indexOf(open) + open.length, svg.lastIndexOf('</svg>'));
  return { width, height, body: body.replace(/^\s*<title>[^<]*<\/title>/u, '') };
}

function withPrefix(body: string, prefix: string): string {
  return body.replace(/(\sid=")/gu, `$1${prefix}`).replace(/((?:xlink:)?href="#|url\(#)/gu, `$1${prefix}`);
}
