/**
 * The values of cat that only an execution determines: events, pairs, sets of sets and the like, beside the event sets and
 * relations that the expression graph (dag.ts) knows. general-interpreter.ts computes with them.
 *
 * Source: the diy manual, chapter "The cat language": a set of events and a relation are sets too, of events and of pairs; a set
 * of anything else is a `family` here. Functions are values, but not elements of sets.
 */

import { EventSet, Relation } from '../relation/relation.js';
import type { CatExpr, Pattern } from '../syntax/cat-tree.js';
import { assertNever, invariant } from '../text/diagnostic.js';
import { ModelEvaluationError } from './evaluation-error.js';
import type { Builtin, Scope } from './values.js';

export type General =
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'pair'; readonly from: number; readonly to: number }
  | { readonly kind: 'set'; readonly bits: EventSet }
  | { readonly kind: 'relation'; readonly bits: Relation }
  /** `0` and `{}`: the empty set of whatever its use asks for. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'tuple'; readonly items: readonly General[] }
  | Family
  | {
      readonly kind: 'closure';
      readonly parameter: Pattern;
      readonly body: CatExpr;
      readonly frame: Frame;
    }
  | { readonly kind: 'builtin'; readonly name: Builtin };

/** Names bound while an expression is evaluated, innermost first; below them, what the compiler had in scope. */
export type Frame =
  | { readonly kind: 'bound'; readonly name: string; value: General; readonly outer: Frame }
  | { readonly kind: 'compiled'; readonly scope: Scope | null };

export const nothing: General = { kind: 'empty' };

/** What an evaluation may cost, so that no model makes it run for ever. A step is an operation, or a copied element. */
export class Budget {
  constructor(
    private left: number,
    private readonly total = left,
  ) {}

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0)
      throw new ModelEvaluationError(`a function of the model takes more than ${this.total} steps`);
  }
}

/**
 * Elements in the order of insertion, and their keys with their places (null until they are asked for); shared by the families
 * that have grown from one.
 */
interface Store {
  readonly items: General[];
  places: Map<string, number> | null;
}

/**
 * A set of values that are neither all events nor all pairs: distinct elements, in the order of insertion.
 *
 * A family is the elements [start, end) of its store. Adding to the family that ends where its store ends extends the store in
 * place, which no other family sees; so building a family element by element, and taking it apart, is linear.
 */
export class Family {
  readonly kind = 'family';

  private constructor(
    private readonly store: Store,
    private readonly start: number,
    private readonly end: number,
  ) {}

  static of(items: Iterable<General>): Family {
    const distinct = new Map<string, General>();
    for (const item of items) {
      const key = keyOf(item);
      if (!distinct.has(key)) distinct.set(key, item);
    }
    return Family.ofDistinct([...distinct.values()]);
  }

  /** The elements must differ. */
  static ofDistinct(items: readonly General[]): Family {
    return new Family({ items: [...items], places: null }, 0, items.length);
  }

  get size(): number {
    return this.end - this.start;
  }

  get items(): readonly General[] {
    return this.store.items.slice(this.start, this.end);
  }

  /** The first element; there must be one. */
  get first(): General {
    invariant(this.size > 0, 'the first of no elements');
    return this.store.items[this.start]!;
  }

  /** The family without its first element. */
  get rest(): Family {
    return new Family(this.store, this.start + 1, this.end);
  }

  has(value: General): boolean {
    const place = placesIn(this.store).get(keyOf(value));
    return place !== undefined && place >= this.start && place < this.end;
  }

  with(value: General, budget: Budget): Family {
    const { store, start, end } = this;
    const places = placesIn(store);
    const key = keyOf(value);
    const place = places.get(key);
    if (place !== undefined && place >= start && place < end) return this;
    if (place === undefined && store.items.length === end) {
      places.set(key, end);
      store.items.push(value);
      return new Family(store, start, end + 1);
    }
    budget.spend(this.size);
    return Family.of([...this.items, value]);
  }

  filter(keep: (item: General) => boolean): Family {
    return Family.of(this.items.filter(keep));
  }
}

function placesIn(store: Store): Map<string, number> {
  store.places ??= new Map(store.items.map((item, place) => [keyOf(item), place]));
  return store.places;
}

/** Equal for equal values only; the empty sets of all kinds are equal. */
export function keyOf(value: General): string {
  switch (value.kind) {
    case 'event':
      return `e${value.event}`;
    case 'pair':
      return `${value.from}>${value.to}`;
    case 'set':
    case 'relation':
      return isEmptyValue(value) ? '{}' : `${value.kind[0]}${value.bits.bits.join(',')}`;
    case 'empty':
      return '{}';
    case 'tag':
      return `'${value.name}`;
    case 'tuple':
      return `(${value.items.map(keyOf).join(';')})`;
    case 'family':
      return `{${value.items.map(keyOf).sort().join(';')}}`;
    case 'closure':
    case 'builtin':
      throw new ModelEvaluationError('functions cannot be compared or be elements of sets');
    default:
      return assertNever(value);
  }
}

/** Whether a value is an empty set; what is no set is not. */
export function isEmptyValue(value: General): boolean {
  switch (value.kind) {
    case 'empty':
      return true;
    case 'set':
    case 'relation':
      return value.bits.bits.every((word) => word === 0);
    case 'family':
      return value.size === 0;
    default:
      return false;
  }
}

/** The elements of a set, events and pairs ascending; an event, a pair or a tag is the set of itself. Null if the value is no set. */
export function elementsOf(value: General): readonly General[] | null {
  switch (value.kind) {
    case 'empty':
      return [];
    case 'set':
      return value.bits.members().map((event) => ({ kind: 'event', event }));
    case 'relation':
      return value.bits.pairs().map(([from, to]) => ({ kind: 'pair', from, to }));
    case 'family':
      return value.items;
    case 'event':
    case 'pair':
    case 'tag':
      return [value];
    default:
      return null;
  }
}

/** The event set that a value is or stands for: an event is the set of itself. Null if it is none. */
export function asEventSet(value: General, n: number): EventSet | null {
  if (value.kind === 'set') return value.bits;
  if (value.kind === 'empty') return new EventSet(n);
  if (value.kind === 'event') return EventSet.of(n, [value.event]);
  return null;
}

/** The relation that a value is or stands for: a pair is the relation of itself. Null if it is none. */
export function asRelation(value: General, n: number): Relation | null {
  if (value.kind === 'relation') return value.bits;
  if (value.kind === 'empty') return new Relation(n);
  if (value.kind === 'pair') return Relation.of(n, [[value.from, value.to]]);
  return null;
}

/** The set or relation that an event, a pair or `{}` stands for, where that is its kind; other values as they are. */
export function ofKind(value: General, kind: string | null, n: number): General {
  if (value.kind === 'event' || value.kind === 'empty') {
    if (kind === 'set') return ofBits(asEventSet(value, n) ?? new EventSet(n));
  }
  if (value.kind === 'pair' || value.kind === 'empty') {
    if (kind === 'relation') return ofBits(asRelation(value, n) ?? new Relation(n));
  }
  return value;
}

export function ofBits(bits: EventSet | Relation): General {
  return bits instanceof EventSet ? { kind: 'set', bits } : { kind: 'relation', bits };
}

/** For messages: `an event`, `a set of values`. */
export function describeValue(value: General): string {
  const names: Readonly<Record<General['kind'], string>> = {
    event: 'an event',
    pair: 'a pair of events',
    set: 'a set of events',
    relation: 'a relation',
    empty: 'an empty set',
    tag: 'a tag',
    tuple: 'a tuple',
    family: 'a set of values',
    closure: 'a function',
    builtin: 'a function',
  };
  return names[value.kind];
}
