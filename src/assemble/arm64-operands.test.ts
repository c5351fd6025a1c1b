/** Operands of AArch64's data processing: bitmask immediates by their definition, and any operands without an exception. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAssembly } from '../syntax/assembly.js';
import { isBitmask } from './arm64-operands.js';
import { assemble } from './assemble.js';

/** All values that DecodeBitMasks() of the Arm ARM (J1.1) makes of N, immr and imms. */
function decodedMasks(bits: 32 | 64): Set<bigint> {
  const masks = new Set<bigint>();
  for (let size = 2; size <= bits; size *= 2)
    for (let length = 1; length < size; length++)
      for (let turn = 0; turn < size; turn++) {
        let element = 0n;
        for (let i = 0; i < length; i++) element |= 1n << BigInt((i - turn + size) % size);
        let mask = 0n;
        for (let at = 0; at < bits; at += size) mask |= element << BigInt(at);
        masks.add(mask);
      }
  return masks;
}

describe('bitmask immediates', () => {
  it.each([
    [32, 1302],
    [64, 5334],
  ] as const)('of %i bits are %i', (bits, count) => {
    const masks = decodedMasks(bits);
    expect(masks.size).toBe(count);
    for (const mask of masks) {
      expect(isBitmask(mask, bits)).toBe(true);
      // As a negative number too.
      expect(isBitmask(BigInt.asIntN(bits, mask), bits)).toBe(true);
      expect(isBitmask(mask ^ 5n, bits)).toBe(masks.has(mask ^ 5n));
    }
    expect([0n, -1n, 5n].map((value) => isBitmask(value, bits))).toEqual([false, false, false]);
  });
});

const MNEMONICS = (
  'add adds sub subs cmp cmn neg negs adc adcs sbc sbcs ngc ngcs and ands tst bic bics orr orn eor eon mvn mov movz movn movk mul ' +
  'mneg madd msub smull umull smnegl umnegl smaddl umaddl smsubl umsubl smulh umulh udiv sdiv lsl lsr asr ror lslv lsrv asrv rorv ' +
  'sxtb sxth sxtw uxtb uxth uxtw ubfm sbfm bfm ubfx sbfx bfxil ubfiz sbfiz bfi bfc extr rbit rev rev16 rev32 rev64 clz cls csel ' +
  'csinc csinv csneg cset csetm cinc cinv cneg ccmp ccmn mrs msr hint nop yield wfe prfm prfum'
).split(' ');

const other = fc.oneof(
  fc.constantFrom('X0', 'W1', 'XZR', 'WZR', 'SP', 'WSP'),
  fc.constantFrom('0', '1', '-1', '12', '31', '32', '63', '4095').map((n) => `#${n}`),
  fc.bigInt({ min: -(1n << 65n), max: 1n << 65n }).map((n) => `#${n}`),
  fc.constantFrom('EQ', 'nv', 'NZCV', 'TPIDR_EL0', 'LSL', 'SXTW', 'L0', 'PLDL1KEEP'),
  fc
    .tuple(fc.constantFrom('LSL', 'ROR', 'UXTB', 'SXTX'), fc.constantFrom('0', '3', '-1', '48', '64'))
    .map(([op, amount]) => `${op} #${amount}`),
  fc.constantFrom('[X0]', '[X0,#8]!', '[X0],#8', '[X0,X1,LSL #3]'),
);

/** Some registers of one width, then perhaps something else. */
const operands = fc
  .tuple(
    fc.constantFrom('X', 'W'),
    fc.array(fc.constantFrom('0', '1', '2', 'ZR'), { minLength: 1, maxLength: 4 }),
    fc.array(other, { maxLength: 2 }),
  )
  .map(([width, registers, others]) => [...registers.map((name) => `${width}${name}`), ...others]);

describe('any operands', () => {
  it('give a program, or a report of where and what', () => {
    const line = fc.tuple(fc.constantFrom(...MNEMONICS), operands);
    let taken = 0;
    fc.assert(
      fc.property(line, ([mnemonic, written]) => {
        const text = `AArch64 t\n{0:X0=x;}\nP0;\nMRS X9,NZCV;\n${mnemonic} ${written.join(',')};\nL0: NOP;\nforall (true)`;
        const parsed = parseAssembly({ name: 't', text });
        const { value, diagnostics } = parsed.value === null ? parsed : assemble(parsed.value);
        const errors = diagnostics.filter((d) => d.severity === 'error');
        if (errors.length === 0) taken++;
        expect(errors.length === 0).toBe(value !== null);
        for (const { span } of diagnostics) expect(span).not.toBeNull();
      }),
      { numRuns: 500, seed: 4 },
    );
    expect(taken).toBeGreaterThan(15);
  });
});
