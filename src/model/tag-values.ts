/** Tags and sets of tags as values of cat: the operators on them, which need no execution. */
import type { BinaryOperator } from '../syntax/cat-tree.js';
import type { Value } from './values.js';

/** The tags of a set of tags, or null for other values; a tag alone is a set. */
export function tagsOf(value: Value): readonly string[] | null {
  if (value.kind === 'tags') return value.names;
  if (value.kind === 'tag') return [value.name];
  return value.kind === 'empty' ? [] : null;
}

/** An operator on sets of tags, or null if the operands are no such sets. */
export function tagOperation(op: BinaryOperator, left: Value, right: Value): Value | null {
  const [a, b] = [tagsOf(left), tagsOf(right)];
  if (a === null || b === null || (left.kind === 'empty' && right.kind === 'empty')) return null;
  if (op === '|' || op === '++') return tagSet([...a, ...b]);
  if (op === '&') return tagSet(a.filter((tag) => b.includes(tag)));
  return op === '\\' ? tagSet(a.filter((tag) => !b.includes(tag))) : null;
}

export function tagSet(names: readonly string[]): Value {
  return { kind: 'tags', names: [...new Set(names)] };
}

/** `=`, `subset` and `in` of tags and sets of tags, or null if an operand is no such value. */
export function compareTags(op: '=' | 'subset' | 'in', left: Value, right: Value): boolean | null {
  const [a, b] = [tagsOf(left), tagsOf(right)];
  if (a === null || b === null) return null;
  const included = a.every((tag) => b.includes(tag));
  return op === '=' ? included && a.length === b.length : included;
}
