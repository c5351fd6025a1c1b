/** Accesses of AArch64 beyond LDR and STR: pairs, exclusives, what a selection orders, sizes that do not fit. */
import { describe, expect, it } from 'vitest';
import { answerTo, assemblyTable } from './assembly-table.js';

type Case = readonly [
  name: string,
  init: string,
  threads: readonly (readonly string[])[],
  tail: string,
  wanted: readonly string[],
];

function run(cases: readonly Case[]): void {
  it.each(cases)('%s', (_, init, threads, tail, wanted) => {
    expect(answerTo(assemblyTable(init, threads, tail)).split('\n')).toEqual(wanted);
  });
}

const words = 'int32_t x[2]; 0:X0=x; 1:X0=x;';
const doubles = 'int64_t x[2]; 0:X0=x; 1:X0=x; int64_t 1:X1; int64_t 1:X2; int64_t 0:X1; int64_t 0:X2;';
const fill = ['MOV X1,#1', 'MOV X2,#2'];

describe('pairs', () => {
  run([
    [
      'move two words, in every addressing mode',
      'int32_t x[4] = {1,2,3,4}; 0:X0=x; 0:X5=x;',
      [['LDP W1,W2,[X0,#8]', 'LDP W3,W4,[X0],#8', 'STP W1,W2,[X5,#8]!', 'SUB X6,X0,X5']],
      'locations [0:X1; 0:X2; 0:X3; 0:X4; x[2]; x[3]]',
      ['0:X1=3; 0:X2=4; 0:X3=1; 0:X4=2; x[2]=3; x[3]=4;'],
    ],
    [
      'may load into their own base',
      'int64_t x[2] = {5,6}; uint64_t 0:X0=x; int64_t 0:X1;',
      [['LDP X0,X1,[X0]']],
      'locations [0:X0; 0:X1]',
      ['0:X0=5; 0:X1=6;'],
    ],
    [
      'extend words that LDPSW loads',
      'int32_t x[2] = {-1,2}; 0:X0=x; int64_t 0:X1; int64_t 0:X2;',
      [['LDPSW X1,X2,[X0]']],
      'locations [0:X1; 0:X2]',
      ['0:X1=-1; 0:X2=2;'],
    ],
    [
      'load and store their halves in any order',
      words,
      [['MOV W1,#1', 'STP W1,W1,[X0]'], ['LDP W1,W2,[X0]']],
      'locations [1:X1; 1:X2]',
      ['1:X1=0; 1:X2=0;', '1:X1=0; 1:X2=1;', '1:X1=1; 1:X2=0;', '1:X1=1; 1:X2=1;'],
    ],
    [
      'are loaded in order by LDIAPP',
      doubles,
      [['MOV X1,#1', 'STR X1,[X0,#8]', 'STLR X1,[X0]'], ['LDIAPP X1,X2,[X0]']],
      'locations [1:X1; 1:X2]',
      ['1:X1=0; 1:X2=0;', '1:X1=0; 1:X2=1;', '1:X1=1; 1:X2=1;'],
    ],
    [
      'are stored in order by STILP',
      doubles,
      [
        ['MOV X1,#1', 'STILP X1,X1,[X0]'],
        ['LDR X1,[X0,#8]', 'DMB LD', 'LDR X2,[X0]'],
      ],
      'locations [1:X1; 1:X2]',
      ['1:X1=0; 1:X2=0;', '1:X1=0; 1:X2=1;', '1:X1=1; 1:X2=1;'],
    ],
    [
      'are whole where CASP writes and LDXP reads them',
      `${doubles} 0:X6=0;`,
      [['MOV X2,#0', 'MOV X3,#0', 'MOV X4,#1', 'MOV X5,#1', 'CASP X2,X3,X4,X5,[X0]'], ['LDXP X1,X2,[X0]']],
      'locations [1:X1; 1:X2]',
      ['1:X1=0; 1:X2=0;', '1:X1=1; 1:X2=1;'],
    ],
    [
      'that differ in one half make CASP fail',
      'int64_t x[2] = {0,7}; 0:X0=x; int64_t 0:X2; int64_t 0:X3;',
      [['MOV X2,#0', 'MOV X3,#0', 'MOV X4,#1', 'MOV X5,#1', 'CASPAL X2,X3,X4,X5,[X0]']],
      'locations [0:X2; 0:X3; x[0]; x[1]]',
      ['0:X2=0; 0:X3=7; x[0]=0; x[1]=7;'],
    ],
  ]);
});

describe('exclusives', () => {
  run([
    [
      'a pair is written whole or not at all',
      'int64_t x[2]; 0:X0=x;',
      [[...fill, 'LDXP X3,X4,[X0]', 'STXP W5,X1,X2,[X0]']],
      'locations [0:X5; x[0]; x[1]]',
      ['0:X5=0; x[0]=1; x[1]=2;', '0:X5=1; x[0]=0; x[1]=0;'],
    ],
    [
      'of two threads do not both succeed from the same values',
      doubles,
      [
        ['LDXP X3,X4,[X0]', 'ADD X3,X3,#1', 'ADD X4,X4,#1', 'STXP W5,X3,X4,[X0]'],
        ['LDXP X3,X4,[X0]', 'ADD X3,X3,#1', 'ADD X4,X4,#1', 'STXP W5,X3,X4,[X0]'],
      ],
      'filter (0:X5=0 /\\ 1:X5=0) locations [x[0]; x[1]]',
      ['0:X5=0; 1:X5=0; x[0]=2; x[1]=2;'],
    ],
    [
      'fail after CLREX',
      'x=0; 0:X0=x;',
      [['MOV W2,#1', 'LDXR W1,[X0]', 'CLREX', 'STXR W3,W2,[X0]']],
      'locations [0:X3; x]',
      ['0:X3=1; [x]=0;'],
    ],
    [
      'of other sizes do what nobody defines',
      'int32_t x[2]; 0:X0=x;',
      [['LDXP W1,W2,[X0]', 'STXR W3,W2,[X0]']],
      'locations [0:X3]',
      [
        '0:X3=1;',
        'a store-exclusive of another size than its load-exclusive (P0, line 5): what it does is not defined',
      ],
    ],
  ]);
});

const lb = '0:X0=x; 0:X1=y; 1:X0=x; 1:X1=y; 1:X2=z; 1:X9=1; 0:X9=1; w=0; 1:X4=w;';
const release = ['LDR W3,[X0]', 'STLR W9,[X1]'];
const both = 'exists (0:X3=1 /\\ 1:X3=1)';

/** Whether P0 may read from x, and P1 from y, what the other writes after its read. */
describe('a selection before a write', () => {
  const select = ['LDR W3,[X1]', 'CMP W3,#0'];
  const cases: readonly (readonly [name: string, code: readonly string[], wanted: 'Never' | 'Sometimes'])[] =
    [
      ['into its value', [...select, 'CSEL W5,W9,W9,EQ', 'STR W5,[X0]'], 'Never'],
      ['into its address', [...select, 'CSEL X5,X0,X0,EQ', 'STR W9,[X5]'], 'Never'],
      [
        'into the address of a load before it',
        [...select, 'CSEL X5,X2,X4,EQ', 'LDR W6,[X5]', 'STR W9,[X0]'],
        'Never',
      ],
      ['into a branch before it', [...select, 'CSEL W5,W9,WZR,EQ', 'CBZ W5,L', 'L: STR W9,[X0]'], 'Never'],
      [
        'through memory',
        [...select, 'CSEL W5,W9,WZR,EQ', 'STR W5,[X2]', 'LDR W6,[X2]', 'EOR W7,W6,W6', 'STR W9,[X0,W7,SXTW]'],
        'Never',
      ],
      [
        'through memory, then a branch',
        [...select, 'CSET W5,EQ', 'STR W5,[X2]', 'LDR W6,[X2]', 'CBZ W6,L', 'L: STR W9,[X0]'],
        'Never',
      ],
      [
        'of what it does not choose',
        ['LDR W3,[X1]', 'EOR W4,W3,W3', 'ADD W4,W4,#1', 'CMP W6,#0', 'CSEL W5,W9,W4,EQ', 'STR W5,[X0]'],
        'Sometimes',
      ],
      ['into nothing that matters', [...select, 'CSEL W5,W9,WZR,EQ', 'STR W9,[X0]'], 'Sometimes'],
    ];
  it.each(cases)('%s: %s', (_, code, wanted) => {
    const reached = answerTo(assemblyTable(lb, [release, code], both)).includes('0:X3=1; 1:X3=1;');
    expect(reached ? 'Sometimes' : 'Never').toBe(wanted);
  });

  it.each([
    ['orders no read', ['CSEL X5,X0,X0,EQ', 'LDR W6,[X5]'], true],
    ['nor one after an ISB that no address comes before', ['CSEL X5,X0,X0,EQ', 'ISB', 'LDR W6,[X0]'], true],
    [
      'but one after an access at the address and an ISB',
      ['CSEL X5,X2,X2,EQ', 'LDR W7,[X5]', 'ISB', 'LDR W6,[X0]'],
      false,
    ],
    ['or after a branch and an ISB', ['CSET W5,EQ', 'CBZ W5,L', 'L: ISB', 'LDR W6,[X0]'], false],
  ] as const)('%s', (_, code, isAllowed) => {
    const writer = ['STR W9,[X0]', 'STLR W9,[X1]'];
    const reader = ['LDR W3,[X1]', 'CMP W3,#0', ...code];
    const answer = answerTo(assemblyTable(lb, [writer, reader], 'exists (1:X3=1 /\\ 1:X6=0)'));
    expect(answer.includes('1:X3=1; 1:X6=0;')).toBe(isAllowed);
  });
});

describe('a cell of no declared type', () => {
  run([
    [
      'has the size of the accesses to it',
      'x=0x100000000; y=255; 0:X0=x; 0:X1=y; int64_t 0:X2;',
      [['LDR X2,[X0]', 'LDRB W3,[X1]']],
      'locations [0:X2; 0:X3; y]',
      ['0:X2=4294967296; 0:X3=255; [y]=255;'],
    ],
  ]);

  it('is an int if these differ', () => {
    const test = assemblyTable('0:X0=x;', [['LDR X2,[X0]', 'STR W2,[X0]']], 'locations [0:X2]');
    expect(answerTo(test)).toContain('unsupported: mixed-size access at x: 64 bits, where `x` has 32 bits');
  });
});

describe('accesses that are refused', () => {
  const x = 'int32_t x[2]; int64_t d; 0:X0=x; 0:X1=d;';
  const cases: readonly (readonly [code: string, message: string])[] = [
    ['LDRH W1,[X0,#6]', 'unsupported: mixed-size access at x[0]+6: 16 bits, where `x[1]` has 32 bits'],
    ['LDR X2,[X0]', 'unsupported: mixed-size access at x[0]: 64 bits, where `x[0]` has 32 bits'],
    ['STR W2,[X1,#4]', 'unsupported: mixed-size access at d+4: 32 bits, where `d` has 64 bits'],
    ['LDP X2,X3,[X0]', 'unsupported: mixed-size access at x[0]: 64 bits, where `x[0]` has 32 bits'],
    ['LDR W2,[X0,#8]', 'there is no location at x[0]+8: `x[0]` has 32 bits'],
    ['LDP W2,W3,[X0,#4]', 'there is no location at x[0]+8: `x[0]` has 32 bits'],
    ['LDP W2,W2,[X0]', '`ldp` into one register twice is not defined'],
    ['LDP X0,X3,[X0],#16', 'writing back to the register that is moved is not defined'],
    ['LDXP W2,W3,[X0],#8', '`ldxp` takes an address without an offset: `[X1]`'],
    ['CASP W1,W2,W4,W5,[X0]', 'two pairs of registers, each an even one and the next'],
    ['STXP X2,W4,W5,[X0]', 'a W register, two registers of one width, and an address in brackets'],
    ['LDP W2,W3,[X0,W4,SXTW]', '`ldp` takes a register and an offset: `[X1,#4]`'],
    ['LDP W2,X3,[X0]', 'expected two registers of one width, and an address in brackets'],
    ['STP W2,W3,W4,[X0]', 'expected two registers of one width, and an address in brackets'],
    [
      'LDNP W2,W3,[X0]',
      'unsupported: non-temporal loads, which an address dependency need not order: `ldnp`',
    ],
  ];
  it.each(cases)('%s', (code, message) => {
    expect(answerTo(assemblyTable(x, [[code]], 'locations [0:X2]'))).toContain(message);
  });

  it('says what access has another size where only running it tells', () => {
    const test = assemblyTable(
      'int64_t p=x; x=0; 0:X0=p;',
      [['LDR X1,[X0]', 'LDRH W2,[X1]']],
      'locations [0:X2]',
    );
    expect(answerTo(test)).toBe('line 5: a mixed-size access (`LDRH W2,[X1]`)');
  });

  it('says which final value there is not, and where an address is none', () => {
    const difference = assemblyTable(
      'x=1; y=1; 0:X0=x; 0:X1=y;',
      [['SUB X2,X0,X1', 'LDR W3,[X0]']],
      'locations [0:X3; 0:X2]',
    );
    expect(answerTo(difference)).toMatch(
      /^a final value of 0:X2 that does not exist \(arithmetic on an address/,
    );
    const nowhere = assemblyTable('', [['MOV X1,#8', 'LDR W2,[X1]']], 'locations [0:X2]');
    expect(answerTo(nowhere)).toBe(
      'line 5: an access through NULL or another constant that is no address (`LDR W2,[X1]`)',
    );
  });
});
