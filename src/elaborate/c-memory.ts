/** Loads and plain stores of a thread: checks that a place can be accessed, and emits the access. */

import type { Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { CExpression } from '../syntax/c-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { type CType, cInt, includes, lockKind, showType, storageOf } from './c-type.js';
import { constant, failed, type Typed, typed } from './c-values.js';
import type { CodeBuilder } from './code-builder.js';
import type { Access, Memory, Wanted } from './evaluator.js';
import type { Local } from './locals.js';

/** Where a result goes: a register of this type, or nowhere. */
export interface Destination {
  readonly dst: string | null;
  readonly type: CType;
}

export class MemoryAccess {
  constructor(
    private readonly code: CodeBuilder,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {}

  private fail(tree: CExpression, code: string, message: string, hint: string | null = null): null {
    this.report(errorAt(tree.span, code, message, { hint }));
    return null;
  }

  /** Null after a report. Plain accesses of atomics are refused. */
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
        type.kind === 'struct' && tree.kind === 'field' ? `name a field of it: \`${name}.field\`` : null,
      );
    else return { address: pointer.expr, type, storage: this.storage(place, tree) };
    return null;
  }

  /** The cell's own width if a cast says another one: accesses of parts of a cell are not modelled. */
  private storage({ type, pointer: { object, before } }: Memory, tree: CExpression): IntType {
    const wanted = storageOf(type);
    const cell = object?.type ?? before ?? type;
    const stored = storageOf(cell);
    if (stored.bits === wanted.bits) return wanted;
    const name = object?.name ?? spanText(tree.span);
    const message = `\`${name}\` is ${showType(cell)} (${stored.bits} bits), accessed here as ${showType(type)}`;
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

  /**
   * Where a result of this type goes: the wanted register if it can take the value. Types of one width read the same bits, so a
   * register of that width gets the result in its own type.
   */
  destination(from: CType, wanted: Wanted): Destination {
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

  /** The value of what `destination` chose. */
  resultIn({ dst, type }: Destination): Typed {
    return dst === null ? constant(0, type) : typed({ kind: 'register', name: dst }, type);
  }

  /** Gives a register of a sketch the type of its first value. */
  settle(local: Local, type: CType): void {
    local.type = type.kind === 'int' || type.kind === 'pointer' ? type : cInt;
    this.code.declare(local.name, storageOf(local.type), 0);
  }

  storePlain(address: Expr, value: Expr, type: IntType): void {
    this.code.emit({ kind: 'store', address, value, type, tags: ['Plain'] });
  }
}
