/** Executions as pictures: the witness of a test's outcome, or the cycle that forbids it, as text and as DOT. */
import { explainDeadlock } from '../explain/deadlock.js';
import { toDot } from '../graph/dot.js';
import type { GraphModel } from '../graph/graph-model.js';
import { pictureOfRun } from '../graph/picture-of-run.js';
import { picturesOfRun } from '../graph/pictures-of-run.js';
import { toText } from '../graph/text.js';
import type { SearchOptions } from '../search/execution.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { type LitmusDiagnostic, toLitmusDiagnostic } from './diagnostics.js';
import { judgeInput, LEAST_WIDTH, type LitmusInput, type LitmusOptions, searchOf } from './judge-input.js';

/** Options of {@link drawGraph}. */
export interface DrawGraphOptions extends LitmusOptions {
  /**
   * `condition`: one execution for each model, which proves the outcome or shows why it is forbidden. `all`: one for each final state
   * that the model allows, and for each that only its ordering forbids. Default: `condition`.
   */
  readonly states?: 'condition' | 'all';
  /** Columns of the text, 40 at least. Default: 80. */
  readonly width?: number;
}

/** An execution as a picture. */
export interface Drawing {
  readonly model: string;
  /** `forbidden`: the model refuses this execution, and the cycle that it forbids is marked. */
  readonly verdict: 'allowed' | 'forbidden';
  /** The final state: `1:r0=1; 1:r1=0`. */
  readonly state: string;
  /** For mails and terminals: ASCII. Ends in a line break. */
  readonly text: string;
  /** In Graphviz' DOT language, with every position given. */
  readonly dot: string;
}

/** The pictures of a test. */
export interface DrawReport {
  readonly drawings: readonly Drawing[];
  /** Models that have no picture, or not all of them, and why. */
  readonly missing: readonly { readonly model: string; readonly reason: string }[];
  readonly diagnostics: readonly LitmusDiagnostic[];
}

/** More, nobody looks at. */
const MOST_PICTURES = 200;

function drawingOf(graph: GraphModel, verdict: Drawing['verdict'], width: number): Drawing {
  const { caption, state } = graph;
  return {
    model: caption.model,
    verdict,
    state,
    text: toText(graph, { style: null, width }),
    dot: toDot(graph),
  };
}

function reasonForNone({ verdict, program, compiled, result }: ModelRun, search: SearchOptions): string {
  if (verdict === 'Deadlock') {
    const said = explainDeadlock(program, compiled, search).sentences.map(({ text }) => text);
    return `no execution completes${said.length === 0 ? '' : `: ${said.join('; ')}`}`;
  }
  if (result.limit !== null) return `none was found before a limit was hit (${result.limit})`;
  return search.expired?.(1) === true
    ? 'none was found in the time for it'
    : 'no execution gives the outcome under any model';
}

interface Drawn {
  readonly drawings: readonly Drawing[];
  readonly missing: readonly string[];
}

function drawCondition(run: ModelRun, test: string, search: SearchOptions, width: number): Drawn {
  const graph = pictureOfRun(run, test, run.compiled, search);
  if (graph === null) return { drawings: [], missing: [reasonForNone(run, search)] };
  const verdict = graph.caption.verdict === 'forbidden' ? 'forbidden' : 'allowed';
  return { drawings: [drawingOf(graph, verdict, width)], missing: [] };
}

function drawAll(run: ModelRun, test: string, search: SearchOptions, width: number): Drawn {
  const { pictures, limit, omitted } = picturesOfRun(run, test, { search, most: MOST_PICTURES });
  const missing = [
    ...(pictures.length === 0 ? [reasonForNone(run, search)] : []),
    ...(limit === null ? [] : [`forbidden states may be missing (limit: ${limit})`]),
    ...(omitted === 0 ? [] : [`${omitted} more states are not drawn`]),
  ];
  return { drawings: pictures.map(({ graph, verdict }) => drawingOf(graph, verdict, width)), missing };
}

/**
 * Draws executions: the one that proves that a model allows the test's outcome, or one that would give it, with the cycle that
 * forbids it.
 *
 * To make an SVG of `dot`, give it to any Graphviz with the layout engine that it names (`nop2`): the positions are in it.
 *
 * @param input - the test
 * @param options - which models, which outcome, one picture or all
 * @returns pictures, and which models have none, with the reason; it never throws on what a user wrote
 * @throws TypeError, if an argument is not of the declared type
 * @example
 * ```ts
 * import { drawGraph } from 'fencepost';
 *
 * const test = `
 * C store-buffering
 * { }
 * P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
 * P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
 * exists (0:r0=0 /\\ 1:r0=0)
 * `;
 * console.log(drawGraph(test, { models: ['x86'] }).drawings[0]?.text);
 * ```
 * ```text
 * store-buffering under x86: allowed
 * 0:r0=0; 1:r0=0
 *
 * P0                                      P1
 * ==========================              ==========================
 *  a: WRITE_ONCE(*x, 1)      <-+
 *  b: r0 = READ_ONCE(*y) [0] --|-----fr->  c: WRITE_ONCE(*y, 1)
 *                              +-----fr--  d: r0 = READ_ONCE(*x) [0]
 *
 * (x = 0) -rf-> d; (y = 0) -rf-> b
 * ```
 */
export function drawGraph(input: LitmusInput, options: DrawGraphOptions = {}): DrawReport {
  const { states = 'condition', width = 80 } = options;
  const choices = { states: [states, ['condition', 'all']] as const };
  const numbers = { width: [width, LEAST_WIDTH] as const };
  const { report, settings, diagnostics, placed } = judgeInput(input, options, { numbers, choices });
  const drawings: Drawing[] = [];
  const missing: { model: string; reason: string }[] = [];
  const search = settings === null ? null : searchOf(settings);
  for (const model of report?.models ?? []) {
    if (!isRun(model) || report === null || search === null) continue;
    const draw = states === 'all' ? drawAll : drawCondition;
    const drawn = draw(model, report.name, search, width);
    drawings.push(...drawn.drawings);
    for (const reason of drawn.missing) missing.push({ model: model.model, reason });
  }
  for (const model of report?.models ?? [])
    if (model.kind === 'unfinished')
      missing.push({ model: model.model, reason: `a limit was hit (${model.limit})` });
  const ofModels = report?.models.flatMap((model) => model.diagnostics) ?? [];
  return {
    drawings,
    missing,
    diagnostics: [...diagnostics, ...ofModels].map(placed).map(toLitmusDiagnostic),
  };
}
