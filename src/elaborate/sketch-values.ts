/**
 * Values that a sketch names without saying what they are: the mail's `[W] ->__state = state`.
 *
 * A name that nothing in the sketch gives a meaning, written to a field that the kernel declares as an integer, stands for
 * some value of its own: it becomes the least positive number that the sketch does not use, in the threads and in the
 * condition, with a warning that says which. (Where a pointer is stored, such a name is an object, and its address the value.)
 */
import type { CExpression } from '../syntax/c-tree.js';
import type { ConditionOperand, PropositionTree } from '../syntax/condition-tree.js';
import type { SketchLitmus, SketchStatement } from '../syntax/sketch-tree.js';
import { type Diagnostic, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { kernelConstants, kernelField } from './kernel-names.js';
import { SketchNames } from './sketch-names.js';

type Values = ReadonlyMap<string, bigint>;

/** A write of a bare name to an integer field: the name. */
function namedValue(statement: SketchStatement): { readonly name: string; readonly span: Span } | null {
  if (statement.kind === 'if') return namedValue(statement.then);
  if (statement.kind !== 'write' || statement.value.kind !== 'name' || statement.place.kind !== 'field')
    return null;
  return kernelField('', statement.place.field)?.kind === 'int' ? statement.value : null;
}

/** Resembles what is known, or is written as a constant or a register: rather a mistake. */
function looksMistyped(name: string, known: Iterable<string>): boolean {
  return /^(r\d+|[A-Z0-9_]+)$/.test(name) || didYouMean(name, known) !== null;
}

function valuesOf(sketch: SketchLitmus, diagnostics: Diagnostic[]): Values {
  const names = new SketchNames(sketch);
  const used = new Set([...sketch.threads.flatMap((t) => t.statements.flatMap(numbersIn))]);
  const values = new Map<string, bigint>();
  sketch.threads.forEach((thread, i) => {
    const known = [...names.registers[i]!.keys(), ...names.declared[i]!, ...kernelConstants.keys()];
    for (const statement of thread.statements) {
      const found = namedValue(statement);
      if (found === null || values.has(found.name) || names.meaning(found.name, i) !== null) continue;
      if (kernelConstants.has(found.name) || looksMistyped(found.name, known)) continue;
      let value = 1n;
      while (used.has(value)) value++;
      used.add(value);
      values.set(found.name, value);
      const message = `\`${found.name}\` is taken as a value of its own: ${value}`;
      const hint = 'write a number, or a constant such as TASK_INTERRUPTIBLE';
      diagnostics.push(warningAt(found.span, 'named-value', message, { hint }));
    }
  });
  return values;
}

function numbersIn(statement: SketchStatement): bigint[] {
  if (statement.kind === 'if') return numbersIn(statement.then);
  if (statement.kind !== 'write' && statement.kind !== 'rmw') return [];
  return statement.value.kind === 'number' ? [statement.value.value] : [];
}

function inExpression(tree: CExpression, values: Values): CExpression {
  const value = tree.kind === 'name' ? values.get(tree.name) : undefined;
  return value === undefined ? tree : { kind: 'number', value, suffix: '', span: tree.span };
}

function inStatement(tree: SketchStatement, values: Values): SketchStatement {
  if (tree.kind === 'if') return { ...tree, then: inStatement(tree.then, values) };
  return tree.kind === 'write' ? { ...tree, value: inExpression(tree.value, values) } : tree;
}

function inOperand(tree: ConditionOperand, values: Values): ConditionOperand {
  if (tree.kind !== 'place' || tree.path.length > 0 || tree.root === null) return tree;
  const value = values.get(tree.root);
  return value === undefined ? tree : { kind: 'number', value, span: tree.span };
}

function inProposition(tree: PropositionTree, values: Values): PropositionTree {
  switch (tree.kind) {
    case 'constant':
      return tree;
    case 'not':
      return { ...tree, operand: inProposition(tree.operand, values) };
    case 'compare':
      return { ...tree, left: inOperand(tree.left, values), right: inOperand(tree.right, values) };
    default:
      return { ...tree, left: inProposition(tree.left, values), right: inProposition(tree.right, values) };
  }
}

/** The sketch with numbers for such names. */
export function withNamedValues(sketch: SketchLitmus, diagnostics: Diagnostic[]): SketchLitmus {
  const values = valuesOf(sketch, diagnostics);
  if (values.size === 0) return sketch;
  const { condition, filter } = sketch;
  return {
    ...sketch,
    threads: sketch.threads.map((thread) => ({
      ...thread,
      statements: thread.statements.map((statement) => inStatement(statement, values)),
    })),
    condition:
      condition === null ? null : { ...condition, proposition: inProposition(condition.proposition, values) },
    filter: filter === null ? null : inProposition(filter, values),
  };
}
