/**
 * A compiled program as its file says it: printed, parsed and assembled again; and what the file calls the cells and registers of
 * the C program. For tests: the file must be the program that was judged.
 */
import { assemble } from '../assemble/assemble.js';
import type { Lowered } from '../lower/lower.js';
import type { Observable, Program } from '../program/ir.js';
import { isLocation, type Location, showValue, type Value } from '../program/value.js';
import type { SearchResult } from '../search/execution.js';
import { finalName } from '../syntax/asm-registers.js';
import { parseAssembly } from '../syntax/assembly.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { renderDiagnostics } from '../text/render.js';

/** The program of the printed file; throws what is wrong with the file. */
export function readPrinted({ assembly }: Lowered): Program {
  const file = { name: `${assembly.name}.litmus`, text: printAssembly(assembly) };
  const tree = parseAssembly(file);
  const program = tree.value === null ? null : assemble(tree.value);
  const diagnostics = [...tree.diagnostics, ...(program?.diagnostics ?? [])];
  if (program === null || program.value === null || diagnostics.length > 0)
    throw new Error(`${renderDiagnostics(diagnostics)}\n${file.text}`);
  return program.value;
}

/** Final states with everything named as in the printed file, sorted; executions and whether the condition holds come last. */
function stateLines(
  program: Program,
  { states }: SearchResult,
  name: (observable: Observable, index: number) => string,
  show: (value: Value) => string,
): string[] {
  const lines = states.map(({ values, satisfies, executions }) => {
    const parts = program.observed.map((o, i) => `${name(o, i)}=${show(values[i]!)}`).sort();
    return `${parts.join(' ')} ${satisfies}${executions === null ? '' : ` ${executions}`}`;
  });
  return lines.sort();
}

/** The final states of the printed program. */
export function printedStates(program: Program, result: SearchResult): string[] {
  return stateLines(program, result, (observable) => observable.display, showValue);
}

/** The final states of the C program or of what it compiles to, in the words of the printed file. */
export function statesAsPrinted(source: Program, lowered: Lowered, result: SearchResult): string[] {
  const cells = new Map<Location, string>([...lowered.cells].map(([name, location]) => [location, name]));
  const nameOf = (_: Observable, index: number): string => {
    const observable = source.observed[index]!;
    if (observable.kind === 'location') return cells.get(observable.location)!;
    const { thread, name } = observable;
    return `${thread}:${finalName(lowered.assembly.dialect, lowered.registers[thread]!.homes.get(name)!)}`;
  };
  const show = (value: Value): string => (isLocation(value) ? cells.get(value)! : String(value));
  return stateLines(source, result, nameOf, show);
}
