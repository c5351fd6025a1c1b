/**
 * What an access reaches through a register that is given no address: for a stack pointer a cell of the thread's own, else nothing.
 *
 * A stack pointer that a test neither initialises nor assigns points to memory that no other thread knows; compilers write x86's
 * full barrier as `lock addl $0,-4(%rsp)`. Its cells come into being by being accessed, by their offset, and nothing names them.
 */
import type { Expr } from '../program/ir.js';
import { INT64, type IntType, isLocation, type Location } from '../program/value.js';
import { finalName } from '../syntax/asm-registers.js';
import type { AsmDialect } from '../syntax/asm-tree.js';

/** A register and a number of bytes. */
export interface Displacement {
  readonly name: string;
  readonly offset: bigint;
}

/** The register that an expression is a constant away from; null: it is something else. */
export function displacement(address: Expr): Displacement | null {
  if (address.kind === 'register') return { name: address.name, offset: 0n };
  if (address.kind === 'convert') return displacement(address.operand);
  if (address.kind !== 'binary' || (address.op !== '+' && address.op !== '-')) return null;
  const { op, left, right } = address;
  const from = displacement(left);
  if (from === null || right.kind !== 'const' || isLocation(right.value)) return null;
  const by = BigInt(right.value);
  return { name: from.name, offset: op === '+' ? from.offset + by : from.offset - by };
}

export function stackPointer(dialect: AsmDialect): string {
  return dialect === 'AArch64' ? 'sp' : 'rsp';
}

/** How to give a register an address. */
export function addressHint(dialect: AsmDialect, thread: number, name: string): string {
  const shown = `${thread}:${finalName(dialect, name)}`;
  const isStack = name === stackPointer(dialect);
  return `initialise it: \`${isStack ? `int64_t stack[4]; ${shown}=stack[2];` : `${shown}=x;`}\``;
}

interface Slot {
  readonly thread: number;
  readonly offset: bigint;
  readonly cell: Location;
}

/** The private stacks of a test's threads. */
export class Stacks {
  private readonly slots: Slot[] = [];

  constructor(private readonly locations: Map<string, Location>) {}

  /** The cell at an offset from a thread's stack pointer; null: it would overlap another one. */
  cell(thread: number, { name, offset }: Displacement, bits: IntType['bits']): Location | null {
    const end = offset + BigInt(bits / 8);
    const near = this.slots.find((slot) => {
      const slotEnd = slot.offset + BigInt(slot.cell.type.bits / 8);
      return slot.thread === thread && slot.offset < end && offset < slotEnd;
    });
    if (near !== undefined) return near.offset === offset && near.cell.type.bits === bits ? near.cell : null;
    const index = this.locations.size;
    const type: IntType = { ...INT64, bits };
    const label = `P${thread}:${name}${offset < 0n ? '' : '+'}${offset}`;
    const cell: Location = { kind: 'location', index, name: label, type, role: 'int', initial: 0 };
    this.locations.set(label, cell);
    this.slots.push({ thread, offset, cell });
    return cell;
  }
}
