/**
 * What order costs on an architecture: the instructions that a change adds or replaces, with a rank for each.
 *
 * The ranks are ordinal, no cycles: those differ by a factor of ten between cores. They follow from what an instruction makes wait
 * (Arm Architecture Reference Manual, DDI 0487, B2.3; Intel Optimization Reference Manual and SDM vol. 3, 8.2 and 8.3):
 * an acquire makes later accesses wait for one load, LDAR besides for earlier releases; DMB ISHST makes stores wait for stores, DMB ISHLD all
 * for all earlier loads; STLR waits itself, for all that is earlier; DMB ISH makes everything wait for everything; DSB all instructions. On x86
 * loads and stores are ordered as they are, at no cost; SFENCE and LFENCE are light, a locked instruction drains the store buffer, and
 * MFENCE does that and holds back later instructions, too.
 *
 * A loop counts once, and so does a branch.
 *
 * Where the code is compiled from kernel C, its full barrier on x86 is named as what the kernel runs, `lock; addl $0,-4(%rsp)`
 * (arch/x86/include/asm/barrier.h, v6.19). Tests have no stack, so lower/x86.ts writes MFENCE, which orders ordinary memory the
 * same.
 */
import type { LowerTarget } from '../lower/lower.js';
import type { AsmInstruction, AsmThread } from '../syntax/asm-tree.js';
import { barrierKind } from './asm-ladders.js';

export interface Cost {
  readonly target: LowerTarget;
  /** The sum of the ranks, more than before; 0: nothing. */
  readonly rank: number;
  /** For people: `dmb ishst`, `stlr for str`, `nothing`. */
  readonly instructions: string;
}

const ARM64_BARRIERS: Readonly<Record<string, number>> = { ld: 4, st: 3, '': 9 };

/** How much more than a plain access, or no instruction. */
function arm64Rank(instruction: AsmInstruction): number {
  const { mnemonic } = instruction;
  if (mnemonic === 'isb') return 10;
  if (mnemonic === 'dmb') return ARM64_BARRIERS[barrierKind(instruction).kind]!;
  if (mnemonic === 'dsb') return 2 * ARM64_BARRIERS[barrierKind(instruction).kind]!;
  if (/^ldap/.test(mnemonic)) return 2;
  if (/^ld(?:ar|ax)/.test(mnemonic)) return 3;
  if (/^stl/.test(mnemonic) && !/^st(?:lur)?(?:add|clr|set|eor)/.test(mnemonic)) return 5;
  const atomic = /^(?:casp?|swp|(?:ld|st)(?:add|clr|set|eor|smax|smin|umax|umin))(al|a|l)?[bh]?$/.exec(
    mnemonic,
  );
  if (atomic === null) return 0;
  const order = atomic[1] ?? '';
  return 20 + (order.includes('a') ? 3 : 0) + (order.includes('l') ? 5 : 0);
}

function x86Rank({ mnemonic, locked, operands }: AsmInstruction): number {
  if (mnemonic === 'mfence') return 30;
  if (mnemonic === 'sfence' || mnemonic === 'lfence') return 5;
  const isExchange = /^xchg/.test(mnemonic) && operands.some(({ kind }) => kind === 'memory');
  return locked || isExchange ? 20 : 0;
}

/** The instruction without its registers. */
function nameOf(instruction: AsmInstruction, target: LowerTarget): string {
  const { mnemonic, locked, operands } = instruction;
  if (target === 'arm64' && (mnemonic === 'dmb' || mnemonic === 'dsb')) {
    const word = operands[0]?.kind === 'word' ? operands[0].word.toLowerCase() : 'sy';
    return `${mnemonic} ${word}`;
  }
  return locked ? `lock ${mnemonic}` : mnemonic;
}

interface Counted {
  readonly rank: number;
  count: number;
}

/** What MFENCE stands for in compiled code. */
const KERNEL_FULL_BARRIER = { name: 'lock addl', rank: 20 } as const;

function tally(
  threads: readonly AsmThread[],
  target: LowerTarget,
  isCompiled: boolean,
): Map<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const { lines } of threads)
    for (const line of lines) {
      if (line.kind === 'label') continue;
      const { name, rank } =
        isCompiled && line.mnemonic === 'mfence'
          ? KERNEL_FULL_BARRIER
          : { name: nameOf(line, target), rank: target === 'arm64' ? arm64Rank(line) : x86Rank(line) };
      const known = counts.get(name);
      if (known === undefined) counts.set(name, { rank, count: 1 });
      else known.count++;
    }
  return counts;
}

/** Accesses and barriers, for what else changes (moves, a register more) is not about order. */
const ACCESS = /^(?:lock |ld|st|cas|swp|dmb|dsb|isb|mfence|sfence|lfence|xchg|mov[bwlq]?$)/;

/** What the changed code costs more than the code before. `isCompiled`: from kernel C. */
export function costBetween(
  before: readonly AsmThread[],
  after: readonly AsmThread[],
  target: LowerTarget,
  isCompiled: boolean,
): Cost {
  const [old, fresh] = [tally(before, target, isCompiled), tally(after, target, isCompiled)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  let rank = 0;
  const added: string[] = [];
  const gone: string[] = [];
  for (const name of names) {
    const more = (fresh.get(name)?.count ?? 0) - (old.get(name)?.count ?? 0);
    const each = (fresh.get(name) ?? old.get(name))!.rank;
    rank += more * each;
    if (more === 0 || !ACCESS.test(name)) continue;
    const times = Math.abs(more) === 1 ? name : `${Math.abs(more)} ${name}`;
    (more > 0 ? added : gone).push(times);
  }
  if (added.length === 0 && gone.length === 0) return { target, rank, instructions: 'nothing' };
  const instead = gone.length === 0 ? '' : ` for ${gone.join(', ')}`;
  return { target, rank, instructions: `${added.length === 0 ? 'nothing' : added.join(', ')}${instead}` };
}
