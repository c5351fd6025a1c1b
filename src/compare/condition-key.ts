/**
 * What a log's condition asks, in one form: so that two tools that write it differently (`exists (x=0x1 /\ P0:r0=0)`,
 * `exists (0:r0=0 /\ [x]=1)`) are known to ask the same.
 *
 * Equal keys ask the same: names, values, parentheses and the order of `/\`, `\/` and `=` are no part of a question. Nor is the
 * quantifier: what logs observe (Never, Sometimes, Always) is how often the proposition holds. A condition that our grammar does not
 * have is compared by its text.
 */
import type { ConditionOperand, PropositionTree } from '../syntax/condition-tree.js';
import { parseLitmus } from '../syntax/parse.js';
import { spanText } from '../text/source.js';
import { normalName, normalValue } from './log-state.js';

function operandKey(tree: ConditionOperand): string {
  const text = spanText(tree.span);
  return tree.kind === 'register' ? normalName(text) : normalName(normalValue(text));
}

/** The operands of a chain of one connective, in one order and each once. */
function chainOf(tree: PropositionTree, kind: 'and' | 'or'): string[] {
  return tree.kind === kind ? [...chainOf(tree.left, kind), ...chainOf(tree.right, kind)] : [keyOf(tree)];
}

function keyOf(tree: PropositionTree): string {
  switch (tree.kind) {
    case 'constant':
      return String(tree.value);
    case 'compare': {
      const equation = [operandKey(tree.left), operandKey(tree.right)].sort().join('=');
      return tree.op === '=' ? equation : `not(${equation})`;
    }
    case 'not':
      return `not(${keyOf(tree.operand)})`;
    case 'implies':
      return `(${keyOf(tree.left)}=>${keyOf(tree.right)})`;
    case 'and':
    case 'or': {
      const parts = [...new Set(chainOf(tree, tree.kind))].sort();
      return parts.length === 1 ? parts[0]! : `${tree.kind}(${parts.join(',')})`;
    }
  }
}

/** Equal if the texts of two conditions ask the same. */
function conditionKey(text: string): string {
  const { value } = parseLitmus({ name: 'condition', text: `C t\n{}\nP0(int *x) { }\n${text}\n` });
  const plain = text.replace(/^(?:~\s*exists|exists|forall)\b/, '').replace(/\s+/g, '');
  return value?.condition == null ? plain : keyOf(value.condition.proposition);
}

/** Whether two conditions ask different things; false if one of the logs does not tell. */
export function isOtherCondition(before: string | null, after: string | null): boolean {
  if (before === null || after === null || before === after) return false;
  return conditionKey(before) !== conditionKey(after);
}
