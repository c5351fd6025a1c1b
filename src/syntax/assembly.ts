/**
 * Parses assembly litmus tests (AArch64, X86_64 and X86) into the tree of asm-tree.ts.
 *
 * Source of the notation: the herd tools' litmus format: an init block, a table with one column for each thread, a
 * condition. Which instructions exist is assemble/assemble.ts's business.
 */
import type { ActionDict, Node } from 'ohm-js';
import { grammar } from '../../grammar/assembly.ohm';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile, Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { explainAssembly } from './asm-failure.js';
import { parseRegister, strangeRegister } from './asm-registers.js';
import { refuseFeatures } from './asm-scope.js';
import type {
  AsmDialect,
  AsmInstruction,
  AsmLine,
  AsmLitmus,
  AsmOperand,
  AsmThread,
  MemoryOperand,
  RegisterOperand,
  ShiftOperand,
} from './asm-tree.js';
import { parseFrame } from './condition.js';
import { type Layout, readLayout } from './layout.js';
import { matchTree } from './match-tree.js';
import { isKeyword } from './print-instruction.js';
import { contextOf, matchSection, nodeSpan, reportAt, type TreeContext, treeOf } from './section.js';
import { checkThreadNames } from './thread-names.js';
import {
  type AddressMistake,
  type AddressTerm,
  bareRegister,
  registerHint,
  x86Address,
} from './x86-memory.js';

const DIALECTS: readonly AsmDialect[] = ['AArch64', 'X86_64', 'X86'];

/** The dialect that a header word names, or null. */
export function asmDialect(word: string): AsmDialect | null {
  return DIALECTS.find((dialect) => dialect === word) ?? null;
}

interface AsmContext extends TreeContext {
  readonly dialect: AsmDialect;
}

interface NamedThread {
  readonly name: string;
  readonly span: Span;
}

interface RowTree {
  readonly cells: readonly (readonly AsmLine[])[];
  readonly span: Span;
}

interface BodyTree {
  readonly header: readonly NamedThread[];
  readonly rows: readonly RowTree[];
}

function asmContext(node: Node): AsmContext {
  return contextOf(node) as AsmContext;
}

function listOf<T>(node: Node, context: TreeContext): T[] {
  return node.asIteration().children.map((child) => treeOf<T>(child, context));
}

function registerNamed(context: AsmContext, text: string, span: Span): RegisterOperand | null {
  const view = parseRegister(context.dialect, text);
  return view === null ? null : { kind: 'register', ...view, span };
}

/** `[base, index or offset, extend]`; in 32-bit x86 `[x]` and `[EAX]`. */
function bracketedMemory(
  context: AsmContext,
  parts: readonly AsmOperand[],
  pre: boolean,
  span: Span,
): MemoryOperand {
  let memory: MemoryOperand = {
    kind: 'memory',
    base: null,
    symbol: null,
    index: null,
    extend: null,
    offset: null,
    mode: pre ? 'pre' : 'offset',
    span,
  };
  for (const part of parts) {
    if (part.kind === 'register' && memory.base === null) memory = { ...memory, base: part };
    else if (part.kind === 'register' && memory.index === null) memory = { ...memory, index: part };
    else if (part.kind === 'immediate' && memory.offset === null) memory = { ...memory, offset: part.value };
    else if (part.kind === 'shift') memory = { ...memory, extend: { op: part.op, amount: part.amount } };
    else if (part.kind === 'word' && isKeyword(part.word) && memory.index !== null)
      memory = { ...memory, extend: { op: part.word.toLowerCase(), amount: null } };
    else if (part.kind === 'word' && context.dialect !== 'AArch64' && parts.length === 1)
      memory = { ...memory, symbol: part.word };
    else
      reportAt(context, part.span, 'bad-address', 'this is not part of an address', {
        hint: addressHint(part, context.dialect),
      });
  }
  return memory;
}

function addressHint(part: AsmOperand, dialect: AsmDialect): string | null {
  if (part.kind !== 'word') return null;
  const strange = dialect === 'AArch64' ? strangeRegister(part.word) : null;
  if (strange !== null) return strange;
  return `put the address of \`${part.word}\` into a register in the init block: \`0:X1=${part.word}\``;
}

/** A post-index access is written as two operands: `[X1],#4`. */
function joinPostIndex(operands: readonly AsmOperand[]): readonly AsmOperand[] {
  const memory = operands.at(-2);
  const offset = operands.at(-1);
  if (memory?.kind !== 'memory' || memory.base === null || offset?.kind !== 'immediate') return operands;
  if (memory.offset !== null || memory.mode !== 'offset') return operands;
  return [...operands.slice(0, -2), { ...memory, offset: offset.value, mode: 'post' }];
}

function reportMistake(context: AsmContext, { span, message, hint }: AddressMistake): void {
  reportAt(context, span, 'bad-address', message, { hint });
}

/** The x86 address whose terms these nodes give. */
function addressOf(node: Node, parts: readonly Node[]): MemoryOperand {
  const context = asmContext(node);
  const terms = parts.flatMap((part) => treeOf<readonly AddressTerm[]>(part, context));
  return x86Address(terms, nodeSpan(context, node), (mistake) => reportMistake(context, mistake));
}

function addressTerm(node: Node, operand: Node, scale?: Node): AddressTerm {
  const context = asmContext(node);
  const written = scale?.children[0];
  return {
    operand: treeOf<AsmOperand>(operand, context),
    scale: written === undefined ? null : treeOf<bigint>(written, context),
    negative: false,
  };
}

/** A prefix on a line of its own belongs to the instruction below. */
function joinPrefixes(lines: readonly AsmLine[]): readonly AsmLine[] {
  const joined: AsmLine[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    const isPrefixed =
      before?.kind === 'instruction' && before.mnemonic === 'lock' && line.kind === 'instruction';
    if (isPrefixed) joined[joined.length - 1] = { ...line, locked: true };
    else joined.push(line);
  }
  return joined;
}

export const actions: ActionDict<unknown> = {
  Body(header, rows) {
    const context = asmContext(this);
    return {
      header: treeOf(header, context),
      rows: rows.children.map((row) => treeOf(row, context)),
    };
  },
  Header(names, _end) {
    const context = asmContext(this);
    return names.asIteration().children.map((name) => ({
      name: name.sourceString,
      span: nodeSpan(context, name),
    }));
  },
  Row(cells, _end) {
    const context = asmContext(this);
    return { cells: listOf(cells, context), span: nodeSpan(context, this) };
  },
  Cell(labels, instruction) {
    const context = asmContext(this);
    return [...labels.children, ...instruction.children].map((line) => treeOf(line, context));
  },
  label(name, _spaces, _colon) {
    return { kind: 'label', name: name.sourceString, span: nodeSpan(asmContext(this), name) };
  },
  Instruction_lock(_lock) {
    const span = nodeSpan(asmContext(this), this);
    return { kind: 'instruction', mnemonic: 'lock', locked: false, operands: [], origin: null, span };
  },
  Instruction_operation(lock, _semicolon, mnemonic, operands) {
    const context = asmContext(this);
    const written = listOf<AsmOperand>(operands, context);
    const instruction: AsmInstruction = {
      kind: 'instruction',
      mnemonic: mnemonic.sourceString.toLowerCase(),
      locked: lock.children.length > 0,
      operands: context.dialect === 'AArch64' ? joinPostIndex(written) : written,
      origin: null,
      span: nodeSpan(context, this),
    };
    return instruction;
  },
  Memory_brackets(_open, parts, _close, writeback) {
    const context = asmContext(this);
    return bracketedMemory(
      context,
      listOf(parts, context),
      writeback.children.length > 0,
      nodeSpan(context, this),
    );
  },
  Memory_sum(_open, first, more, _close) {
    return addressOf(this, [first, ...more.children]);
  },
  Memory_parentheses(displacement, _open, base, index, _close) {
    return addressOf(this, [...displacement.children, base, ...index.children]);
  },
  Memory_index(displacement, _open, index, _close) {
    return addressOf(this, [...displacement.children, index]);
  },
  AddressTerm(operand, _times, scale) {
    return [addressTerm(this, operand, scale)];
  },
  SignedTerm(sign, term) {
    const [only] = treeOf<[AddressTerm]>(term, asmContext(this));
    return [{ ...only, negative: sign.sourceString === '-' }];
  },
  AddressBase(operand) {
    const context = asmContext(this);
    const name = operand.sourceString;
    const mistake = context.dialect === 'X86_64' ? bareRegister(name, nodeSpan(context, operand)) : null;
    if (mistake !== null) reportMistake(context, mistake);
    return [addressTerm(this, operand)];
  },
  ScaledIndex(_comma, index, _second, scale) {
    const context = asmContext(this);
    const [only] = treeOf<[AddressTerm]>(index, context);
    const [written] = scale.children;
    return [{ ...only, scale: written === undefined ? null : treeOf(written, context) }];
  },
  displacement_symbol(symbol, _before, sign, _after, count) {
    const terms = [addressTerm(this, symbol)];
    const [offset] = count.children;
    if (offset === undefined) return terms;
    const negative = sign.children[0]?.sourceString === '-';
    return [...terms, { ...addressTerm(this, offset), negative }];
  },
  displacement_number(number) {
    const context = asmContext(this);
    const value = treeOf<bigint>(number, context);
    const operand = { kind: 'immediate', value, span: nodeSpan(context, number) };
    return [{ operand, scale: null, negative: false }];
  },
  count(digits) {
    return { kind: 'immediate', value: BigInt(digits.sourceString), span: nodeSpan(asmContext(this), this) };
  },
  Shift(op, _hash, amount) {
    const context = asmContext(this);
    const shift: ShiftOperand = {
      kind: 'shift',
      op: op.sourceString.toLowerCase(),
      amount: treeOf<bigint>(amount, context),
      span: nodeSpan(context, this),
    };
    return shift;
  },
  immediate_marked(_mark, _spaces, number) {
    const context = asmContext(this);
    return { kind: 'immediate', value: treeOf(number, context), span: nodeSpan(context, this) };
  },
  immediate_bare(number) {
    const context = asmContext(this);
    return { kind: 'immediate', value: treeOf(number, context), span: nodeSpan(context, this) };
  },
  symbolAddress(_dollar, _spaces, name) {
    return { kind: 'symbol', symbol: name.sourceString, span: nodeSpan(asmContext(this), this) };
  },
  percentRegister(_percent, _spaces, name) {
    const context = asmContext(this);
    const span = nodeSpan(context, this);
    const found = registerNamed(context, name.sourceString, span);
    if (found !== null) return found;
    const text = name.sourceString;
    if (text.toLowerCase() !== 'rip' || context.dialect !== 'X86_64')
      reportAt(context, span, 'unknown-register', `\`${text}\` is not a register of ${context.dialect}`, {
        hint: registerHint(text),
      });
    return { kind: 'word', word: text.toLowerCase() === 'rip' ? 'rip' : text, span };
  },
  relative(_dot, _before, sign, _after, digits) {
    const offset = BigInt(digits.sourceString) * (sign.sourceString === '-' ? -1n : 1n);
    return { kind: 'relative', offset, span: nodeSpan(asmContext(this), this) };
  },
  number(sign, digits) {
    const value = BigInt(digits.sourceString);
    return sign.children.length > 0 ? -value : value;
  },
  bareWord(word, _blanks, _separator) {
    return treeOf(word, asmContext(this));
  },
  word(_first, _rest) {
    const context = asmContext(this);
    const span = nodeSpan(context, this);
    const text = this.sourceString;
    // In AT&T syntax registers carry a percent sign, and a bare name is a symbol or label.
    const found = context.dialect === 'X86_64' ? null : registerNamed(context, text, span);
    if (found !== null) return found;
    return {
      kind: 'word',
      word: context.dialect === 'AArch64' && isKeyword(text) ? text.toLowerCase() : text,
      span,
    };
  },
  _terminal() {
    return this.sourceString;
  },
};

/** Columns of the table to threads. A shorter row leaves the last columns empty, as herd reads it. */
function threadsOf({ header, rows }: BodyTree, diagnostics: Diagnostic[]): AsmThread[] {
  for (const { cells, span } of rows)
    if (cells.length > header.length)
      diagnostics.push(
        errorAt(
          span,
          'too-many-columns',
          `this row has ${cells.length} columns, the test ${header.length} threads`,
        ),
      );
  const threads = header.map(({ name, span }, column) => ({
    name,
    nameSpan: span,
    lines: joinPrefixes(rows.flatMap(({ cells }) => cells[column] ?? [])),
  }));
  checkThreadNames(threads, diagnostics);
  return threads;
}

/** The assembly test that a layout holds. */
export function parseAssemblyLayout(layout: Layout): Checked<AsmLitmus> {
  const dialect = asmDialect(layout.dialect);
  const diagnostics: Diagnostic[] = [];
  if (dialect === null) {
    const hint = didYouMean(layout.dialect, DIALECTS);
    diagnostics.push(
      errorAt(layout.dialectSpan, 'unknown-dialect', `\`${layout.dialect}\` is not an assembly dialect`, {
        hint,
      }),
    );
    return { value: null, diagnostics };
  }
  const refused = refuseFeatures(layout);
  if (refused !== null) return { value: null, diagnostics: [refused] };
  const frame = parseFrame(layout, diagnostics);
  const { source, text, body: range } = layout;
  const task = {
    grammar,
    rule: 'Body',
    source,
    text,
    range,
    what: 'the code',
    explainers: [explainAssembly],
  };
  const threads = matchSection(task, diagnostics, (result, context) => {
    const asmContext: AsmContext = { ...context, dialect };
    const body = treeOf<BodyTree>(matchTree(result, actions), asmContext);
    return threadsOf(body, diagnostics);
  });
  if (frame === null || threads === null) return { value: null, diagnostics };
  return checked({ ...frame, dialect, threads }, diagnostics);
}

/** The assembly test in a file. */
export function parseAssembly(source: SourceFile): Checked<AsmLitmus> {
  const layout = readLayout(source);
  return layout.value === null
    ? { value: null, diagnostics: layout.diagnostics }
    : parseAssemblyLayout(layout.value);
}
