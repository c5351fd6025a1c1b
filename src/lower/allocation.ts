/**
 * Assembly registers for a thread that has more values than registers: those of which no two are alive at once share one.
 *
 * Liveness is the usual backward data flow over the IR (a wait goes back to the load that it waits for); registers are given
 * greedily in order of appearance. The plain scheme of emitter.ts, where what lives across a branch and every address has
 * a register for good, reads better and comes first; this one is for what does not fit. Nothing is spilled: memory accesses that the C
 * program does not have would be events that its outcomes do not speak of.
 */

import { visitLeaves } from '../program/expressions.js';
import type { Instruction, Thread } from '../program/ir.js';
import type { Location } from '../program/value.js';
import { definedBy, expressionsOf } from './lifetimes.js';

export interface AllocationRequest {
  readonly thread: Thread;
  readonly pool: readonly string[];
  /** Wanted at the end. */
  readonly observed: ReadonlySet<string>;
  /** The cells whose address an instruction takes from a register. */
  readonly addressesOf: (instruction: Instruction) => readonly Location[];
  /** Where a wait goes back to; -1: to itself. */
  readonly waits: ReadonlyMap<number, number>;
}

export interface Allocation {
  readonly homes: ReadonlyMap<string, string>;
  readonly addresses: ReadonlyMap<Location, string>;
  /** C registers that hold something from the start. */
  readonly liveAtStart: ReadonlySet<string>;
  /** By instruction: registers that hold nothing then. */
  readonly free: readonly (readonly string[])[];
}

/** A C register or the address of a cell. */
type Held = string | Location;

function usesOf(instruction: Instruction, addresses: readonly Location[]): Set<Held> {
  const uses = new Set<Held>(addresses);
  const { address, others } = expressionsOf(instruction);
  const visit = { register: (name: string) => void uses.add(name) };
  for (const expr of address === null ? others : [address, ...others]) visitLeaves(expr, visit);
  return uses;
}

function successorsOf(code: readonly Instruction[], i: number, waits: ReadonlyMap<number, number>): number[] {
  const instruction = code[i]!;
  switch (instruction.kind) {
    case 'jump':
      return [instruction.target];
    case 'branch':
      return [i + 1, instruction.target];
    case 'assume': {
      const head = waits.get(i)!;
      return head < 0 ? [i + 1] : [i + 1, head];
    }
    default:
      return [i + 1];
  }
}

/** What is alive before each instruction; the last set is that of the thread's end. */
function liveness({ thread: { code }, observed, addressesOf, waits }: AllocationRequest): Set<Held>[] {
  const uses = code.map((instruction) => usesOf(instruction, addressesOf(instruction)));
  const live = code.map((): Set<Held> => new Set());
  live.push(new Set(observed));
  for (let isChanging = true; isChanging; ) {
    isChanging = false;
    for (let i = code.length - 1; i >= 0; i--) {
      const before = live[i]!;
      const size = before.size;
      const defined = definedBy(code[i]!);
      for (const held of uses[i]!) before.add(held);
      for (const next of successorsOf(code, i, waits))
        for (const held of live[next]!) if (held !== defined) before.add(held);
      isChanging ||= before.size > size;
    }
  }
  return live;
}

/**
 * The instructions at which each value has its register to itself, in order of appearance. Results are written while operands
 * are still wanted, so an instruction belongs to both.
 */
function occupancy(request: AllocationRequest, live: readonly ReadonlySet<Held>[]): Map<Held, Set<number>> {
  const { code } = request.thread;
  const occupied = new Map<Held, Set<number>>();
  const note = (held: Held, at: number): void => {
    const places = occupied.get(held);
    if (places === undefined) occupied.set(held, new Set([at]));
    else places.add(at);
  };
  live.forEach((before, i) => {
    for (const held of before) note(held, i);
    const instruction = code[i];
    if (instruction === undefined) return;
    const defined = definedBy(instruction);
    if (defined !== null) note(defined, i);
    for (const next of successorsOf(code, i, request.waits)) for (const held of live[next]!) note(held, i);
  });
  return occupied;
}

/** The index of the instruction at which registers run out; -1: at the start. */
export class RegisterShortage {
  constructor(readonly at: number) {}
}

export function allocateRegisters(request: AllocationRequest): Allocation | RegisterShortage {
  const { thread, pool, observed } = request;
  const live = liveness(request);
  const occupied = occupancy(request, live);
  const liveAtStart = live[0]!;
  const given = new Map<Held, string>();
  // A register of the init block has one entry there: what is observed, which may have a type, shares with no initial value.
  const initialised = (held: Held): boolean => typeof held !== 'string' || liveAtStart.has(held);
  const clash = (a: Held, b: Held): boolean => {
    const [isWanted, isAlsoWanted] = [a, b].map((held) => typeof held === 'string' && observed.has(held));
    if ((isWanted && initialised(b)) || (isAlsoWanted && initialised(a))) return true;
    const places = occupied.get(b)!;
    for (const at of occupied.get(a)!) if (places.has(at)) return true;
    return false;
  };
  for (const [held, places] of occupied) {
    const name = pool.find((candidate) =>
      [...given].every(([other, taken]) => taken !== candidate || !clash(held, other)),
    );
    if (name === undefined) return new RegisterShortage(Math.min(...places, thread.code.length - 1));
    given.set(held, name);
  }
  const free = thread.code.map((_, i) => {
    const busy = new Set([...occupied].flatMap(([held, at]) => (at.has(i) ? [given.get(held)!] : [])));
    return pool.filter((name) => !busy.has(name));
  });
  const homes = new Map(
    [...given].flatMap(([held, name]) => (typeof held === 'string' ? [[held, name]] : [])),
  );
  const addresses = new Map(
    [...given].flatMap(([held, name]) => (typeof held === 'string' ? [] : [[held, name]])),
  );
  return {
    homes,
    addresses,
    liveAtStart: new Set([...homes.keys()].filter((n) => liveAtStart.has(n))),
    free,
  };
}
