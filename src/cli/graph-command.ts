/** `fencepost graph`: the picture of one test under one model. */
import { deadline, now } from '../io/clock.js';
import { loadModels } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import type { SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import type { Techniques } from '../search/techniques.js';
import { isRun } from '../verdict/report.js';
import { runTest } from '../verdict/run-test.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type DrawSettings, drawTest } from './draw-test.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest, OptionError } from './options.js';
import type { Terminal } from './terminal.js';

export interface GraphArguments extends ModelArguments {
  readonly file: string;
  readonly out: string;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
  readonly techniques: Partial<Techniques>;
}

export async function graphCommand(args: GraphArguments, terminal: Terminal): Promise<ExitCode> {
  const loaded = loadModels(modelRequest(args), deadline(args.timeout ?? null));
  const said = printDiagnostics(loaded.diagnostics, terminal);
  if (loaded.value === null) return said;
  const { models, macros } = loaded.value;
  if (models?.length !== 1)
    throw new OptionError(models === null ? 'Missing required argument: model' : '--model takes one model');
  const read = await readSource(args.file);
  if (read.value === null) return printDiagnostics(read.diagnostics, terminal);
  const unroll = args.unroll ?? loaded.value.unroll ?? defaultSearchOptions.unroll;
  const expired = deadline(args.timeout ?? null);
  const report = runTest(read.value, {
    models,
    macros,
    mode: 'outcomes',
    unroll,
    atomics: args.atomics,
    now,
    expiry: () => expired,
    techniques: args.techniques,
  });
  const codes = [printDiagnostics(report.diagnostics, terminal)];
  if (report.kind === 'input-failure') return worstExit(codes);
  const runs = report.models.filter(isRun);
  for (const model of report.models) {
    codes.push(printDiagnostics(model.diagnostics, terminal));
    if (model.kind !== 'unfinished') continue;
    terminal.err(`${model.model}: Unknown (limit: ${model.limit})\n`);
    codes.push(exitCodes.limit);
  }
  if (runs.some((run) => run.result.limit !== null)) codes.push(exitCodes.limit);
  const search: SearchOptions = { mode: 'outcomes', unroll, expired, techniques: args.techniques };
  const settings: DrawSettings = { folder: args.out, search, text: true };
  codes.push(await drawTest(runs, report.name, settings, terminal));
  return worstExit(codes);
}
