/** `fencepost barriers`: what the answer of a test depends on. */
import { deadline } from '../io/clock.js';
import { loadModels } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import { findBarriers } from '../regress/barriers.js';
import { barriersObject } from '../regress/barriers-json.js';
import { renderBarriers } from '../regress/barriers-text.js';
import type { VariantOptions } from '../regress/variants.js';
import type { SourceFile } from '../text/source.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest } from './options.js';
import type { Terminal } from './terminal.js';
import { within } from './within.js';

export interface VariantArguments extends ModelArguments {
  readonly file: string;
  readonly format: 'text' | 'json';
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
}

export interface BarriersArguments extends VariantArguments {
  readonly plain: boolean;
}

export interface LoadedTest {
  readonly source: SourceFile;
  readonly options: VariantOptions;
}

/** The file, and how its variants are judged; null after a report. */
export async function loadTest(
  args: VariantArguments,
  terminal: Terminal,
  codes: ExitCode[],
): Promise<LoadedTest | null> {
  const expired = deadline(args.timeout ?? null);
  const loaded = loadModels(modelRequest(args), expired);
  codes.push(printDiagnostics(loaded.diagnostics, terminal));
  const read = await readSource(args.file);
  codes.push(printDiagnostics(read.diagnostics, terminal));
  if (loaded.value === null || read.value === null) return null;
  const { models, macros, unroll } = loaded.value;
  const options: VariantOptions = {
    models: models ?? 'weak',
    macros,
    unroll: args.unroll ?? unroll,
    atomics: args.atomics,
    expired,
  };
  return { source: read.value, options };
}

export async function barriersCommand(args: BarriersArguments, terminal: Terminal): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  const loaded = await loadTest(args, terminal, codes);
  if (loaded === null) return worstExit(codes);
  const options = { ...loaded.options, plain: args.plain };
  const { report, diagnostics } = within(args.timeout, 1, () => findBarriers(loaded.source, options));
  codes.push(printDiagnostics(diagnostics, terminal));
  if (report === null) return worstExit(codes);
  if (args.format === 'json') terminal.out(`${JSON.stringify(barriersObject(report), null, 2)}\n`);
  else terminal.out(renderBarriers(report, { width: terminal.width }));
  if (report.limit !== null) codes.push(exitCodes.limit);
  return worstExit(codes);
}
