/**
 * The operations that macro files are written in, as actions of the table of primitives.
 *
 * Source: herd's reading of tools/memory-model/linux-kernel.def. A tag `once` is the event set `Once`. A tag that is one of ours but for
 * capitals means ours (but see FENCED), as the kernel's model means by 'ACQUIRE on the read and the write of a read-modify-write what it meant by
 * 'acquire: only what orders is kept. Other tags are carried by the events as they are.
 */

import type { BinaryOp } from '../program/ir.js';
import { tags as vocabulary } from '../program/vocabulary.js';
import type { MacroOperator } from '../syntax/def-tree.js';
import type { Action, Order, OrderTags, Parameter } from './primitives.js';

export interface Operation {
  readonly parameters: readonly Parameter[];
  readonly action: Action;
}

interface OperationKind {
  readonly parameters: readonly Parameter[];
  readonly tag: 'needed' | 'possible' | 'none';
  /** Whether it takes an operator. */
  readonly operator: boolean;
  action(tag: string | null, op: MacroOperator | null): Action;
}

/** The event set that a tag stands for; `operation` carries it. */
export function setOfTag(tag: string, operation: string): string {
  if (tag === FENCED && isReadModifyWrite(operation)) return FENCED;
  const known = vocabulary.lkmm.find((name) => name.toLowerCase() === tag.toLowerCase());
  return known ?? `${tag[0]!.toUpperCase()}${tag.slice(1)}`;
}

const ORDERS: Readonly<Record<string, Order>> = {
  Mb: 'full',
  Acquire: 'acquire',
  Release: 'release',
  Once: 'relaxed',
};

/**
 * The tag `mb`, in small letters, on a read-modify-write: herd's own treatment of it, which the kernel's files relied on up to
 * v6.14: the operation is unordered, and one that succeeds stands between two full fences. A name that no event carries.
 */
const FENCED = 'mb';

function orderOf(tag: string | null): Order | OrderTags {
  const set = tag ?? 'Mb';
  if (set === FENCED) return { read: ['Once'], write: ['Once'], fences: ['Mb'] };
  return Object.hasOwn(ORDERS, set) ? ORDERS[set]! : { read: [set], write: [set] };
}

const BINARY: Readonly<Record<MacroOperator, BinaryOp>> = {
  '+': '+',
  '-': '-',
  '&': '&',
  '|': '|',
  '^': '^',
  '&~': '&',
};

function atomic(result: 'none' | 'old' | 'new', op: MacroOperator | null, order: Order | OrderTags): Action {
  const given = op ?? '+';
  return { kind: 'atomic', op: BINARY[given], complement: given === '&~', operand: null, result, order };
}

/** Without a result an unordered read is 'noreturn, whether or not the file says so. */
function silentOrder(tag: string | null): Order | OrderTags {
  if (tag === null || tag === 'Noreturn') return 'relaxed';
  const order = orderOf(tag);
  return order === 'relaxed' ? { read: ['Once'], write: ['Once'] } : order;
}

function isReadModifyWrite(operation: string): boolean {
  return /^__(xchg|cmpxchg|atomic_)/.test(operation);
}

const LOCK: readonly Parameter[] = ['lock'];
const UPDATE: readonly Parameter[] = ['pointer', 'value'];
const COMPARE: readonly Parameter[] = ['pointer', 'value', 'value'];

const KINDS: ReadonlyMap<string, OperationKind> = new Map<string, OperationKind>([
  [
    '__load',
    {
      parameters: ['place'],
      tag: 'needed',
      operator: false,
      action: (tag) =>
        tag === 'Srcu-lock' ? { kind: 'srcu', step: 'lock', tags: [tag] } : { kind: 'load', tags: [tag!] },
    },
  ],
  [
    '__store',
    {
      parameters: ['place', 'value'],
      tag: 'needed',
      operator: false,
      action: (tag) =>
        tag === 'Srcu-unlock'
          ? { kind: 'srcu', step: 'unlock', tags: [tag] }
          : { kind: 'store', tags: [tag!], barrier: false },
    },
  ],
  [
    '__fence',
    { parameters: [], tag: 'needed', operator: false, action: (tag) => ({ kind: 'fence', tags: [tag!] }) },
  ],
  ['__lock', lockKind({ kind: 'lock', lock: 'any', result: 'none' })],
  ['__trylock', lockKind({ kind: 'lock', lock: 'any', result: 'done' })],
  ['__unlock', lockKind({ kind: 'unlock', lock: 'any' })],
  ['__islocked', lockKind({ kind: 'is-locked', lock: 'any' })],
  [
    '__xchg',
    {
      parameters: UPDATE,
      tag: 'needed',
      operator: false,
      action: (tag) => ({ kind: 'exchange', order: orderOf(tag) }),
    },
  ],
  [
    '__cmpxchg',
    {
      parameters: COMPARE,
      tag: 'needed',
      operator: false,
      action: (tag) => ({ kind: 'compare', order: orderOf(tag), try: false, wide: false }),
    },
  ],
  [
    '__atomic_op',
    {
      parameters: UPDATE,
      tag: 'possible',
      operator: true,
      action: (tag, op) => atomic('none', op, silentOrder(tag)),
    },
  ],
  [
    '__atomic_op_return',
    {
      parameters: UPDATE,
      tag: 'needed',
      operator: true,
      action: (tag, op) => atomic('new', op, orderOf(tag)),
    },
  ],
  [
    '__atomic_fetch_op',
    {
      parameters: UPDATE,
      tag: 'needed',
      operator: true,
      action: (tag, op) => atomic('old', op, orderOf(tag)),
    },
  ],
  [
    '__atomic_add_unless',
    {
      parameters: COMPARE,
      tag: 'possible',
      operator: false,
      action: (tag) => ({
        kind: 'add-unless',
        operand: null,
        unless: 'argument',
        result: 'done',
        order: orderOf(tag),
      }),
    },
  ],
]);

function lockKind(action: Action): OperationKind {
  return { parameters: LOCK, tag: 'none', operator: false, action: () => action };
}

/** An operation about an SRCU domain: which one, its tag says. */
function srcuKind(tag: string): OperationKind {
  const step = tag === 'Srcu-lock' ? 'lock' : tag === 'Srcu-unlock' ? 'unlock' : 'synchronize';
  return {
    parameters: step === 'unlock' ? ['domain', 'value'] : ['domain'],
    tag: 'needed',
    operator: false,
    action: () => ({ kind: 'srcu', step, tags: [tag] }),
  };
}

export const operationNames: readonly string[] = [...KINDS.keys(), '__srcu'];

/** The kind of an operation with this tag, null: no such operation. */
export function operationKind(name: string, tag: string | null): OperationKind | null {
  return name === '__srcu' ? srcuKind(tag ?? '') : (KINDS.get(name) ?? null);
}
