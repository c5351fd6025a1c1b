/** The normal rendering of conditions and propositions, as the herd tools print them: `exists ([x]=1 /\ 1:r0=0)`. */
import type { Observable, Operand, Proposition, Quantifier } from './ir.js';
import { showValue } from './value.js';

const SYMBOLS = { and: '/\\', or: '\\/', implies: '=>' } as const;

function showOperand(operand: Operand, observed: readonly Observable[]): string {
  if (operand.kind === 'value') return showValue(operand.value);
  const observable = observed[operand.index]!;
  if (observable.kind === 'register' || observable.display.endsWith(']')) return observable.display;
  return `[${observable.display}]`;
}

/** Without outer parentheses. Chains of one operator stay flat. */
export function showProposition(proposition: Proposition, observed: readonly Observable[]): string {
  switch (proposition.kind) {
    case 'constant':
      return String(proposition.value);
    case 'compare': {
      const { left, op, right } = proposition;
      return `${showOperand(left, observed)}${op === '=' ? '=' : '<>'}${showOperand(right, observed)}`;
    }
    case 'not':
      return `not (${showProposition(proposition.operand, observed)})`;
    case 'and':
    case 'or':
    case 'implies': {
      const { kind } = proposition;
      const side = (operand: Proposition, chains: boolean): string => {
        const text = showProposition(operand, observed);
        const flat = operand.kind === 'constant' || operand.kind === 'compare' || operand.kind === 'not';
        return flat || (chains && operand.kind === kind) ? text : `(${text})`;
      };
      const left = side(proposition.left, kind !== 'implies');
      return `${left} ${SYMBOLS[kind]} ${side(proposition.right, true)}`;
    }
  }
}

export function showCondition(
  quantifier: Quantifier,
  proposition: Proposition,
  observed: readonly Observable[],
): string {
  return `${quantifier} (${showProposition(proposition, observed)})`;
}
