/**
 * The baseline: all final states of each test under each model, as `fencepost baseline` found them and `fencepost check` compares
 * them.
 *
 * A text of lines, so that a diff of it shows what changed and no line more (JSON would show the comma of the line before, too):
 *
 *     # fencepost baseline 1
 *
 *     blocked-on-vs-state/race.litmus
 *       lkmm: Sometimes, data-race
 *       x86: Never
 *       arm64: Unknown (unroll bound 4)
 *       1:r0=0; 1:r1=0 | lkmm arm64 x86
 *       1:r0=1; 1:r1=0 | lkmm arm64
 *
 * Files are sorted, and relative to the folder of the baseline. Models are in their own order, with the verdict, the names of flags
 * and, in brackets, the limit that left out states; states are in the order of their values, each with the models that allow it. A
 * test that observes nothing has the state `-`. A name with other than plain characters is a JSON string. No times, versions or
 * counts: what does not change leaves the file as it is.
 *
 * The bound on loops cuts the same executions off everywhere, so what is found within it is kept. What time or memory cut short
 * is another set on another machine: of that, only the verdict is kept, if it is known.
 */
import type { OutcomeSet } from '../compare/outcomes.js';

export const BASELINE_HEAD = '# fencepost baseline 1';

/** The text of a state without names. */
export const NO_NAMES = '-';

/** A test's entry. The lines are those of the file that it was read from, from 1. */
export interface BaselineEntry {
  readonly outcomes: readonly OutcomeSet[];
  /** Of its file name. */
  readonly line: number;
  /** By model. */
  readonly modelLines: ReadonlyMap<string, number>;
  /** By state. */
  readonly stateLines: ReadonlyMap<string, number>;
}

/** By file name, as the baseline writes it. */
export type Baseline = ReadonlyMap<string, BaselineEntry>;

const UNROLL = /^unroll bound \d+/;

/** What a limit is called in a baseline: without the place in the test, which any edit moves. */
export function limitName(limit: string): string {
  return UNROLL.exec(limit)?.[0] ?? limit;
}

/** Whether what a limit leaves is the same on every machine. */
export function isSteady(limit: string | null): boolean {
  return limit === null || UNROLL.test(limit);
}

/** What of a model's outcomes is worth keeping. */
export function keptOutcomes(outcomes: OutcomeSet): OutcomeSet {
  const { limit } = outcomes;
  if (limit === null) return outcomes;
  if (isSteady(limit)) return { ...outcomes, limit: limitName(limit) };
  return { ...outcomes, states: [], flags: [], limit };
}

function compareValueTexts(a: string, b: string): number {
  const isNumber = /^-?\d+$/;
  if (isNumber.test(a) && isNumber.test(b)) {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By values, as states are sorted everywhere; then as text. */
export function compareStateTexts(a: string, b: string): number {
  const [left, right] = [a, b].map((state) => state.split('; ').map((part) => part.replace(/^[^=]*=/, '')));
  for (const [i, value] of (left ?? []).entries()) {
    const order = compareValueTexts(value, right?.[i] ?? '');
    if (order !== 0) return order;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function fileText(file: string): string {
  // what the reader could take for something else
  const isPlain = /^[^\s"#<>=|]\P{Cc}*$/u.test(file) && !/\s$/.test(file);
  return isPlain ? file : JSON.stringify(file);
}

function modelText(model: string): string {
  return /^[\w./+@-]+$/.test(model)
    ? model
    : JSON.stringify(model).replaceAll(' ', '\\u0020').replaceAll('|', '\\u007c');
}

function modelLine({ model, verdict, flags, limit }: OutcomeSet): string {
  const bound = limit === null ? '' : ` (${limit})`;
  return `  ${modelText(model)}: ${[verdict, ...flags].join(', ')}${bound}`;
}

/** An entry's lines, each with its line break. */
export function entryText(file: string, outcomes: readonly OutcomeSet[]): string {
  const states = new Map<string, string[]>();
  for (const { model, states: own } of outcomes)
    for (const state of own) states.set(state, [...(states.get(state) ?? []), modelText(model)]);
  const lines = [...states.keys()]
    .sort(compareStateTexts)
    .map((state) => `  ${state === '' ? NO_NAMES : state} | ${states.get(state)!.join(' ')}`);
  return [fileText(file), ...outcomes.map(modelLine), ...lines, ''].join('\n');
}

/** The whole file. `entries`: by file name. */
export function baselineText(entries: ReadonlyMap<string, readonly OutcomeSet[]>): string {
  const files = [...entries.keys()].sort();
  return [`${BASELINE_HEAD}\n`, ...files.map((file) => entryText(file, entries.get(file)!))].join('\n');
}
