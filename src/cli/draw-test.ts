/** Writes the pictures of a test: one DOT and one SVG file per model. */
import { join } from 'node:path';
import { toDot } from '../graph/dot.js';
import { pictureOfRun } from '../graph/picture-of-run.js';
import { tidySvg } from '../graph/svg.js';
import { createGraphvizDrawer, type Drawer } from '../io/graphviz.js';
import { fileNameFor, writeText } from '../io/write-file.js';
import { loadShippedModel } from '../model/shipped.js';
import type { SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** One for the process: loading Graphviz takes longer than a picture. */
const drawer: Drawer = createGraphvizDrawer();

async function drawRun(
  run: ModelRun,
  test: string,
  folder: string,
  options: SearchOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const graph = pictureOfRun(run, test, loadShippedModel(run.model), options);
  if (graph === null) {
    terminal.err(
      `${test}: no picture for ${run.model}: no execution satisfies the condition under any model\n`,
    );
    return exitCodes.ok;
  }
  const dot = toDot(graph);
  const stem = join(folder, fileNameFor(`${test}.${run.model}`));
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
  folder: string,
  options: SearchOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const run of runs) codes.push(await drawRun(run, test, folder, options, terminal));
  return worstExit(codes);
}
