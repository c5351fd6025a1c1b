/** Whether evaluating a C expression does nothing but compute: no access to memory, no assignment, nothing undefined. */
import type { CExpression } from '../syntax/c-tree.js';

export function isPure(tree: CExpression): boolean {
  switch (tree.kind) {
    case 'number':
    case 'name':
    case 'sizeof':
      return true;
    case 'unary':
      return tree.op === '&' ? isPureAddress(tree.operand) : tree.op !== '*' && isPure(tree.operand);
    case 'binary': {
      const divides = tree.op === '/' || tree.op === '%';
      if (divides && tree.right.kind !== 'number') return false;
      const shifts = tree.op === '<<' || tree.op === '>>';
      if (shifts && tree.right.kind !== 'number') return false;
      return isPure(tree.left) && isPure(tree.right);
    }
    case 'comma':
      return isPure(tree.left) && isPure(tree.right);
    case 'conditional':
      return isPure(tree.condition) && isPure(tree.then) && isPure(tree.otherwise);
    case 'cast':
      return isPure(tree.operand);
    case 'call':
      return /^(?:un)?likely$/.test(tree.callee) && tree.arguments.every(isPure);
    case 'field':
    case 'index':
    case 'assign':
    case 'step':
      return false;
  }
}

function isPureAddress(tree: CExpression): boolean {
  if (tree.kind === 'name') return true;
  if (tree.kind === 'field') return tree.arrow ? isPure(tree.object) : isPureAddress(tree.object);
  return tree.kind === 'unary' && tree.op === '*' && isPure(tree.operand);
}
