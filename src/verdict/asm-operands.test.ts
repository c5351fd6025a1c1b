/** Operands that AArch64's accesses and branches do not take are refused, each at its place. */
import { describe, expect, it } from 'vitest';
import { spanText } from '../text/source.js';
import { defaultRunOptions, runTest } from './run-test.js';

/** What is said of a line of code, and of which part of it. */
function said(line: string): string {
  const text = `AArch64 t\n{int64_t a[2]; 0:X1=a; 0:X2=x;}\nP0;\nL: NOP;\n${line};\nexists (0:X2=x)\n`;
  const report = runTest({ name: 't', text }, { ...defaultRunOptions, models: 'own' });
  const { diagnostics } = report;
  return diagnostics
    .map(({ severity, message, span }) => `${severity}: ${message} @ ${spanText(span!)}`)
    .join('; ');
}

const ADDRESS = 'and an address in brackets';

describe('operands', () => {
  const refused: readonly (readonly [line: string, ...said: string[]])[] = [
    ['LDR R5,[X2]', '`R5` is not a register of AArch64', 'R5'],
    ['LDR W31,[X2]', '`W31` is not a register of AArch64', 'W31'],
    ['MOV X31,#1', '`X31` is not a register of AArch64', 'X31'],
    ['CBZ X32,L', '`X32` is not a register of AArch64', 'X32'],
    ['LDR W0', `unsupported operands of \`ldr\`: expected a register, ${ADDRESS}`],
    ['LDR', `unsupported operands of \`ldr\`: expected a register, ${ADDRESS}`],
    ['LDR X0,[X1],#8,#8', `unsupported operands of \`ldr\`: expected a register, ${ADDRESS}`],
    ['LDR X0,[X1],X2', `unsupported operands of \`ldr\`: expected a register, ${ADDRESS}`],
    ['LDR SP,[X1]', `unsupported operands of \`ldr\`: expected a register, ${ADDRESS}`],
    ['LDRB X0,[X1]', `unsupported operands of \`ldrb\`: expected a register of 32 bits, ${ADDRESS}`],
    ['LDRSW W0,[X1]', `unsupported operands of \`ldrsw\`: expected a register of 64 bits, ${ADDRESS}`],
    ['STRSB W0,[X1]', 'there is no instruction `strsb`'],
    ['LDARSH W0,[X1]', 'there is no instruction `ldarsh`'],
    ['LDR W0,[R1]', 'this is not part of an address', 'R1'],
    ['LDR X0,[W1]', 'an address is in an X register or SP', '[W1]'],
    ['LDR X0,[XZR]', 'an address is in an X register or SP', '[XZR]'],
    ['LDR X0,[X1,X3,X4]', 'this is not part of an address', 'X4'],
    ['LDR X0,[X1,X3,ROR #3]', 'an index is extended by LSL, SXTW, UXTW or SXTX', '[X1,X3,ROR #3]'],
    ['LDR X0,[X1,X3]!', 'an index comes without an offset and without writeback', '[X1,X3]!'],
    ['LDR X1,[X1],#8', 'writing back to the register that is moved is not defined', '[X1]'],
    ['LDUR X0,[X1,#8]!', '`ldur` takes a register and an offset: `[X1,#4]`', '[X1,#8]!'],
    ['LDAR X0,[X1,#8]', '`ldar` takes an address without an offset: `[X1]`', '[X1,#8]'],
    ['LDXR X0,[X1],#8', '`ldxr` takes an address without an offset: `[X1]`', '[X1]'],
    ['STXR X0,X3,[X1]', `unsupported operands of \`stxr\`: expected a W register, a register, ${ADDRESS}`],
    ['STXR W0,X3,[X1],W4', `unsupported operands of \`stxr\`: expected a W register, a register, ${ADDRESS}`],
    ['CAS W0,X3,[X1]', `unsupported operands of \`cas\`: expected two registers of one width, ${ADDRESS}`],
    ['CAS X0,X3,[X1,#8]', '`cas` takes an address without an offset: `[X1]`', '[X1,#8]'],
    ['STADD W0,W3,[X2]', `unsupported operands of \`stadd\`: expected a register, ${ADDRESS}`],
    ['B', 'unsupported operands of `b`: expected a label'],
    ['B L,L', 'unsupported operands of `b`: expected a label'],
    ['B.NE L,L', 'unsupported operands of `b.ne`: expected a label'],
    ['CBZ W0,L,L', 'unsupported operands of `cbz`: expected a register and a label'],
    ['CBZ SP,L', 'unsupported operands of `cbz`: expected a register and a label'],
    [
      'TBZ W0,#32,L',
      'unsupported operands of `tbz`: expected a register, the number of one of its bits, and a label',
    ],
    ['DMB SY,SY', 'unsupported operands of `dmb`: expected a domain'],
    ['ISB ISH', 'unsupported operands of `isb`: expected none'],
    ['LDR X0,L', 'unsupported: literal loads', 'L'],
    ['LDRSW X0,.+8', 'unsupported: literal loads', '.+8'],
    ['LDR W0,=x', 'unsupported: literal loads', '=x'],
    ['LDR X0,= 0x1234', 'unsupported: literal loads', '= 0x1234'],
    ['LDR X0,[X1]!', 'writeback before the access needs an offset: `[X1,#8]!`', '[X1]!'],
    ['L3: CPYFP [X0]!,[X1]!,X2!', 'unsupported: memory copy and set: `cpyfp`', 'CPYFP'],
    ['ADD X0!,X1,#1', 'unexpected `!` in the code', '!'],
    ['CLREX W0', 'unsupported operands of `clrex`: expected none'],
    ['BR W0', 'unsupported operands of `br`: expected an X register'],
    ['RET X1,X2', 'unsupported operands of `ret`: expected an X register'],
    ['ADR W0,L', 'unsupported operands of `adr`: expected an X register and a label'],
    ['BL L,L', 'unsupported operands of `bl`: expected a label'],
    ['CBZ W0,LL', 'P0 has no label `LL`', 'LL'],
    ['L: NOP', 'the label `L` is defined twice in P0', 'L'],
  ];
  it.each(refused)('%s', (line, message, part) => {
    expect(said(line)).toBe(`error: ${message} @ ${part ?? line}`);
  });

  const accepted = [
    'ldr x0,[x1]',
    'Ldr X0 , [ X1 , # 8 ]',
    'STR XZR,[X1],#8',
    'LDR W0,[X2,WZR,SXTW]',
    'LDR X0,[X1,X3,LSL #3]',
    'LDRSB W3,[SP]',
    'LDAR X0,[X1,#0]',
    'LDAPR X0,[X1],#8',
    'STLR X0,[X1,#-8]!',
    'BEQ L1; L1: NOP',
    'B.al .+4',
    'ISB SY',
    'CLREX #15',
    'NOP',
  ];
  it.each(accepted)('%s', (line) => {
    expect(said(line)).toBe('');
  });

  it.each([
    ['LDR W0,[X2],#300', '`ldr` has no encoding for the offset 300: assemblers refuse it @ [X2]'],
    [
      'LDR W0,[X2,WZR,SXTW #3]',
      '`ldr` has no encoding for a shift by 3: assemblers refuse it @ [X2,WZR,SXTW #3]',
    ],
  ])('%s has a meaning but no encoding', (line, message) => {
    expect(said(line)).toBe(`warning: ${message}`);
  });
});
