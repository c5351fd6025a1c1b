/** What a cat expression denotes while a model is compiled, and the lexical scopes that names are looked up in. */
import type { CatExpr, Pattern } from '../syntax/cat-tree.js';
import type { NodeId } from './dag.js';

export type Builtin = 'domain' | 'range';

export type Value =
  | { readonly kind: 'node'; readonly id: NodeId }
  /** `0` and `{}`: empty, of the type that its use asks for. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  | FunctionValue
  | { readonly kind: 'builtin'; readonly name: Builtin }
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

/** Definitions in force, innermost first. A later definition of a name hides the earlier, which closures still see. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | null;
}

export const errorValue: Value = { kind: 'error' };
export const emptyValue: Value = { kind: 'empty' };

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
  if (value.kind !== 'tuple') return null;
  const keys = value.items.map(argumentKey);
  return keys.includes(null) ? null : `(${keys.join(',')})`;
}
