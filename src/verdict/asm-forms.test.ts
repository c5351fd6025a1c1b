/** The forms of init blocks, `locations` and conditions of assembly tests: what they mean, and what is warned of. */
import { describe, expect, it } from 'vitest';
import { defaultRunOptions, runTest } from './run-test.js';
import { stateLine } from './state.js';

/** The one state that the test reaches, whether the condition holds there, and what is said of the test. */
function answer(init: string, code: string, tail: string): readonly string[] {
  const text = `AArch64 t\n{${init}}\n P0 ;\n ${code} ;\n${tail}\n`;
  const report = runTest({ name: 't', text }, { ...defaultRunOptions, models: 'own' });
  const said = report.diagnostics.map(({ severity, message }) => `${severity}: ${message}`);
  if (report.kind !== 'test') return said;
  return report.models.flatMap((run) => {
    if (run.kind !== 'run') return run.diagnostics.map((d) => d.message);
    const states = run.result.states.map(({ values }) => stateLine(run.program.observed, values));
    return [...said, ...states, run.verdict];
  });
}

type Case = readonly [init: string, code: string, tail: string, ...wanted: string[]];

describe('the init block', () => {
  const cases: readonly Case[] = [
    ['x=1; [y]=2; int z = 3;', 'NOP', 'locations [x; y; [z]]', '[x]=1; [y]=2; [z]=3;', 'Always'],
    ['int x[4]; int y[2]={1,-1};', 'NOP', 'locations [x[3]; y]', 'x[3]=0; y[0]=1; y[1]=-1;', 'Always'],
    [
      'int *p=x; int x[2]={y,z}; int *q[2]={&y,x[1]};',
      'NOP',
      'locations [p; x; q]',
      '[p]=x; q[0]=y; q[1]=x[1]; x[0]=y; x[1]=z;',
      'Always',
    ],
    [
      'int8_t a=-1; uint8_t b=255; int16_t c=-2; uint16_t d=65534; uint32_t e=0xffffffff; int64_t f=-0x8000000000000000;',
      'NOP',
      'locations [a; b; c; d; e; f]',
      '[a]=-1; [b]=255; [c]=-2; [d]=65534; [e]=4294967295; [f]=-9223372036854775808;',
      'Always',
    ],
    [
      'uint64_t 0:X0; 0: X1 = 0xffffffffffffffff; P0:W2=7; uint64_t P0:X3=18446744073709551615; int64_t 0:X1;',
      'MOV X0,X3',
      'locations [0:X0; 0:X2; 0:X3]',
      'error: `0:X1` is initialised twice',
    ],
    [
      'uint64_t 0:X0; 0: X1 = 0xffffffffffffffff; P0:W2=7; uint64_t P0:X3=18446744073709551615;',
      'MOV X0,X3',
      'locations [0:X0; 0:X1; P0:X2; 0:X3; 0:LR]',
      '0:X0=18446744073709551615; 0:X1=-1; 0:X2=7; 0:X3=18446744073709551615; 0:X30=0;',
      'Always',
    ],
    [
      'ins_t y; ins_t *z=P0:L0; ins_t 0:X0;',
      'L0: NOP',
      'locations [y; z]',
      '[y]=0; [z]=label:"P0:L0";',
      'Always',
    ],
    [
      'uint8_t x=300;',
      'NOP',
      'locations [x]',
      'warning: 300 needs more than 8 bits: it is 44 here',
      '[x]=44;',
      'Always',
    ],
  ];
  it.each(cases)('%s', (init, code, tail, ...wanted) => {
    expect(answer(init, code, tail)).toEqual(wanted);
  });
});

describe('the condition', () => {
  const cases: readonly Case[] = [
    [
      '',
      'MOV W0,#1',
      'forall 0:X0=1 /\\ (0:X1=0 \\/ ~(true));',
      'warning: `X1` is always 0: nothing in P0 writes it',
      '0:X0=1; 0:X1=0;',
      'Always',
    ],
    ['', 'MOV W0,#1', '~exists (not 0:X0=1)', '0:X0=1;', 'Never'],
    [
      '',
      'MOV W0,#1',
      'filter (0:X0=1) exists (0:X0 != 0:X1)',
      'warning: `X1` is always 0: nothing in P0 writes it',
      '0:X0=1; 0:X1=0;',
      'Always',
    ],
    ['0:X1=x;', 'NOP', 'exists (0:X1=x /\\ 0:X1=&x)', '0:X1=x;', 'Always'],
    // A bare name is an address, in brackets it is what is there.
    ['int *x=y; y=3; z=3;', 'NOP', 'exists (x=y /\\ y=[z] /\\ [z]=*y)', '[x]=y; [y]=3; [z]=3;', 'Always'],
    ['int x[2]={1,2}; y=2;', 'NOP', 'exists (x={1,2} /\\ x[1]=[y])', 'x[0]=1; x[1]=2; [y]=2;', 'Always'],
    ['int x[2]={1,2}; y=2;', 'NOP', 'exists (x!={1,3} /\\ [x[0]]=1)', 'x[0]=1; x[1]=2;', 'Always'],
    ['int *x[2]={y,z};', 'NOP', 'exists (x={y,&z})', 'x[0]=y; x[1]=z;', 'Always'],
    ['int x[2];', 'NOP', 'exists (x={1})', 'error: the array has 2 elements, the list 1'],
    ['y=1;', 'NOP', 'exists (y={1})', 'error: only an array is compared with a list'],
    ['int x[2];', 'NOP', 'exists (x={1,{2}})', 'error: only an array is compared with a list'],
    ['', 'MVN W0,WZR', 'forall (0:X0=0xffffffff /\\ 0:X0=-1)', '0:X0=-1;', 'Always'],
    [
      '',
      'MVN X0,XZR',
      'exists (0:X0=0xfffffffff \\/ 0:X0=-0x80000001)',
      'warning: this never holds: what is compared is shown as int32_t',
      'warning: this never holds: what is compared is shown as int32_t',
      '0:X0=-1;',
      'Never',
    ],
    ['', 'MVN W0,WZR', 'locations [0:X0 uint64_t]', '0:X0=4294967295;', 'Always'],
    [
      'uint32_t 0:X0;',
      'MVN X0,XZR',
      'locations [0:X0 int64_t; 0:X1 int*]',
      '0:X0=4294967295; 0:X1=0;',
      'Always',
    ],
  ];
  it.each(cases)('%s %s %s', (init, code, tail, ...wanted) => {
    expect(answer(init, code, tail)).toEqual(wanted);
  });
});
