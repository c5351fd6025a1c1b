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

const absent = [
  ...[
    'NExp',
    'FAULT',
    'MMU',
    'D-MMU',
    'I-MMU',
    'Translation',
    'AccessFlag',
    'PTE',
    'PTEV',
    'PTEINV',
    'AF',
    'DB',
  ],
  ...[
    'TLBI',
    'inv-domain',
    'T',
    'TagCheck',
    'SPURIOUS',
    'Instr',
    'Restricted-CMODX',
    'EXC-ENTRY',
    'EXC-RET',
    'SVC',
  ],
  ...['IC.IALLU', 'IC.IALLUIS', 'IC.IVAU', 'DC.CVAU'],
];

/**
 * Names that published models find predefined, and what they come to for the programs here: M, [M] or nothing (null). Accesses are
 * single and explicit; there are no faults, page tables, memory tags, exceptions or cache maintenance.
 * Source: the predefined names that the models of the diy distribution use, with its manual.
 */
export function predefinedAliases(
  dialects: readonly Dialect[],
): ReadonlyMap<string, 'accesses' | 'identity' | null> {
  const names = new Map<string, 'accesses' | 'identity' | null>([
    ['si', 'identity'],
    ['sm', 'identity'],
  ]);
  if (!dialects.includes('arm64')) return names;
  names.set('Exp', 'accesses');
  for (const name of absent) names.set(name, null);
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
