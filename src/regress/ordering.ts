/**
 * Which primitive of the kernel orders less than another and does the same otherwise.
 *
 * Read off the table of primitives (elaborate/primitive-table.ts): two rows are of one family if they do the same to memory and
 * return the same; the one that has fewer ordering properties is the weaker. So a primitive that is added to the table has its
 * ladder at once. Names only choose between rows that mean the same: an atomic_t stays one.
 */
import { kernelPrimitives, type PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Action, Order, OrderTags, Primitive } from '../elaborate/primitives.js';

/** What a primitive orders; the subset is the weaker. */
type Properties = ReadonlySet<string>;

const NONE: Properties = new Set();

function ofOrder(order: Order | OrderTags): Properties | null {
  switch (order) {
    case 'full':
      return new Set(['acquire', 'release', 'full']);
    case 'acquire':
    case 'release':
      return new Set([order]);
    case 'relaxed':
      return NONE;
    default:
      return null;
  }
}

/** What a fence orders, by its tag; those that are not listed are of their own kind. */
const FENCES: Readonly<Record<string, readonly string[]>> = {
  Mb: ['reads', 'writes', 'full'],
  Rmb: ['reads'],
  Wmb: ['writes'],
  // a grace period has a full barrier before and after it
  'Sync-rcu': ['reads', 'writes', 'full', 'grace-period'],
  'Sync-srcu': ['reads', 'writes', 'full', 'grace-period'],
};

function ofAccess(tags: readonly string[], barrier: boolean): Properties {
  const properties = tags.filter((tag) => tag === 'Acquire' || tag === 'Release');
  return new Set(barrier ? [...properties, 'barrier-behind'] : properties);
}

/** What a primitive does besides ordering, and what it orders; null for what has no weaker or stronger kin. */
interface Meaning {
  readonly family: string;
  readonly orders: Properties;
}

function meaningOf(action: Action): Meaning | null {
  switch (action.kind) {
    case 'fence': {
      const tag = action.tags[0] ?? '';
      return { family: 'fence', orders: new Set(FENCES[tag] ?? [tag]) };
    }
    case 'srcu':
      if (action.step !== 'synchronize') return null;
      return { family: 'fence', orders: new Set(FENCES['Sync-srcu']) };
    case 'load':
    case 'wait':
    case 'test-bit':
      return { family: action.kind, orders: ofAccess(action.tags, false) };
    case 'store':
      return { family: 'store', orders: ofAccess(action.tags, action.barrier) };
    case 'set-state':
      return { family: 'set-state', orders: ofAccess([], action.barrier) };
    case 'split-bit': {
      const { op, returns, read, write } = action;
      return { family: `split-bit ${op} ${returns}`, orders: ofAccess([...read, ...write], false) };
    }
    case 'bit': {
      // test_and_set_bit_lock() leaves a bit that is set alone, which nobody can tell
      const orders = ofOrder(action.order);
      return orders === null ? null : { family: `bit ${action.op} ${action.returns}`, orders };
    }
    case 'atomic':
    case 'exchange':
    case 'compare':
    case 'add-unless': {
      const { order, ...rest } = action;
      const orders = ofOrder(order);
      return orders === null ? null : { family: JSON.stringify(rest), orders };
    }
    default:
      return null;
  }
}

/** The names among which one is chosen for a barrier or an access of an ordinary cell. */
const PLAIN_NAMES: readonly string[] = [
  'smp_mb',
  'smp_rmb',
  'smp_wmb',
  'READ_ONCE',
  'WRITE_ONCE',
  'smp_load_acquire',
  'smp_store_release',
];

function stemOf(name: string): string {
  return name.replace(/_(?:acquire|release|relaxed|lock|unlock|mb)$/, '');
}

/** Whether `to` is how kernel code would write the weaker or stronger form of `from`. */
function isFormOf(from: string, to: string, { family }: Meaning): boolean {
  if (family === 'set-state') return true;
  const isOrdinary =
    family === 'fence' || ((family === 'load' || family === 'store') && !/^atomic/.test(from));
  return isOrdinary ? PLAIN_NAMES.includes(to) : stemOf(from) === stemOf(to);
}

function isSubset(a: Properties, b: Properties): boolean {
  return [...a].every((property) => b.has(property));
}

/** Marked accesses only: a plain one is another question. */
function isMarked(action: Action): boolean {
  return !('tags' in action && action.tags.includes('Plain'));
}

function kin(
  name: string,
  table: PrimitiveTable,
  accepts: (own: Properties, other: Properties) => boolean,
): string[] {
  const rows = kernelPrimitives();
  const row = rows.get(name);
  const own = row === undefined || !isMarked(row.action) ? null : meaningOf(row.action);
  if (row === undefined || own === null) return [];
  const found: { readonly name: string; readonly size: number }[] = [];
  for (const [other, { action, parameters }] of rows) {
    const meaning = isMarked(action) ? meaningOf(action) : null;
    if (meaning === null || meaning.family !== own.family || table.get(other) === undefined) continue;
    if (meaning.orders.size === own.orders.size || !accepts(own.orders, meaning.orders)) continue;
    if (!isFormOf(name, other, own)) continue;
    if (own.family !== 'fence' && parameters.length !== row.parameters.length) continue;
    found.push({ name: other, size: meaning.orders.size });
  }
  return found.sort((a, b) => b.size - a.size).map(({ name }) => name);
}

/** The primitives that do the same and order less, those that order most first. */
export function weakerPrimitives(name: string, table: PrimitiveTable): readonly string[] {
  return kin(name, table, (own, other) => isSubset(other, own));
}

/** The primitives that do the same and order more, those that order least first. */
export function strongerPrimitives(name: string, table: PrimitiveTable): readonly string[] {
  return kin(name, table, (own, other) => isSubset(own, other)).reverse();
}

/** The primitive of that name, if it is known by that name to the kernel, too. */
export function orderingPrimitive(name: string, table: PrimitiveTable): Primitive | null {
  const known = kernelPrimitives().get(name);
  return known !== undefined && table.get(name) !== undefined ? known : null;
}

/** Whether an access or a read-modify-write of that name orders anything. */
export function ordersOthers({ action }: Primitive): boolean {
  const meaning = meaningOf(action);
  return meaning !== null && meaning.orders.size > 0;
}

/** What a primitive of the kernel orders; nothing if it is none. */
export function ordersOf(name: string): ReadonlySet<string> {
  const row = kernelPrimitives().get(name);
  return row === undefined ? NONE : (meaningOf(row.action)?.orders ?? NONE);
}
