/**
 * Parses assembly litmus tests (AArch64, X86_64 and X86) into the tree of asm-tree.ts.
 *
 * Source of the notation: the herd tools' litmus format: an init block, a table with one column for each thread, a
 * condition. Which instructions exist is program/assemble.ts's business.
 */
import type { Node } from 'ohm-js';
import { grammar } from '../../grammar/assembly.ohm';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile, Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { parseRegister } from './asm-registers.js';
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
import { isKeyword } from './print-instruction.js';
import { contextOf, matchSection, nodeSpan, reportAt, type TreeContext } from './section.js';
import { checkThreadNames } from './thread-names.js';

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

const semantics = grammar.createSemantics();

function asmContext(node: Node): AsmContext {
  return contextOf(node) as AsmContext;
}

function treeOf<T>(node: Node, context: TreeContext): T {
  return (node as unknown as { tree(context: TreeContext): T }).tree(context);
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
    else if (part.kind === 'word' && context.dialect === 'X86' && parts.length === 1)
      memory = { ...memory, symbol: part.word };
    else
      reportAt(context, part.span, 'bad-address', 'this is not part of an address', {
        hint: addressHint(part),
      });
  }
  return memory;
}

function addressHint(part: AsmOperand): string | null {
  if (part.kind !== 'word') return null;
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

semantics.addOperation<unknown>('tree(context)', {
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
  Instruction(lock, mnemonic, operands) {
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
  Memory_parentheses(offset, _open, inner, _close) {
    const context = asmContext(this);
    const operand = treeOf<AsmOperand>(inner, context);
    const base = operand.kind === 'register' ? operand : null;
    const memory: MemoryOperand = {
      kind: 'memory',
      base,
      symbol: base === null ? inner.sourceString : null,
      index: null,
      extend: null,
      offset: offset.children[0] === undefined ? null : BigInt(treeOf<bigint>(offset.children[0], context)),
      mode: 'offset',
      span: nodeSpan(context, this),
    };
    return memory;
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
    reportAt(
      context,
      span,
      'unknown-register',
      `\`${name.sourceString}\` is not a register of ${context.dialect}`,
    );
    return { kind: 'word', word: name.sourceString, span };
  },
  relative(_dot, _before, sign, _after, digits) {
    const offset = BigInt(digits.sourceString) * (sign.sourceString === '-' ? -1n : 1n);
    return { kind: 'relative', offset, span: nodeSpan(asmContext(this), this) };
  },
  number(sign, digits) {
    const value = BigInt(digits.sourceString);
    return sign.children.length > 0 ? -value : value;
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
});

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
    lines: rows.flatMap(({ cells }) => cells[column] ?? []),
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
  const frame = parseFrame(layout, diagnostics);
  const { source, text, body: range } = layout;
  const task = { grammar, rule: 'Body', source, text, range, what: 'the code', explainers: [] };
  const threads = matchSection(task, diagnostics, (result, context) => {
    const body = treeOf<BodyTree>(
      semantics(result) as unknown as Node,
      { ...context, dialect } as AsmContext,
    );
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
