/** `fencepost repair`: what would exclude the outcome of a test. */
import { findRepairs } from '../regress/repair.js';
import { repairObjectOf } from '../regress/repair-json.js';
import { renderRepairs } from '../regress/repair-text.js';
import { loadTest, type VariantArguments } from './barriers-command.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface RepairArguments extends VariantArguments {
  readonly maxChanges: number;
  readonly all: boolean;
}

const MOST_SHOWN = 10;

export async function repairCommand(args: RepairArguments, terminal: Terminal): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  const loaded = await loadTest(args, terminal, codes);
  if (loaded === null) return worstExit(codes);
  const { report, diagnostics } = findRepairs(loaded.source, {
    ...loaded.options,
    maxChanges: args.maxChanges,
  });
  codes.push(printDiagnostics(diagnostics, terminal));
  if (report === null) return worstExit(codes);
  const most = args.all ? Number.POSITIVE_INFINITY : MOST_SHOWN;
  if (args.format === 'json') terminal.out(`${JSON.stringify(repairObjectOf(report), null, 2)}\n`);
  else terminal.out(renderRepairs(report, { width: terminal.width, most }));
  if (report.limit !== null) codes.push(exitCodes.limit);
  return worstExit(codes);
}
