/** `fencepost fmt`: litmus files in the house style, on standard output or in their places. */
import { expandInputs } from '../io/expand-inputs.js';
import { readSource, STANDARD_INPUT } from '../io/read-source.js';
import { writeText } from '../io/write-file.js';
import { formatLitmus } from '../syntax/format.js';
import { errorAt } from '../text/diagnostic.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { OptionError } from './options.js';
import type { Terminal } from './terminal.js';

export interface FmtArguments {
  readonly files: readonly string[];
  readonly check: boolean;
  readonly write: boolean;
}

async function writeBack(path: string, text: string, terminal: Terminal): Promise<ExitCode> {
  if (path === STANDARD_INPUT)
    return printDiagnostics(
      [errorAt(null, 'cannot-write', 'standard input cannot be written back')],
      terminal,
    );
  const failure = await writeText(path, text);
  if (failure !== null) return printDiagnostics([failure], terminal);
  terminal.err(`formatted ${path}\n`);
  return exitCodes.ok;
}

async function formatFile(path: string, args: FmtArguments, terminal: Terminal): Promise<ExitCode> {
  const read = await readSource(path);
  if (read.value === null) return printDiagnostics(read.diagnostics, terminal);
  const { value: text, diagnostics } = formatLitmus(read.value);
  const code = printDiagnostics(diagnostics, terminal);
  if (text === null) return code;
  const isSame = text === read.value.text;
  if (args.check) {
    if (!isSame) terminal.out(`${path}: not formatted\n`);
    return worstExit([code, isSame ? exitCodes.ok : exitCodes.mismatch]);
  }
  if (args.write) return isSame ? code : worstExit([code, await writeBack(path, text, terminal)]);
  terminal.out(text);
  return code;
}

export async function fmtCommand(args: FmtArguments, terminal: Terminal): Promise<ExitCode> {
  if (args.check && args.write) throw new OptionError('--check and --write exclude each other');
  const inputs = await expandInputs(args.files);
  const codes = [printDiagnostics(inputs.diagnostics, terminal)];
  for (const path of inputs.paths) codes.push(await formatFile(path, args, terminal));
  return worstExit(codes);
}
