/**
 * AArch64's instructions about addresses of code: ADR, branches with a link, and branches to registers.
 *
 * Source: Arm ARM (DDI 0487), C6.2. A branch to a register's value is a branch on that value: a control dependency to all that
 * follows.
 */
import type { AsmInstruction, RegisterOperand } from '../syntax/asm-tree.js';
import { isRegister } from './asm-access.js';
import { register, type ThreadBuilder } from './asm-thread.js';

const LINK = 'x30';

function isWhole(operand: unknown): operand is RegisterOperand {
  const found = operand as RegisterOperand | undefined;
  return isRegister(found) && found.bits === 64 && found.name !== 'sp';
}

function address(builder: ThreadBuilder, { operands }: AsmInstruction): void {
  const [dst, target] = operands;
  if (!isWhole(dst) || operands.length !== 2) {
    builder.badOperands('an X register and a label');
    return;
  }
  const found = builder.codeAddress(target);
  if (found !== null && dst.name !== 'xzr') builder.writeCode(dst.name, found);
}

function branchWithLink(builder: ThreadBuilder, { operands }: AsmInstruction): void {
  if (operands.length !== 1) {
    builder.badOperands('a label');
    return;
  }
  builder.writeCode(LINK, builder.returnAddress);
  builder.branch(null, operands[0]);
}

function branchToRegister(builder: ThreadBuilder, { mnemonic, operands, span }: AsmInstruction): void {
  const [given] = operands;
  const isDefault = mnemonic === 'ret' && operands.length === 0;
  if (!isDefault && (!isWhole(given) || operands.length !== 1)) {
    builder.badOperands('an X register');
    return;
  }
  if (builder.context.code.isUnused) {
    const hint = 'take one with `ADR X0,L0`, `BL L0`, or `0:X0=P0:L0` in the init block';
    builder.error(
      span,
      'no-code-address',
      `\`${mnemonic}\` leads nowhere: no register holds an address of code`,
      hint,
    );
    return;
  }
  const target = builder.pseudo('.target');
  const from: RegisterOperand = isWhole(given)
    ? given
    : { kind: 'register', name: LINK, bits: 64, high: false, span };
  builder.emit({ kind: 'assign', dst: target, value: builder.raw(from) });
  if (mnemonic === 'blr') builder.writeCode(LINK, builder.returnAddress);
  builder.branchToValue(register(target));
}

/** Adds the code of one instruction; false if it is none of these. */
export function assembleCode(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic } = instruction;
  if (mnemonic === 'adr') address(builder, instruction);
  else if (mnemonic === 'bl') branchWithLink(builder, instruction);
  else if (mnemonic === 'br' || mnemonic === 'blr' || mnemonic === 'ret')
    branchToRegister(builder, instruction);
  else return false;
  return true;
}
