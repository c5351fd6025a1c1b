/**
 * What the names of a sketch stand for: registers of a thread, shared cells, locks, structs, and objects that are only pointed to.
 *
 * A sketch declares nothing, so a name is what it is used as: a register if something is read into it or it is assigned in C, a cell if
 * it is the place of `[R]`, `[W]` or `[RMW]`, a lock after LOCK, a struct before `->`.
 */
import { expressionsOf, partsOf, statementsOf } from '../syntax/c-children.js';
import type { CExpression, CStatement } from '../syntax/c-tree.js';
import type { InitTree, PropositionTree, TypeTree } from '../syntax/condition-tree.js';
import type { SketchLitmus, SketchStatement, SketchThread } from '../syntax/sketch-tree.js';
import type { Span } from '../text/source.js';
import { kernelConstants, structWithFields } from './kernel-names.js';

export type SharedName = 'cell' | 'lock' | 'struct' | 'target';

/** Calls `visit` for each name in an expression, with the role that its place in the expression gives it. */
export function visitNames(
  tree: CExpression,
  visit: (
    tree: CExpression & { kind: 'name' },
    role: 'value' | 'base' | 'assigned',
    field: string | null,
  ) => void,
): void {
  switch (tree.kind) {
    case 'name':
      visit(tree, 'value', null);
      return;
    case 'field':
      if (tree.object.kind === 'name') visit(tree.object, 'base', tree.field);
      else visitNames(tree.object, visit);
      return;
    case 'assign':
    case 'step':
      if (tree.target.kind === 'name') visit(tree.target, 'assigned', null);
      else visitNames(tree.target, visit);
      if (tree.kind === 'assign') visitNames(tree.value, visit);
      return;
    default:
      for (const part of partsOf(tree)) visitNames(part, visit);
  }
}

/** The expressions of a C statement, and the names that it declares. */
export function visitStatement(
  tree: CStatement,
  onExpression: (tree: CExpression) => void,
  onDeclaration: (name: string, span: Span) => void,
): void {
  if (tree.kind === 'declaration')
    for (const { name, nameSpan } of tree.declarators) onDeclaration(name, nameSpan);
  for (const part of expressionsOf(tree)) onExpression(part);
  for (const part of statementsOf(tree)) visitStatement(part, onExpression, onDeclaration);
}

/** Names of the whole sketch. */
export class SketchNames {
  readonly shared = new Map<string, SharedName>();
  /** By thread: registers without a declaration of their own, with the place of their first assignment. */
  readonly registers: Map<string, Span>[];
  /** By thread: registers that a C statement declares. */
  readonly declared: Set<string>[];
  private readonly fields = new Map<string, Set<string>>();
  private readonly types = new Map<string, TypeTree>();

  constructor(sketch: SketchLitmus) {
    this.registers = sketch.threads.map(() => new Map());
    this.declared = sketch.threads.map(() => new Set());
    for (const entry of sketch.init) this.readInit(entry);
    for (const thread of sketch.threads)
      for (const statement of thread.statements) this.readPlaces(statement);
    if (sketch.condition !== null) this.readCondition(sketch.condition.proposition);
    if (sketch.filter !== null) this.readCondition(sketch.filter);
    sketch.threads.forEach((thread, i) => {
      this.readThread(thread, i);
    });
  }

  /** What a name means in a thread; null: nothing known. */
  meaning(name: string, thread: number): 'register' | SharedName | null {
    if (this.registers[thread]!.has(name) || this.declared[thread]!.has(name)) return 'register';
    return this.shared.get(name) ?? null;
  }

  /** The type that a thread's parameter of this name points to. */
  typeOf(name: string, span: Span): TypeTree {
    const declared = this.types.get(name);
    if (declared !== undefined) return { ...declared, pointers: declared.pointers + 1, span };
    const base = { pointers: 1, array: null, span };
    const kind = this.shared.get(name);
    if (kind === 'cell') return { ...base, words: ['int'], struct: null };
    if (kind === 'lock') return { ...base, words: ['spinlock_t'], struct: null };
    return { ...base, words: [], struct: structWithFields([...(this.fields.get(name) ?? [])]) ?? `${name}` };
  }

  private note(name: string, as: SharedName): void {
    const before = this.shared.get(name);
    if (before === undefined || before === 'target') this.shared.set(name, as);
  }

  private noteField(name: string, field: string | null): void {
    this.note(name, 'struct');
    const fields = this.fields.get(name) ?? new Set();
    if (field !== null) fields.add(field);
    this.fields.set(name, fields);
  }

  private readInit({ target, type, value }: InitTree): void {
    if (target.kind === 'place') {
      const name = target.root ?? '';
      const step = target.path[0];
      if (step?.kind === 'field') this.noteField(name, step.name);
      else if (type?.struct != null) this.noteField(name, null);
      else this.note(name, type?.words.some((word) => word.endsWith('spinlock_t')) ? 'lock' : 'cell');
      if (type !== null && target.path.length === 0) this.types.set(name, type);
    }
    if (value?.kind === 'address' || value?.kind === 'place') {
      const place = value.kind === 'address' ? value.place : value;
      if (!kernelConstants.has(place.root ?? '')) this.note(place.root ?? '', 'target');
    }
  }

  private readCondition(tree: PropositionTree): void {
    if (tree.kind === 'constant') return;
    if (tree.kind === 'not') this.readCondition(tree.operand);
    else if (tree.kind !== 'compare') {
      this.readCondition(tree.left);
      this.readCondition(tree.right);
    } else if (tree.right.kind === 'address') this.note(tree.right.place.root ?? '', 'target');
  }

  /** What the marks say about names. */
  private readPlaces(tree: SketchStatement): void {
    if (tree.kind === 'if') this.readPlaces(tree.then);
    else if (tree.kind === 'lock' && tree.lock?.kind === 'name') this.note(tree.lock.name, 'lock');
    else if ('place' in tree && tree.place.kind === 'name') this.note(tree.place.name, 'cell');
    else if ('place' in tree && tree.place.kind === 'unary' && tree.place.operand.kind === 'name')
      this.note(tree.place.operand.name, 'cell');
  }

  private readThread(thread: SketchThread, index: number): void {
    const registers = this.registers[index]!;
    const declared = this.declared[index]!;
    const expression = (tree: CExpression): void =>
      visitNames(tree, ({ name, span }, role, field) => {
        if (role === 'base') {
          if (!registers.has(name) && !declared.has(name)) this.noteField(name, field);
        } else if (
          role === 'assigned' &&
          !this.shared.has(name) &&
          !declared.has(name) &&
          !registers.has(name)
        )
          registers.set(name, span);
      });
    const statement = (tree: SketchStatement): void => {
      if (tree.kind === 'c') visitStatement(tree.statement, expression, (name) => declared.add(name));
      else if (tree.kind === 'if') {
        expression(tree.condition);
        statement(tree.then);
      } else if (tree.kind === 'lock') {
        if (tree.lock !== null) expression(tree.lock);
      } else if (tree.kind !== 'fence') {
        expression(tree.place);
        if (tree.kind !== 'read') expression(tree.value);
        if (tree.kind === 'write') return;
        const { result } = tree;
        if (result !== null && !declared.has(result.name) && !registers.has(result.name))
          registers.set(result.name, result.span);
      }
    };
    for (const tree of thread.statements) statement(tree);
  }
}
