/**
 * Where control goes that does not go on: `break`, `continue`, `goto`, `return`, and the guards that are released on the way.
 *
 * Part of the lowering of one function body. A jump to a target releases the guards that the target's place does not have, the
 * last one first; a jump into the scope of a guard is an error, as the compilers say it is (C11 has no such scopes; GCC's cleanup
 * attribute does).
 */
import { statementsOf } from '../syntax/c-children.js';
import type { CStatement } from '../syntax/c-tree.js';
import { type Diagnostic, errorAt, invariant } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type { CodeBuilder, Label } from './code-builder.js';

type GuardTree = CStatement & { kind: 'guard' };
type Labelled = CStatement & { kind: 'label' | 'case' };

/** A guard that is held, and what emits its release. */
interface Held {
  readonly tree: GuardTree;
  readonly release: () => void;
}

export interface Target {
  readonly label: Label;
  /** How many guards are held there. */
  readonly held: number;
}

interface Named extends Target {
  readonly tree: CStatement & { kind: 'label' };
}

export class Exits {
  private readonly held: Held[] = [];
  private readonly labels = new Map<string, Named>();
  /** The guards whose scopes a label or a case is in. */
  private readonly scopes = new Map<Labelled, readonly GuardTree[]>();
  private readonly end: Target;

  constructor(
    private readonly code: CodeBuilder,
    private readonly report: (diagnostic: Diagnostic) => void,
    body: readonly CStatement[],
  ) {
    this.end = this.here();
    this.scan(body, []);
  }

  /** A target where the guards are held that are held now. */
  here(): Target {
    return { label: this.code.newLabel(), held: this.held.length };
  }

  /** Notes the labels of a list of statements; a guard among them is held from there on. */
  private scan(statements: readonly CStatement[], outer: readonly GuardTree[]): void {
    let guards = outer;
    for (const statement of statements) guards = this.scanOne(statement, guards);
  }

  private scanOne(tree: CStatement, guards: readonly GuardTree[]): readonly GuardTree[] {
    if (tree.kind === 'guard') {
      if (tree.body === null) return [...guards, tree];
      this.scan([tree.body], [...guards, tree]);
    } else if (tree.kind === 'label' || tree.kind === 'case') {
      this.scopes.set(tree, guards);
      if (tree.kind === 'label') this.nameLabel(tree, guards);
      if (tree.statement !== null) return this.scanOne(tree.statement, guards);
    } else if (tree.kind === 'block') this.scan(tree.statements, guards);
    else for (const part of statementsOf(tree)) this.scan([part], guards);
    return guards;
  }

  private nameLabel(tree: CStatement & { kind: 'label' }, guards: readonly GuardTree[]): void {
    const other = this.labels.get(tree.name);
    const notes = [{ message: 'the other one is here', span: other?.tree.nameSpan ?? null }];
    if (other !== undefined)
      this.report(errorAt(tree.nameSpan, 'redeclared', `two labels are named \`${tree.name}\``, { notes }));
    else this.labels.set(tree.name, { tree, label: this.code.newLabel(), held: guards.length });
  }

  /** Marks where a label stands. */
  mark(tree: CStatement & { kind: 'label' }): void {
    const named = this.labels.get(tree.name);
    if (named?.tree === tree) this.code.mark(named.label);
  }

  hold(tree: GuardTree, release: () => void): void {
    this.held.push({ tree, release });
  }

  get count(): number {
    return this.held.length;
  }

  /** Ends the scopes of the guards but for the first `count`: what falls through releases them. */
  releaseTo(count: number): void {
    while (this.held.length > count) this.held.pop()!.release();
  }

  /** Whether a jump has nothing to release. */
  isDirect({ held }: Target): boolean {
    return held === this.held.length;
  }

  jump({ label, held }: Target): void {
    for (let i = this.held.length - 1; i >= held; i--) this.held[i]!.release();
    this.code.jump(label);
  }

  /** The end of the body, after all of its guards. */
  get exit(): Target {
    return this.end;
  }

  /** Where `goto` leads; null after a report. */
  named({ label: name, labelSpan }: CStatement & { kind: 'goto' }): Target | null {
    const target = this.labels.get(name);
    if (target === undefined) {
      const hint = didYouMean(name, this.labels.keys());
      this.report(
        errorAt(labelSpan, 'unknown-label', `there is no label \`${name}\` in this function`, { hint }),
      );
      return null;
    }
    return this.entersGuard(target.tree, labelSpan) ? null : target;
  }

  /** Where `goto` leads if it releases nothing and enters no guard; else null, without a report. */
  direct({ label }: CStatement & { kind: 'goto' }): Target | null {
    const target = this.labels.get(label);
    if (target === undefined || !this.isDirect(target)) return null;
    return this.entered(target.tree) === undefined ? target : null;
  }

  private entered(tree: Labelled): GuardTree | undefined {
    const scopes = this.scopes.get(tree);
    invariant(scopes !== undefined, 'labels are found before they are lowered');
    return scopes.find((guard, i) => this.held[i]?.tree !== guard);
  }

  /** Whether what jumps to `tree` from here would enter the scope of a guard; reported at `span`. */
  entersGuard(tree: Labelled, span: Span): boolean {
    const entered = this.entered(tree);
    if (entered === undefined) return false;
    const notes = [{ message: 'the guard is here', span: entered.classSpan }];
    this.report(errorAt(span, 'jump-into-guard', 'this jumps into the scope of a guard', { notes }));
    return true;
  }
}
