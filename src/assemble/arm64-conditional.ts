/**
 * AArch64's conditional data-processing instructions: selections and comparisons under a condition.
 *
 * Source: Arm ARM (DDI 0487), C3.4.11 and C3.4.12. What they choose, the flags after CCMP included, is an IR `select`: it depends
 * on the operand that it chose, and by a pick on the condition.
 */

import type { Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { AsmInstruction } from '../syntax/asm-tree.js';
import { held, setFlags } from './arm64-flags.js';
import { addend, conditionOperand, immediateIn, invert, isGeneral, negate } from './arm64-operands.js';
import { binary, constant, integer, select, type ThreadBuilder, viewType } from './asm-thread.js';

/** What csel, csinc, csinv and csneg do to their second choice. */
function alternative(mnemonic: string, value: Expr, bits: IntType['bits']): Expr {
  if (/inc$|^cset$/.test(mnemonic)) return binary('+', value, constant(1), viewType(bits));
  if (/inv$|^csetm$/.test(mnemonic)) return invert(value, bits);
  return mnemonic.endsWith('neg') ? negate(value, bits) : value;
}

/** `csel dst, then, otherwise, cond` and its relatives; `cset`, `cinc` ... are theirs with the condition negated. */
function conditionalSelect(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const sets = mnemonic.startsWith('cset');
  const sources = sets ? 0 : mnemonic.startsWith('cs') ? 2 : 1;
  const holds = conditionOperand(builder, operands.at(-1), sources === 2);
  const [dst, then, otherwise] = operands;
  const bits = isGeneral(dst) ? dst.bits : 64;
  const registers = operands.slice(0, -1).every((operand) => isGeneral(operand, bits));
  if (!isGeneral(dst) || !registers || holds === null || operands.length !== sources + 2) {
    builder.badOperands(
      `${['a register', 'two registers', 'three registers'][sources]} and a condition code`,
    );
    return;
  }
  const first = sources > 0 && isGeneral(then) ? builder.view(then) : constant(0);
  if (sources === 2 && isGeneral(otherwise)) {
    builder.write(dst, select(holds, first, alternative(mnemonic, builder.view(otherwise), bits)));
  } else builder.write(dst, select(holds, alternative(mnemonic, first, bits), first));
}

/** `ccmp left, right, #nzcv, cond`: the flags of the comparison if the condition holds, else those given. */
function conditionalCompare(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands } = instruction;
  const [left, right, flags, code] = operands;
  const otherwise = immediateIn(flags, 0, 15);
  const condition = conditionOperand(builder, code, true);
  const bits = isGeneral(left) ? left.bits : 64;
  const small = immediateIn(right, 0, 31) !== null || isGeneral(right, bits);
  const second = small ? addend(builder, instruction, right, undefined, bits, false) : null;
  if (
    !isGeneral(left) ||
    second === null ||
    otherwise === null ||
    condition === null ||
    operands.length !== 4
  ) {
    builder.badOperands(
      'a register, a register of its width or an immediate of 5 bits, the flags as 4 bits, and a condition code',
    );
    return;
  }
  const operation = { left: builder.raw(left), right: second.value, bits };
  setFlags(builder, {
    kind: 'chosen',
    condition: held(builder, condition),
    then: mnemonic === 'ccmp' ? { kind: 'sub', ...operation } : { kind: 'add', ...operation, carry: null },
    otherwise: { kind: 'nzcv', value: integer(BigInt(otherwise) << 28n) },
  });
}

/** Adds the code of a conditional instruction; false if the instruction is none. */
export function assembleConditional(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic } = instruction;
  if (/^(cs(el|inc|inv|neg|etm?)|c(inc|inv|neg))$/.test(mnemonic)) conditionalSelect(builder, instruction);
  else if (/^ccm[pn]$/.test(mnemonic)) conditionalCompare(builder, instruction);
  else return false;
  return true;
}
