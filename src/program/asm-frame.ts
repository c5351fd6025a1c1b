/**
 * The parts of an assembly test around its threads: cells, initial registers, what is observed, the condition.
 *
 * Cells are declared by being named: in the init block, as a symbol operand, in the condition of an x86 test. Registers that
 * are observed are shown in their declared type, `int` if there is none, as the herd tools do.
 */
import { finalName, parseRegister, registerRank } from '../syntax/asm-registers.js';
import type { AsmLitmus, AsmThread } from '../syntax/asm-tree.js';
import type {
  ConditionOperand,
  InitTree,
  InitValue,
  LabelTree,
  PlaceTree,
  PropositionTree,
  RegisterTree,
} from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { Cells, declaredTypes, placeName } from './asm-cells.js';
import { CodeMap } from './asm-code.js';
import { asmType } from './asm-types.js';
import type { Observable, Operand, Proposition } from './ir.js';
import { canonical, INT32, INT64, type IntType, type Location, type Value, wrapTo } from './value.js';

export interface AsmFrame {
  readonly locations: ReadonlyMap<string, Location>;
  /** By thread: initial values of registers, and the declared types. */
  readonly initial: readonly ReadonlyMap<string, Value>[];
  readonly types: readonly ReadonlyMap<string, IntType>[];
  readonly code: CodeMap;
}

/** The index of the thread that a condition calls `0`, `P0` or by its name; -1 if there is none. */
function threadIndex(threads: readonly AsmThread[], name: string): number {
  const byName = threads.findIndex((thread) => thread.name === name);
  if (byName >= 0) return byName;
  return /^\d+$/.test(name) && Number(name) < threads.length ? Number(name) : -1;
}

/** A thread by its name or number; null after a report. */
function resolveThread(
  { threads }: AsmLitmus,
  tree: { readonly thread: string; readonly span: Span },
  diagnostics: Diagnostic[],
): number | null {
  const thread = threadIndex(threads, tree.thread);
  if (thread >= 0) return thread;
  const names = threads.map((t) => t.name).join(', ');
  const message = `there is no thread \`${tree.thread}\`: the test has ${names}`;
  diagnostics.push(errorAt(tree.span, 'unknown-thread', message));
  return null;
}

/** A thread and one of its registers; null after reporting why not. */
function resolveRegister(
  litmus: AsmLitmus,
  tree: RegisterTree,
  diagnostics: Diagnostic[],
): { readonly thread: number; readonly name: string } | null {
  const thread = resolveThread(litmus, tree, diagnostics);
  const view = parseRegister(litmus.dialect, tree.name);
  if (thread === null) return null;
  if (view === null) {
    const message = `\`${tree.name}\` is not a register of ${litmus.dialect}`;
    diagnostics.push(errorAt(tree.span, 'unknown-register', message));
    return null;
  }
  return { thread, name: view.name };
}

/** The address that an init block gives to a register or a cell. */
function labelAddress(litmus: AsmLitmus, code: CodeMap, label: LabelTree, diagnostics: Diagnostic[]): Value {
  const thread = resolveThread(litmus, label, diagnostics);
  if (thread === null) return 0;
  const address = code.takeLabel(thread, label.name);
  if (address === null) diagnostics.push(unknownLabel(litmus, code, thread, label, errorAt));
  return address ?? 0;
}

function unknownLabel(
  { threads }: AsmLitmus,
  code: CodeMap,
  thread: number,
  { name, span }: LabelTree,
  report: typeof errorAt,
): Diagnostic {
  const message = `${threads[thread]!.name} has no label \`${name}\``;
  return report(span, 'unknown-label', message, { hint: code.hintFor(thread, name) });
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
  if (value.kind === 'number') return wrapTo(canonical(value.value), type);
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
    }
  }
  for (const name of symbolsOf(litmus)) cells.cell(name);
  return { locations: cells.locations, initial, types, code };
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

/** An observable and what the condition needs to know of it. */
interface Observed {
  readonly observable: Observable;
  readonly type: IntType;
}

/** The pseudo-register that holds an observed register's final value in its declared type. */
export function finalRegister(name: string): string {
  return `.final.${name}`;
}

/** Resolves the condition; register observables name `finalRegister`s. */
export class ConditionReader {
  private readonly found = new Map<string, Observed>();
  /** Keys in the order of the state line, once `finish` is called. */
  private keys: string[] = [];

  constructor(
    private readonly litmus: AsmLitmus,
    private readonly frame: AsmFrame,
    private readonly diagnostics: Diagnostic[],
  ) {}

  /** Notes what a proposition or `locations` mentions. */
  observe(tree: ConditionOperand): void {
    const operand = this.labelOr(tree);
    if (operand.kind === 'place') this.cell(operand);
    else if (operand.kind === 'register') this.register(operand);
  }

  observeAll(proposition: PropositionTree): void {
    if (proposition.kind === 'not') this.observeAll(proposition.operand);
    else if (proposition.kind === 'compare') {
      this.observe(proposition.left);
      if (proposition.right.kind === 'register') this.observe(proposition.right);
    } else if (proposition.kind !== 'constant') {
      this.observeAll(proposition.left);
      this.observeAll(proposition.right);
    }
  }

  /** What is observed, in the order of the state line. */
  finish(): readonly Observable[] {
    const rank = ({ observable }: Observed): readonly [number, number, string] =>
      observable.kind === 'register'
        ? [observable.thread, registerRank(observable.name), observable.display]
        : [this.litmus.threads.length, 0, observable.display];
    const entries = [...this.found].sort(([, a], [, b]) => {
      const [x, y] = [rank(a), rank(b)];
      return x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : 1);
    });
    this.keys = entries.map(([key]) => key);
    return entries.map(([, { observable }]) => observable);
  }

  private register(tree: RegisterTree): string | null {
    const found = resolveRegister(this.litmus, tree, this.diagnostics);
    if (found === null) return null;
    const { thread, name } = found;
    const key = `${thread}:${name}`;
    const display = `${thread}:${finalName(this.litmus.dialect, name)}`;
    const type = this.frame.types[thread]!.get(name) ?? INT32;
    this.found.set(key, {
      observable: { kind: 'register', thread, name: finalRegister(name), display },
      type,
    });
    return key;
  }

  private cell(tree: PlaceTree): string | null {
    const name = placeName(tree, this.diagnostics);
    if (name === null) return null;
    const location = this.frame.locations.get(name);
    if (location === undefined) {
      const hint = this.frame.locations.has(`${name}[0]`)
        ? `it is an array: name an element, \`${name}[0]\``
        : didYouMean(name, this.frame.locations.keys());
      this.diagnostics.push(errorAt(tree.span, 'unknown-name', `unknown location \`${name}\``, { hint }));
      return null;
    }
    this.found.set(name, {
      observable: { kind: 'location', location, display: location.name },
      type: location.type,
    });
    return name;
  }

  /** `P0:L0` looks like a register: it is a label if no register but a label has that name. */
  private labelOr(tree: ConditionOperand): ConditionOperand {
    if (tree.kind !== 'register' || parseRegister(this.litmus.dialect, tree.name) !== null) return tree;
    const thread = threadIndex(this.litmus.threads, tree.thread);
    const isLabel = thread >= 0 && this.frame.code.label(thread, tree.name) !== null;
    return isLabel ? { ...tree, kind: 'label' } : tree;
  }

  /** A label that does not exist is a warning: nothing equals it. */
  private label(tree: LabelTree): Value {
    const { code } = this.frame;
    const thread = resolveThread(this.litmus, tree, this.diagnostics);
    if (thread === null) return 0;
    const address = code.label(thread, tree.name);
    if (address === null) this.diagnostics.push(unknownLabel(this.litmus, code, thread, tree, warningAt));
    return address ?? code.unknownLabel(thread, tree.name);
  }

  private operand(written: ConditionOperand, type: IntType): Operand {
    const tree = this.labelOr(written);
    // Compared in 64 bits, as the herd tools do: an `int` is -1, never 0xffffffff.
    if (tree.kind === 'number')
      return { kind: 'value', value: wrapTo(canonical(tree.value), { bits: 64, signed: type.signed }) };
    if (tree.kind === 'address' || tree.kind === 'place') {
      const name = placeName(tree.kind === 'address' ? tree.place : tree, this.diagnostics);
      const { locations } = this.frame;
      const location = name === null ? undefined : (locations.get(name) ?? locations.get(`${name}[0]`));
      if (location !== undefined) return { kind: 'value', value: location };
      const hint = name === null ? null : didYouMean(name, this.frame.locations.keys());
      if (name !== null)
        this.diagnostics.push(errorAt(tree.span, 'unknown-name', `unknown location \`${name}\``, { hint }));
      return { kind: 'value', value: 0 };
    }
    if (tree.kind === 'label') return { kind: 'value', value: this.label(tree) };
    const key = this.register(tree);
    return key === null ? { kind: 'value', value: 0 } : { kind: 'observable', index: this.keys.indexOf(key) };
  }

  private observed(written: ConditionOperand): { readonly operand: Operand; readonly type: IntType } {
    const tree = this.labelOr(written);
    const key =
      tree.kind === 'place' ? this.cell(tree) : tree.kind === 'register' ? this.register(tree) : null;
    if (key === null) return { operand: this.operand(tree, INT64), type: INT64 };
    return {
      operand: { kind: 'observable', index: this.keys.indexOf(key) },
      type: this.found.get(key)!.type,
    };
  }

  /** The proposition; call it after `finish`. */
  resolve(tree: PropositionTree): Proposition {
    switch (tree.kind) {
      case 'constant':
        return { kind: 'constant', value: tree.value };
      case 'not':
        return { kind: 'not', operand: this.resolve(tree.operand) };
      case 'compare': {
        const { operand: left, type } = this.observed(tree.left);
        return { kind: 'compare', op: tree.op, left, right: this.operand(tree.right, type) };
      }
      case 'and':
      case 'or':
      case 'implies':
        return { kind: tree.kind, left: this.resolve(tree.left), right: this.resolve(tree.right) };
    }
  }
}
