/**
 * What AArch64 instructions mean: one function for each family of mnemonics.
 *
 * Source: Arm ARM (DDI 0487), C6 (instructions) and B2.3 (which accesses are acquire, release, exclusive). Tags are those of
 * vocabulary.ts. LDLAR and STLLR are LDAR and STLR: there are no limited ordering regions (B2.3). What is refused is in
 * arm64-unsupported.ts.
 */

import type { IntType } from '../program/value.js';
import { tags as vocabulary } from '../program/vocabulary.js';
import type { AsmInstruction } from '../syntax/asm-tree.js';
import { didYouMean } from '../text/suggest.js';
import { assembleArithmetic } from './arm64-arithmetic.js';
import { assembleAtomic } from './arm64-atomics.js';
import { assembleCode } from './arm64-code.js';
import { arm64Condition, holds } from './arm64-flags.js';
import { assemblePair } from './arm64-pairs.js';
import { checkShape } from './arm64-shapes.js';
import { assembleSystem } from './arm64-system.js';
import { refuseInstruction } from './arm64-unsupported.js';
import { accessBits, extendLoaded, isMemory, isRegister } from './asm-access.js';
import { binary, constant, type ThreadBuilder, viewType } from './asm-thread.js';

const LOAD_TAGS: Readonly<Record<string, readonly string[]>> = {
  ldr: [],
  ldur: [],
  ldar: ['A'],
  ldlar: ['A'],
  ldapr: ['Q'],
  ldapur: ['Q'],
  ldxr: ['X'],
  ldaxr: ['A', 'X'],
};

const STORE_TAGS: Readonly<Record<string, readonly string[]>> = {
  str: [],
  stur: [],
  stlr: ['L'],
  stllr: ['L'],
  stlur: ['L'],
};

function load(builder: ThreadBuilder, instruction: AsmInstruction, name: string, suffix: string): void {
  const [target, memory] = instruction.operands;
  if (!isRegister(target) || !isMemory(memory) || instruction.operands.length !== 2) {
    builder.badOperands('a register and an address in brackets');
    return;
  }
  const bits = accessBits(suffix, target);
  const { address, after } = builder.address(memory);
  const type = builder.accessType(address, bits, instruction.span);
  const tags = LOAD_TAGS[name]!;
  const dst = builder.destination(target);
  builder.emit({ kind: 'load', dst, address, type, tags, exclusive: tags.includes('X') });
  if (dst !== null) extendLoaded(builder, target, dst, bits, suffix.startsWith('s'));
  after();
}

function store(builder: ThreadBuilder, instruction: AsmInstruction, name: string, suffix: string): void {
  const [value, memory] = instruction.operands;
  if (!isRegister(value) || !isMemory(memory) || instruction.operands.length !== 2) {
    builder.badOperands('a register and an address in brackets');
    return;
  }
  const { address, after } = builder.address(memory);
  const type = builder.accessType(address, accessBits(suffix, value), instruction.span);
  builder.emit({ kind: 'store', address, value: builder.raw(value), type, tags: STORE_TAGS[name]! });
  after();
}

function storeExclusive(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  release: boolean,
  suffix: string,
): void {
  const [status, value, memory] = instruction.operands;
  if (!isRegister(status) || !isRegister(value) || !isMemory(memory)) {
    builder.badOperands('a status register, a register and an address in brackets');
    return;
  }
  const { address } = builder.address(memory);
  const type = builder.accessType(address, accessBits(suffix, value), instruction.span);
  builder.emit({
    kind: 'store-exclusive',
    status: builder.destination(status) ?? builder.pseudo('.status'),
    address,
    value: builder.raw(value),
    type,
    tags: release ? ['L', 'X'] : ['X'],
  });
}

function fence(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands, span } = instruction;
  if (mnemonic === 'isb') {
    builder.emit({ kind: 'fence', tags: ['ISB'] });
    return;
  }
  const [domain] = operands;
  const tag = domain?.kind === 'word' ? `${mnemonic}.${domain.word}`.toUpperCase() : '';
  if (vocabulary.arm64.includes(tag)) {
    builder.emit({ kind: 'fence', tags: [tag] });
    return;
  }
  const domains = vocabulary.arm64.filter((t) => t.startsWith('DMB.')).map((t) => t.slice(4));
  builder.error(
    span,
    'bad-operands',
    `\`${mnemonic}\` needs a domain, one of ${domains.join(', ')}`,
    domain?.kind === 'word' ? didYouMean(domain.word, domains) : null,
  );
}

function conditionalBranch(builder: ThreadBuilder, instruction: AsmInstruction, code: string): void {
  const { operands, span } = instruction;
  if (code === 'al' || code === 'nv') {
    builder.branch(null, operands[0]);
    return;
  }
  const condition = arm64Condition(code);
  if (condition === null) {
    builder.error(span, 'unknown-condition', `unknown condition \`${code}\``);
    return;
  }
  builder.branch(holds(builder, condition), operands[0]);
}

function compareAndBranch(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [tested, target] = operands;
  if (!isRegister(tested)) {
    builder.badOperands('a register and a label');
    return;
  }
  const type = viewType(tested.bits);
  builder.branch(binary(mnemonic === 'cbz' ? '==' : '!=', builder.raw(tested), constant(0), type), target);
}

function testBitAndBranch(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [tested, bit, target] = operands;
  if (!isRegister(tested) || bit?.kind !== 'immediate' || bit.value < 0n || bit.value >= tested.bits) {
    builder.badOperands('a register, the number of one of its bits, and a label');
    return;
  }
  const unsigned: IntType = { bits: tested.bits, signed: false };
  const shifted = binary('>>', builder.raw(tested), constant(Number(bit.value)), unsigned);
  const one = binary('&', shifted, constant(1), unsigned);
  builder.branch(binary(mnemonic === 'tbz' ? '==' : '!=', one, constant(0), unsigned), target);
}

/** Adds the code of one instruction. */
export function assembleArm64(builder: ThreadBuilder, instruction: AsmInstruction): void {
  if (!checkShape(builder, instruction)) return;
  const { mnemonic, operands } = instruction;
  const access =
    /^(ldr|ldur|ldar|ldlar|ldapr|ldapur|ldxr|ldaxr|str|stur|stlr|stllr|stlur)(b|h|sb|sh|sw)?$/.exec(mnemonic);
  const exclusive = /^st(l?)xr([bh]?)$/.exec(mnemonic);
  if (access !== null) {
    const [, name, suffix] = access;
    const family = name!.startsWith('ld') ? load : store;
    family(builder, instruction, name!, suffix ?? '');
  } else if (exclusive !== null) storeExclusive(builder, instruction, exclusive[1] === 'l', exclusive[2]!);
  else if (/^(dmb|dsb|isb)$/.test(mnemonic)) fence(builder, instruction);
  else if (mnemonic === 'clrex') builder.emit({ kind: 'clear-monitor' });
  else if (mnemonic === 'b') builder.branch(null, operands[0]);
  else if (mnemonic.startsWith('b.')) conditionalBranch(builder, instruction, mnemonic.slice(2));
  // As assemblers take it, too.
  else if (arm64Condition(mnemonic.slice(1)) !== null && mnemonic.startsWith('b'))
    conditionalBranch(builder, instruction, mnemonic.slice(1));
  else if (/^cbn?z$/.test(mnemonic)) compareAndBranch(builder, instruction);
  else if (/^tbn?z$/.test(mnemonic)) testBitAndBranch(builder, instruction);
  else if (
    !assembleCode(builder, instruction) &&
    !assembleAtomic(builder, instruction) &&
    !assemblePair(builder, instruction) &&
    !assembleArithmetic(builder, instruction) &&
    !assembleSystem(builder, instruction)
  )
    refuseInstruction(builder, instruction);
}
