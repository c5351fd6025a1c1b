/** The arguments of a primitive's call: what each parameter of the table takes, checked and evaluated. */

import type { Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { CExpression } from '../syntax/c-tree.js';
import { errorAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { heldAddress } from './c-conversions.js';
import { decayed } from './c-places.js';
import { cVoid, isSrcuDomain, lockKind, showType } from './c-type.js';
import { constant, failed, type Typed } from './c-values.js';
import type { Evaluator, Memory, Wanted } from './evaluator.js';
import type { Local } from './locals.js';
import type { LockKind, Parameter, Primitive } from './primitives.js';

export type CallTree = CExpression & { kind: 'call' };

/** The value of a call that has none. */
export const nothing: Typed = constant(0, cVoid);

/** The value that a read-modify-write reads. */
export const OLD: Expr = { kind: 'old' };

export function number(value: number): Expr {
  return { kind: 'const', value };
}

function addressHint(tree: CExpression): string | null {
  if (tree.kind === 'field') return `write \`&${spanText(tree.span)}\``;
  return tree.kind === 'unary' && tree.op === '*' ? `write \`${spanText(tree.operand.span)}\`` : null;
}

/** How a message names a lock and shows its type. */
const LOCKS: Readonly<
  Record<LockKind, { readonly name: string; readonly type: string; readonly use: string }>
> = {
  spin: { name: 'a spinlock', type: 'spinlock_t', use: '`spin_lock()` and `spin_unlock()`' },
  mutex: { name: 'a mutex', type: 'struct mutex', use: '`mutex_lock()` and `mutex_unlock()`' },
  rw: { name: 'a reader-writer lock', type: 'rwlock_t', use: '`read_lock()` and `write_lock()`' },
  rwsem: { name: 'a semaphore', type: 'struct rw_semaphore', use: '`down_read()` and `down_write()`' },
};

/** One call, its number of arguments checked. */
export class Call {
  constructor(
    readonly e: Evaluator,
    readonly tree: CallTree,
    readonly row: Primitive,
    readonly wanted: Wanted,
  ) {}

  /** What messages call it. */
  get name(): string {
    return this.row.shown ?? this.tree.callee;
  }

  fail(tree: CExpression, code: string, message: string, hint: string | null = null): null {
    this.e.report(errorAt(tree.span, code, message, { hint }));
    return null;
  }

  argument(kind: Parameter, nth = 0): CExpression {
    const index = this.row.parameters.flatMap((p, i) => (p === kind ? [i] : []))[nth]!;
    return this.tree.arguments[index]!;
  }

  fence(tags: readonly string[]): void {
    this.e.code.emit({ kind: 'fence', tags }, this.row.primitive);
  }

  store(address: Expr, value: Expr, type: IntType, tags: readonly string[]): void {
    this.e.code.emit({ kind: 'store', address, value, type, tags }, this.row.primitive);
  }

  /** The argument that names the memory. */
  target(): CExpression {
    const { parameters } = this.row;
    return this.argument(
      parameters.includes('place') ? 'place' : parameters.includes('bits') ? 'bits' : 'pointer',
    );
  }

  /** The memory that the primitive accesses; null after a report. */
  memory(): Memory | null {
    const { e } = this;
    const tree = this.target();
    if (this.row.parameters.includes('place')) {
      const place = e.place(tree);
      if (place === null || place.kind === 'memory') return place;
      return this.fail(
        tree,
        'not-shared',
        `\`${place.local.name}\` is a local, which no other thread sees`,
        'just use it',
      );
    }
    const pointer = this.pointerValue(tree);
    if (pointer.type.kind === 'pointer') return { kind: 'memory', pointer, type: pointer.type.to };
    if (pointer.type.kind === 'error') return null;
    const held = heldAddress(pointer.type);
    if (held !== null) return { kind: 'memory', pointer, type: held };
    const message = `\`${this.name}\` takes an address, but \`${spanText(tree.span)}\` is ${showType(pointer.type)}`;
    return this.fail(tree, 'not-a-pointer', message, addressHint(tree));
  }

  /** The value of an argument that should be an address; a place that holds none is not read, so that only one thing is reported. */
  pointerValue(tree: CExpression): Typed {
    const { e } = this;
    const isPlace =
      tree.kind === 'field' || tree.kind === 'index' || (tree.kind === 'unary' && tree.op === '*');
    if (!isPlace) return e.value(tree);
    const place = e.place(tree);
    if (place === null) return failed;
    if (place.kind === 'local') return e.value(tree);
    if (place.type.kind === 'array') return decayed(place, place.type);
    if (place.type.kind === 'pointer' || place.type.kind === 'error')
      return e.memory.load(place, tree, ['Plain'], null, null);
    return { ...place.pointer, expr: number(0), type: place.type };
  }

  /** The address of the SRCU domain; null after a report. */
  domain(): Expr | null {
    const tree = this.argument('domain');
    const pointer = this.pointerValue(tree);
    const { type } = pointer;
    if (type.kind === 'error') return null;
    if (type.kind === 'pointer' && isSrcuDomain(type.to)) return pointer.expr;
    const text = spanText(tree.span);
    const shown = type.kind === 'pointer' ? `points to ${showType(type.to)}` : `is ${showType(type)}`;
    const message = `\`${this.name}\` takes the address of a struct srcu_struct, but \`${text}\` ${shown}`;
    const hint = isSrcuDomain(type) ? addressHint(tree) : 'declare it as `struct srcu_struct *`';
    return this.fail(tree, 'not-srcu', message, hint);
  }

  /** The local that try_cmpxchg() takes the address of; null after a report. */
  expectedLocal(): Local | null {
    const { e } = this;
    const tree = this.argument('expected');
    const place = tree.kind === 'unary' && tree.op === '&' ? e.place(tree.operand) : undefined;
    if (place === null) return null;
    if (place?.kind === 'local') {
      e.locals.noteRead(place.local, e.code.length, tree.span);
      return place.local;
    }
    return this.fail(
      tree,
      'not-a-local',
      'expected the address of a local here',
      `\`${this.name}(pointer, &old, new)\``,
    );
  }

  /** The address of the lock; null after a report. */
  lockCell(kind: LockKind | 'any'): Expr | null {
    const { e } = this;
    const tree = this.argument('lock');
    const pointer = this.pointerValue(tree);
    if (pointer.type.kind === 'error') return null;
    const type = pointer.type.kind === 'pointer' ? pointer.type.to : null;
    const found = type === null ? null : lockKind(type);
    if (found === kind || (kind === 'any' && (found === 'spin' || found === 'mutex'))) {
      if (found === 'mutex' && pointer.object !== null) e.objects.mutexes.add(pointer.object);
      return pointer.expr;
    }
    const text = spanText(tree.span);
    const wanted = kind === 'any' ? 'spin' : kind;
    if (type === null) {
      const message = `\`${this.name}\` takes the address of a lock, but \`${text}\` is ${showType(pointer.type)}`;
      return this.fail(
        tree,
        'not-a-lock',
        message,
        lockKind(pointer.type) === null ? null : addressHint(tree),
      );
    }
    const message = `\`${this.name}\` takes ${LOCKS[wanted].name}, but \`${text}\` points to ${showType(type)}`;
    const hint = found === null ? `declare it as \`${LOCKS[wanted].type} *\`` : `use ${LOCKS[found].use}`;
    return this.fail(tree, 'not-a-lock', message, hint);
  }

  /** The local that keeps the interrupt state, which is not modelled; it counts as assigned. */
  flags(): boolean {
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
      this.fail(tree, 'not-a-local', 'the flags are kept in a local', 'declare `unsigned long flags;`') !==
      null
    );
  }
}
