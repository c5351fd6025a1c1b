/**
 * Lowers calls of locks and of SRCU.
 *
 * A spinlock or mutex is a word that is 0 or 1, with the events of the kernel's lock.cat. A lock that readers share is a counter, -1 while
 * a writer has it, and has the ordering of the atomics that implement it: acquire and release.
 */

import type { Expr, RmwInstruction } from '../program/ir.js';
import { cInt, storageOf } from './c-type.js';
import { constant, failed, type Typed } from './c-values.js';
import { type Call, nothing, number, OLD } from './call-arguments.js';
import { type Action, orderTags } from './primitives.js';

const WORD = storageOf(cInt);

function oldIs(op: '==' | '>=', value: number): Expr {
  return { kind: 'binary', op, left: OLD, right: number(value), type: WORD };
}

/** The value of an acquisition: none, whether it succeeded, or 0. */
function acquire(
  call: Call,
  result: 'none' | 'done' | 'zero',
  address: Expr,
  rmw: Pick<RmwInstruction, 'when' | 'update' | 'readTags' | 'writeTags'>,
  failTags: readonly string[],
): Typed {
  const { e } = call;
  const isAttempt = result === 'done';
  const destination = e.memory.destination(cInt, isAttempt ? call.wanted : 'nothing');
  e.code.emit(
    {
      kind: 'rmw',
      dst: destination.dst,
      address,
      type: WORD,
      ...rmw,
      result: number(1),
      fail: isAttempt ? { tags: failTags, result: number(0) } : null,
    },
    call.row.primitive,
  );
  if (isAttempt) return e.memory.resultIn(destination);
  return result === 'zero' ? constant(0) : nothing;
}

export function lowerLock(call: Call, action: Action & { kind: 'lock' }): Typed {
  const address = call.lockCell(action.lock);
  if (!call.flags() || address === null) return failed;
  const rmw = { when: oldIs('==', 0), update: number(1), readTags: ['LKR'], writeTags: ['LKW'] };
  return acquire(call, action.result, address, rmw, ['LF']);
}

export function lowerUnlock(call: Call, action: Action & { kind: 'unlock' }): Typed {
  const address = call.lockCell(action.lock);
  if (!call.flags() || address === null) return failed;
  call.store(address, number(0), WORD, ['UL']);
  return nothing;
}

export function lowerIsLocked(call: Call, action: Action & { kind: 'is-locked' }): Typed {
  const { e, row } = call;
  const address = call.lockCell(action.lock);
  if (address === null) return failed;
  const destination = e.memory.destination(cInt, call.wanted);
  const { dst } = destination;
  e.code.emit(
    { kind: 'load', dst, address, type: WORD, tags: ['RL'], zeroTags: ['RU'], exclusive: false },
    row.primitive,
  );
  return e.memory.resultIn(destination);
}

export function lowerSharedLock(call: Call, { lock, side, result }: Action & { kind: 'shared-lock' }): Typed {
  const address = call.lockCell(lock);
  if (!call.flags() || address === null) return failed;
  const { read: readTags, write: writeTags } = orderTags('acquire');
  const counted: Expr = { kind: 'binary', op: '+', left: OLD, right: number(1), type: WORD };
  const rmw =
    side === 'read'
      ? { when: oldIs('>=', 0), update: counted, readTags, writeTags }
      : { when: oldIs('==', 0), update: number(-1), readTags, writeTags };
  return acquire(call, result, address, rmw, ['Once']);
}

/** write_unlock() is a store; the others count. */
export function lowerSharedUnlock(call: Call, { lock, side }: Action & { kind: 'shared-unlock' }): Typed {
  const address = call.lockCell(lock);
  if (!call.flags() || address === null) return failed;
  const { read: readTags, write: writeTags } = orderTags('release');
  if (lock === 'rw' && side === 'write') {
    call.store(address, number(0), WORD, writeTags);
    return nothing;
  }
  const op = side === 'read' ? '-' : '+';
  const update: Expr = { kind: 'binary', op, left: OLD, right: number(1), type: WORD };
  call.e.code.emit(
    {
      kind: 'rmw',
      dst: null,
      address,
      type: WORD,
      when: null,
      update,
      result: OLD,
      readTags,
      writeTags,
      fail: null,
    },
    call.row.primitive,
  );
  return nothing;
}

/** The index that srcu_read_lock() returns is what it reads of the domain's cell, and srcu_read_unlock() writes it back. */
export function lowerSrcu(call: Call, { step, tags }: Action & { kind: 'srcu' }): Typed {
  const { e } = call;
  const address = call.domain();
  const type = storageOf(cInt);
  if (step === 'synchronize') {
    if (address === null) return failed;
    e.code.emit({ kind: 'fence', tags, address }, call.row.primitive);
    return nothing;
  }
  if (step === 'lock') {
    if (address === null) return failed;
    const destination = e.memory.destination(cInt, call.wanted);
    const { dst } = destination;
    e.code.emit({ kind: 'load', dst, address, type, tags, exclusive: false }, call.row.primitive);
    return e.memory.resultIn(destination);
  }
  const tree = call.argument('value');
  const index = e.conversions.fit(e.value(tree), cInt, tree);
  if (address === null || index.type.kind === 'error') return failed;
  call.store(address, index.expr, type, tags);
  return nothing;
}
