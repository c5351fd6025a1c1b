/** The report of `fencepost mutate` as it is written: to standard output or, whole, to the file of `--output`, with a journal until then. */
import type { MutationSummary } from '../check/barrier-guards.js';
import { mutationObject } from '../check/mutation-json.js';
import { renderMutation } from '../check/mutation-text.js';
import type { LoadedModels } from '../io/load-models.js';
import { isStream, refusedPlace, writeWhole } from '../io/write-file.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { MutateArguments } from './mutate-command.js';
import type { MutatedFile, MutateJob, MutateSetup } from './mutate-file.js';
import { OptionError } from './options.js';
import type { Resumable } from './resumable.js';
import type { Terminal } from './terminal.js';

function reportOf(summary: MutationSummary, { format, all }: MutateArguments): string {
  if (format === 'json') return `${JSON.stringify(mutationObject(summary), null, 2)}\n`;
  return renderMutation(summary, { all });
}

/** The file that the report is written to as a whole; null: none, for standard output or a device takes it as it comes. */
export function fileOf({ output, resume }: MutateArguments): string | null {
  if (output === undefined && resume)
    throw new OptionError('--resume goes on with a run that writes to a file: give its --output');
  if (output === undefined || !isStream(output)) return output ?? null;
  if (resume) throw new OptionError(`--resume needs a file; ${output} is none`);
  return null;
}

/** Null: the report is for no file. Undefined: it cannot begin, which was said. */
export async function beginFor(
  file: string | null,
  { resume }: MutateArguments,
  work: { readonly setup: MutateSetup; readonly loaded: LoadedModels; readonly jobs: readonly MutateJob[] },
  terminal: Terminal,
): Promise<Resumable<MutatedFile> | null | undefined> {
  if (file === null) return null;
  const refusal = refusedPlace(file);
  if (refusal !== null) {
    printDiagnostics([refusal], terminal);
    return undefined;
  }
  const { beginMutation } = await import('./mutate-journal.js');
  return (await beginMutation(file, resume, work, terminal)) ?? undefined;
}

/** The end: all is done, or an interrupt has left files open, which `open` says. */
export function writeReport(
  summary: MutationSummary,
  open: string | null,
  args: MutateArguments,
  resumable: Resumable<MutatedFile> | null,
  terminal: Terminal,
): ExitCode {
  const { output } = args;
  if (open !== null && resumable !== null && output !== undefined) {
    terminal.err(open);
    resumable.leave([output]);
    return exitCodes.ok;
  }
  const text = reportOf(summary, args);
  if (output === undefined) terminal.out(text);
  const failure = output === undefined ? null : writeWhole(output, text);
  if (open !== null) terminal.err(open);
  if (failure === null) resumable?.remove();
  else resumable?.close();
  return failure === null ? exitCodes.ok : printDiagnostics([failure], terminal);
}
