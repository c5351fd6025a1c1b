/**
 * What the reader asks to see of an execution beyond the usual, as data: which relations to hide or to add, what to highlight.
 *
 * `parseView` reads the options of the command line; `named-relations.ts` says what the names mean in an execution.
 */

import type { CompiledModel } from '../model/dag.js';
import type { Instruction, Program } from '../program/ir.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { positionAt } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { isRelationName, relationNames, setNames } from './named-relations.js';

/** A line of the test's file, and the thread that it is in: `P0:12`. */
export interface Place {
  readonly thread: number;
  readonly line: number;
}

/** The cycle of a refused execution (the default); nothing; all pairs of a relation; the statements at these places. */
export type Highlight =
  | { readonly kind: 'cycle' | 'none' }
  | { readonly kind: 'relation'; readonly name: string }
  | { readonly kind: 'places'; readonly places: readonly Place[] };

export interface View {
  /** Relations whose edges are left out, those of the highlighted cycle excepted. */
  readonly hide: readonly string[];
  /** Relations of the model, or that it starts from, to be drawn too. */
  readonly show: readonly string[];
  readonly highlight: Highlight;
}

export const usualView: View = { hide: [], show: [], highlight: { kind: 'cycle' } };

export interface ViewText {
  readonly hide: readonly string[];
  readonly show: readonly string[];
  readonly highlight: string;
}

/** The judged program with its model: where the names and the lines come from. */
export interface Judged {
  readonly program: Program;
  readonly compiled: CompiledModel;
}

/** Each name has to be a relation of one of the models at least; each place a statement of the test. */
export function parseView(text: ViewText, judged: readonly Judged[]): Checked<View> {
  const diagnostics: Diagnostic[] = [];
  const name = (option: string, word: string): void => {
    if (judged.some(({ compiled }) => isRelationName(word, compiled))) return;
    diagnostics.push(unknownName(option, word, judged));
  };
  for (const word of text.hide) name('hide', word);
  for (const word of text.show) name('show', word);
  const highlight = parseHighlight(text.highlight, judged, diagnostics);
  if (highlight.kind === 'relation') name('highlight', highlight.name);
  return checked({ hide: text.hide, show: text.show, highlight }, diagnostics);
}

function parseHighlight(text: string, judged: readonly Judged[], diagnostics: Diagnostic[]): Highlight {
  if (text === 'cycle' || text === 'none') return { kind: text };
  if (!/^P?\d+:/.test(text)) return { kind: 'relation', name: text };
  const places = text.split(',').flatMap((word): Place[] => {
    const [, thread, line] = word.match(/^P?(\d+):(\d+)$/) ?? [];
    const place = { thread: Number(thread), line: Number(line) };
    const known = judged.flatMap(({ program }) => placesOf(program));
    if (known.some((each) => each.thread === place.thread && each.line === place.line)) return [place];
    const there = [...new Set(known.map((each) => `P${each.thread}:${each.line}`))];
    const message = `--highlight: there is no statement at \`${word}\``;
    diagnostics.push(errorAt(null, 'unknown-place', message, { hint: `there are ${there.join(', ')}` }));
    return [];
  });
  return { kind: 'places', places };
}

const accesses: ReadonlySet<Instruction['kind']> = new Set<Instruction['kind']>([
  'load',
  'store',
  'store-exclusive',
  'rmw',
  'fence',
]);

/** Where the program has instructions that become events, in program order. */
function placesOf(program: Program): Place[] {
  return program.threads.flatMap((thread) =>
    thread.code
      .filter(({ kind }) => accesses.has(kind))
      .map(({ source: { span } }) => ({
        thread: thread.index,
        line: positionAt(span.file, span.start).line,
      })),
  );
}

function unknownName(option: string, word: string, judged: readonly Judged[]): Diagnostic {
  const models = judged.map(({ compiled }) => compiled);
  const who = models.map((model) => model.name).join(' or ');
  const names = [...new Set(models.flatMap((model) => relationNames(model)))];
  const isSet = models.some((model) => setNames(model).includes(word));
  const message = isSet
    ? `--${option}: \`${word}\` is a set of events, not a relation`
    : `--${option}: there is no relation \`${word}\` in ${who}`;
  const guess = isSet ? null : didYouMean(word, names);
  const list = `the relations are ${names.join(', ')}`;
  return errorAt(null, 'unknown-relation', message, { hint: guess === null ? list : `${guess} ${list}` });
}
