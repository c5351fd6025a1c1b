/** Draws the pictures of a test: as text, and as one DOT and one SVG file per model, or per model and final state. */

import { join } from 'node:path';
import { explainDeadlock } from '../explain/deadlock.js';
import { toDot } from '../graph/dot.js';
import type { GraphModel } from '../graph/graph-model.js';
import { pictureOfRun } from '../graph/picture-of-run.js';
import { picturesOfRun } from '../graph/pictures-of-run.js';
import { tidySvg } from '../graph/svg.js';
import { toText, usualText } from '../graph/text.js';
import type { TextStyle } from '../graph/text-node.js';
import { usualView, type View } from '../graph/view.js';
import { deadline } from '../io/clock.js';
import { createGraphvizDrawer, type Drawer } from '../io/graphviz.js';
import { fileNameFor, writeText } from '../io/write-file.js';
import type { SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { PictureFormat } from './picture-format.js';
import type { Terminal } from './terminal.js';

/** A test, by name, under a model. */
export interface TestRun {
  readonly test: string;
  /** What its pictures are called: as the test, unless another is called so. */
  readonly picture: string;
  readonly run: ModelRun;
}

export interface DrawSettings {
  /** Null: all goes to standard output. */
  readonly folder: string | null;
  /** For the search for a forbidden execution. */
  readonly search: SearchOptions;
  readonly formats: readonly PictureFormat[];
  readonly view: View;
  readonly outcomes: 'condition' | 'all';
  /** Of text; null: whichever fits. */
  readonly style: TextStyle | null;
}

/** What `run --graph` draws: files only. */
export function filesOnly(folder: string, search: SearchOptions): DrawSettings {
  return { folder, search, formats: ['svg', 'dot'], view: usualView, outcomes: 'condition', style: null };
}

/** One for the process: loading Graphviz takes longer than a picture. */
export const drawer: Drawer = createGraphvizDrawer();

/** Seconds for one picture, if there is no --timeout: the candidates that a model refuses can be very many. */
const PATIENCE = 10;

/** With more, nobody looks at them all. */
const MOST_PICTURES = 200;

/** A picture of more events cannot be read, and takes minutes to lay out. */
const MOST_EVENTS = 500;

function isTooLarge(
  { nodes }: GraphModel,
  { test, run }: Pick<TestRun, 'test' | 'run'>,
  terminal: Terminal,
): boolean {
  if (nodes.length <= MOST_EVENTS) return false;
  const why = `its ${nodes.length} events are more than a picture holds (${MOST_EVENTS})`;
  terminal.err(`${test}: no picture for ${run.model}: ${why}\n`);
  return true;
}

function reasonForNone(run: ModelRun, search: SearchOptions, isOver: boolean): string {
  const { limit } = run.result;
  if (run.verdict === 'Deadlock') return deadlockText(run, search);
  if (limit !== null) return `none was found before a limit was hit (${limit})`;
  return isOver
    ? 'none was found in the time for it (`--timeout SECONDS`)'
    : 'no execution satisfies the condition under any model';
}

function deadlockText({ program, compiled }: ModelRun, search: SearchOptions): string {
  const { sentences } = explainDeadlock(program, compiled, search);
  const why = sentences.map(({ text }) => text).join('; ');
  const what = program.filter === null ? 'completes' : 'completes and passes the filter';
  return `Deadlock, no execution ${what}${why === '' ? '' : `: ${why}`}`;
}

/** The picture of the condition's answer; null, which is then said, if there is none. `codes`: takes the limit of a picture's size. */
export function conditionPicture(
  { test, run }: TestRun,
  { search, view }: DrawSettings,
  terminal: Terminal,
  codes: ExitCode[],
): GraphModel | null {
  const { expired } = search;
  const isOver = expired === null ? deadline(PATIENCE) : () => expired(0) !== false;
  const limited = { ...search, expired: isOver };
  const graph = pictureOfRun(run, test, run.compiled, limited, view);
  if (graph === null) {
    const reason = reasonForNone(run, limited, isOver?.() === true);
    terminal.err(`${test}: no picture for ${run.model}: ${reason}\n`);
  }
  if (graph === null || !isTooLarge(graph, { test, run }, terminal)) return graph;
  codes.push(exitCodes.limit);
  return null;
}

/** Writes a drawing, and says so. `name`: of the files, without their ends. */
export async function writeDrawing(
  name: string,
  texts: readonly { readonly format: PictureFormat; readonly text: string }[],
  { folder, what }: { readonly folder: string | null; readonly what: string },
  terminal: Terminal,
): Promise<ExitCode> {
  if (folder === null) {
    for (const { text } of texts) terminal.out(text);
    return exitCodes.ok;
  }
  const stem = join(folder, fileNameFor(name));
  for (const { format, text } of texts) {
    const failure = await writeText(`${stem}.${format}`, text, 'ours');
    if (failure !== null) return printDiagnostics([failure], terminal);
  }
  const [first, ...rest] = texts.map(({ format }) => `.${format}`);
  if (first !== undefined) terminal.err(`wrote ${[`${stem}${first}`, ...rest].join(' and ')}: ${what}\n`);
  return exitCodes.ok;
}

async function draw(
  graph: GraphModel,
  name: string,
  settings: DrawSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { formats, folder, style } = settings;
  if (formats.includes('text')) terminal.out(toText(graph, { ...usualText, style }));
  const dot = toDot(graph);
  const texts: { format: PictureFormat; text: string }[] = [];
  if (formats.includes('svg')) texts.push({ format: 'svg', text: tidySvg(await drawer.drawSvg(dot), graph) });
  if (formats.includes('dot')) texts.push({ format: 'dot', text: dot });
  const { verdict, model } = graph.caption;
  const state = settings.outcomes === 'all' ? `${graph.state} ` : '';
  return await writeDrawing(name, texts, { folder, what: `${state}${verdict} under ${model}` }, terminal);
}

/** One picture for each final state, numbered in their order. */
async function drawStates(
  { test, picture, run }: TestRun,
  settings: DrawSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { search, view } = settings;
  const expired = search.expired ?? deadline(PATIENCE);
  const limited = { ...search, expired };
  const found = picturesOfRun(run, test, { search: limited, most: MOST_PICTURES, view });
  const codes: ExitCode[] = [];
  const width = String(found.pictures.length).length;
  const [first] = found.pictures;
  if (first !== undefined && isTooLarge(first.graph, { test, run }, terminal)) return exitCodes.limit;
  for (const [at, { graph }] of found.pictures.entries()) {
    const number = String(at + 1).padStart(width, '0');
    codes.push(await draw(graph, `${picture}.${run.model}.${number}`, settings, terminal));
  }
  if (found.pictures.length === 0) {
    const reason = run.verdict === 'Deadlock' ? deadlockText(run, limited) : 'there is no final state';
    terminal.err(`${test}: no picture for ${run.model}: ${reason}\n`);
  }
  if (found.omitted > 0)
    terminal.err(`${test}: ${found.omitted} more states of ${run.model} are not drawn\n`);
  if (found.limit !== null) {
    terminal.err(`${test}: forbidden states of ${run.model} may be missing (limit: ${found.limit})\n`);
    codes.push(exitCodes.limit);
  }
  return worstExit(codes);
}

export async function drawTest(
  runs: readonly TestRun[],
  settings: DrawSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const test of runs) {
    if (settings.outcomes === 'all') {
      codes.push(await drawStates(test, settings, terminal));
      continue;
    }
    const graph = conditionPicture(test, settings, terminal, codes);
    if (graph !== null)
      codes.push(await draw(graph, `${test.picture}.${test.run.model}`, settings, terminal));
  }
  return worstExit(codes);
}
