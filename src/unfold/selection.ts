/**
 * What a selection of Arm depends on (CSEL, CCMP and their kin): on what it chose as any arithmetic does, by a pick on what
 * decided, and on the other operand not at all (Arm ARM C6.2, CSEL; B2.3, pick dependencies).
 *
 * So the dependencies differ with the choice, and where nothing known decides it there is a path for each. Where both operands depend
 * on the same reads there is one path, and the value stays open.
 */
import type { Expr } from '../program/ir.js';
import { INT64 } from '../program/value.js';
import { decide } from './facts.js';
import { allReads, type Cell, evaluate, merge, type PathState } from './state.js';
import { binarySymbol, convertSymbol, type SymbolicValue, selectSymbol, unarySymbol } from './symbol.js';

/** A value, under conditions that are not known to hold. */
export interface Way {
  readonly conditions: readonly SymbolicValue[];
  readonly cell: Cell;
}

type Select = Extract<Expr, { readonly kind: 'select' }>;

/** Whether a value depends on a choice. */
export function hasSelection(expr: Expr): boolean {
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
      return true;
  }
}

/** The values that an expression may have on this path, for all choices that are open. */
export function waysOf(state: PathState, expr: Expr): readonly Way[] {
  switch (expr.kind) {
    case 'const':
    case 'register':
    case 'old':
      return [{ conditions: [], cell: evaluate(state, expr) }];
    case 'unary':
      return waysOf(state, expr.operand).map(({ conditions, cell }) => ({
        conditions,
        cell: { ...cell, symbol: unarySymbol(expr.op, cell.symbol, expr.type) },
      }));
    case 'convert':
      return waysOf(state, expr.operand).map(({ conditions, cell }) => ({
        conditions,
        cell: { ...cell, symbol: convertSymbol(cell.symbol, expr.type) },
      }));
    case 'binary': {
      const right = waysOf(state, expr.right);
      return waysOf(state, expr.left).flatMap((l) =>
        right.map((r) => ({
          conditions: [...l.conditions, ...r.conditions],
          cell: {
            symbol: binarySymbol(expr.op, l.cell.symbol, r.cell.symbol, expr.type),
            reads: merge(l.cell.reads, r.cell.reads),
            picks: merge(l.cell.picks, r.cell.picks),
          },
        })),
      );
    }
    case 'select':
      return waysOf(state, expr.condition).flatMap((decider) => chosen(state, expr, decider));
  }
}

function chosen(state: PathState, expr: Select, { conditions, cell: decider }: Way): readonly Way[] {
  const under = (way: Way, more: readonly SymbolicValue[]): Way => ({
    conditions: [...conditions, ...more, ...way.conditions],
    cell: { ...way.cell, picks: merge(way.cell.picks, allReads(decider)) },
  });
  const { symbol } = decider;
  const known = symbol.kind === 'const' ? symbol.value !== 0 : decide(state.constraints, symbol);
  if (known !== undefined)
    return waysOf(state, known ? expr.then : expr.otherwise).map((way) => under(way, []));
  const [then, otherwise] = [waysOf(state, expr.then), waysOf(state, expr.otherwise)];
  const [one, other] = [then[0]!, otherwise[0]!];
  if (then.length === 1 && otherwise.length === 1 && sameReads(one.cell, other.cell)) {
    const value = selectSymbol(symbol, one.cell.symbol, other.cell.symbol);
    return [under({ conditions: [], cell: { ...one.cell, symbol: value } }, [])];
  }
  return [
    ...then.map((way) => under(way, [symbol])),
    ...otherwise.map((way) => under(way, [unarySymbol('!', symbol, INT64)])),
  ];
}

function sameReads(a: Cell, b: Cell): boolean {
  const same = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === y.length && x.every((read, i) => read === y[i]);
  return same(a.reads, b.reads) && same(a.picks, b.picks);
}
