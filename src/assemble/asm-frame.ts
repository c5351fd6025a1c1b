/**
 * The init block of an assembly test: cells, initial registers, the types of both.
 *
 * Cells are declared by being named: in the init block, as a symbol operand, in the condition of an x86 test. The condition is
 * asm-condition.ts's.
 */

import { canonical, INT64, type IntType, type Location, type Value, wrapTo } from '../program/value.js';
import { finalName } from '../syntax/asm-registers.js';
import type { AsmLitmus } from '../syntax/asm-tree.js';
import type { InitTree, InitValue, LabelTree, RegisterTree } from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { Cells, declaredTypes, placeName } from './asm-cells.js';
import { CodeMap } from './asm-code.js';
import { resolveRegister, resolveThread, unknownLabel } from './asm-names.js';
import { Stacks } from './asm-stack.js';
import { asmType } from './asm-types.js';

export interface AsmFrame {
  readonly locations: ReadonlyMap<string, Location>;
  /** Cells whose type nobody says, with the number that they are initialised to. */
  readonly untyped: ReadonlyMap<Location, bigint>;
  /** By thread: initial values of registers, and the declared types. */
  readonly initial: readonly ReadonlyMap<string, Value>[];
  readonly types: readonly Map<string, IntType>[];
  readonly code: CodeMap;
  readonly stacks: Stacks;
}

/** The address that an init block gives to a register or a cell. */
function labelAddress(litmus: AsmLitmus, code: CodeMap, label: LabelTree, diagnostics: Diagnostic[]): Value {
  const thread = resolveThread(litmus, label, diagnostics);
  if (thread === null) return 0;
  const address = code.takeLabel(thread, label.name);
  if (address === null) diagnostics.push(unknownLabel(litmus, code, thread, label, errorAt));
  return address ?? 0;
}

/** What values of the init block may refer to. */
interface InitContext {
  readonly litmus: AsmLitmus;
  readonly cells: Cells;
  readonly code: CodeMap;
  readonly diagnostics: Diagnostic[];
}

function initialValue(context: InitContext, value: InitValue | null, type: IntType): Value {
  const { litmus, cells, code, diagnostics } = context;
  if (value === null) return 0;
  if (value.kind === 'number') {
    const wrapped = wrapTo(canonical(value.value), type);
    if (BigInt.asUintN(type.bits, value.value) !== value.value && BigInt(wrapped) !== value.value)
      diagnostics.push(
        warningAt(
          value.span,
          'out-of-range',
          `${value.value} needs more than ${type.bits} bits: it is ${wrapped} here`,
        ),
      );
    return wrapped;
  }
  if (value.kind === 'label') return labelAddress(litmus, code, value, diagnostics);
  if (value.kind === 'list') {
    diagnostics.push(errorAt(value.span, 'init-list', 'only an array is initialised by a list'));
    return 0;
  }
  const name = placeName(value.kind === 'address' ? value.place : value, diagnostics);
  if (name === null) return 0;
  const address = cells.address(name);
  if (address === null) diagnostics.push(noElement(cells, name, value.span));
  return address ?? 0;
}

/** The cell of a name; null after reporting that its array does not have it. */
function namedCell(cells: Cells, name: string, span: Span, diagnostics: Diagnostic[]): Location | null {
  const cell = cells.cell(name);
  if (cell === null) diagnostics.push(noElement(cells, name, span));
  return cell;
}

function noElement(cells: Cells, name: string, span: Span): Diagnostic {
  const array = name.replace(/\[\d+\]$/, '');
  const length = cells.lengthOf(array);
  const [message, hint] =
    length === null
      ? [`\`${array}\` is no array`, `declare it in the init block: \`int ${array}[2];\``]
      : [`\`${array}\` has ${length} elements: there is no \`${name}\``, null];
  return errorAt(span, 'out-of-bounds', message, { hint });
}

/** `int a[2] = {1,2}`; what the list does not say is 0. */
function initArray(context: InitContext, array: string, value: InitValue | null, span: Span): void {
  const { cells, diagnostics } = context;
  const refuse = (message: string): void =>
    void diagnostics.push(errorAt(value?.span ?? span, 'init-list', message));
  namedCell(cells, array, span, diagnostics);
  if (value === null) return;
  if (value.kind !== 'list') refuse(`\`${array}\` is an array: its values are a list, \`{0,1}\``);
  else if (value.items.length > cells.lengthOf(array)!)
    refuse(`\`${array}\` has fewer elements than the list`);
  else if (value.items.some(({ field }) => field !== null)) refuse('an array has no fields');
  else if (!cells.isGiven(array))
    value.items.forEach((item, position) => {
      const cell = cells.cell(`${array}[${position}]`)!;
      cell.initial = initialValue(context, item.value, cell.type);
    });
}

/** Cells that instructions name: x86's symbol operands. */
function symbolsOf(litmus: AsmLitmus): string[] {
  return litmus.threads.flatMap((thread) =>
    thread.lines.flatMap((line) =>
      line.kind === 'label'
        ? []
        : line.operands.flatMap((operand) =>
            (operand.kind === 'memory' || operand.kind === 'symbol') && operand.symbol !== null
              ? [operand.symbol]
              : [],
          ),
    ),
  );
}

function duplicate(seen: Map<string, Span>, key: string, span: Span, diagnostics: Diagnostic[]): void {
  const before = seen.get(key);
  if (before === undefined) seen.set(key, span);
  else
    diagnostics.push(
      errorAt(span, 'duplicate-init', `\`${key}\` is initialised twice`, {
        notes: [{ message: 'the first one is here', span: before }],
      }),
    );
}

/** Cells and initial registers. `known` cells (of the program that was lowered) are used as they are. */
export function readFrame(
  litmus: AsmLitmus,
  known: ReadonlyMap<string, Location> | null,
  diagnostics: Diagnostic[],
): AsmFrame {
  const cells = new Cells(known, declaredTypes(litmus, diagnostics));
  const code = new CodeMap(litmus);
  const context: InitContext = { litmus, cells, code, diagnostics };
  const initial = litmus.threads.map(() => new Map<string, Value>());
  const types = litmus.threads.map(() => new Map<string, IntType>());
  const seen = new Map<string, Span>();
  for (const entry of litmus.init) {
    if (entry.target.kind === 'register')
      initRegister(context, entry, entry.target, { initial, types, seen });
    else {
      const name = placeName(entry.target, diagnostics);
      if (name === null) continue;
      duplicate(seen, name, entry.span, diagnostics);
      if (cells.lengthOf(name) !== null) {
        initArray(context, name, entry.value, entry.span);
        continue;
      }
      const cell = namedCell(cells, name, entry.span, diagnostics);
      if (cell === null) continue;
      const value = initialValue(context, entry.value, cell.type);
      if (!cells.isGiven(name)) cell.initial = value;
      if (entry.value?.kind === 'number' && cells.untyped.has(cell))
        cells.untyped.set(cell, entry.value.value);
    }
  }
  for (const name of symbolsOf(litmus)) cells.cell(name);
  const { locations, untyped } = cells;
  return { locations, untyped, initial, types, code, stacks: new Stacks(locations) };
}

interface FrameState {
  readonly initial: readonly Map<string, Value>[];
  readonly types: readonly Map<string, IntType>[];
  readonly seen: Map<string, Span>;
}

function initRegister(
  context: InitContext,
  entry: InitTree,
  target: RegisterTree,
  { initial, types, seen }: FrameState,
): void {
  const { litmus, diagnostics } = context;
  const found = resolveRegister(litmus, target, diagnostics);
  if (found === null) return;
  const { thread, name } = found;
  duplicate(seen, `${thread}:${finalName(litmus.dialect, name)}`, entry.span, diagnostics);
  if (entry.type !== null) {
    const type = asmType(entry.type);
    if (type !== null) types[thread]!.set(name, type);
    else
      diagnostics.push(
        errorAt(entry.type.span, 'unsupported-type', `unsupported type \`${entry.type.words.join(' ')}\``),
      );
  }
  if (entry.value !== null) initial[thread]!.set(name, initialValue(context, entry.value, INT64));
}
