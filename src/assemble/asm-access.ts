/** What the instruction tables share about operands and memory accesses. */

import type { Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { AsmOperand, MemoryOperand, RegisterOperand } from '../syntax/asm-tree.js';
import type { ThreadBuilder } from './asm-thread.js';

export function isRegister(operand: AsmOperand | null | undefined): operand is RegisterOperand {
  return operand?.kind === 'register';
}

export function isMemory(operand: AsmOperand | null | undefined): operand is MemoryOperand {
  return operand?.kind === 'memory';
}

/** The width that an AArch64 mnemonic's suffix selects (`b`, `h`, `sw` ...); none: that of the register's view. */
export function accessBits(suffix: string, register: RegisterOperand): IntType['bits'] {
  if (suffix.endsWith('b')) return 8;
  if (suffix.endsWith('h')) return 16;
  return suffix.endsWith('w') ? 32 : register.bits;
}

/**
 * After a load or read-modify-write of `bits` into `dst`: cells may be signed, so extend the register as the instruction
 * does, where somebody can tell the difference.
 */
export function extendLoaded(
  builder: ThreadBuilder,
  target: RegisterOperand,
  dst: string,
  bits: IntType['bits'],
  signed: boolean,
): void {
  const loaded: Expr = { kind: 'register', name: dst };
  const extended: Expr = { kind: 'convert', operand: loaded, type: { bits, signed } };
  if (bits < 32 || signed) builder.write(target, extended);
  else if (bits === 32 && builder.isWide(dst)) builder.emit({ kind: 'assign', dst, value: extended });
}
