/**
 * AArch64's data-processing instructions: results and flags as a processor (qemu 7.2 in user mode) gave them, what depends on what,
 * and what is refused.
 */
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { answerTo, assemblyTable } from './assembly-table.js';
import { defaultRunOptions, runTest } from './run-test.js';

const FLAGS = 'NZCV';

/** `--C-`: which flags are set, as MRS reads them. */
function flagsOf(text: string): bigint {
  return [...FLAGS].reduce((all, flag, i) => (text.includes(flag) ? all | (1n << BigInt(31 - i)) : all), 0n);
}

/** For each condition code the flags with which it holds, one hexadecimal digit each. */
const CONDITIONS: readonly (readonly [code: string, flags: string])[] = [
  ['EQ', '4567cdef'],
  ['NE', '012389ab'],
  ['CS', '2367abef'],
  ['HS', '2367abef'],
  ['CC', '014589cd'],
  ['LO', '014589cd'],
  ['MI', '89abcdef'],
  ['PL', '01234567'],
  ['VS', '13579bdf'],
  ['VC', '02468ace'],
  ['HI', '23ab'],
  ['LS', '01456789cdef'],
  ['GE', '02469bdf'],
  ['LT', '13578ace'],
  ['GT', '029b'],
  ['LE', '1345678acdef'],
];

function holds(flags: string, nzcv: bigint): boolean {
  return flags.includes((nzcv >> 28n).toString(16));
}

/**
 * An instruction, with registers and flags before it and X0 and flags after it. Numbers are hexadecimal; a register that is not
 * mentioned is 0, flags that are not mentioned stay (clear).
 */
type Fact = readonly [instruction: string, before: string, after: string];

const facts: readonly Fact[] = [
  ['ADD W0,W1,W2', 'x1=ffffffffffffffff x2=2', '1'],
  ['ADD X0,X1,X2,LSL #63', 'x1=1 x2=3', '8000000000000001'],
  ['ADD W0,W1,W2,ASR #31', 'x1=5 x2=80000000', '4'],
  ['ADD X0,X1,W2,SXTW #4', 'x1=10 x2=fffffffe', 'fffffffffffffff0'],
  ['ADD X0,X1,X2,UXTB #2', 'x1=1 x2=1ff', '3fd'],
  ['ADD W0,W1,W2,SXTH', 'x1=0 x2=18000', 'ffff8000'],
  ['ADD X0,X1,#4095,LSL #12', 'x1=1', 'fff001'],
  ['ADD X0,X1,#-1', 'x1=0', 'ffffffffffffffff'],
  ['SUB W0,W1,W2,LSR #4', 'x1=0 x2=f00000010', 'ffffffff'],
  ['SUB X0,XZR,X1', 'x1=1', 'ffffffffffffffff'],
  ['ADDS W0,W1,W2', 'x1=7fffffff x2=1', '80000000 N--V'],
  ['ADDS X0,X1,X2', 'x1=8000000000000000 x2=8000000000000000', '0 -ZCV'],
  ['ADDS X0,X1,#0', 'x1=0', '0 -Z--'],
  ['ADDS W0,W1,W2,UXTB', 'x1=ffffff01 x2=7ff', '0 -ZC-'],
  ['SUBS W0,W1,W2', 'x1=80000000 x2=1', '7fffffff --CV'],
  ['SUBS X0,X1,X2,ASR #1', 'x1=0 x2=8000000000000000', '4000000000000000'],
  ['SUBS X0,X1,#0', 'x1=0', '0 -ZC-'],
  ['SUBS W0,W1,#-5', 'x1=fffffffb', '0 -ZC-'],
  ['CMP X1,X2', 'x1=7fffffffffffffff x2=ffffffffffffffff', '0 N--V'],
  ['CMP W1,W2', 'x1=1ffffffff x2=ffffffff', '0 -ZC-'],
  ['CMP X1,W2,UXTW #1', 'x1=1fffffffe x2=ffffffff', '0 -ZC-'],
  ['CMN W1,W2', 'x1=ffffffff x2=1', '0 -ZC-'],
  ['CMN X1,#1', 'x1=7fffffffffffffff', '0 N--V'],
  ['NEG X0,X1,LSL #1', 'x1=3', 'fffffffffffffffa'],
  ['NEGS W0,W1', 'x1=80000000', '80000000 N--V'],
  ['NEGS X0,X1', 'x1=0', '0 -ZC-'],
  ['ADC X0,X1,X2', 'x1=ffffffffffffffff x2=0 --C-', '0'],
  ['ADC W0,W1,W2', 'x1=1 x2=2', '3'],
  ['ADCS W0,W1,W2', 'x1=ffffffff x2=ffffffff --C-', 'ffffffff N-C-'],
  ['ADCS X0,X1,X2', 'x1=7fffffffffffffff x2=0 --C-', '8000000000000000 N--V'],
  ['ADCS X0,X1,X2', 'x1=0 x2=0 NZ-V', '0 -Z--'],
  ['SBC X0,X1,X2', 'x1=0 x2=0', 'ffffffffffffffff'],
  ['SBCS W0,W1,W2', 'x1=0 x2=ffffffff', '0 -Z--'],
  ['SBCS X0,X1,X2', 'x1=5 x2=5 --C-', '0 -ZC-'],
  ['SBCS X0,X1,X2', 'x1=8000000000000000 x2=0', '7fffffffffffffff --CV'],
  ['NGC W0,W1', 'x1=0', 'ffffffff'],
  ['NGCS X0,X1', 'x1=ffffffffffffffff', '0 -Z--'],
  ['NGCS W0,W1', 'x1=0 --C-', '0 -ZC-'],
  ['AND W0,W1,W2,ROR #4', 'x1=ffffffff x2=12345678', '81234567'],
  ['AND X0,X1,#0xf0f0f0f0f0f0f0f0', 'x1=123456789abcdef0', '1030507090b0d0f0'],
  ['ANDS W0,W1,W2', 'x1=f0000000 x2=80000000 NZCV', '80000000 N---'],
  ['ANDS X0,X1,#1', 'x1=2 N-CV', '0 -Z--'],
  ['TST X1,X2,LSL #63', 'x1=8000000000000000 x2=1', '0 N---'],
  ['BIC X0,X1,X2,ASR #63', 'x1=5 x2=8000000000000000', '0'],
  ['BIC W0,W1,#1', 'x1=3', '2'],
  ['BICS W0,W1,W2', 'x1=ff x2=ff NZCV', '0 -Z--'],
  ['ORR W0,W1,W2,LSR #31', 'x1=2 x2=ffffffff80000000', '3'],
  ['ORN X0,XZR,X1,ROR #1', 'x1=1', '7fffffffffffffff'],
  ['EOR X0,X1,#0x5555555555555555', 'x1=ffffffffffffffff', 'aaaaaaaaaaaaaaaa'],
  ['EON X0,X1,X1', 'x1=1234', 'ffffffffffffffff'],
  ['EON W0,W1,W2,LSL #8', 'x1=0 x2=ff', 'ffff00ff'],
  ['MVN W0,W1,ROR #8', 'x1=ff', 'ffffff'],
  ['MOV X0,X1,LSR #60', 'x1=f000000000000000', 'f'],
  ['MOV W0,#-1', 'x0=ffffffffffffffff', 'ffffffff'],
  ['MOV W0,W1', 'x1=ffffffff80000001', '80000001'],
  ['MOV X0,#0xffff0000ffff0000', '', 'ffff0000ffff0000'],
  ['MOVZ X0,#0xabcd,LSL #48', 'x0=ffffffffffffffff', 'abcd000000000000'],
  ['MOVZ W0,#1,LSL #16', 'x0=ffffffffffffffff', '10000'],
  ['MOVN X0,#0x1234,LSL #32', '', 'ffffedcbffffffff'],
  ['MOVN W0,#0', 'x0=ffffffffffffffff', 'ffffffff'],
  ['MOVK X0,#0xffff,LSL #48', 'x0=123456789abcdef0', 'ffff56789abcdef0'],
  ['MOVK W0,#0,LSL #16', 'x0=ffffffffffffffff', 'ffff'],
  ['MUL W0,W1,W2', 'x1=10000 x2=10001', '10000'],
  ['MNEG X0,X1,X2', 'x1=3 x2=5', 'fffffffffffffff1'],
  ['MADD X0,X1,X2,X3', 'x1=ffffffffffffffff x2=2 x3=1', 'ffffffffffffffff'],
  ['MSUB W0,W1,W2,W3', 'x1=3 x2=5 x3=1', 'fffffff2'],
  ['SMULL X0,W1,W2', 'x1=ffffffff x2=7fffffff', 'ffffffff80000001'],
  ['UMULL X0,W1,W2', 'x1=ffffffff x2=ffffffff', 'fffffffe00000001'],
  ['SMNEGL X0,W1,W2', 'x1=80000000 x2=80000000', 'c000000000000000'],
  ['UMNEGL X0,W1,W2', 'x1=80000000 x2=2', 'ffffffff00000000'],
  ['SMADDL X0,W1,W2,X3', 'x1=80000000 x2=2 x3=1', 'ffffffff00000001'],
  ['UMADDL X0,W1,W2,X3', 'x1=80000000 x2=2 x3=ffffffffffffffff', 'ffffffff'],
  ['SMSUBL X0,W1,W2,X3', 'x1=ffffffff x2=1 x3=0', '1'],
  ['UMSUBL X0,W1,W2,X3', 'x1=ffffffff x2=1 x3=0', 'ffffffff00000001'],
  ['SMULH X0,X1,X2', 'x1=8000000000000000 x2=8000000000000000', '4000000000000000'],
  ['SMULH X0,X1,X2', 'x1=ffffffffffffffff x2=1', 'ffffffffffffffff'],
  ['UMULH X0,X1,X2', 'x1=ffffffffffffffff x2=ffffffffffffffff', 'fffffffffffffffe'],
  ['UDIV X0,X1,X2', 'x1=ffffffffffffffff x2=2', '7fffffffffffffff'],
  ['UDIV W0,W1,W2', 'x1=ffffffff00000007 x2=ffffffff00000000', '0'],
  ['SDIV X0,X1,X2', 'x1=8000000000000000 x2=ffffffffffffffff', '8000000000000000'],
  ['SDIV W0,W1,W2', 'x1=80000000 x2=ffffffff', '80000000'],
  ['SDIV W0,W1,W2', 'x1=fffffff9 x2=2', 'fffffffd'],
  ['SDIV X0,X1,X2', 'x1=7 x2=0', '0'],
  ['LSL W0,W1,#31', 'x1=3', '80000000'],
  ['LSR W0,W1,#0', 'x1=ffffffff80000000', '80000000'],
  ['ASR X0,X1,#63', 'x1=8000000000000000', 'ffffffffffffffff'],
  ['ROR W0,W1,#4', 'x1=1234567f', 'f1234567'],
  ['ROR X0,X1,X2', 'x1=1 x2=41', '8000000000000000'],
  ['LSL X0,X1,X2', 'x1=1 x2=ffffffffffffffff', '8000000000000000'],
  ['LSLV W0,W1,W2', 'x1=3 x2=20', '3'],
  ['LSRV X0,X1,X2', 'x1=8000000000000000 x2=3f', '1'],
  ['ASRV W0,W1,W2', 'x1=80000000 x2=3f', 'ffffffff'],
  ['RORV W0,W1,W2', 'x1=1 x2=1', '80000000'],
  ['SXTB W0,W1', 'x1=80', 'ffffff80'],
  ['SXTB X0,W1', 'x1=80', 'ffffffffffffff80'],
  ['SXTH X0,W1', 'x1=ffff7fff', '7fff'],
  ['SXTW X0,W1', 'x1=180000000', 'ffffffff80000000'],
  ['UXTB W0,W1', 'x1=fff', 'ff'],
  ['UXTH W0,W1', 'x1=fffff', 'ffff'],
  ['UXTW X0,W1', 'x1=ffffffffffffffff', 'ffffffff'],
  ['UBFM X0,X1,#4,#32', 'x1=1122334455667788', '5566778'],
  ['UBFM X0,X1,#56,#7', 'x1=1122334455667788', '8800'],
  ['UBFM W0,W1,#0,#31', 'x1=ffffffffffffffff', 'ffffffff'],
  ['SBFM X0,X1,#4,#32', 'x1=eeddccbbaa998878', 'fffffffffaa99887'],
  ['SBFM X0,X1,#56,#7', 'x1=f8', 'fffffffffffff800'],
  ['SBFM W0,W1,#16,#3', 'x1=c', 'fffc0000'],
  ['SBFM X0,X1,#63,#62', 'x1=4000000000000001', '8000000000000002'],
  ['BFM X0,X1,#8,#15', 'x0=ffffffffffffffff x1=1234', 'ffffffffffffff12'],
  ['BFM W0,W1,#24,#3', 'x0=ffffffffffffffff x1=5', 'fffff5ff'],
  ['UBFX W0,W1,#31,#1', 'x1=80000000', '1'],
  ['SBFX X0,X1,#60,#4', 'x1=9000000000000000', 'fffffffffffffff9'],
  ['UBFIZ X0,X1,#60,#4', 'x1=1f', 'f000000000000000'],
  ['SBFIZ W0,W1,#4,#4', 'x1=8', 'ffffff80'],
  ['BFI X0,X1,#60,#4', 'x0=0fffffffffffffff x1=f5', '5fffffffffffffff'],
  ['BFI W0,W1,#0,#32', 'x0=ffffffffffffffff x1=7', '7'],
  ['BFC W0,#4,#8', 'x0=ffffffffffffffff', 'fffff00f'],
  ['BFXIL X0,X1,#60,#4', 'x0=ff x1=a000000000000000', 'fa'],
  ['EXTR X0,X1,X2,#4', 'x1=f x2=1230', 'f000000000000123'],
  ['EXTR W0,W1,W2,#0', 'x1=f x2=ffffffff00000001', '1'],
  ['EXTR W0,W1,W2,#31', 'x1=1 x2=80000000', '3'],
  ['RBIT W0,W1', 'x1=ffffffff00000003', 'c0000000'],
  ['RBIT X0,X1', 'x1=fedcba87654321', '84c2a6e15d3b7f00'],
  ['REV W0,W1', 'x1=12345678', '78563412'],
  ['REV X0,X1', 'x1=0123456789abcdef', 'efcdab8967452301'],
  ['REV16 W0,W1', 'x1=12345678', '34127856'],
  ['REV16 X0,X1', 'x1=0123456789abcdef', '23016745ab89efcd'],
  ['REV32 X0,X1', 'x1=0123456789abcdef', '67452301efcdab89'],
  ['CLZ W0,W1', 'x1=ffffffff00000000', '20'],
  ['CLZ X0,X1', 'x1=1', '3f'],
  ['CLS W0,W1', 'x1=ffffffff', '1f'],
  ['CLS X0,X1', 'x1=0', '3f'],
  ['CLS W0,W1', 'x1=40000000', '0'],
  ['CLS X0,X1', 'x1=fff0000000000000', 'b'],
  ['CSEL W0,W1,W2,EQ', 'x1=ffffffff00000001 x2=2 -Z--', '1'],
  ['CSEL X0,X1,X2,NE', 'x1=1 x2=2 -Z--', '2'],
  ['CSEL X0,X1,X2,AL', 'x1=1 x2=2', '1'],
  ['CSINC W0,W1,W2,CS', 'x1=1 x2=ffffffff', '0'],
  ['CSINV X0,X1,X2,VS', 'x1=1 x2=0', 'ffffffffffffffff'],
  ['CSNEG W0,W1,W2,GT', 'x1=1 x2=1 N---', 'ffffffff'],
  ['CSET X0,HI', 'x0=9 --C-', '1'],
  ['CSETM W0,LS', 'x0=9 -ZC-', 'ffffffff'],
  ['CSETM X0,PL', 'x0=9', 'ffffffffffffffff'],
  ['CINC X0,X1,LT', 'x1=ffffffffffffffff ---V', '0'],
  ['CINV W0,W1,LE', 'x1=0 -Z--', 'ffffffff'],
  ['CNEG X0,X1,GE', 'x1=5 N--V', 'fffffffffffffffb'],
  ['CCMP W1,W2,#0,EQ', 'x1=80000000 x2=1 -Z--', '0 --CV'],
  ['CCMP W1,W2,#5,EQ', 'x1=80000000 x2=1', '0 -Z-V'],
  ['CCMP X1,#31,#15,NE', 'x1=1f', '0 -ZC-'],
  ['CCMP X1,#31,#10,LT', 'x1=0 N--V', '0 N-C-'],
  ['CCMN X1,X2,#15,CC', 'x1=ffffffffffffffff x2=1', '0 -ZC-'],
  ['CCMN W1,#1,#6,MI', 'x1=7fffffff N---', '0 N--V'],
  ['CCMN W1,#1,#6,AL', 'x1=7fffffff', '0 N--V'],
  ['MSR NZCV,X1', 'x1=a0000000', '0 N-C-'],
  ['MSR NZCV,X1', 'x1=ffffffff5fffffff N-C-', '0 -Z-V'],
  ['MSR NZCV,XZR', 'NZCV', '0 ----'],
];

interface Measured {
  readonly registers: readonly bigint[];
  readonly before: bigint;
  readonly result: bigint;
  readonly after: bigint;
}

function readFact([, before, after]: Fact): Measured {
  const flagWord = (text: string): string | undefined =>
    text.split(' ').find((word) => /^[NZCV-]{4}$/.test(word));
  const registers = [0, 1, 2, 3].map((n) =>
    BigInt(`0x${new RegExp(`x${n}=(\\w+)`).exec(before)?.[1] ?? '0'}`),
  );
  const first = flagsOf(flagWord(before) ?? '');
  const last = flagWord(after);
  const result = BigInt(`0x${after.split(' ')[0]}`);
  return { registers, before: first, result, after: last === undefined ? first : flagsOf(last) };
}

describe('an instruction', () => {
  it.each(facts)('%s with %s gives %s', (...fact) => {
    const { registers, before, result, after } = readFact(fact);
    const flags = (thread: number): string =>
      `uint64_t ${thread}:X0; uint64_t ${thread}:X9=${before}; uint64_t ${thread}:X10;`;
    const code = ['MSR NZCV,X9', fact[0], 'MRS X10,NZCV'];
    const given = registers.map((value, n) => `uint64_t 0:X${n}=${value};`).slice(1);
    given.push(flags(0).replace('0:X0', `0:X0=${registers[0]}`));
    // The same in a thread where the values are not known before they are read.
    const cells = registers.map((value, n) => `uint64_t a${n}=${value}; 1:X2${n}=a${n};`);
    const loads = registers.map((_, n) => `LDR X${n},[X2${n}]`);
    const init = [...given, ...cells, flags(1)].join(' ');
    const test = assemblyTable(init, [code, [...loads, ...code]], 'locations [0:X0; 0:X10; 1:X0; 1:X10]');
    const wanted = [0, 1].map((thread) => `${thread}:X0=${result}; ${thread}:X10=${after};`);
    expect(answerTo(test)).toBe(wanted.join(' '));
  });

  // Without MRS, a thread that asks for conditions alone has other expressions for them.
  it.each(facts.filter(([, , after]) => after.includes(' ')))('%s with %s decides conditions', (...fact) => {
    const { registers, before, after } = readFact(fact);
    const given = registers.map((value, n) => `uint64_t 0:X${n}=${value};`).join(' ');
    const code = ['MSR NZCV,X9', fact[0], ...CONDITIONS.map(([name], i) => `CSET X${i + 10},${name}`)];
    const names = CONDITIONS.map((_, i) => `0:X${i + 10}`);
    const wanted = CONDITIONS.map(([, flags], i) => `${names[i]}=${holds(flags, after) ? 1 : 0};`).join(' ');
    const test = assemblyTable(
      `${given} uint64_t 0:X9=${before};`,
      [code],
      `locations [${names.join('; ')}]`,
    );
    expect(answerTo(test)).toBe(wanted);
  });
});

describe('a condition', () => {
  it.each(CONDITIONS)('%s holds with the flags %s', (code, flags) => {
    const digits = [...'0123456789abcdef'];
    const lines = digits.flatMap((digit, n) => [
      `MOV W0,#0x${digit}0000000`,
      'MSR NZCV,X0',
      `B.${code} L${n}`,
      `ORR W1,W1,#${1 << n}`,
      `L${n}: NOP`,
    ]);
    const fails = digits.reduce((all, digit, n) => (flags.includes(digit) ? all : all | (1 << n)), 0);
    expect(answerTo(assemblyTable('', [lines], 'locations [0:X1]'))).toBe(`0:X1=${fails};`);
  });
});

describe('the flags', () => {
  it.each<[string, readonly string[], string]>([
    ['are clear at the start', ['MRS X0,NZCV', 'CSET W1,LS', 'CSET W2,HI', 'ADC W3,WZR,WZR'], '0 1 0 0'],
    [
      'are carried around a loop',
      [
        'MOV X2,#3',
        'MOV X0,#-1',
        'CMN X0,X0',
        'L0: ADCS X1,X1,X0',
        'SUB X2,X2,#1',
        'CBNZ X2,L0',
        'CSET W3,CS',
      ],
      '-1 0 0 1',
    ],
    [
      'are those of the iteration before',
      ['CMP WZR,WZR', 'L0: CSET W1,EQ', 'ADD W0,W0,W1', 'ADD W2,W2,#1', 'CMP W2,#3', 'B.LT L0'],
      '1 0 3 0',
    ],
    [
      'of a sum of three words reach the next word',
      ['MOV X0,#-1', 'MOV X1,#-1', 'ADDS X0,X0,#1', 'ADCS X1,X1,XZR', 'ADCS X2,XZR,XZR', 'ADC X3,XZR,XZR'],
      '0 0 1 0',
    ],
    [
      'survive a nested choice',
      ['CMP W0,#1', 'CCMP WZR,#0,#0,LO', 'CCMN WZR,#0,#2,EQ', 'MRS X0,NZCV'],
      '1073741824 0 0 0',
    ],
  ])('%s', (_, code, wanted) => {
    const found = answerTo(assemblyTable('', [code], 'locations [0:X0; 0:X1; 0:X2; 0:X3]'));
    expect(found).toBe(
      wanted
        .split(' ')
        .map((value, n) => `0:X${n}=${value};`)
        .join(' '),
    );
  });
});

describe('thread registers', () => {
  it('keep what is written, each thread its own', () => {
    const writes = ['MOV X0,#-2', 'MSR TPIDR_EL0,X0', 'MOV X0,#3', 'MSR TPIDRRO_EL0,X0', 'MSR TPIDR2_EL0,X0'];
    const reads = ['MRS X1,TPIDR_EL0', 'MRS X2,tpidrro_el0', 'MRS X3,TPIDR_EL1', 'MRS X4,TPIDR2_EL0'];
    const tail = 'locations [0:X1; 0:X2; 0:X3; 0:X4; 1:X1; 1:X2]';
    const init = 'int64_t 0:X1;';
    expect(answerTo(assemblyTable(init, [[...writes, ...reads], reads], tail))).toBe(
      '0:X1=-2; 0:X2=3; 0:X3=0; 0:X4=3; 1:X1=0; 1:X2=0;',
    );
  });
});

describe('between two reads', () => {
  const writer = ['MOV W0,#1', 'STR W0,[X1]', 'DMB SY', 'STR W0,[X2]'];

  /** Whether the second read may be early, if `code` makes of X0, which is read first, an offset of 0 in X3. */
  function mayBeEarly(code: readonly string[]): boolean {
    const init = '0:X1=x; 0:X2=y; 1:X1=x; 1:X2=y;';
    const reader = ['LDR W0,[X2]', ...code, 'LDR W4,[X1,X3]'];
    const states = answerTo(assemblyTable(init, [writer, reader], 'locations [1:X0; 1:X4]')).split('\n');
    expect(states).toContain('1:X0=1; 1:X4=1;');
    return states.includes('1:X0=1; 1:X4=0;');
  }

  it.each([
    'EOR X3,X0,X0',
    'SUB X3,X0,X0',
    'AND X3,X0,XZR',
    'BIC W3,WZR,W0',
    'MUL X3,X0,XZR',
    'UMULH X3,X0,X0',
    'UDIV X3,XZR,X0',
    'SDIV W3,WZR,W0',
    'LSR X3,X0,#63',
    'LSLV X3,XZR,X0',
    'EXTR X3,X0,XZR,#0',
    'UBFX X3,X0,#5,#3',
    'BFI X3,X0,#4,#1; EOR X3,X3,X3',
    'RBIT W3,W0; AND W3,W3,#1',
    'CLZ X3,X0; EOR X3,X3,X3',
    'MOV X3,X0; MOVK X3,#0',
    'MSR TPIDR_EL0,X0; MRS X3,TPIDR_EL0; EOR X3,X3,X3',
    'MSR NZCV,X0; MRS X3,NZCV',
    'CMP W0,#7; MRS X3,NZCV; EOR X3,X3,X3',
    // What is chosen is a dependency like any other.
    'EOR X6,X0,X0; CMP X5,#0; CSEL X3,X6,XZR,EQ',
    'EOR X6,X0,X0; CMP X5,#1; CSINV X3,XZR,X6,EQ; MVN X3,X3',
    'EOR X6,X0,X0; CNEG X3,X6,NE',
    'CMP X5,#0; CCMP X0,#9,#0,EQ; ADC X3,XZR,XZR; EOR X3,X3,X3',
    // C and V are clear after TST, whatever it tests.
    'TST X0,X0; ADC X3,XZR,XZR',
  ])('%s is a dependency', (code) => {
    expect(mayBeEarly(code.split('; '))).toBe(false);
  });

  it.each([
    'NOP',
    'MOV X3,XZR',
    'MOV X3,X0; MOV X3,#0',
    'MOV X3,X0; MOVZ X3,#0',
    'CMP X0,#0; MSR NZCV,XZR; ADC X3,XZR,XZR',
    'BFC X3,#0,#4',
    'PRFM PLDL1KEEP,[X1,X0]; YIELD; WFE; SEV; HINT #34',
    // What decides a choice orders no read, and what is not chosen orders nothing.
    'CMP X0,#0; CSEL X3,XZR,XZR,EQ',
    'CMP X0,#0; CCMP XZR,#9,#0,EQ; ADC X3,XZR,XZR; EOR X3,X3,X3',
    'EOR X6,X0,X0; CMP X5,#1; CSEL X3,X6,XZR,EQ',
    'CMP X5,#1; CCMP X0,#9,#0,EQ; ADC X3,XZR,XZR; EOR X3,X3,X3',
  ])('%s is none', (code) => {
    expect(mayBeEarly(code.split('; '))).toBe(true);
  });
});

describe('what is refused', () => {
  const classes = {
    sum: 'two registers, and a register (shifted by LSL, LSR or ASR, or extended and shifted by up to 4) or an immediate (perhaps LSL #12)',
    logic:
      'three registers of one width, the last one perhaps shifted by LSL, LSR, ASR or ROR, or an immediate for the last',
    plain: 'three registers of one width, the last one perhaps shifted by LSL, LSR, ASR or ROR',
    move: 'a register, and a register of its width (perhaps shifted) or an immediate that fits into it',
    wide: 'a register and an immediate of 16 bits, perhaps with LSL #16, #32 or #48',
    field: 'two registers of one width, and the lowest bit and the width of a field that lie in it',
    bits: 'two registers of one width, and two bit numbers that lie in it',
  } as const;

  it.each<[string, keyof typeof classes]>([
    ['ADD X0,X1,X2,ROR #1', 'sum'],
    ['ADD W0,W1,W2,LSL #32', 'sum'],
    ['ADD X0,X1,W2,SXTW #5', 'sum'],
    ['ADD X0,X1,W2', 'sum'],
    ['ADD X0,XZR,#1', 'sum'],
    ['ADDS SP,X0,#1', 'sum'],
    ['ADD X0,X1,#1,LSL #3', 'sum'],
    ['ADD X0,X1,X2,X3', 'sum'],
    ['ADD X0,X1', 'sum'],
    ['AND X0,X1,W2,UXTW', 'logic'],
    ['AND X0,SP,X1', 'logic'],
    ['AND W0,W1,#0x100000000', 'logic'],
    ['ORN X0,X1,#1', 'plain'],
    ['BICS X0,X1,#1', 'plain'],
    ['MOV X0,W1', 'move'],
    ['MOV W0,#0x100000000', 'move'],
    ['MOV XZR,SP', 'move'],
    ['MOVK X0,#0x10000', 'wide'],
    ['MOVZ W0,#1,LSL #32', 'wide'],
    ['MOVN X0,#1,LSL #8', 'wide'],
    ['UBFX W0,W1,#31,#2', 'field'],
    ['BFI X0,X1,#0,#0', 'field'],
    ['SBFM W0,W1,#32,#0', 'bits'],
  ])('%s', (line, expected) => {
    const mnemonic = line.split(' ')[0]!.toLowerCase();
    expect(answerTo(assemblyTable('', [[line]], 'forall (true)'))).toContain(
      `unsupported operands of \`${mnemonic}\`: expected ${classes[expected]} [bad-operands]`,
    );
  });

  it.each([
    [
      'AND W0,W1,#5',
      'warning: `and` has no encoding for the immediate 5: assemblers refuse it [no-encoding]',
    ],
    [
      'ADD X0,X1,#4097',
      'warning: `add` has no encoding for the immediate 4097: assemblers refuse it [no-encoding]',
    ],
  ])('%s only as an encoding', (line, message) => {
    const report = runTest(
      { name: 't', text: assemblyTable('', [[line]], 'locations [0:X0]') },
      defaultRunOptions,
    );
    expect(renderDiagnostics(report.diagnostics)).toContain(message);
    expect(report.kind).toBe('test');
  });

  it.each([
    ['MRS X0,CNTVCT_EL0', 'unsupported: timers: the system register `CNTVCT_EL0`'],
    ['MRS X0,CTR_EL0', 'unsupported: the system register `CTR_EL0`'],
    ['MSR NVCZ,X0', 'unsupported: the system register `NVCZ` [unsupported-register]\n'],
    ['MSR DAIFSet,#2', 'unsupported: exceptions: the system register `DAIFSet`'],
    ['MRS W0,NZCV', 'expected a register of 64 bits and a system register'],
    ['SVC #0', 'unsupported: exceptions: `svc`'],
    ['UDF #0', 'unsupported: exceptions: `udf`'],
    ['CSDB', 'unsupported: speculation barriers: `csdb`'],
    ['HINT #20', 'unsupported: speculation barriers: `hint #20`'],
    ['HINT #25', 'unsupported: pointer authentication: `hint #25`'],
    ['PACIA X0,X1', 'unsupported: pointer authentication: `pacia`'],
    ['LD1 X0,[X1]', 'unsupported: vector instructions: `ld1`'],
    ['PRFM PLDL9KEEP,[X0]', 'expected a prefetch operation'],
    ['CSET W0,AL', 'expected a register and a condition code'],
    ['CCMP W0,#32,#0,EQ', 'an immediate of 5 bits'],
    ['ADSS W0,W1,W2', 'hint: did you mean `adds`?'],
  ])('%s', (line, message) => {
    expect(`${answerTo(assemblyTable('', [[line]], 'forall (true)'))}\n`).toContain(message);
  });
});
