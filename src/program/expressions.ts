/** What can be asked of IR expressions as they stand: their leaves, and whether two are the same. */
import type { Expr } from './ir.js';
import { isLocation, type Location } from './value.js';

/** Whether the expression mentions the value that the read-modify-write reads. */
export function mentionsOld(expr: Expr): boolean {
  switch (expr.kind) {
    case 'old':
      return true;
    case 'const':
    case 'register':
      return false;
    case 'unary':
    case 'convert':
      return mentionsOld(expr.operand);
    case 'binary':
      return mentionsOld(expr.left) || mentionsOld(expr.right);
    case 'select':
      return mentionsOld(expr.condition) || mentionsOld(expr.then) || mentionsOld(expr.otherwise);
  }
}

/** Calls `visit` for each register and cell that the expression mentions. */
export function visitLeaves(
  expr: Expr,
  visit: { register?(name: string): void; location?(location: Location): void },
): void {
  switch (expr.kind) {
    case 'const':
      if (isLocation(expr.value)) visit.location?.(expr.value);
      return;
    case 'register':
      visit.register?.(expr.name);
      return;
    case 'old':
      return;
    case 'unary':
    case 'convert':
      visitLeaves(expr.operand, visit);
      return;
    case 'binary':
      visitLeaves(expr.left, visit);
      visitLeaves(expr.right, visit);
      return;
    case 'select':
      for (const part of [expr.condition, expr.then, expr.otherwise]) visitLeaves(part, visit);
  }
}

/** Syntactic equality, types included. */
export function sameExpr(a: Expr, b: Expr): boolean {
  if (a.kind === 'const') return b.kind === 'const' && a.value === b.value;
  if (a.kind === 'register') return b.kind === 'register' && a.name === b.name;
  if (a.kind === 'old') return b.kind === 'old';
  if (a.kind === 'select' || b.kind === 'select' || a.kind !== b.kind) return false;
  if (a.type.bits !== b.type.bits || a.type.signed !== b.type.signed) return false;
  if (a.kind === 'binary' && b.kind === 'binary')
    return a.op === b.op && sameExpr(a.left, b.left) && sameExpr(a.right, b.right);
  if (a.kind === 'unary' && b.kind === 'unary') return a.op === b.op && sameExpr(a.operand, b.operand);
  return a.kind === 'convert' && b.kind === 'convert' && sameExpr(a.operand, b.operand);
}
