/** Evaluates propositions over final states; three-valued while some finals are still unknown. */
import { assertNever } from '../text/diagnostic.js';
import type { Operand, Proposition } from './ir.js';
import type { Value } from './value.js';

type Finals = readonly (Value | undefined)[];

function operandValue(operand: Operand, finals: Finals): Value | undefined {
  return operand.kind === 'value' ? operand.value : finals[operand.index];
}

/** True or false, or undefined if the unknown finals (undefined entries) can still decide it either way. */
export function evaluatePartially(proposition: Proposition, finals: Finals): boolean | undefined {
  switch (proposition.kind) {
    case 'constant':
      return proposition.value;
    case 'compare': {
      const left = operandValue(proposition.left, finals);
      const right = operandValue(proposition.right, finals);
      if (left === undefined || right === undefined) return undefined;
      return (left === right) === (proposition.op === '=');
    }
    case 'not': {
      const operand = evaluatePartially(proposition.operand, finals);
      return operand === undefined ? undefined : !operand;
    }
    case 'and':
    case 'or':
    case 'implies': {
      const left = evaluatePartially(proposition.left, finals);
      const right = evaluatePartially(proposition.right, finals);
      return combine(proposition.kind, left, right);
    }
    default:
      return assertNever(proposition);
  }
}

function combine(
  kind: 'and' | 'or' | 'implies',
  left: boolean | undefined,
  right: boolean | undefined,
): boolean | undefined {
  if (kind === 'and') {
    if (left === false || right === false) return false;
    return left === undefined || right === undefined ? undefined : true;
  }
  const negatedOrLeft = kind === 'implies' && left !== undefined ? !left : left;
  if (negatedOrLeft === true || right === true) return true;
  return negatedOrLeft === undefined || right === undefined ? undefined : false;
}

/** Evaluates on a complete final state (the values of Program.observed). Asked of each state: so it stops where it is decided. */
export function evaluateProposition(proposition: Proposition, finals: readonly Value[]): boolean {
  switch (proposition.kind) {
    case 'constant':
      return proposition.value;
    case 'compare': {
      const isEqual = operandValue(proposition.left, finals) === operandValue(proposition.right, finals);
      return isEqual === (proposition.op === '=');
    }
    case 'not':
      return !evaluateProposition(proposition.operand, finals);
    // the right side first: chains go to the left
    case 'and':
      return evaluateProposition(proposition.right, finals) && evaluateProposition(proposition.left, finals);
    case 'or':
      return evaluateProposition(proposition.right, finals) || evaluateProposition(proposition.left, finals);
    case 'implies':
      return !evaluateProposition(proposition.left, finals) || evaluateProposition(proposition.right, finals);
    default:
      return assertNever(proposition);
  }
}
