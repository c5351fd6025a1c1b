/**
 * Lowers C expressions: pure parts become IR expressions, accesses to memory become instructions in evaluation order.
 *
 * `&&`, `||` and `?:` branch where C short-circuits something that shows: in conditions, and around operands with effects.
 * Operands are evaluated from left to right.
 */

import type { Expr } from '../program/ir.js';
import { canonical, INT64 } from '../program/value.js';
import type { CExpression } from '../syntax/c-tree.js';
import { assertNever, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { lowerAssignment, lowerStep } from './c-assignments.js';
import { Conversions, isCell } from './c-conversions.js';
import type { FunctionCalls } from './c-functions.js';
import { MemoryAccess } from './c-memory.js';
import { decayed, elementAddress, lowerPlace, targetOf } from './c-places.js';
import type { Scope } from './c-scope.js';
import { lowerSizeof } from './c-sizeof.js';
import { type CType, cError, cInt, cVoid, sameType, showType, storageOf, typeFromTree } from './c-type.js';
import {
  binaryExpr,
  commonType,
  constant,
  constantOf,
  convertExpr,
  failed,
  literalType,
  negate,
  promote,
  selectExpr,
  type Typed,
  truth,
  truthOf,
  typed,
  unaryExpr,
  valueType,
} from './c-values.js';
import type { CodeBuilder, Label } from './code-builder.js';
import type { Evaluator, Place, Wanted } from './evaluator.js';
import type { Locals } from './locals.js';
import { lowerCall } from './primitive-calls.js';
import type { PrimitiveTable } from './primitive-table.js';
import { isPure } from './purity.js';
import type { SharedObjects } from './shared-objects.js';

/** Functions that return whether their argument is true. */
function isTruthOfArgument(callee: string): boolean {
  return /^(?:(?:un)?likely|WARN_ON(?:_ONCE)?)$/.test(callee);
}

export class ExpressionLowering implements Evaluator {
  readonly memory: MemoryAccess;
  readonly conversions: Conversions;
  readonly locals: Locals;
  readonly objects: SharedObjects;
  readonly report: (diagnostic: Diagnostic) => void;

  constructor(
    readonly code: CodeBuilder,
    readonly scope: Scope,
    /** `r0`, `r1` ... need no declaration, as in herd's older tests. */
    private readonly implicitRegisters: boolean,
    readonly primitives: PrimitiveTable,
    readonly calls: FunctionCalls,
  ) {
    this.locals = scope.locals;
    this.objects = scope.objects;
    this.report = scope.report;
    this.memory = new MemoryAccess(code, scope.report);
    this.conversions = new Conversions(scope.report, scope.objects);
  }

  private fail(tree: CExpression, code: string, message: string): Typed {
    this.report(errorAt(tree.span, code, message));
    return failed;
  }

  place(tree: CExpression): Place | null {
    return lowerPlace(this, tree);
  }

  value(tree: CExpression, wanted: Wanted = null): Typed {
    switch (tree.kind) {
      case 'number':
        return constant(canonical(tree.value), literalType(tree.value, tree.suffix, tree.radix));
      case 'name':
        return this.scope.value(tree);
      case 'unary':
        return this.unaryValue(tree, wanted);
      case 'binary':
        return this.binaryValue(tree);
      case 'conditional':
        return this.conditionalValue(tree);
      case 'field':
      case 'index':
        return this.read(tree, wanted);
      case 'call': {
        const helper = this.calls.find(tree.callee);
        return helper === null
          ? lowerCall(this, tree, wanted)
          : this.calls.inline(this, tree, helper, wanted);
      }
      case 'cast':
        return this.castValue(tree, wanted);
      case 'sizeof':
        return lowerSizeof(this, tree);
      case 'assign':
        return lowerAssignment(this, tree, this.implicitRegisters && this.locals.function === null);
      case 'step':
        return lowerStep(this, tree, wanted !== 'nothing');
      case 'comma':
        this.value(tree.left, 'nothing');
        return this.value(tree.right, wanted);
      default:
        return assertNever(tree);
    }
  }

  /** A plain access, or the value of a local. */
  private read(tree: CExpression, wanted: Wanted): Typed {
    const place = this.place(tree);
    if (place === null) return failed;
    if (place.kind === 'local') return this.scope.value(tree as CExpression & { kind: 'name' });
    if (place.type.kind === 'array') return decayed(place, place.type);
    return this.memory.load(place, tree, ['Plain'], null, wanted);
  }

  private unaryValue(tree: CExpression & { kind: 'unary' }, wanted: Wanted): Typed {
    const { op, operand: of } = tree;
    if (op === '*') return this.read(tree, wanted);
    if (op === '&') {
      if (of.kind === 'name' && this.scope.parameters.has(of.name) && this.locals.find(of.name) === null)
        return this.scope.addressOf(this.scope.parameters.get(of.name)!);
      // `&a[i]` is `a + i` and `&*p` is `p` (C11 6.5.3.2): nothing is accessed, so the end of an array has an address.
      if (of.kind === 'index') return elementAddress(this, of) ?? failed;
      if (of.kind === 'unary' && of.op === '*') return this.pointerValue(of.operand);
      const place = this.place(of);
      if (place === null) return failed;
      if (place.kind === 'local')
        return this.fail(
          tree,
          'local-address',
          `the address of the local \`${place.local.name}\` is not supported`,
        );
      const { object } = place.pointer;
      return object === null ? place.pointer : this.scope.addressOf(object);
    }
    const value = this.value(of);
    if (value.type.kind === 'error') return value;
    if (!this.conversions.isScalar(value, of)) return failed;
    if (op === '!') return truth(negate(value.expr, valueType(value.type)));
    if (value.type.kind === 'pointer')
      return this.fail(tree, 'pointer-arithmetic', `\`${op}\` does not apply to a pointer`);
    const type = promote(value.type);
    if (op === '+') return typed(value.expr, type);
    return typed(unaryExpr(op, value.expr, storageOf(type)), type);
  }

  private binaryValue(tree: CExpression & { kind: 'binary' }): Typed {
    const { op } = tree;
    if (op === '&&' || op === '||') return this.logicalValue(tree, op);
    const left = this.held(this.value(tree.left), tree.right);
    const right = this.value(tree.right);
    return this.conversions.operate(op, left, right, tree, [tree.left, tree.right]);
  }

  /** The value of a pointer; what is none is reported. */
  private pointerValue(tree: CExpression): Typed {
    const value = this.value(tree);
    return value.type.kind === 'pointer' || targetOf(this, value, tree) !== null ? value : failed;
  }

  held(value: Typed, next: CExpression): Typed {
    if (isPure(next) || value.expr.kind === 'const') return value;
    if (value.expr.kind === 'register' && value.expr.name.startsWith('.')) return value;
    const name = this.code.temporary(valueType(value.type));
    this.code.emit({ kind: 'assign', dst: name, value: value.expr });
    return typed({ kind: 'register', name }, value.type);
  }

  private logicalValue(tree: CExpression & { kind: 'binary' }, op: '&&' | '||'): Typed {
    if (isPure(tree.right)) {
      const left = this.value(tree.left);
      const right = this.value(tree.right);
      if (left.type.kind === 'error' || right.type.kind === 'error') return failed;
      if (!this.conversions.isScalar(left, tree.left) || !this.conversions.isScalar(right, tree.right))
        return failed;
      return truth(binaryExpr(op === '&&' ? '&' : '|', truthOf(left), truthOf(right), storageOf(cInt)));
    }
    const dst = this.code.temporary(storageOf(cInt));
    const end = this.code.newLabel();
    this.setConstant(dst, 0);
    this.jumpIf(tree, false, end);
    this.setConstant(dst, 1);
    this.code.mark(end);
    return truth({ kind: 'register', name: dst });
  }

  private setConstant(dst: string, value: number): void {
    this.code.emit({ kind: 'assign', dst, value: { kind: 'const', value } });
  }

  private conditionalValue(tree: CExpression & { kind: 'conditional' }): Typed {
    if (isPure(tree.then) && isPure(tree.otherwise)) {
      const condition = this.value(tree.condition);
      const then = this.value(tree.then);
      const otherwise = this.value(tree.otherwise);
      const type = this.joinedType(then, otherwise);
      if (condition.type.kind === 'error' || !this.conversions.isScalar(condition, tree.condition))
        return failed;
      if (type.kind === 'error') return failed;
      const side = (value: Typed): Expr => convertExpr(value.expr, valueType(value.type), storageOf(type));
      return typed(selectExpr(truthOf(condition), side(then), side(otherwise)), type);
    }
    const { code } = this;
    const other = code.newLabel();
    const end = code.newLabel();
    const dst = code.temporary(INT64);
    this.jumpIf(tree.condition, false, other);
    const then = this.value(tree.then);
    code.emit({ kind: 'assign', dst, value: then.expr });
    code.jump(end);
    code.mark(other);
    const otherwise = this.value(tree.otherwise);
    code.emit({ kind: 'assign', dst, value: otherwise.expr });
    code.mark(end);
    const type = this.joinedType(then, otherwise);
    const result: Expr = { kind: 'register', name: dst };
    if (sameType(then.type, type) && sameType(otherwise.type, type)) {
      code.declare(dst, storageOf(type), 0);
      return typed(result, type);
    }
    return typed(convertExpr(result, INT64, storageOf(type)), type);
  }

  private joinedType(a: Typed, b: Typed): CType {
    if (a.type.kind === 'error' || b.type.kind === 'error') return cError;
    if (a.type.kind === 'void' || b.type.kind === 'void') return cVoid;
    if (a.type.kind === 'pointer') return a.type;
    if (b.type.kind === 'pointer') return b.type;
    return commonType(a.type, b.type);
  }

  private castValue(tree: CExpression & { kind: 'cast' }, wanted: Wanted): Typed {
    const type = typeFromTree(tree.type, this.report);
    const value = this.value(tree.operand, wanted);
    if (type.kind === 'error' || value.type.kind === 'error') return failed;
    if (type.kind === 'void') return typed(value.expr, cVoid);
    if (!this.conversions.isScalar(value, tree.operand)) return failed;
    if (type.kind === 'pointer') return castPointer(value, type);
    if (type.kind !== 'int')
      return this.fail(tree, 'bad-cast', `a value cannot be cast to ${showType(type)}`);
    if (type.holds === 'truth') return typed(truthOf(value), type);
    this.conversions.warnTruncated(value, type, tree.operand);
    return typed(convertExpr(value.expr, valueType(value.type), type.type), type);
  }

  jumpIf(tree: CExpression, wanted: boolean, target: Label, end: Label | null = null): void {
    if (tree.kind === 'unary' && tree.op === '!') {
      this.jumpIf(tree.operand, !wanted, target, end);
      return;
    }
    if (tree.kind === 'binary' && (tree.op === '&&' || tree.op === '||')) {
      // The first operand alone decides if it is false (&&) or true (||).
      const decisive = tree.op === '||';
      if (wanted === decisive) this.jumpIf(tree.left, wanted, target, end);
      else {
        const past = this.code.newLabel();
        this.jumpIf(tree.left, decisive, past, end);
        this.jumpIf(tree.right, wanted, target, end);
        this.code.mark(past);
        return;
      }
      this.jumpIf(tree.right, wanted, target, end);
      return;
    }
    if (tree.kind === 'call' && isTruthOfArgument(tree.callee) && tree.arguments.length === 1) {
      this.jumpIf(tree.arguments[0]!, wanted, target, end);
      return;
    }
    this.jumpIfValue(tree, wanted, target, end);
  }

  private jumpIfValue(tree: CExpression, wanted: boolean, target: Label, end: Label | null): void {
    const value = this.value(tree);
    if (value.type.kind === 'error' || !this.conversions.isScalar(value, tree)) return;
    const number = constantOf(value);
    if (number !== null) {
      if ((number !== 0) === wanted) this.code.jump(target);
      return;
    }
    const { expr } = value;
    this.code.branch(wanted ? expr : negate(expr, valueType(value.type)), target, end);
  }
}

/** A pointer in another type. What a cast to a struct points to is found when the program runs, unless it is that struct. */
function castPointer(value: Typed, type: CType & { kind: 'pointer' }): Typed {
  if (sameType(value.type, type)) return value;
  const { object } = value;
  const isKnown = object !== null && (type.to.kind !== 'struct' || sameType(object.type, type.to));
  const result: Typed = { type, expr: value.expr, object: isKnown ? object : null };
  const before = value.before ?? (value.type.kind === 'pointer' ? value.type.to : undefined);
  return before !== undefined && isCell(before) ? { ...result, before } : result;
}
