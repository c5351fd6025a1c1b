/**
 * Lowers C expressions: pure parts become IR expressions, accesses to memory become instructions in evaluation order.
 *
 * `&&`, `||` and `?:` branch where C short-circuits something that shows: in conditions, and around operands with effects.
 * Operands are evaluated from left to right.
 */
import type { CBinaryOp, CExpression } from '../syntax/c-tree.js';
import { assertNever, type Diagnostic, errorAt, type Severity, warningAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import {
  type CType,
  cError,
  cInt,
  cVoid,
  includes,
  lockKind,
  showType,
  storageOf,
  typeFromTree,
} from './c-type.js';
import {
  applyOperator,
  binaryExpr,
  commonType,
  constant,
  constantOf,
  convertExpr,
  literalType,
  negate,
  offsetAddress,
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
import type { Access, AccessEvaluator, Memory, Place, Wanted } from './evaluator.js';
import type { Expr } from './ir.js';
import { kernelConstants } from './kernel-names.js';
import type { Local, Locals } from './locals.js';
import { fieldAddress } from './pointers.js';
import { lowerCall } from './primitive-calls.js';
import { isPure } from './purity.js';
import type { SharedObject, SharedObjects } from './shared-objects.js';
import { canonical, type IntType, isLocation } from './value.js';

const failed: Typed = constant(0, cError);

function isNull(value: Typed): boolean {
  return constantOf(value) === 0;
}

/** An integer that a pointer may be compared with and assigned from: constants of the kernel, and what holds addresses. */
function mayBeAddress({ type }: Typed): boolean {
  return type.kind === 'int' && type.holds === 'address';
}

export class ExpressionLowering implements AccessEvaluator {
  private val: Typed | null = null;

  constructor(
    readonly code: CodeBuilder,
    readonly locals: Locals,
    readonly objects: SharedObjects,
    /** Parameters by name, with the types of what they point to. */
    private readonly parameters: ReadonlyMap<string, SharedObject>,
    readonly report: (diagnostic: Diagnostic) => void,
    /** `r0`, `r1` ... need no declaration, as in herd's older tests. */
    private readonly implicitRegisters: boolean,
  ) {}

  private fail(tree: CExpression, code: string, message: string, hint: string | null = null): Typed {
    this.report(errorAt(tree.span, code, message, { hint }));
    return failed;
  }

  withVal<T>(val: Typed, evaluate: () => T): T {
    const outer = this.val;
    this.val = val;
    const result = evaluate();
    this.val = outer;
    return result;
  }

  value(tree: CExpression, wanted: Wanted = null): Typed {
    switch (tree.kind) {
      case 'number':
        return constant(canonical(tree.value), literalType(tree.value, tree.suffix));
      case 'name':
        return this.nameValue(tree);
      case 'unary':
        return this.unaryValue(tree);
      case 'binary':
        return this.binaryValue(tree);
      case 'conditional':
        return this.conditionalValue(tree);
      case 'field':
      case 'index':
        return this.read(tree, wanted);
      case 'call':
        return lowerCall(this, tree, wanted);
      case 'cast':
        return this.castValue(tree, wanted);
      case 'assign':
        return this.assignment(tree);
      case 'step':
        return this.step(tree);
      default:
        return assertNever(tree);
    }
  }

  private nameValue(tree: CExpression & { kind: 'name' }): Typed {
    const { name, span } = tree;
    const local = this.locals.find(name);
    if (local !== null) {
      this.locals.noteRead(local, this.code.length, span);
      return typed({ kind: 'register', name }, local.type);
    }
    if (name === 'VAL' && this.val !== null) return this.val;
    const object = this.parameters.get(name);
    if (object !== undefined) return this.addressOf(object);
    const value = kernelConstants.get(name);
    if (value !== undefined) return constant(value);
    if (name === 'current') {
      const task = this.currentTask(tree);
      return task === null ? failed : this.addressOf(task);
    }
    return this.unknownName(tree);
  }

  private unknownName(tree: CExpression & { kind: 'name' }): Typed {
    const { name } = tree;
    const global = this.objects.roots.get(name);
    const known = [
      ...[...this.locals.all.keys()].filter((local) => this.locals.find(local) !== null),
      ...this.parameters.keys(),
      ...kernelConstants.keys(),
    ];
    const hint =
      global === undefined
        ? didYouMean(name, known)
        : `a thread sees the shared objects that are its parameters: add \`${showType(global.type)} *${name}\``;
    if (this.locals.all.has(name))
      return this.fail(tree, 'unknown-name', `\`${name}\` is declared in another block`, hint);
    return this.fail(tree, 'unknown-name', `unknown name \`${name}\``, hint);
  }

  /** A pointer to an object; the cell is made only when the value is needed. */
  private addressOf(object: SharedObject): Typed {
    const { objects } = this;
    return {
      type: { kind: 'pointer', to: object.type },
      object,
      get expr(): Expr {
        return objects.address(object);
      },
    };
  }

  currentTask(tree: CExpression): SharedObject | null {
    const named = this.parameters.get('current');
    if (named !== undefined) return named;
    const tasks = [...this.parameters.values()].filter(
      ({ type }) => type.kind === 'struct' && type.tag === 'task_struct',
    );
    if (tasks.length === 1) return tasks[0]!;
    this.fail(
      tree,
      'no-current-task',
      tasks.length === 0
        ? 'this thread has no parameter `struct task_struct *`: which task is current?'
        : `several tasks are parameters of this thread (${tasks.map((t) => `\`${t.name}\``).join(', ')}): which one is current?`,
      'name the one that runs the thread `current`, or write `smp_store_mb(p->__state, ...)`',
    );
    return null;
  }

  place(tree: CExpression): Place | null {
    switch (tree.kind) {
      case 'name': {
        const local = this.locals.find(tree.name);
        if (local !== null) return { kind: 'local', local };
        if (this.parameters.has(tree.name)) {
          const message = `\`${tree.name}\` is a parameter: the address of the shared \`${tree.name}\``;
          this.fail(tree, 'parameter-as-variable', message, `write \`*${tree.name}\` for what it points to`);
        } else if (kernelConstants.has(tree.name))
          this.fail(tree, 'not-a-place', `\`${tree.name}\` is a constant`);
        else this.unknownName(tree);
        return null;
      }
      case 'unary':
        if (tree.op === '*') return this.target(this.value(tree.operand), tree.operand);
        break;
      case 'field':
        return this.fieldPlace(tree);
      case 'index':
        this.value(tree.index);
        this.fail(
          tree,
          'unsupported-array',
          'arrays are not supported yet',
          'use one object for each element',
        );
        return null;
      case 'call':
        if (tree.callee === 'data_race' && tree.arguments.length === 1) return this.place(tree.arguments[0]!);
        break;
    }
    this.fail(tree, 'not-a-place', `\`${spanText(tree.span)}\` is a value, not a variable`);
    return null;
  }

  /** What a pointer points to. */
  private target(pointer: Typed, tree: CExpression): Place | null {
    const { type } = pointer;
    if (type.kind === 'pointer') return { kind: 'memory', pointer, type: type.to };
    if (mayBeAddress(pointer)) return { kind: 'memory', pointer, type };
    if (type.kind !== 'error')
      this.fail(
        tree,
        'not-a-pointer',
        `\`${spanText(tree.span)}\` is ${showType(type)}, not a pointer`,
        tree.kind === 'name' ? `declare it as a pointer: \`${showType(type)} *${tree.name}\`` : null,
      );
    return null;
  }

  private fieldPlace(tree: CExpression & { kind: 'field' }): Place | null {
    const { object: of, field, arrow } = tree;
    let base: Typed;
    if (arrow) base = this.value(of);
    else {
      const place = this.place(of);
      if (place === null) return null;
      if (place.kind === 'local') {
        const message = `\`${spanText(of.span)}\` is ${showType(place.local.type)}, not a struct`;
        const hint = place.local.type.kind === 'pointer' ? `write \`${spanText(of.span)}->${field}\`` : null;
        this.fail(tree, 'not-a-struct', message, hint);
        return null;
      }
      base = { ...place.pointer, type: { kind: 'pointer', to: place.type } };
      if (place.pointer.object !== null) base = this.addressOf(place.pointer.object);
    }
    if (base.type.kind === 'error') return null;
    if (base.type.kind !== 'pointer' || base.type.to.kind !== 'struct') {
      const message = `\`${spanText(of.span)}\` is ${showType(base.type)}, not ${arrow ? 'a pointer to a struct' : 'a struct'}`;
      this.fail(tree, 'not-a-struct', message);
      return null;
    }
    const { tag } = base.type.to;
    if (base.object !== null) {
      const separator = base.object.name.includes('->') ? '.' : '->';
      const pointer = this.addressOf(this.objects.field(base.object, field, separator, tree.span));
      return { kind: 'memory', pointer, type: pointer.object!.type };
    }
    const found = fieldAddress(this.objects, base.expr, tag, field, tree.span);
    if (found === null) {
      this.fail(
        tree,
        'unknown-object',
        `no object of type struct ${tag} is declared that \`${spanText(of.span)}\` could point to`,
      );
      return null;
    }
    return {
      kind: 'memory',
      pointer: typed(found.address, { kind: 'pointer', to: found.type }),
      type: found.type,
    };
  }

  /** A plain access, or the value of a local. */
  private read(tree: CExpression, wanted: Wanted): Typed {
    const place = this.place(tree);
    if (place === null) return failed;
    if (place.kind === 'local') return this.nameValue(tree as CExpression & { kind: 'name' });
    return this.load(place, tree, ['Plain'], null, wanted);
  }

  access(place: Memory, tree: CExpression, plain = false): Access | null {
    const { type, pointer } = place;
    if (type.kind === 'error') return null;
    const name = spanText(tree.span);
    const lock = [type, pointer.object?.type].find((t) => t !== undefined && lockKind(t) !== null);
    if (lock !== undefined)
      this.fail(
        tree,
        'lock-access',
        `\`${name}\` is a lock (${showType(lock)}), not an int`,
        'use the lock primitives',
      );
    else if (type.kind === 'atomic' && plain)
      this.fail(
        tree,
        'atomic-access',
        `\`${name}\` is ${showType(type)}`,
        'use `atomic_read()` and `atomic_set()`',
      );
    else if (type.kind !== 'int' && type.kind !== 'pointer' && type.kind !== 'atomic')
      this.fail(
        tree,
        'not-a-value',
        `\`${name}\` is ${showType(type)}, which is not read or written as a whole`,
      );
    else return { address: pointer.expr, type, storage: this.storage(place, tree) };
    return null;
  }

  /** The cell's own width if a cast says another one: accesses of parts of a cell are not modelled. */
  private storage({ type, pointer: { object } }: Memory, tree: CExpression): IntType {
    const wanted = storageOf(type);
    const stored = object === null ? wanted : storageOf(object.type);
    if (object === null || stored.bits === wanted.bits) return wanted;
    const message = `\`${object.name}\` is ${showType(object.type)} (${stored.bits} bits), accessed here as ${showType(type)}`;
    this.report(
      warningAt(tree.span, 'mixed-size', message, {
        hint: `the access is made ${stored.bits} bits wide: parts of a cell are not modelled`,
      }),
    );
    return stored;
  }

  load(
    place: Memory,
    tree: CExpression,
    tags: readonly string[],
    primitive: string | null,
    wanted: Wanted,
  ): Typed {
    const access = this.access(place, tree, tags.includes('Plain'));
    if (access === null) return failed;
    const destination = this.destination(access.type, wanted);
    const { dst, type: resultType } = destination;
    const type = storageOf(access.type).bits === access.storage.bits ? storageOf(resultType) : access.storage;
    this.code.emit({ kind: 'load', dst, address: access.address, type, tags, exclusive: false }, primitive);
    return this.resultIn(destination);
  }

  /** Types of one width read the same bits, so a wanted register of that width gets the result in its own type. */
  destination(from: CType, wanted: Wanted): { readonly dst: string | null; readonly type: CType } {
    const type: CType =
      from.kind === 'atomic' ? { kind: 'int', type: from.type, name: 'int', holds: 'number' } : from;
    if (wanted === 'nothing') return { dst: null, type };
    if (wanted?.type.kind === 'auto') this.settle(wanted, type);
    if (wanted?.type.kind === 'pointer' && type.kind === 'pointer') return { dst: wanted.name, type };
    if (wanted?.type.kind === 'int' && type.kind === 'int' && wanted.type.holds !== 'truth') {
      const to = wanted.type.type;
      if (to.bits === type.type.bits) return { dst: wanted.name, type: wanted.type };
      if (includes(to, type.type)) return { dst: wanted.name, type };
    }
    return { dst: this.code.temporary(storageOf(type)), type };
  }

  resultIn({ dst, type }: { readonly dst: string | null; readonly type: CType }): Typed {
    return dst === null ? constant(0, type) : typed({ kind: 'register', name: dst }, type);
  }

  private settle(local: Local, type: CType): void {
    local.type = type.kind === 'int' || type.kind === 'pointer' ? type : cInt;
    this.code.declare(local.name, storageOf(local.type), 0);
  }

  private unaryValue(tree: CExpression & { kind: 'unary' }): Typed {
    const { op, operand: of } = tree;
    if (op === '*') return this.read(tree, null);
    if (op === '&') {
      if (of.kind === 'name' && this.parameters.has(of.name) && this.locals.find(of.name) === null)
        return this.addressOf(this.parameters.get(of.name)!);
      const place = this.place(of);
      if (place === null) return failed;
      if (place.kind === 'local')
        return this.fail(
          tree,
          'local-address',
          `the address of the local \`${place.local.name}\` is not supported`,
        );
      const { object } = place.pointer;
      return object === null ? place.pointer : this.addressOf(object);
    }
    const value = this.value(of);
    if (value.type.kind === 'error') return value;
    if (!this.isScalar(value, of)) return failed;
    if (op === '!') return truth(negate(value.expr, valueType(value.type)));
    if (value.type.kind === 'pointer')
      return this.fail(tree, 'pointer-arithmetic', `\`${op}\` does not apply to a pointer`);
    const type = promote(value.type);
    if (op === '+') return typed(value.expr, type);
    return typed(unaryExpr(op, value.expr, storageOf(type)), type);
  }

  /** Reports values that are none. */
  private isScalar({ type }: Typed, tree: CExpression): boolean {
    if (type.kind === 'int' || type.kind === 'pointer') return true;
    if (type.kind === 'void') this.fail(tree, 'no-value', `\`${spanText(tree.span)}\` has no value`);
    return false;
  }

  private binaryValue(tree: CExpression & { kind: 'binary' }): Typed {
    const { op } = tree;
    if (op === '&&' || op === '||') return this.logicalValue(tree, op);
    const left = this.held(this.value(tree.left), tree.right);
    const right = this.value(tree.right);
    return this.operate(op, left, right, tree);
  }

  /** A value that stays as it is while `next` is evaluated. */
  private held(value: Typed, next: CExpression): Typed {
    if (isPure(next) || value.expr.kind === 'const') return value;
    if (value.expr.kind === 'register' && value.expr.name.startsWith('.')) return value;
    const name = this.code.temporary(valueType(value.type));
    this.code.emit({ kind: 'assign', dst: name, value: value.expr });
    return typed({ kind: 'register', name }, value.type);
  }

  private operate(
    op: Exclude<CBinaryOp, '&&' | '||'>,
    left: Typed,
    right: Typed,
    tree: CExpression & { kind: 'binary' | 'assign' },
  ): Typed {
    const sides = tree.kind === 'binary' ? [tree.left, tree.right] : [tree.target, tree.value];
    if (left.type.kind === 'error' || right.type.kind === 'error') return failed;
    if (!this.isScalar(left, sides[0]!) || !this.isScalar(right, sides[1]!)) return failed;
    if (left.type.kind === 'pointer' || right.type.kind === 'pointer')
      return this.pointerOperation(op, left, right, tree);
    const divisor = constantOf(right);
    if ((op === '/' || op === '%') && divisor === 0)
      return this.fail(tree, 'division-by-zero', 'division by zero');
    if ((op === '<<' || op === '>>') && divisor !== null) {
      const bits = storageOf(promote(left.type)).bits;
      if (isLocation(divisor) || divisor < 0 || divisor >= bits)
        return this.fail(
          tree,
          'shift-count',
          `a value of ${bits} bits cannot be shifted by ${String(divisor)}`,
        );
    }
    return applyOperator(op, left, right);
  }

  private pointerOperation(
    op: Exclude<CBinaryOp, '&&' | '||'>,
    left: Typed,
    right: Typed,
    tree: CExpression,
  ): Typed {
    if (op === '==' || op === '!=') {
      const number = left.type.kind === 'pointer' ? right : left;
      const value = constantOf(number);
      const fits = number.type.kind === 'pointer' || mayBeAddress(number) || value === 0 || value === -1;
      if (!fits)
        return this.fail(
          tree,
          'pointer-comparison',
          'a pointer is compared with an integer',
          'an object has an address, not a number: compare with `&object` or NULL',
        );
      return applyOperator(op, left, right);
    }
    if (op === '+' || op === '-') {
      const [pointer, offset] = left.type.kind === 'pointer' || op === '-' ? [left, right] : [right, left];
      if (pointer.type.kind === 'pointer' && offset.type.kind === 'int')
        return typed(offsetAddress(pointer.expr, offset), pointer.type);
    }
    return this.fail(tree, 'pointer-arithmetic', `\`${op}\` does not apply to pointers`);
  }

  private logicalValue(tree: CExpression & { kind: 'binary' }, op: '&&' | '||'): Typed {
    if (isPure(tree.right)) {
      const left = this.value(tree.left);
      const right = this.value(tree.right);
      if (left.type.kind === 'error' || right.type.kind === 'error') return failed;
      if (!this.isScalar(left, tree.left) || !this.isScalar(right, tree.right)) return failed;
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
      if (condition.type.kind === 'error' || !this.isScalar(condition, tree.condition)) return failed;
      if (type.kind === 'error') return failed;
      const side = (value: Typed): Expr => convertExpr(value.expr, valueType(value.type), storageOf(type));
      return typed(selectExpr(truthOf(condition), side(then), side(otherwise)), type);
    }
    const { code } = this;
    const other = code.newLabel();
    const end = code.newLabel();
    const dst = code.temporary(storageOf(cInt));
    this.jumpIf(tree.condition, false, other);
    const then = this.value(tree.then);
    code.emit({ kind: 'assign', dst, value: then.expr });
    code.jump(end);
    code.mark(other);
    const otherwise = this.value(tree.otherwise);
    code.emit({ kind: 'assign', dst, value: otherwise.expr });
    code.mark(end);
    const type = this.joinedType(then, otherwise);
    code.declare(dst, storageOf(type), 0);
    return typed({ kind: 'register', name: dst }, type);
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
    if (!this.isScalar(value, tree.operand)) return failed;
    if (type.kind === 'pointer') return { type, expr: value.expr, object: value.object };
    if (type.kind !== 'int')
      return this.fail(tree, 'bad-cast', `a value cannot be cast to ${showType(type)}`);
    if (type.holds === 'truth') return typed(truthOf(value), type);
    return typed(convertExpr(value.expr, valueType(value.type), type.type), type);
  }

  fit(value: Typed, type: CType, tree: CExpression): Typed {
    const from = value.type;
    if (from.kind === 'error' || type.kind === 'error') return failed;
    if (!this.isScalar(value, tree)) return failed;
    if (type.kind === 'pointer') {
      if (from.kind === 'pointer') return { ...value, expr: value.expr, type };
      const number = constantOf(value);
      if (mayBeAddress(value) || number === 0 || number === -1) return typed(value.expr, type);
      return this.fail(
        tree,
        'int-to-pointer',
        `\`${spanText(tree.span)}\` is ${showType(from)}, but ${showType(type)} is expected`,
        'point to an object, or keep all uses of this field integers',
      );
    }
    if (type.kind !== 'int' && type.kind !== 'atomic') return value;
    const storage = storageOf(type);
    if (type.kind === 'int' && type.holds === 'truth') return typed(truthOf(value), type);
    if (from.kind === 'pointer') {
      if (storage.bits === 64 || isNull(value)) return typed(value.expr, type);
      return this.fail(
        tree,
        'pointer-to-int',
        `\`${spanText(tree.span)}\` is ${showType(from)}, which ${showType(type)} cannot hold`,
        `use the type ${showType(from)}`,
      );
    }
    this.warnOutOfRange(value, type, tree);
    return typed(convertExpr(value.expr, valueType(from), storage), type);
  }

  private warnOutOfRange(value: Typed, type: CType, tree: CExpression): void {
    const number = constantOf(value);
    if (number === null || isLocation(number)) return;
    const { bits } = storageOf(type);
    const wide = BigInt(number);
    if (wide >= -(2n ** BigInt(bits - 1)) && wide < 2n ** BigInt(bits)) return;
    const severity: Severity = 'warning';
    const kept = String(BigInt.asIntN(bits, wide));
    this.report({
      ...warningAt(
        tree.span,
        'out-of-range',
        `${String(number)} does not fit into ${showType(type)}: it becomes ${kept}`,
      ),
      severity,
    });
  }

  assign(local: Local, value: Typed): void {
    if (local.type.kind === 'auto') this.settle(local, value.type);
    const { expr } = value;
    if (expr.kind === 'register' && expr.name === local.name) return;
    this.code.emit({ kind: 'assign', dst: local.name, value: expr });
  }

  private assignment(tree: CExpression & { kind: 'assign' }): Typed {
    const { op } = tree;
    if (op === null) this.declareRegister(tree.target);
    const place = this.place(tree.target);
    if (place === null) {
      this.value(tree.value);
      return failed;
    }
    if (place.kind === 'local') {
      const { local } = place;
      if (op === null) {
        const value = this.fitLocal(this.value(tree.value, local), local, tree.value);
        if (value.type.kind !== 'error') this.assign(local, value);
        return value.type.kind === 'error'
          ? failed
          : typed({ kind: 'register', name: local.name }, local.type);
      }
      return this.update(place, tree, (old) => {
        const value = this.value(tree.value);
        return op === '&&' || op === '||' ? failed : this.operate(op, old, value, tree);
      });
    }
    if (op === null) return this.storePlain(place, tree, this.value(tree.value));
    return this.update(place, tree, (old) => {
      const value = this.value(tree.value);
      return op === '&&' || op === '||' ? failed : this.operate(op, old, value, tree);
    });
  }

  private declareRegister(tree: CExpression): void {
    if (!this.implicitRegisters || tree.kind !== 'name' || !/^r\d+$/.test(tree.name)) return;
    if (this.locals.find(tree.name) !== null || this.parameters.has(tree.name)) return;
    this.locals.declareForThread(tree.name, { kind: 'auto' }, tree.span);
    this.code.declare(tree.name, storageOf(cInt), 0);
  }

  private fitLocal(value: Typed, local: Local, tree: CExpression): Typed {
    if (local.type.kind === 'auto') return this.isScalar(value, tree) ? value : failed;
    return this.fit(value, local.type, tree);
  }

  private storePlain(
    place: Place & { kind: 'memory' },
    tree: CExpression & { kind: 'assign' },
    value: Typed,
  ): Typed {
    const access = this.access(place, tree.target, true);
    if (access === null) return failed;
    const fitted = this.fit(value, access.type, tree.value);
    if (fitted.type.kind === 'error') return failed;
    this.store(access.address, fitted.expr, access.storage);
    return fitted;
  }

  private store(address: Expr, value: Expr, type: IntType): void {
    this.code.emit({ kind: 'store', address, value, type, tags: ['Plain'] });
  }

  /** Reads a place, computes, writes it back: `+=` and `++`, which are no atomic operations. */
  private update(
    place: Place,
    tree: CExpression & { kind: 'assign' | 'step' },
    compute: (old: Typed) => Typed,
  ): Typed {
    if (place.kind === 'local') {
      const { local } = place;
      this.locals.noteRead(local, this.code.length, tree.target.span);
      const value = compute(typed({ kind: 'register', name: local.name }, local.type));
      const fitted = this.fitLocal(value, local, tree);
      if (fitted.type.kind !== 'error') this.assign(local, fitted);
      return fitted.type.kind === 'error'
        ? failed
        : typed({ kind: 'register', name: local.name }, local.type);
    }
    const old = this.load(place, tree.target, ['Plain'], null, null);
    const value = compute(old);
    if (old.type.kind === 'error' || value.type.kind === 'error') return failed;
    const fitted = this.fit(value, place.type, tree);
    this.store(place.pointer.expr, fitted.expr, storageOf(place.type));
    return fitted;
  }

  private step(tree: CExpression & { kind: 'step' }): Typed {
    const place = this.place(tree.target);
    if (place === null) return failed;
    let before: Typed = failed;
    const after = this.update(place, tree, (old) => {
      if (old.type.kind !== 'int') {
        if (old.type.kind !== 'error')
          this.fail(tree, 'pointer-arithmetic', `\`${tree.op}\` does not apply to ${showType(old.type)}`);
        return failed;
      }
      before = old;
      if (!tree.prefix && place.kind === 'local') {
        const copy = this.code.temporary(storageOf(old.type));
        this.code.emit({ kind: 'assign', dst: copy, value: old.expr });
        before = typed({ kind: 'register', name: copy }, old.type);
      }
      return applyOperator(tree.op === '++' ? '+' : '-', old, constant(1));
    });
    return tree.prefix || after.type.kind === 'error' ? after : before;
  }

  jumpIf(tree: CExpression, wanted: boolean, target: Label): void {
    if (tree.kind === 'unary' && tree.op === '!') {
      this.jumpIf(tree.operand, !wanted, target);
      return;
    }
    if (tree.kind === 'binary' && (tree.op === '&&' || tree.op === '||')) {
      // The first operand alone decides if it is false (&&) or true (||).
      const decisive = tree.op === '||';
      if (wanted === decisive) this.jumpIf(tree.left, wanted, target);
      else {
        const past = this.code.newLabel();
        this.jumpIf(tree.left, decisive, past);
        this.jumpIf(tree.right, wanted, target);
        this.code.mark(past);
        return;
      }
      this.jumpIf(tree.right, wanted, target);
      return;
    }
    if (tree.kind === 'call' && /^(?:un)?likely$/.test(tree.callee) && tree.arguments.length === 1) {
      this.jumpIf(tree.arguments[0]!, wanted, target);
      return;
    }
    this.jumpIfValue(tree, wanted, target);
  }

  private jumpIfValue(tree: CExpression, wanted: boolean, target: Label): void {
    const value = this.value(tree);
    if (value.type.kind === 'error' || !this.isScalar(value, tree)) return;
    const number = constantOf(value);
    if (number !== null) {
      if ((number !== 0) === wanted) this.code.jump(target);
      return;
    }
    const { expr } = value;
    this.code.branch(wanted ? expr : negate(expr, valueType(value.type)), target);
  }
}
