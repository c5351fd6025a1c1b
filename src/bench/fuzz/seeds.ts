/** What the repository has no files of: macro, bell and configuration files, to be damaged; and tests that use what they define. */

export const macroFiles: readonly string[] = [
  `// loads and stores
READ_ONCE(A) __load{once}(A)
WRITE_ONCE(A,B) { __store{once}(A,B); }
smp_load_acquire(A) __load{acquire}(*A)
smp_store_release(A,B) { __store{release}(*A,B); }
smp_mb() { __fence{mb}; }
smp_wmb() { __fence{wmb}; }
smp_store_mb(A,B) { __store{once}(A,B); __fence{mb}; }
xchg(A,B) __xchg{mb}(A,B)
cmpxchg_acquire(A,B,C) __cmpxchg{acquire}(A,B,C)
/* atomics */
atomic_read(A) READ_ONCE(*A)
atomic_add(B,A) { __atomic_op(A,+,B); }
atomic_inc(A) { atomic_add(1,A); }
atomic_sub_and_test(B,A) __atomic_op_return{mb}(A,-,B) == 0
atomic_fetch_andnot_release(B,A) __atomic_fetch_op{release}(A,&~,B)
atomic_add_unless(A,B,C) __atomic_add_unless{mb}(A,B,C)
spin_lock(A) { __lock(A); }
spin_unlock(A) { __unlock(A); }
spin_trylock(A) __trylock(A)
rcu_read_lock() { __fence{rcu-lock}; }
rcu_read_unlock() { __fence{rcu-unlock}; }
synchronize_rcu() { __fence{sync-rcu}; }
my_bits(A,B) (A | 2) != !(B - 0x10)
`,
  'READ_ONCE(X) __load{once}(X)\nWRITE_ONCE(X,V) { __store{once}(X,V); }\nboth(X,V) { WRITE_ONCE(X,V); WRITE_ONCE(X,V); }\n',
];

export const bellFiles: readonly string[] = [
  `"a language"
enum Accesses = 'once || 'acquire || 'release || 'noreturn
instructions R[{'once,'acquire,'noreturn}]
instructions W[{'once,'release}]
instructions RMW[{'once,'acquire,'release}]
enum Barriers = 'mb || 'wmb || 'rmb || 'sync
instructions F[Barriers]
let Marked = R | W | F
let sections = let rec open = W \\ range(closed) and closed = ([open] ; po ; [R]) \\ (po ; po) in closed
flag ~empty sections & 0 as unbalanced
let mb = [M] ; fencerel(F) ; [M]
`,
  "enum T = 'a || 'b\ninstructions R[T]\ndefault W['a]\n",
];

export const configurationFiles: readonly string[] = [
  '# all of it\nmacros my.def\nbell my.bell\nmodel my.cat\nvariant lkmmv2, fatal\ninclude lib\nconf base.cfg\nunroll 3\ngraph columns\nedgeattr hb,color,indigo\nskipchecks hb\n',
  'model = x.cat\nbell\t y.bell\r\n\n  variant  a b,c \n',
];

/** Project files. */
export const projectFiles: readonly string[] = [
  `{
  // what is checked
  "tests": ["litmus", "more/*.litmus"],
  "exclude": "**/slow/*",
  "models": ["lkmm", "arm64", "my.cat"],
  "conf": "linux-kernel.cfg",
  "include": ["lib"],
  "variants": ["v"],
  "compileTo": "arm64",
  "atomics": "llsc",
  "unroll": 3,
  "limits": { "timeout": 1.5e1, "memory": 500 },
  "baseline": "all.baseline",
  "requireExpectations": true,
  "expectations": { "litmus/a.litmus": "Never", "litmus/*": { "lkmm": "Sometimes DATARACE", "x86": "nothing" } }
}
`,
  '{ "tests": "litmus", "unroll": 2, }\n',
];

/** What litmus7 writes of a test that it has run on a machine. */
export const machineLogs: readonly string[] = [
  `Test SB Allowed
Histogram (4 states)
27    *>0:EAX=0; 1:EAX=0;
499871:>0:EAX=1; 1:EAX=0;
499999:>0:EAX=0; 1:EAX=1;
103   :>0:EAX=1; 1:EAX=1;
Ok

Witnesses
Positive: 27, Negative: 999973
Condition exists (0:EAX=0 /\\ 1:EAX=0) is validated
Hash=0123456789abcdef0123456789abcdef
Observation SB Sometimes 27 999973
Time SB 0.11
`,
];

/** A model for bell files to be judged with. */
export const modelForBell =
  '"m"\ninclude "cos.cat"\nlet order = po | rf | co | fr\nacyclic po-loc | rf | co | fr as coherence\nacyclic order as order\n';

/** Small tests for damaged models and macros: reads and writes, an exchange, a lock, a branch. */
export const testsForModels: readonly string[] = [
  `C mp
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0 = smp_load_acquire(y); int r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`,
  `C updates
{}
P0(atomic_t *x, int *y, spinlock_t *l) { spin_lock(l); atomic_inc(x); *y = 1; spin_unlock(l); }
P1(atomic_t *x, int *y, spinlock_t *l) { int r0 = xchg(y, 2); if (atomic_read(x)) { spin_lock(l); *y = r0; spin_unlock(l); } }
exists (x=1 /\\ y=1)
`,
];

/** What grammars take for names and numbers, often enough the same ones to be declared and used. */
const names = ['x', 'y', 'r0', 'r1', 'p', 'l', 'f', 'P0', 'P1', 'a'];

export const conditionWords = {
  name: [...names, 'X0', '__state'],
  number: ['0', '1', '2', '-1', '0x10', '18446744073709551615'],
  register: ['0:r0', '1:r1', 'P0:r0', '0:X0', '1:W1', '0:rax', '2:r0'],
} as const;

export const assemblyWords = {
  arm64: {
    threadName: ['P0', 'P1', 'P2'],
    mnemonic: [
      'MOV LDR STR LDAR STLR LDXR STXR LDADD CAS SWP DMB DSB ISB CBNZ CBZ B ADD EOR AND CMP BEQ BNE LDP STP LDAPR STADD',
      'LDAXR STLXR CASAL SWPAL LDADDAL TST CSEL CSET UBFX SXTW LSL ADR RET BL MOVZ MOVK NOP LDRB STRH LDRSW PRFM',
    ]
      .join(' ')
      .split(' '),
    word: 'W0 W1 W2 X0 X1 X2 X3 XZR WZR ISH ISHLD ISHST SY L0 L1 x y LSL SXTW EQ'.split(' '),
    number: ['0', '1', '4', '0x10', '-1', '65536'],
  },
  x86: {
    threadName: ['P0', 'P1', 'P2'],
    mnemonic:
      'movl movq mov xchgl xchg addl add lock mfence sfence lfence cmpl jne je jmp incl dec xaddl cmpxchgl cmpxchg testl orl shl sarl movnti bswap leaq setne cmove pushq popq call ret nop'.split(
        ' ',
      ),
    word: 'eax ebx rax rbx rcx EAX EBX x y L0 L1 al'.split(' '),
    number: ['0', '1', '4', '8', '0x10', '-1'],
  },
} as const;

export const catWords = {
  name: 'po rf co fr R W M IW FW loc ext int rmw addr data ctrl id a b f s r x domain range fencerel linearisations po-loc'.split(
    ' ',
  ),
  string: ['"cos.cat"', '"v"', '"nowhere.cat"', '"cross.cat"'],
  tag: ["'once", "'acquire", "'a", "'mb"],
} as const;

export const macroWords = {
  name: 'READ_ONCE WRITE_ONCE f g smp_mb xchg X V A'.split(' '),
  parameter: ['X', 'V', 'A'],
  operation:
    '__load __store __fence __xchg __cmpxchg __atomic_op __atomic_op_return __atomic_fetch_op __atomic_add_unless __lock __unlock __trylock __islocked __srcu_lock'.split(
      ' ',
    ),
  tagName: 'once acquire release mb wmb rmb sync-rcu rcu-lock noreturn MB'.split(' '),
} as const;

export const sketchWords = {
  name: [...names, 'task', '__state'],
  code: [
    'p->__state',
    'x = 1',
    '->x',
    'r0 = r1 + 1',
    'x += 2',
    'foo(x)',
    'p->lock',
    '&l',
    'x = (r0 | 1)',
    'r1++',
  ],
  label: ['foo', 'P (a b)'],
} as const;

/** What the characters of the C grammar, which are tokens, stand for: several words each. */
export const cTokens: Readonly<Record<string, readonly string[]>> = {
  a: [
    ...names,
    ...names,
    'READ_ONCE',
    'WRITE_ONCE',
    'smp_mb',
    'smp_load_acquire',
    'smp_store_release',
    'spin_lock',
    'spin_unlock',
    'atomic_inc',
    'xchg',
    'cmpxchg',
    'rcu_read_lock',
    'likely',
  ],
  t: ['spinlock_t', 'atomic_t', 'x_t'],
  x: ['__packed', '__must_hold', '__state'],
  '0': ['0', '1', '2', '-1', '0x10', '08', '4294967296', '1UL'],
  "'": ["'a'", "'\\n'"],
  b: ['int', 'long', 'unsigned', 'u8', 'bool', 'char'],
  p: ['void'],
  q: ['const', 'volatile'],
  s: ['struct'],
  n: ['enum'],
  z: ['sizeof'],
  I: ['if'],
  E: ['else'],
  W: ['while'],
  D: ['do'],
  F: ['for'],
  R: ['return'],
  B: ['break'],
  C: ['continue'],
  G: ['goto'],
  S: ['switch'],
  K: ['case'],
  L: ['default'],
  U: ['guard'],
  V: ['scoped_guard'],
  '\u2192': ['->'],
  '#': ['++', '--'],
  '\u2026': ['...'],
  '@': ['==', '!=', '<', '>=', '<<', '>>', '/', '%', '|', '^', '+=', '&&', '||', '<<='],
};
