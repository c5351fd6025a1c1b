/** What instructions do, by running one thread each; and what is refused, with the place and a hint. */
import { describe, expect, it } from 'vitest';
import { applyBinary, applyUnary, convertValue, isTrue } from '../program/arithmetic.js';
import type { Expr, Program } from '../program/ir.js';
import { type Location, showValue, type Value } from '../program/value.js';
import { parseAssembly } from '../syntax/assembly.js';
import { renderDiagnostics } from '../text/render.js';
import { assemble } from './assemble.js';

function programOf(text: string): Program {
  const parsed = parseAssembly({ name: 't', text });
  expect(renderDiagnostics(parsed.diagnostics)).toBe('');
  const { value, diagnostics } = assemble(parsed.value!);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value!;
}

/** Runs the first thread alone on its own memory; returns the observed values by name. */
function run(text: string): Record<string, string> {
  const program = programOf(text);
  const thread = program.threads[0]!;
  const registers = new Map<string, Value>(thread.registers.map((r) => [r.name, r.initial]));
  const memory = new Map<Location, Value>(program.locations.map((l) => [l, l.initial]));
  let old: Value = 0;
  const value = (expr: Expr): Value => {
    switch (expr.kind) {
      case 'const':
        return expr.value;
      case 'register':
        return registers.get(expr.name) ?? 0;
      case 'old':
        return old;
      case 'unary':
        return applyUnary(expr.op, value(expr.operand), expr.type)!;
      case 'binary':
        return applyBinary(expr.op, value(expr.left), value(expr.right), expr.type)!;
      case 'convert':
        return convertValue(value(expr.operand), expr.type);
      case 'select':
        return isTrue(value(expr.condition)) ? value(expr.then) : value(expr.otherwise);
    }
  };
  const cell = (address: Expr): Location => value(address) as Location;
  for (let pc = 0, steps = 0; pc < thread.code.length && steps < 1000; pc++, steps++) {
    const i = thread.code[pc]!;
    if (i.kind === 'assign') registers.set(i.dst, value(i.value));
    else if (i.kind === 'load') {
      if (i.dst !== null) registers.set(i.dst, memory.get(cell(i.address))!);
    } else if (i.kind === 'store') memory.set(cell(i.address), convertValue(value(i.value), i.type));
    else if (i.kind === 'store-exclusive') {
      memory.set(cell(i.address), convertValue(value(i.value), i.type));
      registers.set(i.status, 0);
    } else if (i.kind === 'rmw') {
      const address = cell(i.address);
      old = memory.get(address)!;
      const succeeds = i.when === null || isTrue(value(i.when));
      const update = value(i.update);
      const result = succeeds ? value(i.result) : value(i.fail!.result);
      if (succeeds) memory.set(address, convertValue(update, i.type));
      if (i.dst !== null) registers.set(i.dst, result);
    } else if (i.kind === 'jump' || (i.kind === 'branch' && isTrue(value(i.condition)))) pc = i.target - 1;
  }
  return Object.fromEntries(
    program.observed.map((o) => [
      o.display,
      showValue((o.kind === 'register' ? registers.get(o.name) : memory.get(o.location))!),
    ]),
  );
}

/** `init`, code lines and what is observed, as one AArch64 test. */
function arm(init: string, code: readonly string[], observed: string): Record<string, string> {
  const names = observed.split(' ').map((name) => `${name};`);
  return run(
    `AArch64 t\n{${init}}\n P0 ;\n${code.map((line) => ` ${line} ;\n`).join('')}locations [${names.join(' ')}]`,
  );
}

function x86(init: string, code: readonly string[], observed: string): Record<string, string> {
  const names = observed.split(' ').map((name) => `${name};`);
  return run(
    `X86_64 t\n{${init}}\n P0 ;\n${code.map((line) => ` ${line} ;\n`).join('')}locations [${names.join(' ')}]`,
  );
}

describe('AArch64 instructions', () => {
  it.each<[string, string, readonly string[], Record<string, string>]>([
    [
      'W writes zero the upper half',
      'uint64_t 0:X0=-1; uint64_t 0:X1;',
      ['MOV W0,#-1', 'ADD X1,X0,#1'],
      { '0:X0': '4294967295', '0:X1': '4294967296' },
    ],
    [
      'a loaded word too',
      '0:X1=x; x=-1; uint64_t 0:X2;',
      ['LDR W2,[X1]', 'ADD X2,X2,#1'],
      { '0:X2': '4294967296' },
    ],
    [
      '64 bits are exact',
      'uint64_t 0:X0=0xfedcba9876543210; uint64_t 0:X1;',
      ['ADD X1,X0,#1'],
      { '0:X1': '18364758544493064721' },
    ],
    ['MOVK keeps the rest', 'uint64_t 0:X0;', ['MOV X0,#5', 'MOVK X0,#1,LSL #32'], { '0:X0': '4294967301' }],
    [
      'extended and shifted operands',
      'uint64_t 0:X0; 0:X1=3;',
      ['MOV W2,#-1', 'ADD X0,X1,W2,SXTW', 'ADD X0,X0,X1,LSL #2'],
      { '0:X0': '14' },
    ],
    [
      'logic',
      '0:X0=12; 0:X1=10;',
      ['AND W2,W0,W1', 'ORR W3,W0,W1', 'EOR W4,W0,W1', 'BIC W5,W0,W1', 'MVN W6,W0'],
      { '0:X2': '8', '0:X3': '14', '0:X4': '6', '0:X5': '4', '0:X6': '-13' },
    ],
    [
      'shifts',
      '0:X0=-8;',
      ['LSL W1,W0,#1', 'LSR W2,W0,#28', 'ASR W3,W0,#2'],
      { '0:X1': '-16', '0:X2': '15', '0:X3': '-2' },
    ],
    [
      'signed and unsigned comparison',
      '0:X0=-1; 0:X1=1;',
      ['CMP W0,W1', 'CSET W2,LT', 'CSET W3,HI', 'CSET W4,EQ', 'CSET W5,MI'],
      { '0:X2': '1', '0:X3': '1', '0:X4': '0', '0:X5': '1' },
    ],
    [
      'overflow',
      '0:X0=0x7fffffff;',
      ['ADDS W1,W0,#1', 'CSET W2,VS', 'CSET W3,LT', 'CSET W4,CS'],
      { '0:X1': '-2147483648', '0:X2': '1', '0:X3': '0', '0:X4': '0' },
    ],
    [
      'carry',
      '0:X0=-1;',
      ['CMN W0,#1', 'CSET W1,CS', 'CSET W2,EQ', 'TST W0,#8', 'CSET W3,NE'],
      { '0:X1': '1', '0:X2': '1', '0:X3': '1' },
    ],
    [
      'flags are of the value before the write',
      '0:X0=1;',
      ['SUBS W0,W0,#1', 'CSET W1,EQ', 'CSET W2,CS'],
      { '0:X0': '0', '0:X1': '1', '0:X2': '1' },
    ],
    [
      'selection',
      '0:X0=5; 0:X1=7;',
      [
        'CMP W0,W1',
        'CSEL W2,W0,W1,GT',
        'CSINC W3,W0,W1,GT',
        'CSINV W4,W0,W1,GT',
        'CSNEG W5,W0,W1,GT',
        'CSETM W6,NE',
      ],
      { '0:X2': '7', '0:X3': '8', '0:X4': '-8', '0:X5': '-7', '0:X6': '-1' },
    ],
    [
      'branches',
      '0:X0=3;',
      [
        'L0:',
        'ADD W1,W1,W0',
        'SUB W0,W0,#1',
        'CBNZ W0,L0',
        'TBZ W1,#1,L1',
        'MOV W2,#9',
        'L1: CMP W1,#6',
        'B.NE L2',
        'MOV W3,#8',
        'L2:',
      ],
      { '0:X1': '6', '0:X2': '9', '0:X3': '8' },
    ],
    [
      'compare and swap',
      '0:X1=x; x=4;',
      ['MOV W2,#4', 'MOV W3,#5', 'CASAL W2,W3,[X1]', 'MOV W4,#4', 'CAS W4,W3,[X1]'],
      { x: '5', '0:X2': '4', '0:X4': '5' },
    ],
    [
      'atomics',
      '0:X1=x; x=12;',
      [
        'MOV W2,#3',
        'LDADDA W2,W3,[X1]',
        'LDCLR W2,W4,[X1]',
        'LDSETL W2,W5,[X1]',
        'LDEORAL W2,W6,[X1]',
        'STADD W2,[X1]',
        'LDSMAX W3,W7,[X1]',
        'SWP W2,W8,[X1]',
      ],
      { x: '3', '0:X3': '12', '0:X4': '15', '0:X5': '12', '0:X6': '15', '0:X7': '15', '0:X8': '15' },
    ],
    [
      'exclusives',
      '0:X1=x; x=1;',
      ['LDAXR W2,[X1]', 'ADD W2,W2,#1', 'STLXR W3,W2,[X1]'],
      { x: '2', '0:X3': '0' },
    ],
    [
      'narrow accesses',
      '0:X1=x; int8_t x=-2;',
      ['LDRB W2,[X1]', 'LDRSB W3,[X1]', 'MOV W4,#0x1ff', 'STRB W4,[X1]'],
      { x: '-1', '0:X2': '254', '0:X3': '-2' },
    ],
    ['an offset of zero', '0:X1=x; x=7;', ['EOR W2,W3,W3', 'LDR W0,[X1,W2,SXTW]'], { '0:X0': '7' }],
  ])('%s', (_name, init, code, expected) => {
    expect(arm(init, code, Object.keys(expected).join(' '))).toEqual(expected);
  });
});

describe('x86 instructions', () => {
  it.each<[string, string, readonly string[], Record<string, string>]>([
    [
      'a 32-bit write zeroes the upper half, a byte keeps it',
      'uint64_t 0:rax=-1; uint64_t 0:rbx=-1;',
      ['movl $1,%eax', 'movb $1,%bl'],
      { '0:rax': '1', '0:rbx': '18446744073709551361' },
    ],
    [
      'high bytes',
      'uint64_t 0:rax=0x1234; uint64_t 0:rbx;',
      ['movzbl %ah,%ebx', 'movb $1,%ah'],
      { '0:rax': '308', '0:rbx': '18' },
    ],
    [
      'a failing cmpxchg loads the accumulator',
      'x=5;',
      ['movl $4,%eax', 'movl $9,%ecx', 'lock cmpxchgl %ecx,(x)', 'sete %bl'],
      { '0:rax': '5', '0:rbx': '0', x: '5' },
    ],
    [
      'either operand order',
      'x=5;',
      ['movl $5,%eax', 'movl $9,%ecx', 'lock cmpxchgl (x),%ecx', 'sete %bl'],
      { '0:rax': '5', '0:rbx': '1', x: '9' },
    ],
    [
      'xchg and xadd',
      'x=5; y=6;',
      ['movl $1,%eax', 'xchgl %eax,(x)', 'movl $2,%ebx', 'lock xaddl %ebx,(y)'],
      { '0:rax': '5', '0:rbx': '6', x: '1', y: '8' },
    ],
    [
      'locked arithmetic and its flags',
      'x=1;',
      ['lock decl (x)', 'sete %al', 'lock orl $6,(x)', 'lock negl (x)'],
      { '0:rax': '1', x: '-6' },
    ],
    [
      'unlocked read-modify-write',
      'x=1;',
      ['addl $2,(x)', 'incl (x)', 'xorl $1,(x)', 'notl (x)'],
      { x: '-6' },
    ],
    [
      'comparison is destination minus source',
      '0:rax=1; 0:rbx=2;',
      ['cmpl %ebx,%eax', 'setl %cl', 'setb %dl', 'setg %sil'],
      { '0:rcx': '1', '0:rdx': '1', '0:rsi': '0' },
    ],
    [
      'conditional move and jumps',
      '0:rax=3;',
      [
        'L0: addl %eax,%ebx',
        'decl %eax',
        'jnz L0',
        'cmpl $6,%ebx',
        'cmovel %ebx,%ecx',
        'testl %ecx,%ecx',
        'js L1',
        'movl $1,%edx',
        'L1:',
      ],
      { '0:rbx': '6', '0:rcx': '6', '0:rdx': '1' },
    ],
    [
      'widening',
      'int16_t x=-2; uint64_t 0:rbx;',
      ['movswl (x),%eax', 'movslq %eax,%rbx', 'movzwl (x),%ecx'],
      { '0:rax': '-2', '0:rbx': '18446744073709551614', '0:rcx': '65534' },
    ],
  ])('%s', (_name, init, code, expected) => {
    expect(x86(init, code, Object.keys(expected).join(' '))).toEqual(expected);
  });

  it('reads 32-bit code in Intel order', () => {
    const text =
      'X86 t\n{ x=3; }\n P0 ;\n MOV EAX,[x] ;\n MOV [y],$2 ;\n MOV [z], 4 ;\n XCHG [x],EAX ;\nlocations [0:EAX; x; y; z]';
    expect(run(text)).toEqual({ '0:EAX': '3', x: '3', y: '2', z: '4' });
  });
});

describe('tags', () => {
  const tagsOf = (text: string): string[] =>
    programOf(text).threads[0]!.code.flatMap((i) => {
      if (i.kind === 'rmw') return [`${i.readTags.join('+') || '-'} ${i.writeTags.join('+') || '-'}`];
      return 'tags' in i ? [i.tags.join('+') || '-'] : [];
    });

  it('of AArch64', () => {
    const code = ['LDAR', 'LDAPR', 'LDAXR', 'LDXR', 'STLR'].map((m) => `${m} W0,[X1] ;`);
    const more = [
      'STLXR W2,W0,[X1]',
      'CASA W0,W2,[X1]',
      'LDADDL W0,W2,[X1]',
      'SWPAL W0,W2,[X1]',
      'STADDL W0,[X1]',
      'LDADDA W0,WZR,[X1]',
      'CASA WZR,W0,[X1]',
      'DMB ISHLD',
      'DSB SY',
      'ISB',
    ];
    const text = `AArch64 t { 0:X1=x; } P0 ; ${code.join(' ')} ${more.map((m) => `${m} ;`).join(' ')}\nforall (true)`;
    expect(tagsOf(text)).toEqual([
      'A',
      'Q',
      'A+X',
      'X',
      'L',
      'L+X',
      'A -',
      '- L',
      'A L',
      'NoRet L',
      'NoRet -',
      'NoRet -',
      'DMB.ISHLD',
      'DSB.SY',
      'ISB',
    ]);
  });

  it('of x86', () => {
    const text =
      'X86_64 t { } P0 ; xchgl %eax,(x) ; lock incl (x) ; movl (x),%eax ; mfence ; lfence ;\nforall (true)';
    expect(tagsOf(text)).toEqual(['X X', 'X X', '-', 'MFENCE', 'LFENCE']);
  });
});

describe('arrays', () => {
  it.each([
    [
      'AArch64',
      'int a[3]={1,2}; 0:X1=a;',
      'LDR W0,[X1,#4] ; STR W0,[X1,#8]! ; LDR W2,[X1],#-8 ; STR W2,[X1]',
      { 'a[0]': '2', 'a[1]': '2', 'a[2]': '2', '0:X1': 'a' },
    ],
    [
      'AArch64',
      'int64_t a[]={5,6}; 0:X1=a[1]; 0:X2=a;',
      'SUB X3,X1,X2 ; LSR X4,X3,#3 ; LDR X5,[X2,X4,LSL #3] ; STR X5,[X2]',
      { 'a[0]': '6', 'a[1]': '6' },
    ],
    ['X86_64', 'int a[2]={1,2}; 0:rax=a;', 'movl 4(%rax),%ebx ; addl %ebx,(a)', { 'a[0]': '3', 'a[1]': '2' }],
    [
      'X86_64',
      'uint8_t a[2]={1,2}; a2=a; 0:rax=a[1];',
      'movb -1(%rax),%bl ; movb %bl,(%rax)',
      { 'a[1]': '1' },
    ],
  ] as const)('%s { %s } %s', (dialect, init, lines, expected) => {
    const observed = Object.keys(expected).join('; ');
    const found = run(
      `${dialect} t\n{ ${init} }\n P0 ;\n ${lines.replace(/ ; /g, ' ;\n ')} ;\nlocations [${observed}]`,
    );
    expect(found).toEqual(expected);
  });
});

describe('refusals', () => {
  it.each<[string, string, string, string]>([
    [
      'AArch64',
      '0:X1=x;',
      'LDXP W0,W2,[X1]',
      'there is no location at x+4: `x` has 32 bits [out-of-bounds] | `int x[2];` makes it an array',
    ],
    [
      'AArch64',
      'int x; 0:X1=x;',
      'LDR W0,[X1,#4]',
      'there is no location at x+4: `x` has 32 bits [out-of-bounds]',
    ],
    [
      'AArch64',
      '0:X1=x;',
      'LDR W2,[X1] ;\n LDR X0,[X1]',
      'unsupported: mixed-size access at x: 64 bits, where `x` has 32 bits [mixed-size] | declare it in the init block: `int64_t x;`',
    ],
    [
      'AArch64',
      '0:X1=x;',
      'STXR W0,W0,[X1]',
      '`stxr` with its status in `W0` and `W0` as another operand is not defined [unpredictable] | take another register for the status',
    ],
    [
      'AArch64',
      '0:X1=x;',
      'STLXRB W1,W0,[X1]',
      '`stlxrb` with its status in `W1` and `X1` as another operand is not defined [unpredictable] | take another register for the status',
    ],
    [
      'AArch64',
      '0:X1=x;',
      'STXP W0,X0,X2,[X1]',
      '`stxp` with its status in `W0` and `X0` as another operand is not defined [unpredictable] | take another register for the status',
    ],
    [
      'AArch64',
      '0:X1=x;',
      'STXR WZR,WZR,[X1]',
      '`stxr` with its status in `WZR` and `WZR` as another operand is not defined [unpredictable] | take another register for the status',
    ],
    ...(
      [
        ['LDRR W0,[X1]', 'there is no instruction `ldrr`', 'did you mean `ldr`?'],
        ['STADDA W0,[X1]', 'there is no instruction `stadda`', 'did you mean `stadd`?'],
        ['XYZZY', 'there is no instruction `xyzzy`', null],
        ['LDTR W0,[X1]', 'unsupported: unprivileged accesses: `ldtr`', null],
        ['RMIF X0,#1,#2', 'unsupported: flag manipulation: `rmif`', null],
        ['SWPPAL X0,X2,[X1]', 'unsupported: 128-bit atomics: `swppal`', null],
        ['RCWSCASPA X0,X2,[X1]', 'unsupported: read-check-write atomics: `rcwscaspa`', null],
        ['ST64BV0 X0,X2,[X1]', 'unsupported: 64-byte accesses: `st64bv0`', null],
        ['ADRP X0,x', 'unsupported: pages of code: `adrp`', null],
        ['CRC32CX W0,W1,X2', 'unsupported: checksums: `crc32cx`', null],
        ['UMAX W0,W1,W2', 'unsupported: common short sequences (CSSC): `umax`', null],
        ['SQRDMLAH W0,W1,W2', 'unsupported: vector instructions: `sqrdmlah`', null],
        ['FCVTZS W0,W1', 'unsupported: vector instructions: `fcvtzs`', null],
      ] as const
    ).map(([line, message, hint]): [string, string, string, string] => [
      'AArch64',
      '0:X1=x;',
      line,
      `${message} [unsupported-instruction]${hint === null ? '' : ` | ${hint}`}`,
    ]),
    [
      'AArch64',
      '',
      'DMB ISHL',
      '`dmb` needs a domain, one of ISH, ISHLD, ISHST, SY, LD, ST, NSH, NSHLD, NSHST, OSH, OSHLD, OSHST [bad-operands] | did you mean `ISH`?',
    ],
    ['AArch64', '', 'B.XX L0', 'unknown condition `xx` [unknown-condition]'],
    ['AArch64', '', 'CBZ W0,L0', 'P0 has no label `L0` [unknown-label]'],
    ['AArch64', '', 'L0: L0: NOP', 'the label `L0` is defined twice in P0 [duplicate-label]'],
    [
      'AArch64',
      '0:X1=x;',
      'LDR W0,[x]',
      'this is not part of an address [bad-address] | put the address of `x` into a register in the init block: `0:X1=x`',
    ],
    [
      'AArch64',
      'int x; 0:X1=x;',
      'LDR X0,[X1]',
      'unsupported: mixed-size access at x: 64 bits, where `x` has 32 bits [mixed-size]',
    ],
    ['AArch64', 'int a[2]; 0:X1=a[3];', 'NOP', '`a` has 2 elements: there is no `a[3]` [out-of-bounds]'],
    [
      'AArch64',
      '0:X1=a[1];',
      'NOP',
      '`a` is no array [out-of-bounds] | declare it in the init block: `int a[2];`',
    ],
    ['AArch64', 'int a[2]={1,2,3};', 'NOP', '`a` has fewer elements than the list [init-list]'],
    ['AArch64', 'int a[2]=1;', 'NOP', '`a` is an array: its values are a list, `{0,1}` [init-list]'],
    ['AArch64', 'int a={1};', 'NOP', 'only an array is initialised by a list [init-list]'],
    ['AArch64', 'int a[2]={.f=1};', 'NOP', 'an array has no fields [init-list]'],
    ['AArch64', 'int a[];', 'NOP', 'an array needs its length here [array-length]'],
    ['AArch64', 'int a[10000];', 'NOP', 'an array of 10000 elements is too long [array-length]'],
    ['AArch64', 'p.f=1;', 'NOP', 'unsupported: fields in assembly tests [unsupported-place]'],
    ['AArch64', '0:X1=x; 0:X1=y;', 'NOP', '`0:X1` is initialised twice [duplicate-init]'],
    [
      'AArch64',
      '0:R1=x;',
      'NOP',
      '`R1` is not a register of AArch64 [unknown-register] | did you mean `X1`, or `W1` for its lower half?',
    ],
    [
      'X86_64',
      '0:rxa=1;',
      'nop',
      '`rxa` is not a register of X86_64 [unknown-register] | did you mean `rax`?',
    ],
    ['AArch64', '5:X1=x;', 'NOP', 'there is no thread `5`: the test has P0 [unknown-thread]'],
    [
      'X86_64',
      '',
      'movl %eaz,(x)',
      '`eaz` is not a register of X86_64 [unknown-register] | did you mean `eax`?',
    ],
    ['X86_64', '', 'movq %eax,(x)', '`movq` is of 64 bits and its register of 32 [operand-size]'],
    [
      'X86_64',
      '',
      'lock movl $1,(x)',
      '`movl` cannot be locked here [bad-prefix] | lock needs a read-modify-write of memory',
    ],
    [
      'X86_64',
      '',
      'movll $1,(x)',
      'unsupported instruction `movll` [unsupported-instruction] | did you mean `movl`?',
    ],
  ])('%s { %s } %s', (dialect, init, line, expected) => {
    const text = `${dialect} t\n{ ${init} }\n P0 ;\n ${line} ;\nforall (true)`;
    const parsed = parseAssembly({ name: 't', text });
    const diagnostics = parsed.value === null ? parsed.diagnostics : assemble(parsed.value).diagnostics;
    const first = diagnostics[0]!;
    expect(`${first.message} [${first.code}]${first.hint === null ? '' : ` | ${first.hint}`}`).toBe(expected);
    expect(first.span).not.toBeNull();
  });

  it.each([
    [
      'AArch64',
      '',
      'MOV W0,#1',
      '0:X0=1 /\\ 0:X9=0',
      '`X9` is always 0: nothing in P0 writes it | did you mean `X0`?',
    ],
    [
      'AArch64',
      '',
      'MOV W0,#1; MOV W2,#1',
      '0:X0=1 /\\ 0:W9=0',
      '`X9` is always 0: nothing in P0 writes it | did you mean `X2`?',
    ],
    ['AArch64', '', 'NOP', '0:X0=0 \\/ 0:X0=1', '`X0` is always 0: nothing in P0 writes it | null'],
    [
      'X86_64',
      '',
      'movl (x),%eax',
      '0:rax=1 /\\ 0:rcx=0',
      '`rcx` is always 0: nothing in P0 writes it | did you mean `rax`?',
    ],
    ['X86', '', 'MOV EAX,[x]', '0:EBX=0', '`EBX` is always 0: nothing in P0 writes it | did you mean `EAX`?'],
  ])('a register that nothing writes: %s { %s } %s, %s', (dialect, init, line, condition, expected) => {
    const text = `${dialect} t\n{ ${init} }\n P0 ;\n ${line} ;\nexists (${condition})`;
    const { value, diagnostics } = assemble(parseAssembly({ name: 't', text }).value!);
    expect(value).not.toBeNull();
    expect(diagnostics.map(({ message, hint }) => `${message} | ${hint}`)).toEqual([expected]);
    const { start, end } = diagnostics[0]!.span!;
    expect(text.slice(start, end)).toMatch(/^0:[A-Z]*\d?/i);
  });

  it.each([
    ['AArch64', '0:X9=1;', 'NOP', '0:X9=1'],
    ['AArch64', 'x=1; 0:X1=x;', 'CASP W2,W3,W4,W5,[X1]', '0:X3=0'],
    ['AArch64', '0:X1=x;', 'LDP W2,W3,[X1]', '0:X2=0 /\\ 0:X3=0'],
    ['AArch64', '0:X1=x;', 'LDXR W2,[X1]; STXR W3,W2,[X1]', '0:X3=0'],
    ['AArch64', '0:X1=x;', 'LDR W2,[X1],#4', '0:X1=x'],
    ['AArch64', '', 'BL L; L: MOV W0,#1', '0:X30=0'],
    ['X86_64', '', 'movb $1,%ah', '0:rax=0'],
    ['X86_64', '', 'lock cmpxchgl %ecx,(x)', '0:rax=0'],
    ['X86_64', '', 'xaddl %ecx,(x)', '0:rcx=0'],
    ['X86_64', '', 'sete %al', '0:rax=0'],
  ])('a register that something writes: %s { %s } %s', (dialect, init, line, condition) => {
    const text = `${dialect} t\n{ int64_t x; ${init} }\n P0 ;\n ${line} ;\nexists (${condition})`;
    const { diagnostics } = assemble(parseAssembly({ name: 't', text }).value!);
    expect(diagnostics.filter(({ code }) => code === 'unwritten-register')).toEqual([]);
  });

  it('an array as a whole in the condition', () => {
    const text = 'AArch64 t\n{ int a[2]; }\n P0 ;\n NOP ;\nexists (a=1)';
    const { diagnostics } = assemble(parseAssembly({ name: 't', text }).value!);
    expect(diagnostics.map(({ message, hint }) => `${message} | ${hint}`)).toEqual([
      'unknown location `a` | it is an array: name an element, `a[0]`',
    ]);
  });

  it('a typo in the condition', () => {
    const text = 'AArch64 t\n{ 0:X1=state; }\n P0 ;\n NOP ;\nexists (staet=1)';
    const { diagnostics } = assemble(parseAssembly({ name: 't', text }).value!);
    expect(renderDiagnostics(diagnostics)).toBe(
      [
        't:5:9: error: unknown location `staet` [unknown-name]',
        ' 5 | exists (staet=1)',
        '   |         ^^^^^',
        '  hint: did you mean `state`?',
      ].join('\n'),
    );
  });
});
