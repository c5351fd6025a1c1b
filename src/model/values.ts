/** What a cat expression denotes while a model is compiled, and the lexical scopes that names are looked up in. */
import type { CatExpr, Pattern } from '../syntax/cat-tree.js';
import type { NodeId } from './dag.js';
import type { GeneralType } from './general-types.js';

/** The functions that are not written in cat. */
export type Builtin =
  | 'domain'
  | 'range'
  | 'tag2events'
  | 'linearisations'
  | 'classes'
  | 'classes-loc'
  | 'cross';

export const builtins: readonly Builtin[] = [
  'domain',
  'range',
  'tag2events',
  'linearisations',
  'classes',
  'classes-loc',
  'cross',
];

export type Value =
  | { readonly kind: 'node'; readonly id: NodeId }
  /** `0` and `{}`: empty, of the type that its use asks for. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'tag'; readonly name: string }
  /** A set of tags. */
  | { readonly kind: 'tags'; readonly names: readonly string[] }
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  | FunctionValue
  | { readonly kind: 'builtin'; readonly name: Builtin }
  | DeferredValue
  /** The value of an expression that an error was reported for; operations on it report nothing more. */
  | { readonly kind: 'error' };

/** A closure. `results` remembers the value by argument, so that repeated inlining does not repeat work. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly parameter: Pattern;
  readonly body: CatExpr;
  readonly scope: Scope | null;
  readonly results: Map<string, Value>;
}

/** The value that an expression has in each execution, for what a compiler cannot evaluate; see deferred.ts. */
export interface DeferredValue {
  readonly kind: 'deferred';
  readonly id: number;
  readonly expr: CatExpr;
  readonly scope: Scope | null;
  readonly type: GeneralType;
}

/** Definitions in force, innermost first. A later definition of a name hides the earlier, which closures still see. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | null;
}

export const errorValue: Value = { kind: 'error' };
export const emptyValue: Value = { kind: 'empty' };

export function nodeValue(id: NodeId): Value {
  return { kind: 'node', id };
}

/** The scope with the names of a definition that failed, so that their uses report nothing. */
export function poisoned(pattern: Pattern, scope: Scope | null): Scope | null {
  const items = pattern.kind === 'tuple' ? pattern.items : [pattern.bound];
  return items.reduce<Scope | null>(
    (outer, { name }) => (name === null ? outer : { name, value: errorValue, outer }),
    scope,
  );
}

export function lookUp(scope: Scope | null, name: string): Value | null {
  for (let at = scope; at !== null; at = at.outer) if (at.name === name) return at.value;
  return null;
}

export function namesIn(scope: Scope | null): string[] {
  const names = new Set<string>();
  for (let at = scope; at !== null; at = at.outer) names.add(at.name);
  return [...names];
}

/** A key that is equal for equal arguments, or null for arguments that are not compared. */
export function argumentKey(value: Value): string | null {
  if (value.kind === 'node') return String(value.id);
  if (value.kind === 'empty') return 'empty';
  if (value.kind === 'tag') return `'${value.name}`;
  if (value.kind === 'tags') return `{${value.names.join(' ')}}`;
  if (value.kind === 'deferred') return `?${value.id}`;
  if (value.kind !== 'tuple') return null;
  const keys = value.items.map(argumentKey);
  return keys.includes(null) ? null : `(${keys.join(',')})`;
}

/** What a value is, for error messages. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'tag':
      return `the tag '${value.name}`;
    case 'tags':
      return 'a set of tags';
    case 'tuple':
      return 'a tuple';
    case 'function':
    case 'builtin':
      return 'a function';
    case 'empty':
      return 'an empty set';
    default:
      return 'a set or a relation';
  }
}
