/**
 * RCU as the interleaving machine sees it: a grace period begins, and ends when every section that was open then is closed.
 *
 * That is the guarantee itself (Documentation/RCU/Design/Requirements of the kernel, "Grace-Period Guarantee"), not the models'
 * axiom, which counts grace periods and sections along a cycle: so it is a check on that axiom. Sections of SRCU wait for
 * grace periods of the same structure. The sections of a thread are closed innermost first.
 */
import type { Instruction } from '../program/ir.js';
import type { Location, Value } from '../program/value.js';
import { addressOf, type MachineInstruction, replaceAt } from './operational.js';

interface Section {
  /** `thread:serial`: unique in a run. */
  readonly id: string;
  readonly thread: number;
  /** Null: RCU. */
  readonly structure: Location | null;
}

export interface SectionState {
  readonly open: readonly Section[];
  /** By thread: the sections it has opened so far. */
  readonly opened: readonly number[];
  /** By thread: the sections that its grace period waits for; null if it is in none. */
  readonly waiting: readonly (readonly string[] | null)[];
}

export function initialSections(threads: number): SectionState {
  const none = Array.from({ length: threads }, () => null);
  return { open: [], opened: none.map(() => 0), waiting: none };
}

function hasTag(instruction: Instruction, tag: string): boolean {
  return 'tags' in instruction && instruction.tags.includes(tag);
}

/** A thread's next step: the state after it (within a grace period: if it has just begun), or `waits` if it cannot be yet. */
export function passSection(
  state: SectionState,
  thread: number,
  instruction: MachineInstruction,
  registers: ReadonlyMap<string, Value>,
): SectionState | 'waits' {
  const { open, opened, waiting } = state;
  const awaited = waiting[thread]!;
  if (awaited !== null) {
    if (open.some(({ id }) => awaited.includes(id))) return 'waits';
    return { ...state, waiting: replaceAt(waiting, thread, null) };
  }
  const address = 'address' in instruction ? instruction.address : undefined;
  const structure = address === undefined ? null : addressOf(address, registers);
  if (hasTag(instruction, 'Rcu-lock') || hasTag(instruction, 'Srcu-lock')) {
    const id = `${thread}:${opened[thread]}`;
    return {
      ...state,
      open: [...open, { id, thread, structure }],
      opened: replaceAt(opened, thread, opened[thread]! + 1),
    };
  }
  const isOfKind = (section: Section): boolean => section.structure === structure;
  if (hasTag(instruction, 'Rcu-unlock') || hasTag(instruction, 'Srcu-unlock')) {
    const innermost = open.findLast((section) => section.thread === thread && isOfKind(section));
    return { ...state, open: open.filter((section) => section !== innermost) };
  }
  if (!hasTag(instruction, 'Sync-rcu') && !hasTag(instruction, 'Sync-srcu')) return state;
  const awaiting = open.filter(isOfKind).map(({ id }) => id);
  return { ...state, waiting: replaceAt(waiting, thread, awaiting) };
}

export function sectionsKey({ open, opened, waiting }: SectionState): string {
  return `${open.map(({ id }) => id).join(',')}|${opened.join(',')}|${waiting.map((ids) => ids?.join('+') ?? '-').join(',')}`;
}
