/** Conditions on variants, which the user chooses before a model is compiled. */
import type { CatCondition } from '../syntax/cat-tree.js';
import { assertNever } from '../text/diagnostic.js';

/** What a condition is if the variants determine it; null if it depends on values. */
export function decideByVariants(
  condition: CatCondition,
  isChosen: (variant: string) => boolean,
): boolean | null {
  switch (condition.kind) {
    case 'variant':
      return isChosen(condition.name);
    case 'not': {
      const operand = decideByVariants(condition.operand, isChosen);
      return operand === null ? null : !operand;
    }
    case 'and':
    case 'or': {
      const left = decideByVariants(condition.left, isChosen);
      const right = decideByVariants(condition.right, isChosen);
      const absorbing = condition.kind === 'or';
      if (left === absorbing || right === absorbing) return absorbing;
      return left === null || right === null ? null : !absorbing;
    }
    case 'compare':
      return null;
    default:
      return assertNever(condition);
  }
}
