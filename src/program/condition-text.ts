/** The normal rendering of conditions and propositions, as the herd tools print them: `exists ([x]=1 /\ 1:r0=0)`. */
import type { Observable, Operand, Proposition, Quantifier } from './ir.js';
import { showValue } from './value.js';

const SYMBOLS = { and: '/\\', or: '\\/', implies: '=>' } as const;

/** How tightly each binds; comparisons, constants and `not (...)` never need parentheses. */
const TIGHTNESS = { implies: 1, or: 2, and: 3, not: 4, compare: 4, constant: 4 } as const;

function showOperand(operand: Operand, observed: readonly Observable[]): string {
  if (operand.kind === 'value') return showValue(operand.value);
  const observable = observed[operand.index]!;
  if (observable.kind === 'register' || observable.display.endsWith(']')) return observable.display;
  return `[${observable.display}]`;
}

/** Without outer parentheses, and with no more inner ones than precedence asks for. */
export function showProposition(proposition: Proposition, observed: readonly Observable[]): string {
  switch (proposition.kind) {
    case 'constant':
      return String(proposition.value);
    case 'compare': {
      const { left, op, right } = proposition;
      const equation = `${showOperand(left, observed)}=${showOperand(right, observed)}`;
      return op === '=' ? equation : `not (${equation})`;
    }
    case 'not':
      return `not (${showProposition(proposition.operand, observed)})`;
    case 'and':
    case 'or':
    case 'implies': {
      const { kind } = proposition;
      const side = (operand: Proposition, needs: number): string => {
        const text = showProposition(operand, observed);
        return TIGHTNESS[operand.kind] >= needs ? text : `(${text})`;
      };
      const tightness = TIGHTNESS[kind];
      // `a => b => c` is `a => (b => c)`.
      const left = side(proposition.left, kind === 'implies' ? tightness + 1 : tightness);
      return `${left} ${SYMBOLS[kind]} ${side(proposition.right, tightness)}`;
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
