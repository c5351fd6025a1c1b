/**
 * The operators of cat on general values (general-values.ts).
 *
 * An operator that does not apply to its operands throws a KindError; the type check (general-types.ts) has excluded that for
 * every expression that is compiled, except where `try` is there to catch it.
 */
import * as operators from '../relation/operators.js';
import { EventSet, Relation } from '../relation/relation.js';
import type { BinaryOperator, PostfixOperator } from '../syntax/cat-tree.js';
import { assertNever } from '../text/diagnostic.js';
import { positionAt, type Span } from '../text/source.js';
import { ModelEvaluationError } from './evaluation-error.js';
import {
  asEventSet,
  asRelation,
  type Budget,
  describeValue,
  elementsOf,
  Family,
  type General,
  isEmptyValue,
  keyOf,
  nothing,
  ofBits,
  ofKind,
} from './general-values.js';

/** An operation on a value of the wrong kind, or a name that nothing defines. */
export class KindError extends ModelEvaluationError {
  constructor(message: string, span: Span) {
    const { line, column } = positionAt(span.file, span.start);
    super(`${span.file.name}:${line}:${column}: ${message}`);
  }
}

/** Where an operation stands and what it runs on. */
export interface Site {
  readonly n: number;
  readonly span: Span;
  readonly budget: Budget;
}

export function eventSetOf(value: General, site: Site): EventSet {
  const set = asEventSet(value, site.n);
  if (set === null) throw new KindError(`expected a set of events, found ${describeValue(value)}`, site.span);
  return set;
}

export function relationOf(value: General, site: Site): Relation {
  const relation = asRelation(value, site.n);
  if (relation === null) throw new KindError(`expected a relation, found ${describeValue(value)}`, site.span);
  return relation;
}

/** A set or a relation; events and pairs are the sets of themselves. */
function bitsOf(value: General, site: Site): EventSet | Relation {
  return value.kind === 'set' || value.kind === 'event' ? eventSetOf(value, site) : relationOf(value, site);
}

export function complementOf(value: General, site: Site): General {
  return ofBits(operators.complement(bitsOf(value, site)));
}

export function applyPostfix(op: PostfixOperator, value: General, site: Site): General {
  if (op === '^-1' && value.kind === 'pair') return { kind: 'pair', from: value.to, to: value.from };
  const relation = relationOf(value, site);
  switch (op) {
    case '+':
      return ofBits(operators.transitiveClosure(relation));
    case '*':
      return ofBits(operators.reflexive(operators.transitiveClosure(relation)));
    case '?':
      return ofBits(operators.reflexive(relation));
    case '^-1':
      return ofBits(operators.inverse(relation));
    default:
      return assertNever(op);
  }
}

export function applyBinary(op: BinaryOperator, left: General, right: General, site: Site): General {
  switch (op) {
    case ';':
      return ofBits(operators.compose(relationOf(left, site), relationOf(right, site)));
    case '*':
      return ofBits(operators.product(eventSetOf(left, site), eventSetOf(right, site)));
    case '++':
      return added(left, right, site);
    case '|':
    case '&':
    case '\\':
      return combined(op, left, right, site);
    default:
      return assertNever(op);
  }
}

/** A tag, in the place of a set, is the set of itself. */
function withTagAsSet(value: General): General {
  return value.kind === 'tag' ? Family.of([value]) : value;
}

function combined(op: '|' | '&' | '\\', first: General, second: General, site: Site): General {
  const [left, right] = [withTagAsSet(first), withTagAsSet(second)];
  if (left.kind === 'empty') return op === '|' ? right : nothing;
  if (right.kind === 'empty') return op === '&' ? nothing : left;
  if (left.kind === 'family' || right.kind === 'family') return combinedFamilies(op, left, right, site);
  const [a, b] = [bitsOf(left, site), bitsOf(right, site)];
  if (a instanceof EventSet !== b instanceof EventSet)
    throw new KindError(`\`${op}\` of ${describeValue(left)} and ${describeValue(right)}`, site.span);
  if (op === '|') return ofBits(operators.union(a, b));
  return ofBits(op === '&' ? operators.intersection(a, b) : operators.difference(a, b));
}

function combinedFamilies(op: '|' | '&' | '\\', left: General, right: General, site: Site): General {
  const [a, b] = [asFamily(left), asFamily(right)];
  if (a === null || b === null)
    throw new KindError(`\`${op}\` of ${describeValue(left)} and ${describeValue(right)}`, site.span);
  site.budget.spend(a.size + b.size);
  if (op === '|') return b.items.reduce<Family>((all, item) => all.with(item, site.budget), a);
  return a.filter((item) => b.has(item) === (op === '&'));
}

/** A family, or an empty set of another kind as the family without elements; else null. */
function asFamily(value: General): Family | null {
  if (value.kind === 'family') return value;
  return isEmptyValue(value) ? Family.of([]) : null;
}

/** `element ++ set`: a set of events or a relation if it can be one. */
function added(element: General, set: General, site: Site): General {
  const { n, span, budget } = site;
  budget.spend(1);
  if (element.kind === 'event' && (set.kind === 'set' || set.kind === 'empty')) {
    const one = EventSet.of(n, [element.event]);
    return ofBits(set.kind === 'set' ? operators.union(set.bits, one) : one);
  }
  const pair = pairOf(element);
  if (pair !== null && (set.kind === 'relation' || (set.kind === 'empty' && element.kind === 'pair'))) {
    const one = Relation.of(n, [pair]);
    return ofBits(set.kind === 'relation' ? operators.union(set.bits, one) : one);
  }
  const family = set.kind === 'family' || set.kind === 'empty' ? asFamily(set) : null;
  if (family === null)
    throw new KindError(`${describeValue(element)} is not an element of ${describeValue(set)}`, span);
  return family.with(element, budget);
}

function pairOf(value: General): readonly [number, number] | null {
  if (value.kind === 'pair') return [value.from, value.to];
  if (value.kind !== 'tuple' || value.items.length !== 2) return null;
  const [from, to] = value.items;
  return from?.kind === 'event' && to?.kind === 'event' ? [from.event, to.event] : null;
}

/** `{a, b}`: a set of events or a relation if it can be one. */
export function listedSet(items: readonly General[], site: Site): General {
  if (items.length === 0) return nothing;
  if (items.every(({ kind }) => kind === 'event'))
    return items.reduce<General>((set, item) => added(item, set, site), nothing);
  if (items.every(({ kind }) => kind === 'pair'))
    return items.reduce<General>((set, item) => added(item, set, site), nothing);
  return Family.of(items);
}

/** `left = right`, `left subset right`, `left in right`. */
export function compares(op: '=' | 'subset' | 'in', left: General, right: General, site: Site): boolean {
  const [a, b] = [withTagAsSet(left), withTagAsSet(right)];
  if (op === '=') return keyOf(likeSet(left, right, site.n)) === keyOf(likeSet(right, left, site.n));
  if (op === 'subset') {
    if (isEmptyValue(a)) return true;
    if (a.kind === 'family' || b.kind === 'family') {
      const larger = asFamily(b);
      const smaller = asFamily(a);
      if (larger === null || smaller === null)
        throw new KindError(`${describeValue(a)} cannot be a subset of ${describeValue(b)}`, site.span);
      return smaller.items.every((item) => larger.has(item));
    }
    return isEmptyValue(combined('\\', a, b, site));
  }
  if (isEmptyValue(b)) return false;
  if (b.kind === 'family') return b.has(left) || b.has(ofKind(left, setKindOf(left), site.n));
  if (b.kind === 'set') return operators.isSubset(eventSetOf(left, site), b.bits);
  const pair = pairOf(left);
  if (pair === null || b.kind !== 'relation')
    throw new KindError(`${describeValue(left)} is not an element of ${describeValue(b)}`, site.span);
  return b.bits.has(pair[0], pair[1]);
}

/** The set or relation that an event or a pair stands for. */
function setKindOf(value: General): 'set' | 'relation' {
  return value.kind === 'event' ? 'set' : 'relation';
}

/** The value as a set if the other one is a set. */
function likeSet(value: General, other: General, n: number): General {
  return other.kind === value.kind ? value : withTagAsSet(ofKind(value, setKindOf(value), n));
}

/** The first element of a set and the others, or null if there is none. A set that can be split in a middle has `before` too. */
export function splitSet(
  value: General,
  withBefore: boolean,
  site: Site,
): { readonly before: General; readonly element: General; readonly rest: General } | null {
  if (isEmptyValue(value)) return null;
  if (value.kind === 'family' && !withBefore)
    return { before: nothing, element: value.first, rest: value.rest };
  const elements = elementsOf(value);
  if (elements === null) throw new KindError(`expected a set, found ${describeValue(value)}`, site.span);
  if (!withBefore) return { before: nothing, element: elements[0]!, rest: without(value, elements[0]!) };
  site.budget.spend(elements.length);
  const middle = elements.length >> 1;
  const part = (items: readonly General[]): General =>
    value.kind === 'family' ? Family.of(items) : listedSet(items, site);
  return {
    before: part(elements.slice(0, middle)),
    element: elements[middle]!,
    rest: part(elements.slice(middle + 1)),
  };
}

/** A set of events or relation without one of its elements. */
function without(value: General, element: General): General {
  if (value.kind === 'set' && element.kind === 'event') {
    const bits = new EventSet(value.bits.n);
    bits.bits.set(value.bits.bits);
    bits.bits[element.event >> 5]! &= ~(1 << (element.event & 31));
    return { kind: 'set', bits };
  }
  if (value.kind === 'relation' && element.kind === 'pair') {
    const bits = value.bits.copy();
    bits.remove(element.from, element.to);
    return { kind: 'relation', bits };
  }
  return nothing;
}
