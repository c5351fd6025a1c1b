/** Benchmark families in AArch64 and x86 assembly. See families-c.ts for what the numbers are. */
import { binomial, type Family, factorial, interleavings, range } from './family.js';
import { exists } from './kernel-c.js';

/** Columns of instructions, one per thread, padded to the longest. */
function program(threads: readonly (readonly string[])[]): string {
  const rows = range(Math.max(...threads.map((lines) => lines.length)));
  const cell = (text: string | undefined) => (text ?? '').padEnd(16);
  const line = (cells: readonly string[]) => ` ${cells.join(' | ')} ;\n`;
  const heading = line(threads.map((_, i) => cell(`P${i}`)));
  return heading + rows.map((row) => line(threads.map((lines) => cell(lines[row])))).join('');
}

function x86(name: string, threads: readonly (readonly string[])[], condition: string): string {
  return `X86_64 ${name}\n{}\n${program(threads)}${condition}\n`;
}

/** Threads say which locations they use: the n-th is in X(2n+1), so that data registers can be even. */
interface ArmThread {
  readonly locations: readonly string[];
  readonly lines: readonly string[];
}

function arm64(name: string, threads: readonly ArmThread[], condition: string): string {
  const init = threads.map(({ locations }, i) =>
    locations.map((location, n) => `${i}:X${2 * n + 1}=${location};`).join(' '),
  );
  return `AArch64 ${name}\n{\n${init.join('\n')}\n}\n${program(threads.map((t) => t.lines))}${condition}\n`;
}

function x86StoreBuffering(n: number): string {
  const threads = range(n).map((i) => [`movl $1,(x${i})`, `movl (x${(i + 1) % n}),%eax`]);
  return x86(`SB-${n}`, threads, exists(range(n).map((i) => `${i}:rax=0`)));
}

function x86IndependentReads(n: number): string {
  const readers = range(n).map((i) =>
    i % 2 === 0 ? ['movl (x),%eax', 'movl (y),%ebx'] : ['movl (y),%eax', 'movl (x),%ebx'],
  );
  const asked = range(n).flatMap((i) => [`${i + 2}:rax=1`, `${i + 2}:rbx=0`]);
  return x86(`IRIW-${n}`, [['movl $1,(x)'], ['movl $1,(y)'], ...readers], exists(asked));
}

function x86Coherence(n: number): string {
  const threads = range(n).map((i) => [`movl $${2 * i + 1},(x)`, `movl $${2 * i + 2},(x)`]);
  return x86(`coherence-${n}`, threads, 'exists (x=2)');
}

function armStoreBuffering(n: number): string {
  const threads = range(n).map((i) => ({
    locations: [`x${i}`, `x${(i + 1) % n}`],
    lines: ['MOV W0,#1', 'STR W0,[X1]', 'LDR W2,[X3]'],
  }));
  return arm64(`SB-${n}`, threads, exists(range(n).map((i) => `${i}:X2=0`)));
}

function armIndependentReads(n: number): string {
  const writers = ['x', 'y'].map((name) => ({ locations: [name], lines: ['MOV W0,#1', 'STR W0,[X1]'] }));
  const readers = range(n).map((i) => ({
    locations: i % 2 === 0 ? ['x', 'y'] : ['y', 'x'],
    lines: ['LDR W0,[X1]', 'DMB SY', 'LDR W2,[X3]'],
  }));
  const asked = range(n).flatMap((i) => [`${i + 2}:X0=1`, `${i + 2}:X2=0`]);
  return arm64(`IRIW-${n}`, [...writers, ...readers], exists(asked));
}

function armCoherence(n: number): string {
  const threads = range(n).map((i) => ({
    locations: ['x'],
    lines: [`MOV W0,#${2 * i + 1}`, 'STR W0,[X1]', `MOV W2,#${2 * i + 2}`, 'STR W2,[X1]'],
  }));
  return arm64(`coherence-${n}`, threads, 'exists ([x]=2)');
}

function armLdadd(n: number): string {
  const threads = range(n).map(() => ({ locations: ['x'], lines: ['MOV W0,#1', 'LDADD W0,W2,[X1]'] }));
  return arm64(`LDADD-${n}`, threads, `exists ([x]=${n})`);
}

/** Load- and store-exclusive without a retry: a failed store is an outcome. */
function armExclusive(n: number): string {
  const threads = range(n).map(() => ({
    locations: ['x'],
    lines: ['LDXR W0,[X1]', 'ADD W0,W0,#1', 'STXR W2,W0,[X1]'],
  }));
  return arm64(`LDXR-STXR-${n}`, threads, `exists ([x]=${n})`);
}

/**
 * The same, repeated until the store succeeds. That it failed cannot be told apart from not having tried yet, so fencepost counts
 * the attempts that succeed; with `counted`, every attempt is counted in a register, and so is its execution.
 */
function armRetry(n: number, counted: boolean): string {
  const attempt = ['L: LDXR W0,[X1]', 'ADD W0,W0,#1', 'STXR W2,W0,[X1]'];
  const threads = range(n).map(() => ({
    locations: ['x'],
    lines: [...attempt, ...(counted ? ['ADD W4,W4,#1'] : []), 'CBNZ W2,L'],
  }));
  const asked = counted ? range(n).map((i) => `${i}:X4=1`) : ['0:X0=1'];
  return arm64(`LDXR-STXR-retry-${n}${counted ? '-counted' : ''}`, threads, exists(asked));
}

/** A counter under a lock that is taken by exclusives, or by CASA: every attempt is repeated until it succeeds. */
function armLock(name: string, take: readonly string[]): (n: number) => string {
  return (n) => {
    const section = ['LDR W4,[X3]', 'ADD W4,W4,#1', 'STR W4,[X3]', 'STLR WZR,[X1]'];
    const threads = range(n).map(() => ({
      locations: ['x', 'y'],
      lines: ['MOV W5,#1', ...take, ...section],
    }));
    return arm64(`${name}-lock-${n}`, threads, `exists ([y]=${n})`);
  };
}

const exclusiveLock = ['L: LDAXR W0,[X1]', 'CBNZ W0,L', 'STXR W2,W5,[X1]', 'CBNZ W2,L'];
const casaLock = ['L: MOV W0,#0', 'CASA W0,W5,[X1]', 'CBNZ W0,L'];

/** The k that succeed have an order; each of the others reads what k + 1 writes (the initial one too) left. */
function exclusiveExecutions(n: number): number {
  return range(n + 1).reduce((sum, k) => sum + binomial(n, k) * factorial(k) * (k + 1) ** (n - k), 0);
}

/** All but those in which two readers, one of each order, disagree about which write came first. */
function agreeingReads(n: number): number {
  const [even, odd] = [Math.ceil(n / 2), Math.floor(n / 2)];
  return 4 ** n - (4 ** even - 3 ** even) * (4 ** odd - 3 ** odd);
}

/** How often the retry goes round: as often as the reference tool's default. */
const RETRIES = 2;

/** The k-th to succeed has failed up to RETRIES times before, each time on a later one of the k values there were. */
function countedAttempts(n: number): number {
  return range(n).reduce((product, k) => product * binomial(k + 1 + RETRIES, RETRIES), factorial(n));
}

const intel = { language: 'x86', model: 'x86', unroll: null } as const;
const arm = { language: 'arm64', model: 'arm64', unroll: null } as const;

const storeBuffering = {
  name: 'SB',
  sizes: { count: [5, 7, 9], outcomes: [5, 7, 9], verdict: [9, 14, 20] },
  allowed: (n: number) => 2 ** n,
  states: (n: number) => 2 ** n,
  verdict: 'Sometimes',
} as const;

const independentReads = {
  sizes: { count: [3, 5, 7], outcomes: [3, 5, 7], verdict: [7, 12, 18] },
  allowed: agreeingReads,
  states: agreeingReads,
  verdict: 'Never',
} as const;

const coherence = {
  name: 'coherence nx2',
  sizes: { count: [3, 4, 5, 6, 8, 10], outcomes: [3, 4, 5, 6, 8, 10, 12], verdict: [5, 12, 20] },
  allowed: (n: number) => interleavings(n, 2),
  states: (n: number) => n,
  verdict: 'Sometimes',
} as const;

const sum = { states: () => 1, verdict: 'Always' } as const;

export const familiesAsm: readonly Family[] = [
  { ...intel, ...storeBuffering, text: x86StoreBuffering },
  { ...intel, ...independentReads, name: 'IRIW', text: x86IndependentReads },
  { ...intel, ...coherence, text: x86Coherence },
  { ...arm, ...storeBuffering, text: armStoreBuffering },
  { ...arm, ...independentReads, name: 'IRIW+dmb', text: armIndependentReads },
  { ...arm, ...coherence, text: armCoherence },
  {
    ...arm,
    ...sum,
    name: 'LDADD',
    sizes: { count: [3, 4, 5, 6, 8], outcomes: [4, 6, 8, 10, 12], verdict: [6, 12, 20] },
    text: armLdadd,
    allowed: factorial,
  },
  {
    ...arm,
    name: 'LDXR/STXR',
    sizes: { count: [3, 4, 5], outcomes: [3, 4, 5, 6, 8], verdict: [4, 8] },
    text: armExclusive,
    allowed: exclusiveExecutions,
    // Between none and all of them succeed.
    states: (n) => n + 1,
    verdict: 'Sometimes',
  },
  {
    ...arm,
    name: 'LDXR/STXR, retry',
    sizes: { count: [2, 3, 4, 5], outcomes: [2, 3, 4, 6, 8], verdict: [3, 8] },
    text: (n) => armRetry(n, false),
    allowed: factorial,
    states: (n) => n,
    verdict: 'Sometimes',
  },
  {
    ...arm,
    name: 'LDXR/STXR, retry counted',
    sizes: { count: [2, 3, 4], outcomes: [2, 3, 4], verdict: [3, 4] },
    text: (n) => armRetry(n, true),
    allowed: countedAttempts,
    states: (n) => (RETRIES + 1) ** n,
    verdict: 'Sometimes',
    unroll: RETRIES,
  },
  {
    ...arm,
    ...sum,
    name: 'LDAXR lock',
    sizes: { count: [2, 3, 4], outcomes: [2, 3, 4, 6], verdict: [2, 4] },
    text: armLock('LDAXR', exclusiveLock),
    allowed: factorial,
  },
  {
    ...arm,
    ...sum,
    name: 'CASA lock',
    sizes: { count: [2, 3], outcomes: [2, 3, 4], verdict: [2, 3] },
    text: armLock('CASA', casaLock),
    // each CASA that succeeds may keep its register or get the value read
    allowed: (n) => factorial(n) * 2 ** n,
  },
];
