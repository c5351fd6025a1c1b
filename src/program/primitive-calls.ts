/** Lowers calls of kernel primitives: a row of the table (primitives.ts) and arguments -> instructions. */
import type { CExpression } from '../syntax/c-tree.js';
import { assertNever, errorAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { type AtomicCall, atomicUpdate } from './atomic-updates.js';
import { assignLocal } from './c-assignments.js';
import { mayBeAddress } from './c-conversions.js';
import { cInt, cVoid, isSrcuDomain, lockKind, showType, storageOf } from './c-type.js';
import { constant, failed, type Typed, truth, truthOf, typed } from './c-values.js';
import type { Access, Evaluator, Memory, Wanted } from './evaluator.js';
import type { Expr } from './ir.js';
import type { Local } from './locals.js';
import { type Action, orderTags, type Parameter, type Primitive, primitives } from './primitives.js';
import { isPure } from './purity.js';
import type { IntType } from './value.js';

type CallTree = CExpression & { kind: 'call' };

const nothing: Typed = constant(0, cVoid);
const OLD: Expr = { kind: 'old' };

function number(value: number): Expr {
  return { kind: 'const', value };
}

/** How a signature shows a parameter. */
const PARAMETER_NAMES: Readonly<Record<Parameter, string>> = {
  place: 'variable',
  pointer: 'pointer',
  lock: 'lock',
  domain: '&srcu_struct',
  value: 'value',
  expected: '&local',
  flags: 'flags',
  condition: 'condition on VAL',
  assertion: 'condition',
};

function fail(
  e: Evaluator,
  tree: CExpression,
  code: string,
  message: string,
  hint: string | null = null,
): null {
  e.report(errorAt(tree.span, code, message, { hint }));
  return null;
}

function addressHint(tree: CExpression): string | null {
  if (tree.kind === 'field') return `write \`&${spanText(tree.span)}\``;
  return tree.kind === 'unary' && tree.op === '*' ? `write \`${spanText(tree.operand.span)}\`` : null;
}

/** The value of a call, `void` if it has none. */
export function lowerCall(e: Evaluator, tree: CallTree, wanted: Wanted): Typed {
  const { callee, calleeSpan } = tree;
  const row = primitives.get(callee);
  if (row === undefined) {
    const hint = didYouMean(callee, primitives.keys());
    e.report(errorAt(calleeSpan, 'unknown-primitive', `unknown primitive \`${callee}\``, { hint }));
    return failed;
  }
  if (row.action.kind === 'refused') {
    e.report(errorAt(calleeSpan, 'unsupported-primitive', `\`${callee}\` ${row.action.why}`));
    return failed;
  }
  const expected = row.parameters.length;
  const found = tree.arguments.length;
  if (found !== expected) {
    const names = row.parameters.map((p) => PARAMETER_NAMES[p]).join(', ');
    const message = `\`${callee}\` takes ${expected} argument${expected === 1 ? '' : 's'}, not ${found}`;
    e.report(errorAt(tree.span, 'argument-count', message, { hint: `\`${callee}(${names})\`` }));
    return failed;
  }
  return new Call(e, tree, row, wanted).lower();
}

/** One call, its number of arguments checked. */
class Call {
  constructor(
    private readonly e: Evaluator,
    private readonly tree: CallTree,
    private readonly row: Primitive,
    private readonly wanted: Wanted,
  ) {}

  private argument(kind: Parameter, nth = 0): CExpression {
    const index = this.row.parameters.flatMap((p, i) => (p === kind ? [i] : []))[nth]!;
    return this.tree.arguments[index]!;
  }

  lower(): Typed {
    const { action } = this.row;
    switch (action.kind) {
      case 'fence':
        this.fence(action.tags);
        return nothing;
      case 'load': {
        const memory = this.memory();
        if (memory === null) return failed;
        return this.e.memory.load(memory, this.target(), action.tags, this.row.primitive, this.wanted);
      }
      case 'store':
        return this.store(action);
      case 'set-state':
        return this.setState(action.barrier);
      case 'wait':
        return this.wait(action.tags);
      case 'atomic':
      case 'exchange':
      case 'compare':
      case 'add-unless':
        return this.readModifyWrite(action);
      case 'srcu':
        return this.srcu(action.step);
      case 'lock':
        return this.lock(action);
      case 'unlock':
        return this.unlock(action.lock);
      case 'same':
        return this.same(action.truth);
      case 'refused':
        return failed;
      default:
        return assertNever(action);
    }
  }

  private fence(tags: readonly string[]): void {
    this.e.code.emit({ kind: 'fence', tags }, this.row.primitive);
  }

  private target(): CExpression {
    return this.argument(this.row.parameters.includes('place') ? 'place' : 'pointer');
  }

  /** The memory that the primitive accesses; null after a report. */
  private memory(): Memory | null {
    const { e } = this;
    const tree = this.target();
    if (this.row.parameters.includes('place')) {
      const place = e.place(tree);
      if (place === null || place.kind === 'memory') return place;
      return fail(
        e,
        tree,
        'not-shared',
        `\`${place.local.name}\` is a local, which no other thread sees`,
        'just use it',
      );
    }
    const pointer = this.pointerValue(tree);
    if (pointer.type.kind === 'pointer') return { kind: 'memory', pointer, type: pointer.type.to };
    if (pointer.type.kind === 'error') return null;
    if (mayBeAddress(pointer)) return { kind: 'memory', pointer, type: pointer.type };
    const message = `\`${this.tree.callee}\` takes an address, but \`${spanText(tree.span)}\` is ${showType(pointer.type)}`;
    return fail(e, tree, 'not-a-pointer', message, addressHint(tree));
  }

  /** The value of an argument that should be an address; a place that holds none is not read, so that only one thing is reported. */
  private pointerValue(tree: CExpression): Typed {
    const { e } = this;
    const isPlace = tree.kind === 'field' || (tree.kind === 'unary' && tree.op === '*');
    if (!isPlace) return e.value(tree);
    const place = e.place(tree);
    if (place === null) return failed;
    if (place.kind === 'local') return e.value(tree);
    if (place.type.kind === 'pointer' || place.type.kind === 'error')
      return e.memory.load(place, tree, ['Plain'], null, null);
    return { ...place.pointer, expr: number(0), type: place.type };
  }

  private store(action: Action & { kind: 'store' }): Typed {
    const { e } = this;
    const memory = this.memory();
    const tree = this.argument('value');
    const value = e.value(tree);
    if (memory === null) return failed;
    const access = e.memory.access(memory, this.target());
    if (access === null) return failed;
    const fitted = e.conversions.fit(value, access.type, tree);
    if (fitted.type.kind === 'error') return failed;
    this.emitStore(access.address, fitted.expr, access.storage, action.tags);
    if (action.barrier) this.fence(['Mb']);
    return nothing;
  }

  private emitStore(address: Expr, value: Expr, type: IntType, tags: readonly string[]): void {
    this.e.code.emit({ kind: 'store', address, value, type, tags }, this.row.primitive);
  }

  private setState(barrier: boolean): Typed {
    const { e, tree } = this;
    const task = e.scope.currentTask(tree);
    const argument = this.argument('value');
    const value = e.value(argument);
    if (task === null) return failed;
    const state = e.objects.field(task, '__state', '->', tree.span);
    const fitted = e.conversions.fit(value, state.type, argument);
    if (fitted.type.kind === 'error') return failed;
    this.emitStore(e.objects.address(state), fitted.expr, storageOf(state.type), ['Once']);
    if (barrier) this.fence(['Mb']);
    return nothing;
  }

  private wait(tags: readonly string[]): Typed {
    const { e } = this;
    const condition = this.argument('condition');
    const memory = this.memory();
    if (memory === null) return failed;
    const value = e.memory.load(memory, this.target(), tags, this.row.primitive, null);
    if (value.type.kind === 'error') return failed;
    if (!isPure(condition)) {
      fail(e, condition, 'impure-condition', 'the condition of a wait loop only looks at VAL and locals');
      return failed;
    }
    const holds = e.scope.withVal(value, () => e.value(condition));
    if (holds.type.kind === 'error') return failed;
    if (holds.type.kind === 'void') {
      fail(e, condition, 'no-value', `\`${spanText(condition.span)}\` has no value`);
      return failed;
    }
    e.code.emit({ kind: 'assume', condition: truthOf(holds) }, this.row.primitive);
    return value;
  }

  private readModifyWrite(
    action: Action & { kind: 'atomic' | 'exchange' | 'compare' | 'add-unless' },
  ): Typed {
    const { e } = this;
    const memory = this.memory();
    const values = this.tree.arguments.filter((_, i) => this.row.parameters[i] === 'value');
    const operands = values.map((tree) => e.value(tree));
    const expected = action.kind === 'compare' && action.try ? this.expectedLocal() : null;
    if (memory === null || (action.kind === 'compare' && action.try && expected === null)) return failed;
    const access = e.memory.access(memory, this.target());
    if (access === null) return failed;
    const fitted = operands.map((value, i) => e.conversions.fit(value, access.type, values[i]!));
    if (fitted.some((value) => value.type.kind === 'error')) return failed;
    if (access.type.kind === 'pointer' && action.kind !== 'exchange' && action.kind !== 'compare') {
      fail(e, this.target(), 'pointer-arithmetic', `\`${this.tree.callee}\` does not apply to a pointer`);
      return failed;
    }
    if (action.kind === 'compare')
      return this.compare(
        action,
        access,
        expected === null ? fitted : [localValue(expected), ...fitted],
        expected,
      );
    if (action.kind === 'exchange') {
      const { read, write } = orderTags(action.order);
      return this.emitRmw(access, {
        when: null,
        update: fitted[0]!.expr,
        result: OLD,
        readTags: read,
        writeTags: write,
        fail: null,
        resultType: access.type,
      });
    }
    return this.emitRmw(access, atomicUpdate(action, access.type, fitted));
  }

  private expectedLocal(): Local | null {
    const { e } = this;
    const tree = this.argument('expected');
    const place = tree.kind === 'unary' && tree.op === '&' ? e.place(tree.operand) : undefined;
    if (place === null) return null;
    if (place?.kind === 'local') {
      e.locals.noteRead(place.local, e.code.length, tree.span);
      return place.local;
    }
    return fail(
      e,
      tree,
      'not-a-local',
      'expected the address of a local here',
      `\`${this.tree.callee}(pointer, &old, new)\``,
    );
  }

  /** cmpxchg returns the old value; try_cmpxchg also leaves it in its local, and returns whether it was the expected one. */
  private compare(
    action: Action & { kind: 'compare' },
    access: Access,
    [expected, desired]: readonly Typed[],
    local: Local | null,
  ): Typed {
    const { read, write } = orderTags(action.order);
    const type = access.storage;
    const call: AtomicCall = {
      when: { kind: 'binary', op: '==', left: OLD, right: expected!.expr, type },
      update: desired!.expr,
      result: OLD,
      readTags: read,
      writeTags: write,
      fail: { tags: ['Once'], result: OLD },
      resultType: access.type,
    };
    if (local === null) return this.emitRmw(access, call);
    const { e } = this;
    const old = this.emitRmw(access, call, null);
    const done = e.code.temporary(storageOf(cInt));
    const same: Expr = { kind: 'binary', op: '==', left: old.expr, right: expected!.expr, type };
    e.code.emit({ kind: 'assign', dst: done, value: same });
    assignLocal(e, local, e.conversions.fit(old, local.type, this.tree));
    return truth({ kind: 'register', name: done });
  }

  private emitRmw(access: Access, { resultType, ...call }: AtomicCall, wanted: Wanted = this.wanted): Typed {
    const { e } = this;
    const destination = e.memory.destination(resultType ?? cVoid, resultType === null ? 'nothing' : wanted);
    e.code.emit(
      {
        kind: 'rmw',
        dst: destination.dst,
        address: access.address,
        type: access.storage,
        ...call,
      },
      this.row.primitive,
    );
    return resultType === null ? nothing : e.memory.resultIn(destination);
  }

  /** The address of the SRCU domain; null after a report. */
  private domain(): Expr | null {
    const tree = this.argument('domain');
    const pointer = this.pointerValue(tree);
    const { type } = pointer;
    if (type.kind === 'error') return null;
    if (type.kind === 'pointer' && isSrcuDomain(type.to)) return pointer.expr;
    const text = spanText(tree.span);
    const shown = type.kind === 'pointer' ? `points to ${showType(type.to)}` : `is ${showType(type)}`;
    const message = `\`${this.tree.callee}\` takes the address of a struct srcu_struct, but \`${text}\` ${shown}`;
    const hint = isSrcuDomain(type) ? addressHint(tree) : 'declare it as `struct srcu_struct *`';
    return fail(this.e, tree, 'not-srcu', message, hint);
  }

  /** The index that srcu_read_lock() returns is what it reads of the domain's cell, and srcu_read_unlock() writes it back. */
  private srcu(step: (Action & { kind: 'srcu' })['step']): Typed {
    const { e } = this;
    const address = this.domain();
    const type = storageOf(cInt);
    if (step === 'synchronize') {
      if (address === null) return failed;
      e.code.emit({ kind: 'fence', tags: ['Sync-srcu'], address }, this.row.primitive);
      return nothing;
    }
    if (step === 'lock') {
      if (address === null) return failed;
      const destination = e.memory.destination(cInt, this.wanted);
      const { dst } = destination;
      e.code.emit(
        { kind: 'load', dst, address, type, tags: ['Srcu-lock'], exclusive: false },
        this.row.primitive,
      );
      return e.memory.resultIn(destination);
    }
    const tree = this.argument('value');
    const index = e.conversions.fit(e.value(tree), cInt, tree);
    if (address === null || index.type.kind === 'error') return failed;
    this.emitStore(address, index.expr, type, ['Srcu-unlock']);
    return nothing;
  }

  private lockCell(kind: 'spin' | 'mutex'): Expr | null {
    const { e } = this;
    const tree = this.argument('lock');
    const pointer = this.pointerValue(tree);
    if (pointer.type.kind === 'error') return null;
    const type = pointer.type.kind === 'pointer' ? pointer.type.to : null;
    const found = type === null ? null : lockKind(type);
    if (found === kind) {
      if (kind === 'mutex' && pointer.object !== null) e.objects.mutexes.add(pointer.object);
      return pointer.expr;
    }
    const text = spanText(tree.span);
    if (type === null) {
      const message = `\`${this.tree.callee}\` takes the address of a lock, but \`${text}\` is ${showType(pointer.type)}`;
      return fail(e, tree, 'not-a-lock', message, lockKind(pointer.type) === null ? null : addressHint(tree));
    }
    const wanted = kind === 'spin' ? 'a spinlock' : 'a mutex';
    const message = `\`${this.tree.callee}\` takes ${wanted}, but \`${text}\` points to ${showType(type)}`;
    const hint =
      found === 'mutex'
        ? 'use `mutex_lock()` and `mutex_unlock()`'
        : found === 'spin'
          ? 'use `spin_lock()` and `spin_unlock()`'
          : `declare it as \`${kind === 'spin' ? 'spinlock_t' : 'struct mutex'} *\``;
    return fail(e, tree, 'not-a-lock', message, hint);
  }

  /** The local that keeps the interrupt state, which is not modelled; it counts as assigned. */
  private flags(): boolean {
    if (!this.row.parameters.includes('flags')) return true;
    const { e } = this;
    const tree = this.argument('flags');
    const place = e.place(tree);
    if (place === null) return false;
    if (place.kind === 'local') {
      e.locals.noteAssigned(place.local, e.code.length);
      return true;
    }
    return (
      fail(e, tree, 'not-a-local', 'the flags are kept in a local', 'declare `unsigned long flags;`') !== null
    );
  }

  private lock(action: Action & { kind: 'lock' }): Typed {
    const address = this.lockCell(action.lock);
    if (!this.flags() || address === null) return failed;
    const type = storageOf(cInt);
    const destination = this.e.memory.destination(cInt, action.try ? this.wanted : 'nothing');
    this.e.code.emit(
      {
        kind: 'rmw',
        dst: destination.dst,
        address,
        type,
        when: { kind: 'binary', op: '==', left: OLD, right: number(0), type },
        update: number(1),
        result: number(1),
        readTags: ['LKR'],
        writeTags: ['LKW'],
        fail: action.try ? { tags: ['LF'], result: number(0) } : null,
      },
      this.row.primitive,
    );
    return action.try ? this.e.memory.resultIn(destination) : nothing;
  }

  private unlock(kind: 'spin' | 'mutex'): Typed {
    const address = this.lockCell(kind);
    if (!this.flags() || address === null) return failed;
    this.emitStore(address, number(0), storageOf(cInt), ['UL']);
    return nothing;
  }

  /** The value of `data_race(x)`: a plain access that carries the primitive's name. */
  private markedPlain(tree: CExpression): Typed {
    const { e, wanted } = this;
    if (tree.kind !== 'field' && !(tree.kind === 'unary' && tree.op === '*')) return e.value(tree, wanted);
    const place = e.place(tree);
    if (place === null) return failed;
    if (place.kind === 'local') return e.value(tree, wanted);
    return e.memory.load(place, tree, ['Plain'], this.row.primitive, wanted);
  }

  private same(asTruth: boolean): Typed {
    const { e } = this;
    const tree = this.argument('value');
    const value = asTruth ? e.value(tree) : this.markedPlain(tree);
    if (value.type.kind === 'error' || value.type.kind === 'void') {
      if (value.type.kind === 'void') fail(e, tree, 'no-value', `\`${spanText(tree.span)}\` has no value`);
      return failed;
    }
    return asTruth ? truth(truthOf(value)) : value;
  }
}

function localValue(local: Local): Typed {
  return typed({ kind: 'register', name: local.name }, local.type);
}
