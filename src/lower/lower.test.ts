/** Lowering, as tables: each kernel primitive with the instructions that it becomes, for each target; and the race as whole files. */
import { describe, expect, it } from 'vitest';
import type {
  BinaryOp,
  Expr,
  Instruction,
  Program,
  RegisterDeclaration,
  RmwInstruction,
} from '../program/ir.js';
import { INT32, INT64, type IntType, type Location, UINT32 } from '../program/value.js';
import { parseAssembly } from '../syntax/assembly.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { showLine } from '../syntax/print-instruction.js';
import { renderDiagnostics } from '../text/render.js';
import { spanOf } from '../text/source.js';
import { type LowerOptions, type LowerTarget, lowerProgram } from './lower.js';
import { programFor } from './target.js';

const file = { name: 'test', text: '0123456789'.repeat(10) };
let position = 0;

/** Each statement at a place of its own. */
function source(text: string, primitive: string | null = text) {
  position = (position + 1) % 90;
  return { text, span: spanOf(file, position, position + 1), primitive, instruction: null };
}

function cell(index: number, name: string, type: IntType = INT32): Location {
  return { kind: 'location', index, name, type, role: 'int', initial: 0 };
}

const x = cell(0, 'x');
const OLD: Expr = { kind: 'old' };
const num = (value: number | Location): Expr => ({ kind: 'const', value });
const reg = (name: string): Expr => ({ kind: 'register', name });
const bin = (op: BinaryOp, left: Expr, right: Expr, type = INT32): Expr => ({
  kind: 'binary',
  op,
  left,
  right,
  type,
});

function programOf(code: readonly Instruction[], registers: readonly RegisterDeclaration[] = []): Program {
  return {
    name: 'test',
    dialect: 'lkmm',
    locations: [x],
    threads: [{ index: 0, name: 'P0', label: null, registers, code }],
    observed: registers.map(({ name }) => ({ kind: 'register', thread: 0, name, display: `0:${name}` })),
    condition: {
      quantifier: 'forall',
      proposition: { kind: 'constant', value: true },
      text: 'forall (true)',
    },
    filter: null,
  };
}

function load(dst: string | null, tag: string, primitive: string, from = x): Instruction {
  const common = { type: from.type, tags: [tag], exclusive: false, source: source(primitive) };
  return { kind: 'load', dst, address: num(from), ...common };
}

function store(value: Expr, tag: string, primitive: string, to = x): Instruction {
  return { kind: 'store', address: num(to), value, type: to.type, tags: [tag], source: source(primitive) };
}

function fence(tag: string, primitive: string): Instruction {
  return { kind: 'fence', tags: [tag], source: source(primitive) };
}

/** What `fence` gives, at the same place as the instruction before it. */
function storeMb(value: Expr, to = x): Instruction[] {
  const from = source('smp_store_mb');
  const stored = {
    kind: 'store',
    address: num(to),
    value,
    type: to.type,
    tags: ['Once'],
    source: from,
  } as const;
  return [stored, { kind: 'fence', tags: ['Mb'], source: from }];
}

type Order = 'full' | 'acquire' | 'release' | 'relaxed' | 'noreturn';
const TAGS: Readonly<Record<Order, readonly [string, string]>> = {
  full: ['Mb', 'Mb'],
  acquire: ['Acquire', 'Once'],
  release: ['Once', 'Release'],
  relaxed: ['Once', 'Once'],
  noreturn: ['Noreturn', 'Once'],
};

function rmw(primitive: string, order: Order, update: Expr, more: Partial<RmwInstruction> = {}): Instruction {
  const [read, write] = TAGS[order];
  return {
    kind: 'rmw',
    dst: order === 'noreturn' ? null : 'r0',
    address: num(x),
    type: INT32,
    when: null,
    update,
    result: OLD,
    readTags: [read],
    writeTags: [write],
    fail: null,
    source: source(primitive),
    ...more,
  };
}

const cas = (expected: Expr): Partial<RmwInstruction> => ({
  when: bin('==', OLD, expected),
  fail: { tags: ['Once'], result: OLD },
});
const lock: Partial<RmwInstruction> = {
  dst: null,
  when: bin('==', OLD, num(0)),
  readTags: ['LKR'],
  writeTags: ['LKW'],
};
const trylock: Partial<RmwInstruction> = {
  ...lock,
  dst: 'r0',
  result: num(1),
  fail: { tags: ['LF'], result: num(0) },
};
const unless: Partial<RmwInstruction> = {
  when: bin('!=', OLD, num(5)),
  result: num(1),
  fail: { tags: ['Once'], result: num(0) },
};
const andTest: Partial<RmwInstruction> = { result: bin('==', bin('-', OLD, num(1)), num(0)) };
const waitFor = (tag: string): Instruction[] => [
  load('r0', tag, 'smp_cond_load'),
  { kind: 'assume', condition: bin('==', reg('r0'), num(1)), source: source('smp_cond_load') },
];

const TARGETS = {
  lse: ['arm64', { atomics: 'lse' }],
  llsc: ['arm64', { atomics: 'llsc' }],
  x86: ['x86', { atomics: 'lse' }],
} as const satisfies Readonly<Record<string, readonly [LowerTarget, LowerOptions]>>;

const registers = ['r0', 'r1'].map((name): RegisterDeclaration => ({ name, type: INT32, initial: 0 }));

function listing(code: readonly Instruction[], target: keyof typeof TARGETS): string {
  const [arch, options] = TARGETS[target];
  const lowered = lowerProgram(programOf(code, registers), arch, options);
  expect(renderDiagnostics(lowered.diagnostics)).toBe('');
  const { assembly } = lowered.value!;
  return assembly.threads[0]!.lines.map((line) => showLine(assembly.dialect, line)).join('; ');
}

/** The table of primitives, row by row: primitive, its IR, and the code for LSE, LL/SC and x86_64. */
const ROWS: readonly (readonly [string, readonly Instruction[], string, string | null, string])[] = [
  ['READ_ONCE', [load('r0', 'Once', 'READ_ONCE')], 'LDR W2,[X1]', null, 'movl (x),%ebx'],
  ['WRITE_ONCE', [store(num(1), 'Once', 'WRITE_ONCE')], 'MOV W4,#1; STR W4,[X1]', null, 'movl $1,(x)'],
  ['plain store of 0', [store(num(0), 'Plain', '=')], 'STR WZR,[X1]', null, 'movl $0,(x)'],
  ['smp_load_acquire', [load('r0', 'Acquire', 'smp_load_acquire')], 'LDAR W2,[X1]', null, 'movl (x),%ebx'],
  [
    'smp_store_release',
    [store(num(1), 'Release', 'smp_store_release')],
    'MOV W4,#1; STLR W4,[X1]',
    null,
    'movl $1,(x)',
  ],
  ['smp_store_mb', storeMb(num(1)), 'MOV W4,#1; STR W4,[X1]; DMB ISH', null, 'movl $1,%edx; xchgl %edx,(x)'],
  ['smp_mb', [fence('Mb', 'smp_mb')], 'DMB ISH', null, 'mfence'],
  ['smp_rmb', [fence('Rmb', 'smp_rmb')], 'DMB ISHLD', null, ''],
  ['smp_wmb', [fence('Wmb', 'smp_wmb')], 'DMB ISHST', null, ''],
  ['smp_mb__before_atomic', [fence('Before-atomic', 'smp_mb__before_atomic')], 'DMB ISH', null, ''],
  ['smp_mb__after_atomic', [fence('After-atomic', 'smp_mb__after_atomic')], 'DMB ISH', null, ''],
  ['smp_mb__after_spinlock', [fence('After-spinlock', 'smp_mb__after_spinlock')], 'DMB ISH', null, ''],
  ['smp_mb__after_unlock_lock', [fence('After-unlock-lock', 'smp_mb__after_unlock_lock')], '', null, ''],
  ['barrier', [fence('Barrier', 'barrier')], '', null, ''],
  ['smp_acquire__after_ctrl_dep', [fence('Rmb', 'smp_acquire__after_ctrl_dep')], 'DMB ISHLD', null, ''],
  [
    'smp_cond_load_relaxed',
    waitFor('Once'),
    'L0:; LDR W2,[X1]; CMP W2,#1; B.NE L0',
    null,
    'L0:; movl (x),%ebx; cmpl $1,%ebx; jne L0',
  ],
  [
    'smp_cond_load_acquire',
    waitFor('Acquire'),
    'L0:; LDAR W2,[X1]; CMP W2,#1; B.NE L0',
    null,
    'L0:; movl (x),%ebx; cmpl $1,%ebx; jne L0',
  ],
  [
    'xchg',
    [rmw('xchg', 'full', num(2))],
    'MOV W4,#2; SWPAL W4,W2,[X1]',
    'MOV W4,#2; L0:; LDXR W2,[X1]; STLXR W5,W4,[X1]; CBNZ W5,L0; DMB ISH',
    'movl $2,%ebx; xchgl %ebx,(x)',
  ],
  [
    'xchg_acquire',
    [rmw('xchg_acquire', 'acquire', num(2))],
    'MOV W4,#2; SWPA W4,W2,[X1]',
    'MOV W4,#2; L0:; LDAXR W2,[X1]; STXR W5,W4,[X1]; CBNZ W5,L0',
    'movl $2,%ebx; xchgl %ebx,(x)',
  ],
  [
    'xchg_release',
    [rmw('xchg_release', 'release', num(2))],
    'MOV W4,#2; SWPL W4,W2,[X1]',
    'MOV W4,#2; L0:; LDXR W2,[X1]; STLXR W5,W4,[X1]; CBNZ W5,L0',
    'movl $2,%ebx; xchgl %ebx,(x)',
  ],
  [
    'xchg_relaxed',
    [rmw('xchg_relaxed', 'relaxed', num(2))],
    'MOV W4,#2; SWP W4,W2,[X1]',
    'MOV W4,#2; L0:; LDXR W2,[X1]; STXR W5,W4,[X1]; CBNZ W5,L0',
    'movl $2,%ebx; xchgl %ebx,(x)',
  ],
  [
    'cmpxchg',
    [rmw('cmpxchg', 'full', num(2), cas(num(1)))],
    'MOV W4,#2; MOV W2,#1; CASAL W2,W4,[X1]',
    'MOV W4,#2; MOV W5,#1; L0:; LDXR W2,[X1]; EOR W6,W2,W5; CBNZ W6,L1; STLXR W7,W4,[X1]; CBNZ W7,L0; DMB ISH; L1:',
    'movl $2,%edx; movl $1,%eax; lock cmpxchgl (x),%edx; movl %eax,%ebx',
  ],
  [
    'cmpxchg_acquire',
    [rmw('cmpxchg_acquire', 'acquire', num(2), cas(num(0)))],
    'MOV W4,#2; MOV W2,#0; CASA W2,W4,[X1]',
    'MOV W4,#2; L0:; LDAXR W2,[X1]; CBNZ W2,L1; STXR W5,W4,[X1]; CBNZ W5,L0; L1:',
    'movl $2,%edx; movl $0,%eax; lock cmpxchgl (x),%edx; movl %eax,%ebx',
  ],
  [
    'cmpxchg_release',
    [rmw('cmpxchg_release', 'release', num(2), cas(num(0)))],
    'MOV W4,#2; MOV W2,#0; CASL W2,W4,[X1]',
    'MOV W4,#2; L0:; LDXR W2,[X1]; CBNZ W2,L1; STLXR W5,W4,[X1]; CBNZ W5,L0; L1:',
    'movl $2,%edx; movl $0,%eax; lock cmpxchgl (x),%edx; movl %eax,%ebx',
  ],
  [
    'cmpxchg_relaxed',
    [rmw('cmpxchg_relaxed', 'relaxed', num(2), cas(num(0)))],
    'MOV W4,#2; MOV W2,#0; CAS W2,W4,[X1]',
    'MOV W4,#2; L0:; LDXR W2,[X1]; CBNZ W2,L1; STXR W5,W4,[X1]; CBNZ W5,L0; L1:',
    'movl $2,%edx; movl $0,%eax; lock cmpxchgl (x),%edx; movl %eax,%ebx',
  ],
  [
    'atomic_inc',
    [rmw('atomic_inc', 'noreturn', bin('+', OLD, num(1)))],
    'MOV W4,#1; STADD W4,[X1]',
    'L0:; LDXR W4,[X1]; ADD W5,W4,#1; STXR W6,W5,[X1]; CBNZ W6,L0',
    'lock addl $1,(x)',
  ],
  [
    'atomic_sub',
    [rmw('atomic_sub', 'noreturn', bin('-', OLD, num(3)))],
    'MOV W4,#-3; STADD W4,[X1]',
    'L0:; LDXR W4,[X1]; SUB W5,W4,#3; STXR W6,W5,[X1]; CBNZ W6,L0',
    'lock subl $3,(x)',
  ],
  [
    'atomic_or',
    [rmw('atomic_or', 'noreturn', bin('|', OLD, num(1)))],
    'MOV W4,#1; STSET W4,[X1]',
    'L0:; LDXR W4,[X1]; ORR W5,W4,#1; STXR W6,W5,[X1]; CBNZ W6,L0',
    'lock orl $1,(x)',
  ],
  [
    'atomic_xor',
    [rmw('atomic_xor', 'noreturn', bin('^', OLD, num(1)))],
    'MOV W4,#1; STEOR W4,[X1]',
    'L0:; LDXR W4,[X1]; EOR W5,W4,#1; STXR W6,W5,[X1]; CBNZ W6,L0',
    'lock xorl $1,(x)',
  ],
  [
    'atomic_and',
    [rmw('atomic_and', 'noreturn', bin('&', OLD, num(6)))],
    'MOV W4,#-7; STCLR W4,[X1]',
    'L0:; LDXR W4,[X1]; AND W5,W4,#6; STXR W6,W5,[X1]; CBNZ W6,L0',
    'lock andl $6,(x)',
  ],
  [
    'atomic_andnot',
    [
      rmw(
        'atomic_andnot',
        'noreturn',
        bin('&', OLD, { kind: 'unary', op: '~', operand: reg('r1'), type: INT32 }),
      ),
    ],
    'STCLR W2,[X1]',
    'L0:; LDXR W4,[X1]; MVN W6,W2; AND W5,W4,W6; STXR W6,W5,[X1]; CBNZ W6,L0',
    'movl %ebx,%edx; notl %edx; lock andl %edx,(x)',
  ],
  [
    'atomic_fetch_add_acquire',
    [rmw('atomic_fetch_add_acquire', 'acquire', bin('+', OLD, num(2)))],
    'MOV W4,#2; LDADDA W4,W2,[X1]',
    'L0:; LDAXR W2,[X1]; ADD W4,W2,#2; STXR W5,W4,[X1]; CBNZ W5,L0',
    'movl $2,%ebx; lock xaddl %ebx,(x)',
  ],
  [
    'atomic_add_return',
    [rmw('atomic_add_return', 'full', bin('+', OLD, num(2)), { result: bin('+', OLD, num(2)) })],
    'MOV W4,#2; LDADDAL W4,W5,[X1]; ADD W2,W5,#2',
    'L0:; LDXR W4,[X1]; ADD W5,W4,#2; STLXR W6,W5,[X1]; CBNZ W6,L0; DMB ISH; ADD W2,W4,#2',
    'movl $2,%edx; lock xaddl %edx,(x); movl %edx,%ebx; addl $2,%ebx',
  ],
  [
    'atomic_fetch_or',
    [rmw('atomic_fetch_or', 'full', bin('|', OLD, num(2)))],
    'MOV W4,#2; LDSETAL W4,W2,[X1]',
    'L0:; LDXR W2,[X1]; ORR W4,W2,#2; STLXR W5,W4,[X1]; CBNZ W5,L0; DMB ISH',
    'L0:; movl (x),%eax; movl %eax,%edx; orl $2,%edx; lock cmpxchgl (x),%edx; jne L0; movl %eax,%ebx',
  ],
  [
    'atomic_add_unless',
    [rmw('atomic_add_unless', 'full', bin('+', OLD, num(1)), unless)],
    'L0:; LDR W4,[X1]; CMP W4,#5; B.EQ L1; ADD W6,W4,#1; MOV W5,W4; CASAL W5,W6,[X1]; CMP W5,W4; B.NE L0; L1:; CMP W4,#5; CSET W2,NE',
    'L0:; LDR W4,[X1]; CMP W4,#5; B.EQ L2; L1:; LDXR W5,[X1]; EOR W6,W5,W4; CBNZ W6,L0; ADD W7,W4,#1; STLXR W8,W7,[X1]; CBNZ W8,L1; DMB ISH; L2:; CMP W4,#5; CSET W2,NE',
    'L0:; movl (x),%eax; cmpl $5,%eax; je L1; movl %eax,%edx; addl $1,%edx; lock cmpxchgl (x),%edx; jne L0; L1:; cmpl $5,%eax; movl $0,%ebx; setne %bl',
  ],
  [
    'atomic_dec_and_test',
    [rmw('atomic_dec_and_test', 'full', bin('-', OLD, num(1)), andTest)],
    'MOV W4,#-1; LDADDAL W4,W5,[X1]; SUB W6,W5,#1; CMP W6,#0; CSET W2,EQ',
    'L0:; LDXR W4,[X1]; SUB W5,W4,#1; STLXR W6,W5,[X1]; CBNZ W6,L0; DMB ISH; SUB W7,W4,#1; CMP W7,#0; CSET W2,EQ',
    'lock subl $1,(x); movl $0,%ebx; sete %bl',
  ],
  [
    'spin_lock',
    [rmw('spin_lock', 'full', num(1), lock)],
    'MOV W4,#1; L0:; MOV W5,#0; CASA W5,W4,[X1]; CBNZ W5,L0',
    'MOV W5,#1; L0:; LDAXR W4,[X1]; CBNZ W4,L0; STXR W6,W5,[X1]; CBNZ W6,L0',
    'L0:; movl $1,%edx; movl $0,%eax; lock cmpxchgl (x),%edx; jne L0',
  ],
  ['spin_unlock', [store(num(0), 'UL', 'spin_unlock')], 'STLR WZR,[X1]', null, 'movl $0,(x)'],
  [
    'mutex_lock',
    [rmw('mutex_lock', 'full', num(1), lock)],
    'MOV W4,#1; L0:; MOV W5,#0; CASA W5,W4,[X1]; CBNZ W5,L0',
    'MOV W5,#1; L0:; LDAXR W4,[X1]; CBNZ W4,L0; STXR W6,W5,[X1]; CBNZ W6,L0',
    'L0:; movl $1,%edx; movl $0,%eax; lock cmpxchgl (x),%edx; jne L0',
  ],
  [
    'mutex_unlock',
    [store(num(0), 'UL', 'mutex_unlock')],
    'MOV W4,#0; L0:; MOV W5,#1; CASL W5,W4,[X1]; CMP W5,#1; B.NE L0',
    'MOV W5,#0; MOV W6,#1; L0:; LDXR W4,[X1]; EOR W7,W4,W6; CBNZ W7,L0; STLXR W8,W5,[X1]; CBNZ W8,L0',
    'L0:; movl $0,%edx; movl $1,%eax; lock cmpxchgl (x),%edx; jne L0',
  ],
  [
    'spin_trylock',
    [rmw('spin_trylock', 'full', num(1), trylock)],
    'MOV W4,#1; LDR W5,[X1]; CBNZ W5,L0; MOV W5,#0; CASA W5,W4,[X1]; L0:; CMP W5,#0; CSET W2,EQ',
    'MOV W5,#1; LDR W4,[X1]; CBNZ W4,L1; L0:; LDAXR W4,[X1]; CBNZ W4,L1; STXR W6,W5,[X1]; CBNZ W6,L0; L1:; CMP W4,#0; CSET W2,EQ',
    'movl (x),%eax; cmpl $0,%eax; jne L0; movl $1,%edx; movl $0,%eax; lock cmpxchgl (x),%edx; L0:; cmpl $0,%eax; movl $0,%ebx; sete %bl',
  ],
];

describe('the table of primitives', () => {
  describe.each(ROWS)('%s', (_name, code, lse, llsc, x86) => {
    it('LSE', () => expect(listing(code, 'lse')).toBe(lse));
    it('LL/SC', () => expect(listing(code, 'llsc')).toBe(llsc ?? lse));
    it('x86_64', () => expect(listing(code, 'x86')).toBe(x86));
  });
});

const cells = ['p->blocked_on', 'p->__state', 'p->blocked_lock', 'p->pi_lock'].map((name, i) =>
  cell(i, name),
);
const [blockedOn, state, blockedLock, piLock] = cells as [Location, Location, Location, Location];
const lockOf = (on: Location): Instruction => rmw('spin_lock', 'full', num(1), { ...lock, address: num(on) });
const unlockOf = (on: Location): Instruction => store(num(0), 'UL', 'spin_unlock', on);

/** The race: two stores under blocked_lock against two reads under pi_lock. */
function race(): Program {
  const writer = [
    lockOf(blockedLock),
    store(num(1), 'Once', 'WRITE_ONCE(p->blocked_on, 1)', blockedOn),
    ...storeMb(num(1), state),
    unlockOf(blockedLock),
  ];
  const reader = [
    lockOf(piLock),
    fence('After-spinlock', 'smp_mb__after_spinlock'),
    load('r1', 'Once', 'READ_ONCE(p->__state)', state),
    fence('Rmb', 'smp_rmb'),
    load('r2', 'Once', 'READ_ONCE(p->blocked_on)', blockedOn),
    unlockOf(piLock),
  ];
  const observed = ['r1', 'r2'].map((name) => ({
    kind: 'register' as const,
    thread: 1,
    name,
    display: `1:${name}`,
  }));
  const equals = (index: number, value: number) =>
    ({
      kind: 'compare',
      op: '=',
      left: { kind: 'observable', index },
      right: { kind: 'value', value },
    }) as const;
  return {
    name: 'race',
    dialect: 'lkmm',
    locations: cells,
    threads: [writer, reader].map((code, index) => ({
      index,
      name: `P${index}`,
      label: null,
      registers: index === 0 ? [] : ['r1', 'r2'].map((name) => ({ name, type: INT32, initial: 0 })),
      code,
    })),
    observed,
    condition: {
      quantifier: 'exists',
      proposition: { kind: 'and', left: equals(0, 1), right: equals(1, 0) },
      text: 'exists (1:r1=1 /\\ 1:r2=0)',
    },
    filter: null,
  };
}

function printed(program: Program, target: keyof typeof TARGETS): string {
  const [arch, options] = TARGETS[target];
  return printAssembly(lowerProgram(program, arch, options).value!.assembly);
}

describe('the race as a file', () => {
  it('with LSE', () => {
    expect(printed(race(), 'lse')).toMatchInlineSnapshot(`
      "AArch64 race
      (*
       * P0: spin_lock  ->  MOV W4,#1; MOV W5,#0; CASA W5,W4,[X1]; CBNZ W5,L0
       * P0: WRITE_ONCE(p->blocked_on, 1)  ->  MOV W4,#1; STR W4,[X2]
       * P0: smp_store_mb  ->  MOV W4,#1; STR W4,[X3]; DMB ISH
       * P0: spin_unlock  ->  STLR WZR,[X1]
       * P1: spin_lock  ->  MOV W6,#1; MOV W7,#0; CASA W7,W6,[X1]; CBNZ W7,L1
       * P1: smp_mb__after_spinlock  ->  DMB ISH
       * P1: READ_ONCE(p->__state)  ->  LDR W4,[X2]
       * P1: smp_rmb  ->  DMB ISHLD
       * P1: READ_ONCE(p->blocked_on)  ->  LDR W5,[X3]
       * P1: spin_unlock  ->  STLR WZR,[X1]
       *)
      {
      0:X1=p_blocked_lock; 0:X2=p_blocked_on; 0:X3=p___state;
      1:X1=p_pi_lock; 1:X2=p___state; 1:X3=p_blocked_on;
      }
       P0              | P1              ;
       MOV W4,#1       | MOV W6,#1       ;
       L0:             | L1:             ;
       MOV W5,#0       | MOV W7,#0       ;
       CASA W5,W4,[X1] | CASA W7,W6,[X1] ;
       CBNZ W5,L0      | CBNZ W7,L1      ;
       MOV W4,#1       | DMB ISH         ;
       STR W4,[X2]     | LDR W4,[X2]     ;
       MOV W4,#1       | DMB ISHLD       ;
       STR W4,[X3]     | LDR W5,[X3]     ;
       DMB ISH         | STLR WZR,[X1]   ;
       STLR WZR,[X1]   |                 ;
      exists (1:X4=1 /\\ 1:X5=0)
      "
    `);
  });
  it('with LL/SC', () => {
    expect(printed(race(), 'llsc')).toMatchInlineSnapshot(`
      "AArch64 race
      (*
       * P0: spin_lock  ->  MOV W5,#1; LDAXR W4,[X1]; CBNZ W4,L0; STXR W6,W5,[X1]; CBNZ W6,L0
       * P0: WRITE_ONCE(p->blocked_on, 1)  ->  MOV W4,#1; STR W4,[X2]
       * P0: smp_store_mb  ->  MOV W4,#1; STR W4,[X3]; DMB ISH
       * P0: spin_unlock  ->  STLR WZR,[X1]
       * P1: spin_lock  ->  MOV W7,#1; LDAXR W6,[X1]; CBNZ W6,L1; STXR W8,W7,[X1]; CBNZ W8,L1
       * P1: smp_mb__after_spinlock  ->  DMB ISH
       * P1: READ_ONCE(p->__state)  ->  LDR W4,[X2]
       * P1: smp_rmb  ->  DMB ISHLD
       * P1: READ_ONCE(p->blocked_on)  ->  LDR W5,[X3]
       * P1: spin_unlock  ->  STLR WZR,[X1]
       *)
      {
      0:X1=p_blocked_lock; 0:X2=p_blocked_on; 0:X3=p___state;
      1:X1=p_pi_lock; 1:X2=p___state; 1:X3=p_blocked_on;
      }
       P0              | P1              ;
       MOV W5,#1       | MOV W7,#1       ;
       L0:             | L1:             ;
       LDAXR W4,[X1]   | LDAXR W6,[X1]   ;
       CBNZ W4,L0      | CBNZ W6,L1      ;
       STXR W6,W5,[X1] | STXR W8,W7,[X1] ;
       CBNZ W6,L0      | CBNZ W8,L1      ;
       MOV W4,#1       | DMB ISH         ;
       STR W4,[X2]     | LDR W4,[X2]     ;
       MOV W4,#1       | DMB ISHLD       ;
       STR W4,[X3]     | LDR W5,[X3]     ;
       DMB ISH         | STLR WZR,[X1]   ;
       STLR WZR,[X1]   |                 ;
      exists (1:X4=1 /\\ 1:X5=0)
      "
    `);
  });
  it('for x86_64', () => {
    expect(printed(race(), 'x86')).toMatchInlineSnapshot(`
      "X86_64 race
      (*
       * P0: spin_lock  ->  movl $1,%ebx; movl $0,%eax; lock cmpxchgl (p_blocked_lock),%ebx; jne L0
       * P0: WRITE_ONCE(p->blocked_on, 1)  ->  movl $1,(p_blocked_on)
       * P0: smp_store_mb  ->  movl $1,%ebx; xchgl %ebx,(p___state)
       * P0: spin_unlock  ->  movl $0,(p_blocked_lock)
       * P1: spin_lock  ->  movl $1,%edx; movl $0,%eax; lock cmpxchgl (p_pi_lock),%edx; jne L1
       * P1: READ_ONCE(p->__state)  ->  movl (p___state),%ebx
       * P1: READ_ONCE(p->blocked_on)  ->  movl (p_blocked_on),%ecx
       * P1: spin_unlock  ->  movl $0,(p_pi_lock)
       *)
      {
      }
       P0                                  | P1                             ;
       L0:                                 | L1:                            ;
       movl $1,%ebx                        | movl $1,%edx                   ;
       movl $0,%eax                        | movl $0,%eax                   ;
       lock cmpxchgl (p_blocked_lock),%ebx | lock cmpxchgl (p_pi_lock),%edx ;
       jne L0                              | jne L1                         ;
       movl $1,(p_blocked_on)              | movl (p___state),%ebx          ;
       movl $1,%ebx                        | movl (p_blocked_on),%ecx       ;
       xchgl %ebx,(p___state)              | movl $0,(p_pi_lock)            ;
       movl $0,(p_blocked_lock)            |                                ;
      exists (1:rbx=1 /\\ 1:rcx=0)
      "
    `);
  });
});

describe('the program that is searched', () => {
  it('observes C registers and C cells, and asks the C question', () => {
    const program = race();
    const { value } = programFor(program, 'arm64');
    expect(value!.program.dialect).toBe('arm64');
    expect(value!.program.locations).toBe(program.locations);
    expect(value!.program.observed.map((o) => o.display)).toEqual(['1:r1', '1:r2']);
    expect(value!.program.condition).toBe(program.condition);
  });

  it('names the C statement and the instruction of each event', () => {
    const { program } = programFor(race(), 'arm64').value!;
    const events = program.threads[1]!.code.filter((i) => i.kind !== 'assign' && i.kind !== 'branch');
    expect(events.map(({ source: s }) => `${s.text} | ${s.instruction}`)).toEqual([
      'spin_lock | CASA W7,W6,[X1]',
      'smp_mb__after_spinlock | DMB ISH',
      'READ_ONCE(p->__state) | LDR W4,[X2]',
      'smp_rmb | DMB ISHLD',
      'READ_ONCE(p->blocked_on) | LDR W5,[X3]',
      'spin_unlock | STLR WZR,[X1]',
    ]);
  });
});

describe('what lowering has to get right besides the table', () => {
  it('keeps symbols apart and away from register names', () => {
    const names = ['p->state', 'p_state', 'x1', 'a[1]', 'L0'].map((name, i) => cell(i, name));
    const code = names.map((to) => store(num(1), 'Once', 'WRITE_ONCE', to));
    const program = { ...programOf(code), locations: names, observed: [] };
    const init = printed(program, 'lse').match(/0:X\d=\w+/g);
    expect(init).toEqual(['0:X1=p_state', '0:X2=p_state_1', '0:X3=x1_', '0:X4=a_1', '0:X5=L0_']);
  });

  it('passes addresses as values through registers', () => {
    const y = cell(1, 'y', INT64);
    const code = [store(num(x), 'Once', 'WRITE_ONCE', y), load('r0', 'Once', 'READ_ONCE', y)];
    const through: Instruction = {
      ...(load('r1', 'Once', 'READ_ONCE(*r0)') as Extract<Instruction, { kind: 'load' }>),
      address: reg('r0'),
    };
    const pointer: RegisterDeclaration[] = [
      { name: 'r0', type: INT64, initial: 0 },
      { name: 'r1', type: INT32, initial: 0 },
    ];
    const program = { ...programOf([...code, through], pointer), locations: [x, y] };
    expect(printed(program, 'lse')).toContain('STR X2,[X1]');
    expect(printed(program, 'lse')).toContain('LDR W4,[X3]');
    expect(printed(program, 'x86')).toContain('movq %rbx,(y)');
    expect(printed(program, 'x86')).toContain('movl (%rcx),%edx');
  });

  it('shows unsigned and 64-bit finals in their types', () => {
    const declared: RegisterDeclaration[] = [
      { name: 'r0', type: UINT32, initial: 0 },
      { name: 'r1', type: INT64, initial: 7 },
    ];
    const text = printed(programOf([load('r0', 'Once', 'READ_ONCE')], declared), 'lse');
    expect(text).toContain('uint32_t 0:X2;');
    expect(text).toContain('int64_t 0:X3=7;');
  });

  it.each<readonly [string, BinaryOp, IntType, string, string | null]>([
    ['<<', '<<', INT32, 'LSL W2,W1,W2', 'movl %ebx,%esi; movl %edx,%ecx; shll %cl,%esi; movl %esi,%edx'],
    ['>>', '>>', INT32, 'ASR W2,W1,W2', 'movl %ebx,%esi; movl %edx,%ecx; sarl %cl,%esi; movl %esi,%edx'],
    [
      '>> of unsigned',
      '>>',
      UINT32,
      'LSR W2,W1,W2',
      'movl %ebx,%esi; movl %edx,%ecx; shrl %cl,%esi; movl %esi,%edx',
    ],
    ['/', '/', INT32, 'SDIV W2,W1,W2', null],
    ['/ of unsigned', '/', UINT32, 'UDIV W2,W1,W2', null],
    ['%', '%', INT32, 'SDIV W3,W1,W2; MSUB W2,W3,W2,W1', null],
  ])('computes %s of registers', (_name, op, type, arm64, x86) => {
    const value = bin(op, reg('r1'), reg('r0'), type);
    const code: Instruction[] = [{ kind: 'assign', dst: 'r0', value, source: source('r0 = ...') }];
    expect(listing(code, 'lse')).toBe(arm64);
    if (x86 !== null) expect(listing(code, 'x86')).toBe(x86);
  });

  it.each<readonly [string, BinaryOp, number, IntType, string]>([
    ['/ 8', '/', 8, UINT32, 'movl %ebx,%ecx; shrl $3,%ecx'],
    ['% 8', '%', 8, UINT32, 'movl %ebx,%ecx; andl $7,%ecx'],
    [
      '/ 2 with a sign',
      '/',
      2,
      INT32,
      'movl %ebx,%edx; sarl $31,%edx; shrl $31,%edx; movl %ebx,%ecx; addl %edx,%ecx; sarl $1,%ecx',
    ],
  ])('divides by a power of two without dividing: %s', (_name, op, divisor, type, x86) => {
    const value = bin(op, reg('r0'), num(divisor), type);
    const code: Instruction[] = [{ kind: 'assign', dst: 'r1', value, source: source('r1 = ...') }];
    expect(listing(code, 'x86')).toBe(x86);
  });

  it('loops for ever in a wait on a value that cannot change', () => {
    const wait: Instruction = { kind: 'assume', condition: reg('r0'), source: source('assume') };
    expect(listing([wait], 'lse')).toBe('CBZ W1,L0; B L1; L0:; B L0; L1:');
  });
});

describe('what cannot be compiled is refused where it stands', () => {
  const refusal = (
    code: readonly Instruction[],
    target: keyof typeof TARGETS,
    declared = registers,
  ): string => {
    const [arch, options] = TARGETS[target];
    const { value, diagnostics } = lowerProgram(programOf(code, declared), arch, options);
    expect(value).toBeNull();
    return renderDiagnostics(diagnostics)
      .split('\n')[0]!
      .replace(/^test:1:\d+: /, '');
  };

  it('division on x86', () => {
    const value = bin('/', reg('r1'), reg('r0'));
    const code: Instruction[] = [{ kind: 'assign', dst: 'r0', value, source: source('r0 = r1 / r0') }];
    expect(refusal(code, 'x86')).toBe(
      'error: cannot compile the operator `/` to X86_64: its division instruction can stop the processor, and only powers of two do without [cannot-lower]',
    );
  });

  it('a fence that only the model knows', () => {
    expect(refusal([fence('Sync-rcu', 'synchronize_rcu')], 'lse')).toBe(
      'error: cannot compile `synchronize_rcu` to AArch64: it waits until readers are done [cannot-lower]',
    );
  });

  it('more registers than there are, where they run out', () => {
    // The second thread is the one that asks for too much.
    const full = (names: readonly string[]): Instruction[] =>
      names.map((name) => load(name, 'Once', `${name} = x`));
    const names = Array.from({ length: 30 }, (_, i) => `v${i}`);
    const small = programOf([load('r0', 'Once', 'r0 = x')], registers);
    const asking = programOf(
      full(names),
      names.map((name) => ({ name, type: INT32, initial: 0 })),
    );
    const threads = [small.threads[0]!, { ...asking.threads[0]!, index: 1 }];
    const observed = asking.observed.map((o) => ({ ...o, thread: 1 }));
    const { diagnostics } = lowerProgram({ ...small, threads, observed }, 'x86');
    expect(diagnostics.map(({ span, hint }) => [span, hint])).toEqual([
      [
        threads[1]!.code[15]!.source.span,
        'the condition asks for 30 of its registers, which are kept to the end',
      ],
    ]);
  });

  it('shares registers between values that are not alive at once, if there are too many', () => {
    const names = Array.from({ length: 20 }, (_, i) => `v${i}`);
    const skip = (at: number): Instruction => ({
      kind: 'branch',
      condition: reg(names[at]!),
      target: 3 * at + 3,
      join: 3 * at + 3,
      source: source('if'),
    });
    const code = names.flatMap((name, at) => [
      load(name, 'Once', `${name} = x`),
      skip(at),
      store(reg(name), 'Once', 'x = ...'),
    ]);
    const declared = names.map((name): RegisterDeclaration => ({ name, type: INT32, initial: 0 }));
    const { value } = lowerProgram({ ...programOf(code, declared), observed: [] }, 'x86');
    const { dialect, threads } = value!.assembly;
    const lines = threads[0]!.lines.map((line) => showLine(dialect, line));
    expect(lines.slice(0, 6).join('; ')).toBe(
      'movl (x),%ebx; cmpl $0,%ebx; jne L0; movl %ebx,(x); L0:; movl (x),%ebx',
    );
  });

  it('more registers than there are', () => {
    const many = Array.from(
      { length: 40 },
      (_, i): RegisterDeclaration => ({ name: `v${i}`, type: INT32, initial: i + 1 }),
    );
    expect(refusal([], 'lse', many)).toBe(
      'error: this thread needs more registers than AArch64 has [out-of-registers]',
    );
    expect(refusal([], 'x86', many)).toBe(
      'error: this thread needs more registers than X86_64 has [out-of-registers]',
    );
  });
});

describe('printing', () => {
  /** Spans, comments and origins are of the text, not of the test. */
  function bare(value: unknown): unknown {
    return JSON.parse(
      JSON.stringify(value, (key, v: unknown) =>
        key === 'span' || key === 'nameSpan' || key === 'origin' || key === 'comment'
          ? undefined
          : typeof v === 'bigint'
            ? `${v}n`
            : v,
      ),
    );
  }

  it.each(Object.keys(TARGETS) as (keyof typeof TARGETS)[])(
    'gives a file that parses to the same tree: %s',
    (target) => {
      const [arch, options] = TARGETS[target];
      for (const program of [race(), ...ROWS.map(([, code]) => programOf(code, registers))]) {
        const { assembly } = lowerProgram(program, arch, options).value!;
        const parsed = parseAssembly({ name: 'printed', text: printAssembly(assembly) });
        expect(renderDiagnostics(parsed.diagnostics)).toBe('');
        expect(bare(parsed.value)).toEqual(bare(assembly));
      }
    },
  );
});
