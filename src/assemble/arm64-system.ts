/**
 * AArch64's instructions on system registers, and those that are hints.
 *
 * Source: Arm ARM (DDI 0487), C5.2 (NZCV, and D24.2 for the thread registers), C6.2 of each instruction, C4.1.96 (hints). NZCV
 * and the thread registers are read and written in program order without synchronisation, as general registers are: dependencies run
 * through them. A thread register is storage of its thread's processing element and 0 at the start; nothing else depends on it
 * here.
 */
import type { AsmInstruction, AsmOperand } from '../syntax/asm-tree.js';
import { didYouMean } from '../text/suggest.js';
import { setFlags, storedFlags } from './arm64-flags.js';
import { immediateIn, isGeneral } from './arm64-operands.js';
import { isMemory } from './asm-access.js';
import { register, type ThreadBuilder } from './asm-thread.js';

const THREAD_REGISTERS = ['TPIDR_EL0', 'TPIDRRO_EL0', 'TPIDR_EL1', 'TPIDR2_EL0'];

/** What system instructions name and is not supported, by the pattern of the name. */
const SYSTEM_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(DAIF|SPSel|DIT|PAN|UAO|SSBS|TCO|ALLINT|CurrentEL|SPSR_|ELR_|ESR_|FAR_|VBAR_)/i, 'exceptions'],
  [/^(TTBR|TCR|MAIR|SCTLR|VTTBR|VTCR|HCR|PAR_EL)/i, 'page tables'],
  [/^(FPCR|FPSR|ZCR|SVCR)/i, 'vector instructions'],
  [/^(CNT)/i, 'timers'],
  [/^(GCR|RGSR|TFSR|GMID)/i, 'memory tagging'],
];

/** The name of a system register, in capitals; null after a report. */
function systemRegister(builder: ThreadBuilder, operand: AsmOperand | undefined): string | null {
  if (operand?.kind !== 'word') {
    builder.badOperands('a register of 64 bits and a system register');
    return null;
  }
  const name = operand.word.toUpperCase();
  if (name === 'NZCV' || THREAD_REGISTERS.includes(name)) return name;
  const reason = SYSTEM_REASONS.find(([pattern]) => pattern.test(name))?.[1];
  const what = `the system register \`${operand.word}\``;
  builder.error(
    operand.span,
    'unsupported-register',
    `unsupported: ${reason === undefined ? what : `${reason}: ${what}`}`,
    didYouMean(name, ['NZCV', ...THREAD_REGISTERS]),
  );
  return null;
}

function pseudoRegister(builder: ThreadBuilder, name: string): string {
  return builder.pseudo(`.${name.toLowerCase()}`);
}

function readSystem(builder: ThreadBuilder, { operands }: AsmInstruction): void {
  const [dst, source] = operands;
  const name = systemRegister(builder, source);
  if (name === null) return;
  if (!isGeneral(dst, 64) || operands.length !== 2) {
    builder.badOperands('a register of 64 bits and a system register');
    return;
  }
  builder.write(dst, name === 'NZCV' ? storedFlags(builder) : register(pseudoRegister(builder, name)));
}

function writeSystem(builder: ThreadBuilder, { operands }: AsmInstruction): void {
  const [target, source] = operands;
  const name = systemRegister(builder, target);
  if (name === null) return;
  if (!isGeneral(source, 64) || operands.length !== 2) {
    builder.badOperands('a system register and a register of 64 bits');
    return;
  }
  const value = builder.raw(source);
  if (name === 'NZCV') setFlags(builder, { kind: 'nzcv', value });
  else builder.emit({ kind: 'assign', dst: pseudoRegister(builder, name), value });
}

/** Hints that mean something, by number; the others execute as NOP. */
const HINTS: Readonly<Record<number, string>> = {
  7: 'pointer authentication',
  8: 'pointer authentication',
  10: 'pointer authentication',
  12: 'pointer authentication',
  14: 'pointer authentication',
  16: 'error synchronisation',
  17: 'profiling',
  18: 'tracing',
  19: 'guarded control stacks',
  20: 'speculation barriers',
  22: 'branch records',
};

function hint(builder: ThreadBuilder, { operands, span }: AsmInstruction): void {
  const number = operands.length === 1 ? immediateIn(operands[0], 0, 127) : null;
  if (number === null) {
    builder.badOperands('an immediate of 7 bits');
    return;
  }
  const reason = number >= 24 && number < 32 ? HINTS[7] : HINTS[number];
  if (reason !== undefined)
    builder.error(span, 'unsupported-instruction', `unsupported: ${reason}: \`hint #${number}\``);
}

/** It is no access: no event and no order. But its operands are looked at. */
function prefetch(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [operation, memory] = operands;
  const known =
    immediateIn(operation, 0, 31) !== null ||
    (operation?.kind === 'word' && /^(pld|pli|pst)(l[123]|slc)(keep|strm)$/i.test(operation.word));
  const addressed = isMemory(memory) && memory.mode === 'offset';
  const indexed = addressed && memory.index !== null && mnemonic === 'prfum';
  if (!known || !addressed || indexed || operands.length !== 2)
    builder.badOperands(
      'a prefetch operation such as PLDL1KEEP, and an address in brackets without writeback',
    );
  else builder.address(memory);
}

const PLAIN_HINTS = /^(nop|yield|wf[ei]|sevl?|dgh|bti)$/;

function plainHint(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [target] = operands;
  const targets = mnemonic === 'bti' && target?.kind === 'word' && /^(c|j|jc)$/i.test(target.word);
  if (operands.length > (targets ? 1 : 0)) builder.badOperands('none');
}

/** Adds the code of an instruction on system registers or of a hint; false if the instruction is none. */
export function assembleSystem(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic } = instruction;
  // WFE and WFI may complete at any time, so nothing can be learnt from them.
  if (PLAIN_HINTS.test(mnemonic)) plainHint(builder, instruction);
  else if (mnemonic === 'mrs') readSystem(builder, instruction);
  else if (mnemonic === 'msr') writeSystem(builder, instruction);
  else if (mnemonic === 'hint') hint(builder, instruction);
  else if (mnemonic === 'prfm' || mnemonic === 'prfum') prefetch(builder, instruction);
  else return false;
  return true;
}
