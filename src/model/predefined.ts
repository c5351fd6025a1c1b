/** The names that a model finds defined before its first line: the vocabulary of the dialects, with types. */
import type { Dialect } from '../program/ir.js';
import { commonRelations, commonSets, tags } from '../program/vocabulary.js';
import type { NodeType } from './dag.js';

export const allDialects: readonly Dialect[] = ['lkmm', 'arm64', 'x86'];

/** Base names and their types, for models of programs of any of these dialects. */
export function predefinedNames(dialects: readonly Dialect[]): ReadonlyMap<string, NodeType> {
  const names = new Map<string, NodeType>();
  for (const name of commonSets) names.set(name, 'set');
  for (const name of commonRelations) names.set(name, 'relation');
  for (const dialect of dialects) for (const name of tags[dialect]) names.set(name, 'set');
  return names;
}

/** The sets that events are in by annotation, in programs of any of these dialects. */
export function tagSets(dialects: readonly Dialect[]): readonly string[] {
  return [...new Set(dialects.flatMap((dialect) => tags[dialect]))];
}

const structural: ReadonlySet<string> = new Set([...commonSets, ...commonRelations]);

/**
 * Whether a base name is that of an annotation, of the dialects or declared by a model: the set of the events that carry it, empty
 * if none does.
 */
export function isTagName(name: string): boolean {
  return !structural.has(name);
}

/** The dialects whose programs may carry a tag. */
export function dialectsOfTag(name: string): readonly Dialect[] {
  return allDialects.filter((dialect) => tags[dialect].includes(name));
}
