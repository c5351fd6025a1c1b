/** `fencepost compile`: kernel C as the assembly litmus test that its primitives become. */
import { loadModels, noModelRequest } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { errorAt } from '../text/diagnostic.js';
import { compileTest, prepareTest } from '../verdict/prepare-test.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, worstExit } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface CompileArguments {
  readonly file: string;
  readonly to: 'arm64' | 'x86';
  readonly atomics: 'lse' | 'llsc';
  readonly macros: string | undefined;
}

export async function compileCommand(args: CompileArguments, terminal: Terminal): Promise<ExitCode> {
  const loaded = loadModels({ ...noModelRequest, macros: args.macros ?? null });
  const codes = [printDiagnostics(loaded.diagnostics, terminal)];
  if (loaded.value === null) return worstExit(codes);
  const { macros } = loaded.value;
  const read = await readSource(args.file);
  if (read.value === null) return printDiagnostics(read.diagnostics, terminal);
  const prepared = prepareTest(read.value, macros === null ? {} : { macros });
  codes.push(printDiagnostics(prepared.diagnostics, terminal));
  if (prepared.value === null) return worstExit(codes);
  if (prepared.value.language !== 'c') {
    const message = `${read.value.name}: this test is assembly already; only C and Sketch are compiled`;
    return printDiagnostics([errorAt(null, 'already-assembly', message)], terminal);
  }
  const compiled = compileTest(prepared.value, args.to, { atomics: args.atomics });
  codes.push(printDiagnostics(compiled.diagnostics, terminal));
  if (compiled.value !== null) terminal.out(printAssembly(compiled.value.assembly));
  return worstExit(codes);
}
