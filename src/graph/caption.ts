/** The lines above a picture: what it is of, the final state, and for a refused execution the argument. */
import type { GraphModel } from './graph-model.js';

export interface CaptionLine {
  readonly text: string;
  readonly part: 'title' | 'state' | 'argument';
}

/** States are broken between observables, arguments between edges, to lines of `width` where that is possible. */
export function captionLines(graph: GraphModel, width: number): CaptionLine[] {
  const { test, model, verdict } = graph.caption;
  const lines = (part: CaptionLine['part'], text: string, pattern: RegExp): CaptionLine[] =>
    wrap(text, pattern, width).map((line) => ({ text: line, part }));
  return [
    { text: `${test} under ${model}: ${verdict}`, part: 'title' },
    ...lines('state', graph.state, /(?<=; )/u),
    ...lines('argument', graph.argument ?? '', /(?<= )(?=-)/u),
  ];
}

function wrap(text: string, pattern: RegExp, width: number): string[] {
  const lines: string[] = [];
  for (const part of text.split(pattern)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.trimEnd().length > width) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== '');
}
