/** Addresses of code in AArch64: the states that tests with ADR, BL, BR, BLR and RET reach, and what is refused. */
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { answerTo, assemblyTable } from './assembly-table.js';
import { defaultRunOptions, runTest } from './run-test.js';

type Case = readonly [
  name: string,
  init: string,
  threads: readonly (readonly string[])[],
  tail: string,
  wanted: string,
];

describe('addresses of code', () => {
  const cases: readonly Case[] = [
    [
      'ADR and BR',
      '',
      [['ADR X1,L1', 'BR X1', 'MOV W0,#1', 'L1: ADD W0,W0,#4']],
      'locations [0:X0; 0:X1]',
      '0:X0=4; 0:X1=label:"P0:L1";',
    ],
    [
      'a function called twice',
      '',
      [['BL f', 'BL f', 'B end', 'f: ADD W0,W0,#1', 'RET', 'end:']],
      'locations [0:X0]',
      '0:X0=2;',
    ],
    [
      'a call through the link register itself, and RET of another one',
      '',
      [['ADR X30,f', 'BLR X30', 'B end', 'f: MOV X5,X30', 'MOV X30,#0', 'ADD W0,W0,#1', 'RET X5', 'end:']],
      'locations [0:X0]',
      '0:X0=1;',
    ],
    [
      'return addresses by the label before them',
      '',
      [['NOP', 'BL f', 'f: BL g', 'NOP', 'g:']],
      'locations [0:X30]',
      '0:X30=label:"P0:f+4";',
    ],
    [
      'arithmetic within a thread',
      '',
      [['ADR X1,L0', 'ADD X1,X1,#8', 'L0: BR X1', 'MOV W0,#1', 'ADD W0,W0,#2']],
      'locations [0:X0; 0:X1]',
      '0:X0=2; 0:X1=label:"P0:L0+8";',
    ],
    [
      'arithmetic in the other direction, relative ADR, distances',
      'int64_t 0:X4;',
      [['ADR X1,.+12', 'SUB X2,X1,#8', 'ADR X3,.-8', 'SUB X4,X1,X3']],
      'locations [0:X1; 0:X2; 0:X3; 0:X4]',
      '0:X1=label:"P0:+12"; 0:X2=label:"P0:+4"; 0:X3=label:"P0:+0"; 0:X4=12;',
    ],
    [
      'relative branches',
      '0:X0=3;',
      [['B .+8', 'MOV W5,#1', 'ADD W1,W1,#2', 'SUB W0,W0,#1', 'CBNZ W0,.-8', 'TBZ W0,#0,. + 8', 'MOV W5,#1']],
      'locations [0:X1; 0:X5]',
      '0:X1=6; 0:X5=0;',
    ],
    [
      "another thread's code, with this thread's registers",
      '0:X1=P1:f; 1:X0=10;',
      [
        ['BLR X1', 'ADD W0,W0,#100'],
        ['B end', 'f: ADD W0,W0,#1', 'RET', 'end:'],
      ],
      'locations [0:X0; 1:X0]',
      '0:X0=101; 1:X0=10;',
    ],
    [
      "the end of another thread's code ends this one",
      '0:X1=label:"1:f"; 0:X30=P0:L0;',
      [['BR X1', 'L0: MOV W0,#7'], ['f: MOV W0,#3']],
      'locations [0:X0; 1:X0]',
      '0:X0=3; 1:X0=3;',
    ],
    [
      'labels with dots, and as names of keywords',
      '0:X1=P0:.text;',
      [
        [
          'B .text',
          'ADD W0,W0,#1',
          '.text: B lt',
          'ADD W0,W0,#1',
          'LT:',
          'ADR X2,.text',
          'CMP X1,X2',
          'CSET W3,EQ',
        ],
      ],
      'locations [0:X0; 0:X3]',
      '0:X0=0; 0:X3=1;',
    ],
    [
      'code pointers through memory: each value leads where it says',
      'ins_t *y=P1:L1; 0:X1=P1:L2; 0:X2=y; 1:X2=y;',
      [['STR X1,[X2]'], ['LDR X3,[X2]', 'BR X3', 'L1: MOV W0,#1', 'B L3', 'L2: MOV W0,#2', 'L3:']],
      'locations [1:X0; 1:X3]',
      '1:X0=1; 1:X3=label:"P1:L1";\n1:X0=2; 1:X3=label:"P1:L2";',
    ],
    [
      'a branch to a value is a control dependency, and a context synchronises after it',
      'y=P1:L0; 0:X1=x; 0:X2=y; 0:X3=P1:L1; 1:X1=x; 1:X2=y;',
      [
        ['MOV W0,#1', 'STR W0,[X1]', 'STLR X3,[X2]'],
        ['LDR X3,[X2]', 'BR X3', 'L0: MOV W4,#9', 'L1: ISB', 'LDR W0,[X1]'],
      ],
      'filter (1:X4=0) locations [1:X0]',
      '1:X0=1; 1:X4=0;',
    ],
    [
      'without the barrier it orders no load',
      'y=P1:L0; 0:X1=x; 0:X2=y; 0:X3=P1:L1; 1:X1=x; 1:X2=y;',
      [
        ['MOV W0,#1', 'STR W0,[X1]', 'STLR X3,[X2]'],
        ['LDR X3,[X2]', 'BR X3', 'L0: MOV W4,#9', 'L1: LDR W0,[X1]'],
      ],
      'filter (1:X4=0) locations [1:X0]',
      '1:X0=0; 1:X4=0;\n1:X0=1; 1:X4=0;',
    ],
    [
      'a value that is no address of code, beside one that is: not all is explored',
      'ins_t *y; 0:X1=P1:L1; 0:X2=y; 1:X2=y;',
      [['STR X1,[X2]'], ['LDR X3,[X2]', 'BR X3', 'L1: MOV W0,#1']],
      'locations [1:X0]',
      '1:X0=1;\nline 5: an address or value that does not exist (`BR X3`)',
    ],
    [
      'a branch to data',
      '0:X1=x; 0:X2=P0:L0;',
      [['BR X1', 'L0: MOV W0,#1']],
      'locations [0:X0]',
      'line 4: an address or value that does not exist (`BR X1`)',
    ],
  ];
  it.each(cases)('%s', (_name, init, threads, tail, wanted) => {
    expect(answerTo(assemblyTable(init, threads, tail))).toBe(wanted);
  });

  it('takes the forms of labels in conditions, and warns of one that does not exist', () => {
    const code = [['ADR X1,L0', 'L0:']];
    const run = (condition: string) =>
      runTest(
        { name: 't', text: assemblyTable('', code, condition) },
        { ...defaultRunOptions, models: 'own' },
      );
    const verdict = (condition: string) => {
      const report = run(condition);
      if (report.kind !== 'test') return renderDiagnostics(report.diagnostics);
      return [
        ...report.diagnostics.map((d) => d.message),
        ...report.models.map((m) => m.kind === 'run' && m.verdict),
      ];
    };
    expect(verdict('forall (0:X1=label:"0:L0")')).toEqual(['Always']);
    expect(verdict('exists (0:X1=label:"P0:L0" /\\ not (0:X1=0))')).toEqual(['Always']);
    expect(verdict('exists (0:X1=P0:L0)')).toEqual(['Always']);
    expect(verdict('exists (0:X1=label:"P0:L1")')).toEqual(['P0 has no label `L1`', 'Never']);
  });
});

describe('refusals about code', () => {
  const cases: readonly Case[] = [
    [
      'a load through a code address',
      '',
      [['ADR X1,L0', 'L0: LDR W2,[X1]']],
      'locations [0:X2]',
      `t:5:12: error: unsupported: instruction fetch: X1 has the address of code [instruction-fetch]
 5 | L0: LDR W2,[X1];
   |            ^^^^`,
    ],
    [
      'a store to a code address of the init block, in code that two threads run: once',
      '0:X1=P1:L0; 1:X1=P1:L0;',
      [['BR X1'], ['L0: STR W2,[X1]', 'BR X1']],
      'locations [0:X2]',
      `t:4:18: error: unsupported: instruction fetch: X1 has the address of code [instruction-fetch]
 4 | BR X1|L0: STR W2,[X1];
   |                  ^^^^`,
    ],
    [
      'a branch that leads nowhere',
      '',
      [['RET']],
      'locations [0:X2]',
      `t:4:1: error: \`ret\` leads nowhere: no register holds an address of code [no-code-address]
 4 | RET;
   | ^^^
  hint: take one with \`ADR X0,L0\`, \`BL L0\`, or \`0:X0=P0:L0\` in the init block`,
    ],
    [
      "another thread's label",
      '',
      [['B L1'], ['L1: NOP']],
      'locations [0:X2]',
      `t:4:3: error: P0 has no label \`L1\` [unknown-label]
 4 | B L1|L1: NOP;
   |   ^^
  hint: \`L1\` is a label of P1`,
    ],
    [
      'an offset out of the code',
      '',
      [['B .+12', 'NOP']],
      'locations [0:X2]',
      `t:4:3: error: this leads to no instruction of P0 [bad-offset]
 4 | B .+12;
   |   ^^^^`,
    ],
    [
      'an offset between instructions',
      '',
      [['ADR X0,.+2', 'NOP']],
      'locations [0:X2]',
      `t:4:8: error: this leads to no instruction of P0 [bad-offset]
 4 | ADR X0,.+2;
   |        ^^^`,
    ],
    [
      'an unknown label in the init block',
      '0:X1=P0:L1;',
      [['L0: BR X1']],
      'locations [0:X2]',
      `t:2:7: error: P0 has no label \`L1\` [unknown-label]
 2 | {0:X1=P0:L1;}
   |       ^^^^^
  hint: did you mean \`L0\`?`,
    ],
  ];
  it.each(cases)('%s', (_name, init, threads, tail, wanted) => {
    expect(answerTo(assemblyTable(init, threads, tail))).toBe(wanted);
  });
});
