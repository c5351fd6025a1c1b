/**
 * Code as data: the addresses of AArch64's instructions, which registers and memory may hold and branches go to.
 *
 * The instructions of a thread are 4 bytes apart (Arm ARM DDI 0487, C1.1) and form a row, so that an offset leads from one to
 * another; threads are apart. The addresses are values but no cells: to load from one is instruction fetch, which is out of
 * scope here. A branch to a register's value can only go where some instruction or the init block says the address of.
 */

import { type CellRow, type Location, NOT_A_CELL, UINT32 } from '../program/value.js';
import type { AsmInstruction, AsmLitmus, AsmOperand, AsmThread } from '../syntax/asm-tree.js';
import { isKeyword } from '../syntax/print-instruction.js';
import { didYouMean } from '../text/suggest.js';

/** Bytes of one instruction. */
export const INSTRUCTION_SIZE = 4;

/** Where an address leads: the instruction of a thread by its position, or the end of the thread's code. */
export interface CodeTarget {
  readonly thread: number;
  readonly position: number;
}

export function isIndirectBranch({ mnemonic }: AsmInstruction): boolean {
  return mnemonic === 'br' || mnemonic === 'blr' || mnemonic === 'ret';
}

/** Whether an instruction may compute an address from another one: only sums and differences do. */
function movesAddresses({ mnemonic, operands }: AsmInstruction): boolean {
  return (
    /^(add|sub|madd|msub|ldadd|stadd|csinc|cinc)/.test(mnemonic) &&
    operands.some((operand) => operand.kind === 'register' && operand.bits === 64)
  );
}

/** A thread's code: its instructions without the labels, and where the labels stand between them. */
class ThreadCode {
  readonly instructions: AsmInstruction[] = [];
  readonly labels = new Map<string, number>();
  private made: CellRow | null = null;

  constructor(private readonly thread: AsmThread) {
    for (const line of thread.lines)
      if (line.kind === 'instruction') this.instructions.push(line);
      else if (!this.labels.has(line.name)) this.labels.set(line.name, this.instructions.length);
  }

  /** The addresses. */
  get row(): CellRow {
    this.made ??= this.makeRow();
    return this.made;
  }

  private makeRow(): CellRow {
    const elements: Location[] = [];
    const address = (position: number): Mutable<Location> => codeLocation(this.nameAt(position));
    const end = address(this.instructions.length);
    const row: CellRow = { elements, stride: INSTRUCTION_SIZE, end };
    end.inRow = { row, position: this.instructions.length };
    for (let position = 0; position < this.instructions.length; position++)
      elements.push({ ...address(position), inRow: { row, position } });
    return row;
  }

  /** `P0:L0`, or `P0:L0+8` by the last label before it. */
  private nameAt(position: number): string {
    let [label, from] = ['', 0];
    for (const [name, at] of this.labels)
      if (at <= position && (label === '' || at > from)) [label, from] = [name, at];
    const bytes = (position - from) * INSTRUCTION_SIZE;
    return `${this.thread.name}:${label}${bytes === 0 && label !== '' ? '' : `+${bytes}`}`;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function codeLocation(name: string): Mutable<Location> {
  const shown = `label:"${name}"`;
  return { kind: 'location', index: NOT_A_CELL, name: shown, type: UINT32, role: 'code', initial: 0 };
}

/** The code of all threads of a test. */
export class CodeMap {
  private readonly threads: readonly ThreadCode[];
  /** Addresses that the init block or an instruction takes: these alone can be in a register. */
  private readonly taken = new Set<Location>();
  private readonly unknown = new Map<string, Location>();
  private anyTaken = false;
  private reachable: readonly CodeTarget[] | null = null;

  constructor(private readonly litmus: AsmLitmus) {
    this.threads = litmus.threads.map((thread) => new ThreadCode(thread));
    if (litmus.dialect === 'AArch64')
      this.threads.forEach(({ instructions }, thread) => {
        instructions.forEach((instruction, position) => {
          const taken = this.takenBy(instruction, thread, position);
          if (taken !== null) this.taken.add(taken);
          if (instruction.mnemonic === 'adr') this.anyTaken = true;
        });
      });
  }

  private takenBy({ mnemonic, operands }: AsmInstruction, thread: number, position: number): Location | null {
    if (mnemonic === 'bl' || mnemonic === 'blr') return this.address({ thread, position: position + 1 });
    const target = operands[1];
    if (mnemonic !== 'adr' || target === undefined) return null;
    const found = this.positionOf(target, thread, position);
    return found === null ? null : this.address({ thread, position: found });
  }

  /** The address of an instruction or of the end of the code. */
  address({ thread, position }: CodeTarget): Location {
    const { row } = this.threads[thread]!;
    return row.elements[position] ?? row.end;
  }

  /** Where a label or `.+4` as an operand leads, as a position in the thread; null: nowhere. */
  positionOf(operand: AsmOperand, thread: number, position: number): number | null {
    const { labels, instructions } = this.threads[thread]!;
    if (operand.kind === 'word') return labels.get(operand.word) ?? this.keywordLabel(thread, operand.word);
    if (operand.kind !== 'relative' || operand.offset % BigInt(INSTRUCTION_SIZE) !== 0n) return null;
    const to = position + Number(operand.offset / BigInt(INSTRUCTION_SIZE));
    return to >= 0 && to <= instructions.length ? to : null;
  }

  /** A label may be called as what elsewhere is a condition or a barrier's domain, and these come in lower case. */
  private keywordLabel(thread: number, word: string): number | null {
    if (!isKeyword(word)) return null;
    const { labels } = this.threads[thread]!;
    for (const [name, position] of labels) if (name.toLowerCase() === word) return position;
    return null;
  }

  /** The address of a thread's label; null if the thread has none of that name. */
  label(thread: number, name: string): Location | null {
    const position = this.threads[thread]!.labels.get(name);
    return position === undefined ? null : this.address({ thread, position });
  }

  isLabel(name: string): boolean {
    return this.threads.some(({ labels }) => labels.has(name));
  }

  /** The same as `label`, for an address that a register or cell holds at the start. */
  takeLabel(thread: number, name: string): Location | null {
    const found = this.label(thread, name);
    this.anyTaken = true;
    if (found !== null) this.taken.add(found);
    return found;
  }

  /** A value that equals no address: what a condition that names an unknown label compares with. */
  unknownLabel(thread: number, name: string): Location {
    const full = `${this.litmus.threads[thread]!.name}:${name}`;
    const location = this.unknown.get(full) ?? codeLocation(full);
    this.unknown.set(full, location);
    return location;
  }

  /** "did you mean": a label of the thread, or whose label it is. */
  hintFor(thread: number, name: string): string | null {
    const owner = this.threads.findIndex(({ labels }, other) => other !== thread && labels.has(name));
    if (owner >= 0) return `\`${name}\` is a label of ${this.litmus.threads[owner]!.name}`;
    return didYouMean(name, this.threads[thread]!.labels.keys());
  }

  /** All that a branch to a register's value may lead to, in the order of the file; ask when the init block has been read. */
  get targets(): readonly CodeTarget[] {
    this.reachable ??= this.findTargets();
    return this.reachable;
  }

  private findTargets(): readonly CodeTarget[] {
    const moves = this.threads.some(({ instructions }) => instructions.some(movesAddresses));
    const found = new Set<Location>();
    for (const address of this.taken) {
      const { row } = address.inRow!;
      for (const other of moves ? [...row.elements, row.end] : [address]) found.add(other);
    }
    return this.threads.flatMap(({ row }, thread) =>
      [...row.elements, row.end].flatMap((address, position) =>
        found.has(address) ? [{ thread, position }] : [],
      ),
    );
  }

  /** Whether no address of code is in any register, not even one that was refused. */
  get isUnused(): boolean {
    return !this.anyTaken && this.taken.size === 0;
  }

  /** The threads whose code a thread may run: its own first, then those that a register may lead it to. */
  codeOf(thread: number): readonly number[] {
    if (this.taken.size === 0) return [thread];
    if (!this.threads[thread]!.instructions.some(isIndirectBranch)) return [thread];
    return [...new Set([thread, ...this.targets.map((target) => target.thread)])];
  }

  thread(thread: number): AsmThread {
    return this.litmus.threads[thread]!;
  }
}
