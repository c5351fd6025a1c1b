/** Conditions of `if`: what the variants, which the user chooses before a model is compiled, and known values make of them. */
import type { CatCondition } from '../syntax/cat-tree.js';
import { assertNever } from '../text/diagnostic.js';

/** Whether a condition holds; `open` if only an execution can tell. */
export type Decision = boolean | 'open' | 'error';

/** `and` and `or` do not look at their right side where the left one decides. */
export function decide(
  condition: CatCondition,
  isChosen: (variant: string) => boolean,
  compare: (comparison: Extract<CatCondition, { kind: 'compare' }>) => Decision,
): Decision {
  switch (condition.kind) {
    case 'variant':
      return isChosen(condition.name);
    case 'not': {
      const operand = decide(condition.operand, isChosen, compare);
      return typeof operand === 'boolean' ? !operand : operand;
    }
    case 'and':
    case 'or': {
      const decisive = condition.kind === 'or';
      const left = decide(condition.left, isChosen, compare);
      if (left === decisive || left === 'error') return left;
      const right = decide(condition.right, isChosen, compare);
      return right === decisive || right === 'error' || left === !decisive ? right : 'open';
    }
    case 'compare':
      return compare(condition);
    default:
      return assertNever(condition);
  }
}

/** What a condition is if the variants determine it; null if it depends on values. */
export function decideByVariants(
  condition: CatCondition,
  isChosen: (variant: string) => boolean,
): boolean | null {
  const decision = decide(condition, isChosen, () => 'open');
  return typeof decision === 'boolean' ? decision : null;
}
