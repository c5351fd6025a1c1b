/**
 * Whether a proposition says the same after a renaming of observables and locations, up to the order of the parts of
 * conjunctions, disjunctions and comparisons. Part of symmetry.ts; a difference in form only costs a symmetry.
 */
import type { Operand, Proposition } from '../program/ir.js';
import type { Location, Value } from '../program/value.js';

interface Names {
  readonly observable: (index: number) => number;
  readonly value: (value: Value) => Value;
}

const unchanged: Names = { observable: (index) => index, value: (value) => value };

function showOperand(operand: Operand, names: Names): string {
  if (operand.kind === 'observable') return `#${names.observable(operand.index)}`;
  const value = names.value(operand.value);
  return typeof value === 'object' ? `&${value.index} ${value.name}` : String(value);
}

function partsOf(proposition: Proposition, kind: 'and' | 'or', into: Proposition[]): Proposition[] {
  if (proposition.kind !== kind) into.push(proposition);
  else for (const part of [proposition.left, proposition.right]) partsOf(part, kind, into);
  return into;
}

/** Equal texts mean equal propositions. */
function show(proposition: Proposition, names: Names): string {
  switch (proposition.kind) {
    case 'constant':
      return String(proposition.value);
    case 'compare': {
      const operands = [proposition.left, proposition.right].map((operand) => showOperand(operand, names));
      return operands.sort().join(proposition.op);
    }
    case 'not':
      return `not(${show(proposition.operand, names)})`;
    case 'implies':
      return `implies(${show(proposition.left, names)}, ${show(proposition.right, names)})`;
    default: {
      const parts = partsOf(proposition, proposition.kind, []).map((part) => show(part, names));
      return `${proposition.kind}(${parts.sort().join(', ')})`;
    }
  }
}

/** What the renamings do not mention keeps its name. */
export function sameUnder(
  proposition: Proposition,
  observables: ReadonlyMap<number, number>,
  locations: ReadonlyMap<Location, Location>,
): boolean {
  const renamed: Names = {
    observable: (index) => observables.get(index) ?? index,
    value: (value) => (typeof value === 'object' ? (locations.get(value) ?? value) : value),
  };
  return show(proposition, renamed) === show(proposition, unchanged);
}
