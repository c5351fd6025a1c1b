/** The kinds of general values (general-values.ts); type-checker.ts finds the kind of an expression. */
import type { CatExpr, Pattern } from '../syntax/cat-tree.js';
import type { NodeType } from './dag.js';
import type { Builtin, Scope } from './values.js';

export type GeneralType =
  /** Of a value that is never there, or not yet: what a recursion that has not returned gives. */
  | { readonly kind: 'unknown' }
  /** Always an empty set. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'event' | 'pair' | 'tag' | NodeType }
  | { readonly kind: 'family'; readonly of: GeneralType }
  | { readonly kind: 'tuple'; readonly items: readonly GeneralType[] }
  /** One of these. */
  | { readonly kind: 'function'; readonly choices: readonly FunctionType[] };

/** `key` is equal for functions that give equal kinds. */
export type FunctionType =
  | { readonly kind: 'builtin'; readonly name: Builtin; readonly key: string }
  | {
      readonly kind: 'closure';
      readonly parameter: Pattern;
      readonly body: CatExpr;
      readonly frame: TypeFrame;
      readonly key: string;
    };

/** As Frame in general-values.ts. `key` is equal for frames in which names have equal kinds. */
export type TypeFrame =
  | {
      readonly kind: 'bound';
      readonly name: string;
      type: GeneralType;
      readonly outer: TypeFrame;
      readonly key: string;
    }
  | { readonly kind: 'compiled'; readonly scope: Scope | null; readonly key: string };

export const unknownType: GeneralType = { kind: 'unknown' };
export const emptyType: GeneralType = { kind: 'empty' };
export const setType: GeneralType = { kind: 'set' };
export const relationType: GeneralType = { kind: 'relation' };

export function familyType(of: GeneralType): GeneralType {
  return { kind: 'family', of };
}

/** The kind of what may be of either kind, or null if nothing can be done with it. */
export function joinTypes(a: GeneralType, b: GeneralType): GeneralType | null {
  if (a.kind === 'unknown' || a === b) return b;
  if (b.kind === 'unknown') return a;
  if (a.kind === 'empty' || b.kind === 'empty') {
    const other = a.kind === 'empty' ? b : a;
    if (other.kind === 'tuple' || other.kind === 'function') return null;
    return asSetOf(other);
  }
  if (a.kind === 'family' && b.kind === 'family') {
    const of = joinTypes(a.of, b.of);
    return of === null ? null : familyType(of);
  }
  if (a.kind === 'tuple' && b.kind === 'tuple') return joinTuples(a.items, b.items);
  if (a.kind === 'function' && b.kind === 'function')
    return { kind: 'function', choices: [...a.choices, ...b.choices.filter((f) => !includes(a.choices, f))] };
  if (a.kind === b.kind) return a;
  const [x, y] = [asSetOf(a), asSetOf(b)];
  return x.kind === y.kind && x.kind !== 'family' ? x : null;
}

function joinTuples(a: readonly GeneralType[], b: readonly GeneralType[]): GeneralType | null {
  if (a.length !== b.length) return null;
  const items = a.map((item, i) => joinTypes(item, b[i]!));
  return items.every((item) => item !== null) ? { kind: 'tuple', items } : null;
}

function includes(choices: readonly FunctionType[], candidate: FunctionType): boolean {
  return choices.some(({ key }) => key === candidate.key);
}

/** An event, a pair and a tag, in the place of a set, are the sets of themselves. */
export function asSetOf(type: GeneralType): GeneralType {
  if (type.kind === 'event') return setType;
  if (type.kind === 'pair') return relationType;
  return type.kind === 'tag' ? familyType(type) : type;
}

/** How deeply sets of sets nest in a kind. */
export function nestingOf(type: GeneralType): number {
  if (type.kind === 'family') return 1 + nestingOf(type.of);
  if (type.kind === 'tuple') return 1 + Math.max(0, ...type.items.map(nestingOf));
  return 0;
}

/** Equal for equal kinds only. */
export function typeKey(type: GeneralType): string {
  switch (type.kind) {
    case 'family':
      return `{${typeKey(type.of)}}`;
    case 'tuple':
      return `(${type.items.map(typeKey).join(',')})`;
    case 'function':
      return `[${type.choices.map(({ key }) => key).join('|')}]`;
    default:
      return type.kind;
  }
}

/** With its article. */
export function aType(type: GeneralType): string {
  const name = describeType(type);
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** For messages: `set`, `relation`, `set of relations`. */
export function describeType(type: GeneralType, plural = false): string {
  const s = plural ? 's' : '';
  switch (type.kind) {
    case 'unknown':
      return `value${s}`;
    case 'empty':
      return `empty set${s}`;
    case 'family':
      return `set${s} of ${describeType(type.of, true)}`;
    case 'set':
      return plural ? 'sets of events' : 'set';
    default:
      return `${type.kind}${s}`;
  }
}
