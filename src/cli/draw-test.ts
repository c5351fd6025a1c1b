/** Writes the pictures of a test: one DOT and one SVG file per model. */

import { join } from 'node:path';
import { toDot } from '../graph/dot.js';
import { pictureOfRun } from '../graph/picture-of-run.js';
import { tidySvg } from '../graph/svg.js';
import { toText } from '../graph/text.js';
import { deadline } from '../io/clock.js';
import { createGraphvizDrawer, type Drawer } from '../io/graphviz.js';
import { fileNameFor, writeText } from '../io/write-file.js';
import type { SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface DrawSettings {
  readonly folder: string;
  /** For the search for a forbidden execution. */
  readonly search: SearchOptions;
  /** Whether to print the picture as text, too. */
  readonly text: boolean;
}

/** One for the process: loading Graphviz takes longer than a picture. */
const drawer: Drawer = createGraphvizDrawer();

/** Seconds for one picture, if there is no --timeout: the candidates that a model refuses can be very many. */
const PATIENCE = 10;

function reasonForNone({ result: { limit } }: ModelRun, isOver: boolean): string {
  if (limit !== null) return `none was found before a limit was hit (${limit})`;
  return isOver
    ? 'none was found in the time for it (`--timeout SECONDS`)'
    : 'no execution satisfies the condition under any model';
}

async function drawRun(
  run: ModelRun,
  test: string,
  settings: DrawSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { expired } = settings.search;
  const isOver = expired === null ? deadline(PATIENCE) : () => expired(0) !== false;
  const graph = pictureOfRun(run, test, run.compiled, { ...settings.search, expired: isOver });
  if (graph === null) {
    const why = reasonForNone(run, isOver?.() === true);
    terminal.err(`${test}: no picture for ${run.model}: ${why}\n`);
    return exitCodes.ok;
  }
  if (settings.text) terminal.out(toText(graph));
  const dot = toDot(graph);
  const stem = join(settings.folder, fileNameFor(`${test}.${run.model}`));
  const files = [
    { path: `${stem}.dot`, text: dot },
    { path: `${stem}.svg`, text: tidySvg(await drawer.drawSvg(dot), graph) },
  ];
  for (const { path, text } of files) {
    const failure = await writeText(path, text);
    if (failure !== null) return printDiagnostics([failure], terminal);
  }
  terminal.err(`wrote ${stem}.svg and .dot: ${graph.caption.verdict} under ${run.model}\n`);
  return exitCodes.ok;
}

export async function drawTest(
  runs: readonly ModelRun[],
  test: string,
  settings: DrawSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const run of runs) codes.push(await drawRun(run, test, settings, terminal));
  return worstExit(codes);
}
