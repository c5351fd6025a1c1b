/**
 * Which C registers live only within one straight piece of code, so that their assembly registers can be used again.
 *
 * All others keep their register, which starts as zero, for the whole thread: they may be read on a path that never wrote them.
 */

import { visitLeaves } from '../program/expressions.js';
import type { Expr, Instruction, Thread } from '../program/ir.js';

/** The expressions that an instruction evaluates, the address apart. */
export function expressionsOf(instruction: Instruction): {
  readonly address: Expr | null;
  readonly others: readonly Expr[];
} {
  switch (instruction.kind) {
    case 'assign':
      return { address: null, others: [instruction.value] };
    case 'load':
      return { address: instruction.address, others: [] };
    case 'store':
    case 'store-exclusive':
      return { address: instruction.address, others: [instruction.value] };
    case 'rmw': {
      const { address, update, result, when, fail } = instruction;
      const optional = [...(when === null ? [] : [when]), ...(fail === null ? [] : [fail.result])];
      return { address, others: [update, result, ...optional] };
    }
    case 'branch':
    case 'assume':
      return { address: null, others: [instruction.condition] };
    case 'fence':
    case 'jump':
    case 'clear-monitor':
      return { address: null, others: [] };
  }
}

/** The C register that an instruction writes. */
export function definedBy(instruction: Instruction): string | null {
  if (instruction.kind === 'store-exclusive') return instruction.status;
  return 'dst' in instruction ? instruction.dst : null;
}

/** Index of the straight piece of code that each instruction belongs to; `heads` are jumped to. */
function piecesOf(code: readonly Instruction[], heads: ReadonlySet<number>): number[] {
  let piece = 0;
  return code.map((instruction, i) => {
    if (heads.has(i)) piece++;
    const own = piece;
    if (instruction.kind === 'branch' || instruction.kind === 'jump' || instruction.kind === 'assume')
      piece++;
    return own;
  });
}

export interface Lifetimes {
  /** Registers that need a home for the whole thread, in order of appearance. */
  readonly permanent: readonly string[];
  /** By instruction: registers that die after it. */
  readonly dying: readonly (readonly string[])[];
}

/** `kept` are registers wanted at the end; `heads` the instructions that something jumps to. */
export function lifetimesOf(
  thread: Thread,
  kept: ReadonlySet<string>,
  heads: ReadonlySet<number>,
): Lifetimes {
  const pieces = piecesOf(thread.code, heads);
  const uses = new Map<string, { first: number; last: number; local: boolean }>();
  const note = (name: string, at: number, defines: boolean): void => {
    const seen = uses.get(name);
    if (seen === undefined) uses.set(name, { first: at, last: at, local: defines });
    else {
      seen.last = at;
      if (pieces[at] !== pieces[seen.first]) seen.local = false;
    }
  };
  thread.code.forEach((instruction, i) => {
    const { address, others } = expressionsOf(instruction);
    const visit = { register: (name: string) => note(name, i, false) };
    for (const expr of address === null ? others : [address, ...others]) visitLeaves(expr, visit);
    const defined = definedBy(instruction);
    if (defined !== null) note(defined, i, true);
  });
  const dying: string[][] = thread.code.map(() => []);
  const permanent: string[] = [];
  for (const [name, { last, local }] of uses) {
    if (local && !kept.has(name)) dying[last]!.push(name);
    else permanent.push(name);
  }
  for (const name of kept) if (!uses.has(name)) permanent.push(name);
  return { permanent, dying };
}
