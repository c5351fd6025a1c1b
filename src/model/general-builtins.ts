/** The functions of cat that are not written in cat, on general values. Their types are in general-types.ts. */
import * as operators from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { assertNever } from '../text/diagnostic.js';
import { eventSetOf, KindError, relationOf, type Site } from './general-operators.js';
import {
  asEventSet,
  asRelation,
  describeValue,
  elementsOf,
  Family,
  type General,
  ofBits,
} from './general-values.js';
import { classesByLocation, classesOf, linearExtensions, unionsOfChoices } from './orders.js';
import type { Builtin } from './values.js';

/** What a function needs to know of the execution: the relation `loc`, and which events carry a declared tag. */
export interface ExecutionFacts {
  readonly sameLocation: () => Relation;
  readonly eventsWith: (tag: string) => Bits;
}

export function applyBuiltin(name: Builtin, argument: General, site: Site, facts: ExecutionFacts): General {
  switch (name) {
    case 'domain':
      return ofBits(operators.domain(relationOf(argument, site)));
    case 'range':
      return ofBits(operators.range(relationOf(argument, site)));
    case 'classes':
      return familyOf(classesOf(relationOf(argument, site)));
    case 'classes-loc':
      return familyOf(classesByLocation(eventSetOf(argument, site), facts.sameLocation()));
    case 'tag2events':
      if (argument.kind === 'tag') return ofBits(facts.eventsWith(argument.name));
      throw new KindError(`expected a tag, found ${describeValue(argument)}`, site.span);
    case 'linearisations':
      return linearisations(argument, site);
    case 'cross':
      return cross(argument, site);
    default:
      return assertNever(name);
  }
}

/** The elements must differ. */
function familyOf(items: readonly (EventSet | Relation)[]): Family {
  return Family.ofDistinct(items.map(ofBits));
}

function linearisations(argument: General, site: Site): General {
  if (argument.kind !== 'tuple' || argument.items.length !== 2)
    throw new KindError(`expected a tuple of 2, found ${describeValue(argument)}`, site.span);
  const [members, order] = argument.items as readonly [General, General];
  const orders = linearExtensions(eventSetOf(members, site), relationOf(order, site));
  site.budget.spend(orders.length);
  return familyOf(orders);
}

/** From a set of sets of sets, all unions of one element of each. */
function cross(argument: General, site: Site): General {
  const families = elementsOf(argument);
  const lists = families?.map(elementsOf) ?? [null];
  if (!lists.every((list) => list !== null))
    throw new KindError(`\`cross\` takes a set of sets of sets or relations`, site.span);
  const ofEvents = lists.some((list) => list.some(({ kind }) => kind === 'set' || kind === 'event'));
  return ofEvents
    ? product(bitsOf(lists, asEventSet, site), new EventSet(site.n))
    : product(bitsOf(lists, asRelation, site), new Relation(site.n));
}

/** If the lists have no elements' elements in common, different choices have different unions. */
function product<T extends EventSet | Relation>(lists: readonly (readonly T[])[], zero: T): Family {
  const unions = unionsOfChoices(lists, zero, operators.union);
  const supports = lists.map((list) => list.reduce(operators.union, zero));
  const apart = supports.every((support, i) =>
    supports.slice(0, i).every((other) => operators.isEmpty(operators.intersection(support, other))),
  );
  return apart ? familyOf(unions) : Family.of(unions.map(ofBits));
}

function bitsOf<T extends EventSet | Relation>(
  lists: readonly (readonly General[])[],
  as: (value: General, n: number) => T | null,
  site: Site,
): readonly (readonly T[])[] {
  return lists.map((list) =>
    list.map((item) => {
      const bits = as(item, site.n);
      if (bits === null)
        throw new KindError(`expected a set or relation, found ${describeValue(item)}`, site.span);
      return bits;
    }),
  );
}
