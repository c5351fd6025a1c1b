/** The kinds of results of the operators and functions of cat, by the kinds of operands; part of the type check (type-checker.ts). */
import type { CatExpr } from '../syntax/cat-tree.js';
import { assertNever } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import type { NodeType } from './dag.js';
import {
  asSetOf,
  aType,
  describeType,
  emptyType,
  familyType,
  type GeneralType,
  joinTypes,
  nestingOf,
  relationType,
  setType,
  unknownType,
} from './general-types.js';
import type { Builtin } from './values.js';

const identityHint = 'write `[S]` for the identity relation on a set S';
const endsHint = 'domain(r) and range(r) are the sets of the ends of a relation r';

/** Sets that nest deeper are taken for a mistake. */
const nestingLimit = 12;

/** Thrown where kinds grow for ever; caught in typeOf. */
export class Endless extends Error {}

/** Each rule reports operands that it does not allow, and gives `unknown` for them. */
export class TypeRules {
  constructor(private readonly error: (span: Span, message: string, hint?: string | null) => GeneralType) {}

  /** Reports a value that is not of the kind that its use asks for; events and pairs are the sets of themselves. */
  expect(wanted: NodeType, found: GeneralType, span: Span, user: string): void {
    const type = asSetOf(found);
    if (type.kind === 'unknown' || type.kind === 'empty' || type.kind === wanted) return;
    const hint = type.kind === 'set' ? identityHint : type.kind === 'relation' ? endsHint : null;
    this.error(span, `${describeType(found)} used as ${wanted}: ${user} takes a ${wanted}`, hint);
  }

  join(a: GeneralType, b: GeneralType, span: Span): GeneralType {
    const type = joinTypes(a, b);
    if (type === null) return this.error(span, `${aType(a)} in one case and ${aType(b)} in another`);
    if (nestingOf(type) > nestingLimit) throw new Endless();
    return type;
  }

  /** The kind of a set of these. */
  setOf(element: GeneralType): GeneralType {
    if (element.kind === 'unknown') return unknownType;
    if (element.kind === 'event' || element.kind === 'pair') return asSetOf(element);
    const type = familyType(element);
    if (nestingOf(type) > nestingLimit) throw new Endless();
    return type;
  }

  combined(first: GeneralType, second: GeneralType, expr: Extract<CatExpr, { kind: 'binary' }>): GeneralType {
    const [left, right] = [asSetOf(first), asSetOf(second)];
    for (const [type, span] of [
      [left, expr.left.span],
      [right, expr.right.span],
    ] as const)
      if (type.kind === 'tuple' || type.kind === 'function')
        return this.error(
          span,
          `${describeType(type)} used as set or relation: \`${expr.op}\` takes a value`,
        );
    if (expr.op === '|') {
      const type = joinTypes(left, right);
      if (type !== null) return type;
    } else {
      if (left.kind === 'unknown' || right.kind === 'unknown') return left.kind === 'unknown' ? right : left;
      if (left.kind === 'empty' || (right.kind === 'empty' && expr.op === '&')) return emptyType;
      if (joinTypes(left, right) !== null) return left;
    }
    return this.error(
      expr.span,
      `\`${expr.op}\` of ${aType(left)} and ${aType(right)}`,
      left.kind === 'family' || right.kind === 'family' ? null : identityHint,
    );
  }

  added(element: GeneralType, set: GeneralType, expr: Extract<CatExpr, { kind: 'binary' }>): GeneralType {
    if (set.kind === 'unknown' || set.kind === 'empty') return this.setOf(element);
    if (element.kind === 'unknown') return set;
    const ofPair = element.kind === 'pair' || isPairOfEvents(element);
    if (set.kind === 'set' && element.kind === 'event') return set;
    if (set.kind === 'relation' && ofPair) return set;
    if (set.kind === 'family' && element.kind !== 'function')
      return this.setOf(this.join(set.of, element, expr.left.span));
    return this.error(
      expr.span,
      `${aType(element)} is not an element of ${aType(set)}`,
      set.kind === element.kind ? 'write `|` for the union' : null,
    );
  }

  builtin(name: Builtin, argument: GeneralType, span: Span): GeneralType {
    const user = `\`${name}\``;
    switch (name) {
      case 'domain':
      case 'range':
        this.expect('relation', argument, span, user);
        return setType;
      case 'classes':
        this.expect('relation', argument, span, user);
        return familyType(setType);
      case 'classes-loc':
        this.expect('set', argument, span, user);
        return familyType(setType);
      case 'tag2events':
        if (argument.kind !== 'tag' && argument.kind !== 'unknown')
          this.error(span, `${user} takes a tag, not ${aType(argument)}`);
        return setType;
      case 'linearisations': {
        const items = this.itemsOf(argument, 2, span);
        if (items === null) return familyType(relationType);
        this.expect('set', items[0]!, span, user);
        this.expect('relation', items[1]!, span, user);
        return familyType(relationType);
      }
      case 'cross':
        return this.cross(argument, span);
      default:
        return assertNever(name);
    }
  }

  /** A set of sets of events or pairs counts as one of sets of single-element sets. */
  private cross(argument: GeneralType, span: Span): GeneralType {
    if (argument.kind === 'unknown') return unknownType;
    if (argument.kind === 'empty') return familyType(emptyType);
    const choices = argument.kind === 'family' ? argument.of : argument;
    const element = choices.kind === 'family' ? asSetOf(choices.of) : choices;
    const { kind } = element;
    const isKnown = kind === 'set' || kind === 'relation' || kind === 'empty' || kind === 'unknown';
    if (argument.kind === 'family' && isKnown) return familyType(element);
    return this.error(span, `\`cross\` takes a set of sets of sets or relations, not ${aType(argument)}`);
  }

  itemsOf(type: GeneralType, count: number, span: Span): readonly GeneralType[] | null {
    if (type.kind === 'unknown') return Array.from({ length: count }, () => unknownType);
    if (type.kind === 'tuple' && type.items.length === count) return type.items;
    const found = type.kind === 'tuple' ? `${type.items.length} values` : 'one value';
    this.error(span, `expected a tuple of ${count}, found ${found}`);
    return null;
  }

  /** The kind of the elements of a set, or null. */
  elementOf(set: GeneralType): GeneralType | null {
    if (set.kind === 'set') return { kind: 'event' };
    if (set.kind === 'relation') return { kind: 'pair' };
    return set.kind === 'family' ? set.of : null;
  }
}

/** `(a, b)`, which is a pair where one is asked for. */
export function isPairOfEvents(type: GeneralType): boolean {
  if (type.kind !== 'tuple' || type.items.length !== 2) return false;
  return type.items.every(({ kind }) => kind === 'event' || kind === 'unknown');
}
