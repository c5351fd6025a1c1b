/**
 * Where a selection (`?:` of C; CSEL, CCMP and their kin of Arm) has to be decided, because what its value depends on differs with
 * the choice: on what was chosen and on what decided, and not at all on the other operand (Arm ARM C6.2, CSEL; B2.3, pick
 * dependencies; a compiler may make a branch of `?:`). There is a path for each choice then.
 *
 * Where both operands depend on the same reads there is one path, and the value stays open.
 */
import { mentionsOld } from '../program/expressions.js';
import type { Expr, Instruction } from '../program/ir.js';
import { operandsOf } from './liveness.js';
import { allReads, decided, evaluate, type PathState } from './state.js';
import type { SymbolicValue } from './symbol.js';

/** Whether a value depends on a choice that is made before the instruction reads memory. */
function hasSelection(expr: Expr): boolean {
  switch (expr.kind) {
    case 'const':
    case 'register':
    case 'old':
      return false;
    case 'unary':
    case 'convert':
      return hasSelection(expr.operand);
    case 'binary':
      return hasSelection(expr.left) || hasSelection(expr.right);
    case 'select':
      return expr.arithmetic !== true && !mentionsOld(expr);
  }
}

/** The operands of an instruction that select. */
export function selectingOperands(instruction: Instruction): readonly Expr[] {
  return operandsOf(instruction).filter(hasSelection);
}

/** A condition that has to be decided before the expression is evaluated on this path; null: none. */
export function openSelection(state: PathState, expr: Expr): SymbolicValue | null {
  switch (expr.kind) {
    case 'const':
    case 'register':
    case 'old':
      return null;
    case 'unary':
    case 'convert':
      return openSelection(state, expr.operand);
    case 'binary':
      return openSelection(state, expr.left) ?? openSelection(state, expr.right);
    case 'select': {
      if (!hasSelection(expr)) return null;
      const inCondition = openSelection(state, expr.condition);
      if (inCondition !== null) return inCondition;
      const { symbol } = evaluate(state, expr.condition);
      const known = decided(state, symbol);
      if (known !== undefined) return openSelection(state, known ? expr.then : expr.otherwise);
      const [then, otherwise] = [evaluate(state, expr.then), evaluate(state, expr.otherwise)];
      const parts = openSelection(state, expr.then) ?? openSelection(state, expr.otherwise);
      const isSame =
        parts === null &&
        sameReads(allReads(then), allReads(otherwise)) &&
        sameReads(then.reads, otherwise.reads);
      return isSame ? null : symbol;
    }
  }
}

function sameReads(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((read, i) => read === b[i]);
}
