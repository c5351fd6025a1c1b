/**
 * Lowers the statements of one function body, a thread's or an inlined helper's, to flat code: control flow becomes branches; loops jump
 * backwards and are bounded when unfolded.
 */

import type { SourceRef } from '../program/ir.js';
import type { CDeclarator, CExpression, CStatement } from '../syntax/c-tree.js';
import { assertNever, type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { joinSpans, type Span } from '../text/source.js';
import { assignLocal } from './c-assignments.js';
import { Exits, type Target } from './c-exits.js';
import { guardText, takeGuard } from './c-guards.js';
import { sourceOf } from './c-source.js';
import { type CaseTree, lowerCases } from './c-switch.js';
import { type CType, cError, showType, storageOf, typeFromTree } from './c-type.js';
import type { Typed } from './c-values.js';
import type { CodeBuilder, Label } from './code-builder.js';
import type { Evaluator } from './evaluator.js';
import type { Local } from './locals.js';

/** Where `break` and `continue` lead. */
interface Around {
  readonly kind: 'loop' | 'switch' | 'guard';
  readonly end: Target;
  /** Null: of a switch, which `continue` leaves for the loop around it. */
  readonly next: Target | null;
}

/** The helper function whose body is lowered. */
export interface Helper {
  readonly name: string;
  readonly returns: CType;
  /** Takes what it returns; null: nothing does. */
  readonly result: Local | null;
}

export class StatementLowering {
  private readonly exits: Exits;
  private readonly around: Around[] = [];
  private cases: ReadonlyMap<CStatement, Label> = new Map();

  constructor(
    private readonly evaluator: Evaluator,
    private readonly code: CodeBuilder,
    private readonly report: (diagnostic: Diagnostic) => void,
    private readonly statements: readonly CStatement[],
    /** Null: of a thread. */
    private readonly helper: Helper | null = null,
  ) {
    this.exits = new Exits(code, report, statements);
  }

  /** The whole body. Returns the index in the code that is reached where control falls off its end. */
  body(): number {
    this.list(this.statements);
    const fallsOff = this.code.length;
    this.code.jump(this.exits.exit.label);
    this.code.mark(this.exits.exit.label);
    return fallsOff;
  }

  private block(statements: readonly CStatement[]): void {
    this.evaluator.locals.enter();
    this.list(statements);
    this.evaluator.locals.leave();
  }

  /** Statements of one scope, whose guards end with it. */
  private list(statements: readonly CStatement[]): void {
    const { count } = this.exits;
    for (const statement of statements) this.statement(statement);
    this.exits.releaseTo(count);
  }

  /** The source of a statement; in a helper function, with its name. */
  private source(span: Span, text: string | null = null): SourceRef {
    const source = sourceOf(span);
    const shown = text ?? source.text;
    return { ...source, text: this.helper === null ? shown : `${shown} in ${this.helper.name}()` };
  }

  private statement(tree: CStatement): void {
    this.code.source = this.source(tree.span);
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
      case 'switch':
        this.switchStatement(tree);
        return;
      case 'block':
        this.block(tree.statements);
        return;
      case 'return':
        this.returnStatement(tree);
        return;
      case 'break':
      case 'continue': {
        const target = this.leaveTarget(tree.kind, tree.span);
        if (target !== null) this.exits.jump(target);
        return;
      }
      case 'goto': {
        const target = this.exits.named(tree);
        if (target !== null) this.exits.jump(target);
        return;
      }
      case 'label':
        this.exits.mark(tree);
        if (tree.statement !== null) this.statement(tree.statement);
        return;
      case 'case':
        this.caseStatement(tree);
        return;
      case 'guard':
        this.guardStatement(tree);
        return;
      case 'empty':
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
    // C would let the initialiser see the new variable, which is never what is meant.
    const local = evaluator.locals.declare(name, type, nameSpan);
    if (!code.isDeclared(local.name)) code.declare(local.name, storageOf(type), 0);
    if (initialiser === null) return;
    code.source = this.source(joinSpans(nameSpan, initialiser.span));
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
    return this.source(condition.span, `${word} (${sourceOf(condition.span).text})`);
  }

  private ifStatement(tree: CStatement & { kind: 'if' }): void {
    const { code, evaluator } = this;
    code.source = this.header('if', tree.condition);
    const direct = tree.otherwise === null ? this.directTarget(tree.then) : null;
    if (direct !== null && this.exits.isDirect(direct)) {
      evaluator.jumpIf(tree.condition, true, direct.label);
      return;
    }
    const other = code.newLabel();
    const end = tree.otherwise === null ? other : code.newLabel();
    evaluator.jumpIf(tree.condition, false, other, end);
    this.block([tree.then]);
    if (tree.otherwise === null) {
      code.mark(other);
      return;
    }
    code.jump(end);
    code.mark(other);
    this.block([tree.otherwise]);
    code.mark(end);
  }

  /** Where a statement that does nothing but leave goes. */
  private directTarget(tree: CStatement): Target | null {
    switch (tree.kind) {
      case 'block':
        return tree.statements.length === 1 ? this.directTarget(tree.statements[0]!) : null;
      case 'return':
        return tree.value === null && this.givesNothing ? this.exits.exit : null;
      case 'break':
        return this.around.at(-1)?.kind === 'guard' ? null : (this.around.at(-1)?.end ?? null);
      case 'continue':
        return this.around.at(-1)?.next ?? null;
      case 'goto':
        return this.exits.direct(tree);
      default:
        return null;
    }
  }

  private get givesNothing(): boolean {
    return this.helper === null || this.helper.result === null;
  }

  private returnStatement({ value: tree, span }: CStatement & { kind: 'return' }): void {
    const { evaluator, helper } = this;
    const result = helper?.result ?? null;
    if (helper !== null) this.checkReturn(helper, tree, span);
    if (tree !== null && result !== null) this.initialise(result, evaluator.value(tree, result), tree);
    else if (tree !== null) evaluator.value(tree, 'nothing');
    else if (result !== null) evaluator.locals.noteAssigned(result, this.code.length);
    this.exits.jump(this.exits.exit);
  }

  private checkReturn({ name, returns }: Helper, value: CExpression | null, span: Span): void {
    if (returns.kind === 'error' || (returns.kind === 'void') === (value === null)) return;
    const what = value === null ? 'this returns nothing' : 'this returns a value';
    this.report(errorAt(span, 'return-type', `\`${name}\` returns ${showType(returns)}, but ${what}`));
  }

  /** What `break` and `continue` leave for; null after a report. */
  private leaveTarget(word: 'break' | 'continue', span: Span): Target | null {
    const { around } = this;
    const found = word === 'break' ? around.at(-1) : around.findLast(({ next }) => next !== null);
    const target = word === 'break' ? found?.end : found?.next;
    if (found === undefined || target === undefined || target === null) {
      const what = word === 'break' ? 'a loop or a switch' : 'a loop';
      this.report(errorAt(span, 'outside-loop', `\`${word}\` outside of ${what}`));
      return null;
    }
    if (found.kind === 'guard' && around.length > 1) {
      const message = `\`${word}\` leaves only the scoped_guard around it, which is a loop of its own`;
      this.report(warningAt(span, 'break-of-guard', message));
    }
    return target;
  }

  private within(around: Around, body: CStatement): void {
    this.around.push(around);
    this.block([body]);
    this.around.pop();
  }

  private switchStatement(tree: CStatement & { kind: 'switch' }): void {
    const { code, evaluator, exits } = this;
    const outer = this.cases;
    const end = exits.here();
    code.source = this.header('switch', tree.value);
    this.cases = lowerCases(evaluator, tree, end.label, (part) => exits.entersGuard(part, part.head));
    this.within({ kind: 'switch', end, next: null }, tree.body);
    code.mark(end.label);
    this.cases = outer;
  }

  private caseStatement(tree: CaseTree): void {
    const label = this.cases.get(tree);
    if (label === undefined) {
      const word = tree.value === null ? 'default' : 'case';
      this.report(errorAt(tree.head, 'outside-switch', `\`${word}\` outside of a switch`));
    } else this.code.mark(label);
    if (tree.statement !== null) this.statement(tree.statement);
  }

  private guardStatement(tree: CStatement & { kind: 'guard' }): void {
    const { evaluator, exits, code } = this;
    const { body } = tree;
    const sourceFor = (text: string): SourceRef => this.source(tree.span, text);
    if (body === null) {
      const release = takeGuard(evaluator, tree, sourceFor);
      exits.hold(tree, release ?? (() => {}));
      return;
    }
    // The kernel's scoped_guard is a loop that runs once: `break` and `continue` in it leave it, and release it.
    const end = exits.here();
    evaluator.locals.enter();
    const release = takeGuard(evaluator, tree, sourceFor);
    const { count } = exits;
    exits.hold(tree, release ?? (() => {}));
    this.within({ kind: 'guard', end, next: end }, body);
    code.source = sourceFor(guardText(tree));
    exits.releaseTo(count);
    evaluator.locals.leave();
    code.mark(end.label);
  }

  private whileStatement({ condition, body }: CStatement & { kind: 'while' }): void {
    const { code, evaluator, exits } = this;
    const [end, next] = [exits.here(), exits.here()];
    code.mark(next.label);
    const source = this.header('while', condition);
    code.source = source;
    evaluator.jumpIf(condition, false, end.label);
    this.within({ kind: 'loop', end, next }, body);
    code.source = source;
    code.jump(next.label);
    code.mark(end.label);
  }

  private doStatement({ condition, body }: CStatement & { kind: 'do' }): void {
    const { code, evaluator, exits } = this;
    const [end, next] = [exits.here(), exits.here()];
    const start = code.newLabel();
    code.mark(start);
    this.within({ kind: 'loop', end, next }, body);
    code.mark(next.label);
    code.source = this.header('while', condition);
    evaluator.jumpIf(condition, true, start);
    code.mark(end.label);
  }

  private forStatement({ init, condition, step, body }: CStatement & { kind: 'for' }): void {
    const { code, evaluator, exits } = this;
    const [end, next] = [exits.here(), exits.here()];
    const start = code.newLabel();
    evaluator.locals.enter();
    if (init !== null) this.statement(init);
    code.mark(start);
    if (condition !== null) {
      code.source = this.header('for', condition);
      evaluator.jumpIf(condition, false, end.label);
    }
    this.within({ kind: 'loop', end, next }, body);
    code.mark(next.label);
    if (step !== null) {
      code.source = this.source(step.span);
      evaluator.value(step, 'nothing');
    }
    code.jump(start);
    code.mark(end.label);
    evaluator.locals.leave();
  }
}
