/** Draws the pictures of several models, or of several tests, side by side: as one SVG, with a DOT file for each. */
import { alignGraphs } from '../graph/align.js';
import { toDot } from '../graph/dot.js';
import type { GraphModel } from '../graph/graph-model.js';
import { sideBySide } from '../graph/side-by-side.js';
import { tidySvg } from '../graph/svg.js';
import { toText, usualText } from '../graph/text.js';
import { conditionPicture, type DrawSettings, drawer, type TestRun, writeDrawing } from './draw-test.js';
import { type ExitCode, worstExit } from './exit-code.js';
import type { PictureFormat } from './picture-format.js';
import type { Terminal } from './terminal.js';

/** In text, one below the other. */
export async function drawTogether(
  runs: readonly TestRun[],
  settings: DrawSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  const graphs = runs.flatMap((run) => conditionPicture(run, settings, terminal, codes) ?? []);
  if (graphs.length === 0) return worstExit(codes);
  const { formats, folder, style } = settings;
  if (formats.includes('text'))
    terminal.out(graphs.map((graph) => toText(graph, { ...usualText, style })).join('\n\n'));
  const places = alignGraphs(graphs);
  const dots = graphs.map((graph, at) => toDot(graph, { place: places[at]! }));
  const write = async (name: string, format: PictureFormat, text: string, of: readonly GraphModel[]) => {
    const what = of.map(({ caption }) => `${caption.verdict} under ${caption.model}`).join(', ');
    codes.push(await writeDrawing(name, [{ format, text }], { folder, what }, terminal));
  };
  if (formats.includes('svg')) {
    const drawn: { title: string; svg: string }[] = [];
    for (const [at, graph] of graphs.entries()) {
      const { test, model, verdict } = graph.caption;
      const svg = tidySvg(await drawer.drawSvg(dots[at]!), graph);
      drawn.push({ title: `${test} under ${model}: ${verdict}`, svg });
    }
    await write(nameOf(graphs), 'svg', sideBySide(drawn), graphs);
  }
  if (formats.includes('dot'))
    for (const [at, graph] of graphs.entries())
      await write(`${nameOf(graphs)}.${at + 1}`, 'dot', dots[at]!, [graph]);
  return worstExit(codes);
}

/** `race.lkmm-x86`, `race-fixed.lkmm`. */
function nameOf(graphs: readonly GraphModel[]): string {
  const tests = new Set(graphs.map(({ caption }) => caption.test));
  const models = new Set(graphs.map(({ caption }) => caption.model));
  return `${[...tests].join('-')}.${[...models].join('-')}`;
}
