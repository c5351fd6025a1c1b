/** `fencepost repair`: what would exclude the outcome of a test. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { STANDARD_INPUT } from '../io/read-source.js';
import { findRepairs } from '../regress/repair.js';
import { repairObjectOf } from '../regress/repair-json.js';
import { renderRepairs } from '../regress/repair-text.js';
import { loadTest, type VariantArguments } from './barriers-command.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { Terminal } from './terminal.js';
import { within } from './within.js';

export interface RepairArguments extends VariantArguments {
  readonly maxChanges: number;
  readonly all: boolean;
}

const MOST_SHOWN = 10;

/**
 * What the diffs call a file, so that `git apply` and `patch -p1` find it from where the command was run; of a file elsewhere, the
 * path from the root, and of standard input a name. `note`: how to apply them then.
 */
export function diffPath(
  file: string,
  folder: string,
): { readonly path: string; readonly note: string | null } {
  if (file === STANDARD_INPUT) return { path: 'test.litmus', note: 'To apply a diff: patch FILE < DIFF.' };
  const path = resolve(folder, file);
  const here = relative(folder, path);
  const isOutside = here === '..' || here.startsWith(`..${sep}`) || isAbsolute(here);
  if (!isOutside) return { path: here.split(sep).join('/'), note: null };
  return {
    path: path.split(sep).join('/'),
    note: 'The paths in the diffs are from the root: patch -p1 -d / < DIFF.',
  };
}

export async function repairCommand(args: RepairArguments, terminal: Terminal): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  const loaded = await loadTest(args, terminal, codes);
  if (loaded === null) return worstExit(codes);
  const { path, note } = diffPath(args.file, process.cwd());
  const options = { ...loaded.options, maxChanges: args.maxChanges, path };
  const { report, diagnostics } = within(args.timeout, 1, () => findRepairs(loaded.source, options));
  codes.push(printDiagnostics(diagnostics, terminal));
  if (report === null) return worstExit(codes);
  const most = args.all ? Number.POSITIVE_INFINITY : MOST_SHOWN;
  if (args.format === 'json') terminal.out(`${JSON.stringify(repairObjectOf(report), null, 2)}\n`);
  else terminal.out(renderRepairs(report, { width: terminal.width, most, note }));
  if (report.limit !== null) codes.push(exitCodes.limit);
  return worstExit(codes);
}
