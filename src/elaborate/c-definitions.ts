/**
 * What a kernel-C test defines beside its threads: gives enumerators their values, expands macros and enumerators everywhere, and
 * keeps the helper functions for the threads that call them.
 *
 * First pass of the elaboration. A test without definitions is left as it is.
 */
import type { CEnum, CFunction, CLitmus, CMacro } from '../syntax/c-tree.js';
import type { ConditionOperand, InitTree, InitValue, PropositionTree } from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { type Span, spanText } from '../text/source.js';
import { Expander } from './c-expand.js';
import { evaluateConstant } from './constant-expression.js';
import type { PrimitiveTable } from './primitive-table.js';

type Report = (diagnostic: Diagnostic) => void;

export interface Defined {
  /** The test without macros and enumerators. */
  readonly tree: CLitmus;
  readonly functions: ReadonlyMap<string, CFunction>;
  /** Adds to a diagnostic where the macros are defined that its place uses. */
  readonly withNotes: (diagnostic: Diagnostic) => Diagnostic;
}

class Definitions {
  readonly macros = new Map<string, CMacro>();
  readonly enumerators = new Map<string, bigint>();
  readonly enums = new Map<string, readonly string[]>();
  readonly functions = new Map<string, CFunction>();
  private readonly places = new Map<string, Span>();
  private readonly expander: Expander;

  constructor(
    private readonly tree: CLitmus,
    private readonly primitives: PrimitiveTable,
    private readonly report: Report,
  ) {
    this.expander = new Expander(this, (diagnostic) => report(this.withNotes(diagnostic)));
  }

  readonly withNotes = (diagnostic: Diagnostic): Diagnostic => this.expander.withNotes(diagnostic);

  read(): Defined {
    const { definitions } = this.tree;
    for (const tree of definitions) if (tree.kind === 'macro') this.macro(tree);
    for (const tree of definitions) if (tree.kind === 'enum') this.enumeration(tree);
    for (const tree of definitions) if (tree.kind === 'function') this.helper(tree);
    for (const tree of definitions) if (tree.kind === 'include') this.include(tree.span);
    return { tree: this.expanded(), functions: this.functions, withNotes: this.withNotes };
  }

  /** Reports a name that is defined already. */
  private define(name: string, span: Span): void {
    const other = this.places.get(name);
    const notes = [{ message: 'the other one is here', span: other ?? null }];
    if (other !== undefined)
      this.report(errorAt(span, 'redeclared', `\`${name}\` is defined twice`, { notes }));
    this.places.set(name, span);
  }

  private macro(tree: CMacro): void {
    this.define(tree.name, tree.nameSpan);
    this.macros.set(tree.name, tree);
  }

  private enumeration({ tag, enumerators, span }: CEnum): void {
    if (tag !== null) this.define(`enum ${tag}`, span);
    let next = 0n;
    const values: bigint[] = [];
    for (const { name, nameSpan, value } of enumerators) {
      this.define(name, nameSpan);
      const report = (diagnostic: Diagnostic): void => this.report(this.withNotes(diagnostic));
      if (value !== null) next = evaluateConstant(this.expander.expression(value), report)?.value ?? next;
      this.enumerators.set(name, next);
      values.push(next++);
    }
    if (tag !== null) this.enums.set(tag, typeOfEnum(values));
  }

  private helper(written: CFunction): void {
    const tree = this.expander.function(written);
    this.define(tree.name, tree.nameSpan);
    if (this.primitives.get(tree.name) !== undefined)
      this.report(
        errorAt(tree.nameSpan, 'redeclared', `\`${tree.name}\` is a primitive of the kernel`, {
          hint: 'give the function another name',
        }),
      );
    this.functions.set(tree.name, tree);
  }

  /** The kernel's own headers define what is known here; a file of the user's may hold anything. */
  private include(span: Span): void {
    if (spanText(span).includes('<')) return;
    const message = `\`${spanText(span)}\` is not read`;
    const hint = 'write what the test needs of it into the test';
    this.report(warningAt(span, 'ignored-include', message, { hint }));
  }

  private expanded(): CLitmus {
    const { tree, expander } = this;
    const { init, filter, condition } = tree;
    return {
      ...tree,
      definitions: tree.definitions.map((part) => (part.kind === 'struct' ? expander.struct(part) : part)),
      threads: tree.threads.map((thread) => expander.thread(thread)),
      init: init.map((entry) => this.initial(entry)),
      filter: filter === null ? null : this.proposition(filter),
      condition:
        condition === null ? null : { ...condition, proposition: this.proposition(condition.proposition) },
    };
  }

  /** The number that a name of the init block or the condition stands for; null if it is none of this test's constants. */
  constant(name: string, span: Span): bigint | null {
    const value = this.enumerators.get(name);
    if (value !== undefined) return value;
    const macro = this.macros.get(name);
    if (macro === undefined || macro.parameters !== null) return null;
    const tree = this.expander.expression({ kind: 'name', name, span: endOf(macro, span) });
    const report = (diagnostic: Diagnostic): void => this.report(this.withNotes({ ...diagnostic, span }));
    return evaluateConstant(tree, report)?.value ?? 0n;
  }

  private initial(entry: InitTree): InitTree {
    const { value, type } = entry;
    return {
      ...entry,
      type: type === null ? null : this.expander.type(type),
      value: value === null ? null : this.initValue(value),
    };
  }

  private initValue(tree: InitValue): InitValue {
    if (tree.kind === 'list')
      return { ...tree, items: tree.items.map((item) => ({ ...item, value: this.initValue(item.value) })) };
    if (tree.kind !== 'place' || tree.path.length > 0) return tree;
    const value = this.constant(tree.root ?? '', tree.span);
    return value === null ? tree : { kind: 'number', value, span: tree.span };
  }

  private operand(tree: ConditionOperand): ConditionOperand {
    if (tree.kind !== 'place' || tree.path.length > 0) return tree;
    const value = this.constant(tree.root ?? '', tree.span);
    return value === null ? tree : { kind: 'number', value, span: tree.span };
  }

  private proposition(tree: PropositionTree): PropositionTree {
    switch (tree.kind) {
      case 'constant':
        return tree;
      case 'compare':
        return { ...tree, left: this.operand(tree.left), right: this.operand(tree.right) };
      case 'not':
        return { ...tree, operand: this.proposition(tree.operand) };
      default:
        return { ...tree, left: this.proposition(tree.left), right: this.proposition(tree.right) };
    }
  }
}

/** A use in the init block or the condition sees all macros of the file. */
function endOf({ span: { file, end } }: CMacro, use: Span): Span {
  return use.start > end ? use : { file, start: file.text.length, end: file.text.length };
}

/** What GCC takes for an enumeration: unsigned unless a value is negative (-fno-short-enums, the kernel's way). */
function typeOfEnum(values: readonly bigint[]): readonly string[] {
  const isSigned = values.some((value) => value < 0n);
  const isLong = values.some((value) => value >= 2n ** (isSigned ? 31n : 32n) || value < -(2n ** 31n));
  return [...(isSigned ? [] : ['unsigned']), isLong ? 'long' : 'int'];
}

/** Reads the definitions of a test and applies them to it. */
export function applyDefinitions(tree: CLitmus, primitives: PrimitiveTable, report: Report): Defined {
  if (tree.definitions.length === 0)
    return { tree, functions: new Map(), withNotes: (diagnostic) => diagnostic };
  return new Definitions(tree, primitives, report).read();
}
