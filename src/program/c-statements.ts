/** Lowers C statements to flat code: control flow becomes branches; loops jump backwards and are bounded when unfolded. */
import type { CDeclarator, CExpression, CStatement } from '../syntax/c-tree.js';
import { assertNever, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { joinSpans, type Span, spanText } from '../text/source.js';
import { assignLocal } from './c-assignments.js';
import { type CType, cError, showType, storageOf, typeFromTree } from './c-type.js';
import type { Typed } from './c-values.js';
import type { CodeBuilder, Label } from './code-builder.js';
import type { Evaluator } from './evaluator.js';
import type { SourceRef } from './ir.js';
import type { Local } from './locals.js';

interface Loop {
  readonly end: Label;
  readonly next: Label;
}

/** A statement as people should read it in a graph: one line, no comments, no semicolon. */
export function sourceOf(span: Span, suffix = ''): SourceRef {
  const text = spanText(span)
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/[\s;]+$/, '');
  return { text: `${text}${suffix}`.trim(), span, primitive: null, instruction: null };
}

export class StatementLowering {
  private readonly end: Label;
  private readonly loops: Loop[] = [];

  constructor(
    private readonly evaluator: Evaluator,
    private readonly code: CodeBuilder,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {
    this.end = code.newLabel();
  }

  /** A thread's whole body. */
  body(statements: readonly CStatement[]): void {
    for (const statement of statements) this.statement(statement);
    this.code.mark(this.end);
  }

  private block(statements: readonly CStatement[]): void {
    this.evaluator.locals.enter();
    for (const statement of statements) this.statement(statement);
    this.evaluator.locals.leave();
  }

  private statement(tree: CStatement): void {
    this.code.source = sourceOf(tree.span);
    switch (tree.kind) {
      case 'declaration':
        for (const declarator of tree.declarators) this.declaration(declarator);
        return;
      case 'expression':
        this.evaluator.value(tree.expression, 'nothing');
        return;
      case 'if':
        this.ifStatement(tree);
        return;
      case 'while':
        this.whileStatement(tree);
        return;
      case 'do':
        this.doStatement(tree);
        return;
      case 'for':
        this.forStatement(tree);
        return;
      case 'block':
        this.block(tree.statements);
        return;
      case 'return':
        if (tree.value !== null) this.evaluator.value(tree.value, 'nothing');
        this.code.jump(this.end);
        return;
      case 'break':
      case 'continue':
        this.leaveLoop(tree);
        return;
      case 'empty':
        return;
      case 'goto':
      case 'label':
      case 'switch':
      case 'case':
      case 'guard':
        this.report(errorAt(tree.span, 'unsupported-statement', `\`${tree.kind}\` is not supported yet`));
        return;
      case 'unsupported':
        this.report(errorAt(tree.span, 'unsupported-statement', `${tree.what} is not supported`));
        return;
      default:
        assertNever(tree);
    }
  }

  private declaration({ name, nameSpan, type: tree, initialiser }: CDeclarator): void {
    const { evaluator, code } = this;
    const type = this.localType(typeFromTree(tree, this.report), nameSpan);
    const isNew = !evaluator.locals.all.has(name);
    // C would let the initialiser see the new variable, which is never what is meant.
    const local = evaluator.locals.declare(name, type, nameSpan);
    if (isNew) code.declare(name, storageOf(type), 0);
    if (initialiser === null) return;
    code.source = sourceOf(joinSpans(nameSpan, initialiser.span));
    evaluator.locals.initialising = local;
    const value = evaluator.value(initialiser, local);
    evaluator.locals.initialising = null;
    this.initialise(local, value, initialiser);
  }

  private initialise(local: Local, value: Typed, tree: CExpression): void {
    if (value.type.kind === 'error') {
      this.evaluator.locals.noteAssigned(local, this.code.length);
      return;
    }
    const fitted =
      local.type.kind === 'auto' ? value : this.evaluator.conversions.fit(value, local.type, tree);
    if (fitted.type.kind === 'error') this.evaluator.locals.noteAssigned(local, this.code.length);
    else assignLocal(this.evaluator, local, fitted);
  }

  private localType(type: CType, span: Span): CType {
    if (type.kind === 'int' || type.kind === 'pointer' || type.kind === 'auto' || type.kind === 'error')
      return type;
    const hint =
      type.kind === 'void' || type.kind === 'array' ? null : 'shared objects are parameters of the threads';
    this.report(errorAt(span, 'local-type', `a local cannot be ${showType(type)}`, { hint }));
    return cError;
  }

  /** The source of what a condition does: the statement up to its condition. */
  private header(word: string, condition: CExpression): SourceRef {
    const { text } = sourceOf(condition.span);
    return { ...sourceOf(condition.span), text: `${word} (${text})` };
  }

  private ifStatement(tree: CStatement & { kind: 'if' }): void {
    const { code, evaluator } = this;
    code.source = this.header('if', tree.condition);
    const direct = tree.otherwise === null ? this.jumpTarget(tree.then) : null;
    if (direct !== null) {
      evaluator.jumpIf(tree.condition, true, direct);
      return;
    }
    const other = code.newLabel();
    evaluator.jumpIf(tree.condition, false, other);
    this.block([tree.then]);
    if (tree.otherwise === null) {
      code.mark(other);
      return;
    }
    const end = code.newLabel();
    code.jump(end);
    code.mark(other);
    this.block([tree.otherwise]);
    code.mark(end);
  }

  /** Where a statement that does nothing but leave goes. */
  private jumpTarget(tree: CStatement): Label | null {
    switch (tree.kind) {
      case 'block':
        return tree.statements.length === 1 ? this.jumpTarget(tree.statements[0]!) : null;
      case 'return':
        return tree.value === null ? this.end : null;
      case 'break':
        return this.loops.at(-1)?.end ?? null;
      case 'continue':
        return this.loops.at(-1)?.next ?? null;
      default:
        return null;
    }
  }

  private whileStatement({ condition, body }: CStatement & { kind: 'while' }): void {
    const { code, evaluator } = this;
    const loop: Loop = { end: code.newLabel(), next: code.newLabel() };
    code.mark(loop.next);
    const source = this.header('while', condition);
    code.source = source;
    evaluator.jumpIf(condition, false, loop.end);
    this.loopBody(loop, body);
    code.source = source;
    code.jump(loop.next);
    code.mark(loop.end);
  }

  private doStatement({ condition, body }: CStatement & { kind: 'do' }): void {
    const { code, evaluator } = this;
    const loop: Loop = { end: code.newLabel(), next: code.newLabel() };
    const start = code.newLabel();
    code.mark(start);
    this.loopBody(loop, body);
    code.mark(loop.next);
    code.source = this.header('while', condition);
    evaluator.jumpIf(condition, true, start);
    code.mark(loop.end);
  }

  private forStatement({ init, condition, step, body }: CStatement & { kind: 'for' }): void {
    const { code, evaluator } = this;
    const loop: Loop = { end: code.newLabel(), next: code.newLabel() };
    const start = code.newLabel();
    evaluator.locals.enter();
    if (init !== null) this.statement(init);
    code.mark(start);
    if (condition !== null) {
      code.source = this.header('for', condition);
      evaluator.jumpIf(condition, false, loop.end);
    }
    this.loopBody(loop, body);
    code.mark(loop.next);
    if (step !== null) {
      code.source = sourceOf(step.span);
      evaluator.value(step, 'nothing');
    }
    code.jump(start);
    code.mark(loop.end);
    evaluator.locals.leave();
  }

  private loopBody(loop: Loop, body: CStatement): void {
    this.loops.push(loop);
    this.block([body]);
    this.loops.pop();
  }

  private leaveLoop(tree: CStatement): void {
    const loop = this.loops.at(-1);
    if (loop === undefined)
      this.report(errorAt(tree.span, 'outside-loop', `\`${tree.kind}\` outside of a loop`));
    else this.code.jump(tree.kind === 'break' ? loop.end : loop.next);
  }
}
