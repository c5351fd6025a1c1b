/** The shipped models on the classic shapes, with and without each fence: which axiom forbids what. */
import { expect, test } from 'vitest';
import { evaluateModel } from './evaluate.js';
import { loadShippedModel } from './shipped.js';
import { tinyExecution } from './tiny-executions.js';

interface Row {
  readonly shape: string;
  readonly threads: readonly string[];
  /** Names of the failing axioms; empty: allowed. */
  readonly fails: readonly string[];
  readonly flags?: readonly string[];
}

const row = (shape: string, threads: readonly string[], ...fails: string[]): Row => ({
  shape,
  threads,
  fails,
});

function check(model: string, untagged: readonly string[], { threads, fails, flags }: Row): void {
  const { failed, raised } = evaluateModel(loadShippedModel(model), tinyExecution(threads, untagged));
  expect(failed.map(({ name }) => name)).toEqual(fails);
  expect(raised.map(({ name }) => name)).toEqual(flags ?? []);
}

/** Forbidden by coherence everywhere; 'and' are the further axioms of a model that fail too. */
const coherenceShapes: readonly Row[] = [
  row('CoWW', ['Wx2 Wx1']),
  row('CoRW1', ['Rx1 Wx1']),
  row('CoRW2', ['Rx2 Wx1', 'Wx2']),
  row('CoWR', ['Wx2 Rx1', 'Wx1']),
  row('CoWR of the initial value', ['Wx1 Rx0']),
  row('CoRR', ['Wx1', 'Rx1 Rx0']),
];

test.each(['sc', 'x86', 'arm64', 'lkmm'])('%s: coherence and atomicity', (model) => {
  const tags = model === 'lkmm' ? ['Once'] : [];
  const failures = (threads: readonly string[]): string[] =>
    evaluateModel(loadShippedModel(model), tinyExecution(threads, tags)).failed.map((f) => f.name);
  const [coherence, atomicity] = loadShippedModel(model).checks.filter((c) => !c.flag);
  for (const { threads } of coherenceShapes) expect(failures(threads)).toContain(coherence!.name);
  expect(failures(['Rx0& Wx2', 'Wx1'])).toContain(atomicity!.name);
  for (const threads of [['Wx1 Wx2'], ['Rx0 Wx1 Rx1'], ['Wx1', 'Rx0 Rx1'], ['Rx0& Wx1', 'Wx2']])
    expect(failures(threads)).toEqual([]);
});

const scRows: readonly Row[] = [
  row('SB', ['Wx1 Ry0', 'Wy1 Rx0'], 'sc'),
  row('MP', ['Wx1 Wy1', 'Ry1 Rx0'], 'sc'),
  row('LB', ['Rx1 Wy1', 'Ry1 Wx1'], 'sc'),
  row('2+2W', ['Wx2 Wy1', 'Wy2 Wx1'], 'sc'),
  row('S', ['Wx2 Wy1', 'Ry1 Wx1'], 'sc'),
  row('R', ['Wx1 Wy1', 'Wy2 Rx0'], 'sc'),
  row('WRC', ['Wx1', 'Rx1 Wy1', 'Ry1 Rx0'], 'sc'),
  row('IRIW', ['Wx1', 'Wy1', 'Rx1 Ry0', 'Ry1 Rx0'], 'sc'),
  row('MP, seen in order', ['Wx1 Wy1', 'Ry1 Rx1']),
  row('MP, seen late', ['Wx1 Wy1', 'Ry0 Rx1']),
];

test.each(scRows)('sc: $shape $threads', (r) => check('sc', [], r));

const tso = 'total-store-order';
const x86Rows: readonly Row[] = [
  row('SB', ['Wx1 Ry0', 'Wy1 Rx0']),
  row('SB with one fence', ['Wx1 F:MFENCE Ry0', 'Wy1 Rx0']),
  row('SB with fences', ['Wx1 F:MFENCE Ry0', 'Wy1 F:MFENCE Rx0'], tso),
  row('SB with weak fences', ['Wx1 F:SFENCE Ry0', 'Wy1 F:LFENCE Rx0']),
  row('SB with XCHG', ['Rx0.X& Wx1.X Ry0', 'Ry0.X& Wy1.X Rx0'], tso),
  row('SB with a locked instruction between', ['Wx1 Ra0.X& Wa1.X Ry0', 'Wy1 Rb0.X& Wb1.X Rx0'], tso),
  row('SB with a locked read that failed', ['Wx1 Ra0.X Ry0', 'Wy1 F:MFENCE Rx0'], tso),
  row('SB with forwarding', ['Wx1 Rx1 Ry0', 'Wy1 Ry1 Rx0']),
  row('MP', ['Wx1 Wy1', 'Ry1 Rx0'], tso),
  row('LB', ['Rx1 Wy1', 'Ry1 Wx1'], tso),
  row('2+2W', ['Wx2 Wy1', 'Wy2 Wx1'], tso),
  row('S', ['Wx2 Wy1', 'Ry1 Wx1'], tso),
  row('R', ['Wx1 Wy1', 'Wy2 Rx0']),
  row('R with a fence', ['Wx1 Wy1', 'Wy2 F:MFENCE Rx0'], tso),
  row('WRC', ['Wx1', 'Rx1 Wy1', 'Ry1 Rx0'], tso),
  row('IRIW', ['Wx1', 'Wy1', 'Rx1 Ry0', 'Ry1 Rx0'], tso),
  row('MP, the data non-temporal', ['Wx1.NT Wy1', 'Ry1 Rx0']),
  row('MP, the flag non-temporal', ['Wx1 Wy1.NT', 'Ry1 Rx0']),
  row('MP, SFENCE after the data', ['Wx1.NT F:SFENCE Wy1', 'Ry1 Rx0'], tso),
  row('MP, SFENCE before the flag', ['Wx1 F:SFENCE Wy1.NT', 'Ry1 Rx0'], tso),
  row('MP, LFENCE after the data', ['Wx1.NT F:LFENCE Wy1', 'Ry1 Rx0']),
  row('MP, MFENCE after the data', ['Wx1.NT F:MFENCE Wy1.NT', 'Ry1 Rx0'], tso),
  row('MP, a locked flag', ['Wx1.NT Ry0.X& Wy1.X', 'Ry1 Rx0'], tso),
  row('MP, a locked instruction between', ['Wx1.NT Ra0.X& Wa1.X Wy1', 'Ry1 Rx0'], tso),
  row('MP, locked data', ['Rx0.X& Wx1.X Wy1.NT', 'Ry1 Rx0'], tso),
  row('LB, non-temporal', ['Rx1 Wy1.NT', 'Ry1 Wx1.NT'], tso),
  row('one location, non-temporal', ['Wx1.NT Wx2', 'Rx2 Rx1'], 'coherence', tso),
];

test.each(x86Rows)('x86: $shape $threads', (r) => check('x86', [], r));

const external = 'external-visibility';
const arm64Rows: readonly Row[] = [
  row('MP', ['Wx1 Wy1', 'Ry1 Rx0']),
  row('MP, writer fenced only', ['Wx1 F:DMB.ISH Wy1', 'Ry1 Rx0']),
  row('MP, DMB both', ['Wx1 F:DMB.ISH Wy1', 'Ry1 F:DMB.ISH Rx0'], external),
  row('MP, ST and LD', ['Wx1 F:DMB.ISHST Wy1', 'Ry1 F:DMB.ISHLD Rx0'], external),
  row('MP, the wrong ones', ['Wx1 F:DMB.ISHLD Wy1', 'Ry1 F:DMB.ISHST Rx0']),
  row('MP, SY and LD domains', ['Wx1 F:DSB.OSH Wy1', 'Ry1 F:DMB.LD Rx0'], external),
  row('MP, non-shareable', ['Wx1 F:DMB.NSH Wy1', 'Ry1 F:DMB.ISH Rx0']),
  row('MP, release and acquire', ['Wx1 Wy1.L', 'Ry1.A Rx0'], external),
  row('MP, release and acquirePC', ['Wx1 Wy1.L', 'Ry1.Q Rx0'], external),
  row('MP, address', ['Wx1 F:DMB.ISH Wy1', 'Ry1 Rx0<addr'], external),
  row('MP, control', ['Wx1 F:DMB.ISH Wy1', 'Ry1 Rx0<ctrl']),
  row('MP, control and ISB', ['Wx1 F:DMB.ISH Wy1', 'Ry1 Wa1<ctrl F:ISB Rx0'], external),
  row('MP, ISB alone', ['Wx1 F:DMB.ISH Wy1', 'Ry1 F:ISB Rx0']),
  row('MP, address and ISB', ['Wx1 F:DMB.ISH Wy1', 'Ry1 Ra0<addr F:ISB Rx0'], external),
  row('MP, data and forwarding', ['Wx1 F:DMB.ISH Wy1', 'Ry1 Wa1<data Ra1 Rx0<addr'], external),
  row('MP, STADD and LD', ['Wx1 F:DMB.ISH Wy1', 'Ry1.NoRet& Wy2 F:DMB.ISHLD Rx0']),
  row('MP, LDADD and LD', ['Wx1 F:DMB.ISH Wy1', 'Ry1& Wy2 F:DMB.ISHLD Rx0'], external),
  row('SB', ['Wx1 Ry0', 'Wy1 Rx0']),
  row('SB, DMB', ['Wx1 F:DMB.ISH Ry0', 'Wy1 F:DMB.ISH Rx0'], external),
  row('SB, DMB ST', ['Wx1 F:DMB.ISHST Ry0', 'Wy1 F:DMB.ISHST Rx0']),
  row('SB, DSB ST', ['Wx1 F:DSB.ISHST Ry0', 'Wy1 F:DSB.ISHST Rx0'], external),
  row('SB, release then acquire', ['Wx1.L Ry0.A', 'Wy1.L Rx0.A'], external),
  row('SB, release then acquirePC', ['Wx1.L Ry0.Q', 'Wy1.L Rx0.Q']),
  row('SB, atomic with AL between', ['Wx1 Ra0.A& Wa1.L Ry0', 'Wy1 F:DMB.ISH Rx0'], external),
  row('SB, atomic with L between', ['Wx1 Ra0& Wa1.L Ry0', 'Wy1 F:DMB.ISH Rx0']),
  row('SB, atomic with A between', ['Wx1 Ra0.A& Wa1 Ry0', 'Wy1 F:DMB.ISH Rx0']),
  row('LB', ['Rx1 Wy1', 'Ry1 Wx1']),
  row('LB, data', ['Rx1 Wy1<data', 'Ry1 Wx1<data'], external),
  row('LB, control', ['Rx1 Wy1<ctrl', 'Ry1 Wx1<ctrl'], external),
  row('LB, address before a write', ['Rx1 Ra0<addr Wy1', 'Ry1 Wx1<data'], external),
  row('LB, acquire', ['Rx1.A Wy1', 'Ry1.Q Wx1'], external),
  row('LB, release', ['Rx1 Wy1.L', 'Ry1 Wx1.L'], external),
  row('LB, local write successor', ['Rx1 Wy1<data Wy2', 'Ry2 Wx1<data'], external),
  row('2+2W', ['Wx2 Wy1', 'Wy2 Wx1']),
  row('2+2W, ST', ['Wx2 F:DMB.ISHST Wy1', 'Wy2 F:DMB.ISHST Wx1'], external),
  row('S, ST and data', ['Wx2 F:DMB.ISHST Wy1', 'Ry1 Wx1<data'], external),
  row('R, DMB', ['Wx1 F:DMB.ISH Wy1', 'Wy2 F:DMB.ISH Rx0'], external),
  row('R, ST', ['Wx1 F:DMB.ISHST Wy1', 'Wy2 F:DMB.ISHST Rx0']),
  row('WRC, data and address', ['Wx1', 'Rx1 Wy1<data', 'Ry1 Rx0<addr'], external),
  row('IRIW, address', ['Wx1', 'Wy1', 'Rx1 Ry0<addr', 'Ry1 Rx0<addr'], external),
  row('IRIW', ['Wx1', 'Wy1', 'Rx1 Ry0', 'Ry1 Rx0']),
];

test.each(arm64Rows)('arm64: $shape $threads', (r) => check('arm64', [], r));

const [hb, pb] = ['happens-before', 'propagation'];
const lkmmRows: readonly Row[] = [
  row('MP', ['Wx1 Wy1', 'Ry1 Rx0']),
  row('MP, wmb', ['Wx1 F:Wmb Wy1', 'Ry1 Rx0']),
  row('MP, wmb and rmb', ['Wx1 F:Wmb Wy1', 'Ry1 F:Rmb Rx0'], hb),
  row('MP, the wrong ones', ['Wx1 F:Rmb Wy1', 'Ry1 F:Wmb Rx0']),
  row('MP, mb', ['Wx1 F:Mb Wy1', 'Ry1 F:Mb Rx0'], hb, pb),
  row('MP, release and acquire', ['Wx1 Wy1.Release', 'Ry1.Acquire Rx0'], hb),
  row('MP, address', ['Wx1 F:Wmb Wy1', 'Ry1 Rx0<addr'], hb),
  row('MP, control', ['Wx1 F:Wmb Wy1', 'Ry1 Rx0<ctrl']),
  row('MP, compiler barrier', ['Wx1 F:Barrier Wy1', 'Ry1 F:Barrier Rx0']),
  row('MP, noreturn and rmb', ['Wx1 F:Wmb Wy1', 'Ry1.Noreturn& Wy2 F:Rmb Rx0']),
  row('MP, atomic and rmb', ['Wx1 F:Wmb Wy1', 'Ry1& Wy2 F:Rmb Rx0'], hb),
  row('MP, after-atomic', ['Wx1 F:Wmb Wy1', 'Ry1.Noreturn& Wy2 F:After-atomic Rx0'], hb, pb),
  row('SB', ['Wx1 Ry0', 'Wy1 Rx0']),
  row('SB, mb', ['Wx1 F:Mb Ry0', 'Wy1 F:Mb Rx0'], pb),
  row('SB, one mb', ['Wx1 F:Mb Ry0', 'Wy1 F:Wmb Rx0']),
  row('SB, full-order atomic between', ['Wx1 Ra0.Mb& Wa1.Mb Ry0', 'Wy1 F:Mb Rx0'], pb),
  row('SB, full-order atomics', ['Rx0.Mb& Wx1.Mb Ry0', 'Ry0.Mb& Wy1.Mb Rx0'], pb),
  row('SB, relaxed atomic between', ['Wx1 Ra0& Wa1 Ry0', 'Wy1 F:Mb Rx0']),
  row('SB, before-atomic', ['Wx1 F:Before-atomic Ry0& Wy1', 'Wy2 F:Mb Rx0'], pb),
  row('SB, before-atomic, other access', ['Wx1 F:Before-atomic Ry0', 'Wy1 F:Mb Rx0']),
  row('SB, release and acquire', ['Wx1.Release Ry0.Acquire', 'Wy1.Release Rx0.Acquire']),
  row('LB', ['Rx1 Wy1', 'Ry1 Wx1']),
  row('LB, data', ['Rx1 Wy1<data', 'Ry1 Wx1<data'], hb),
  row('LB, control', ['Rx1 Wy1<ctrl', 'Ry1 Wx1<ctrl'], hb),
  row(
    'LB, data carried by plain accesses',
    ['Rx1 Wa1.Plain<data Ra1.Plain Wy1<data', 'Ry1 F:Mb Wx1'],
    hb,
    pb,
  ),
  row('2+2W, wmb', ['Wx2 F:Wmb Wy1', 'Wy2 F:Wmb Wx1']),
  row('2+2W, mb', ['Wx2 F:Mb Wy1', 'Wy2 F:Mb Wx1'], pb),
  row('S, wmb and data', ['Wx2 F:Wmb Wy1', 'Ry1 Wx1<data'], hb),
  row('R, mb', ['Wx1 F:Mb Wy1', 'Wy2 F:Mb Rx0'], pb),
  row('R, wmb and mb', ['Wx1 F:Wmb Wy1', 'Wy2 F:Mb Rx0']),
  row('WRC, release and rmb', ['Wx1', 'Rx1 Wy1.Release', 'Ry1 F:Rmb Rx0'], hb),
  row('WRC, data and rmb', ['Wx1', 'Rx1 Wy1<data', 'Ry1 F:Rmb Rx0']),
  row('IRIW, mb', ['Wx1', 'Wy1', 'Rx1 F:Mb Ry0', 'Ry1 F:Mb Rx0'], pb),
  row('IRIW, rmb', ['Wx1', 'Wy1', 'Rx1 F:Rmb Ry0', 'Ry1 F:Rmb Rx0']),
];

test.each(lkmmRows)('lkmm: $shape $threads', (r) => check('lkmm', ['Once'], r));

const lock = (before: number): string => `Rl${before}.LKR& Wl${before + 1}.LKW`;
const unlock = (after: number): string => `Wl${after}.UL`;
const lockRows: readonly Row[] = [
  row('one section sees the other', [`${lock(0)} Wx1 ${unlock(2)}`, `${lock(2)} Rx0 ${unlock(4)}`], hb),
  row('sections exclude each other', [`${lock(0)} ${unlock(3)}`, `Rl0.LKR& Wl2.LKW ${unlock(4)}`], 'atomic'),
  row('MP, an unlock between', [`${lock(0)} Wx1 ${unlock(2)} Wy1`, 'Ry1 F:Rmb Rx0']),
  row('MP, a lock between', [`Wx1 ${lock(0)} Wy1 ${unlock(2)}`, 'Ry1 F:Rmb Rx0']),
  row(
    'MP, unlock and lock between',
    [`${lock(0)} Wx1 ${unlock(2)} ${lock(2)} Wy1 ${unlock(4)}`, 'Ry1 F:Rmb Rx0'],
    hb,
  ),
  row('SB, unlock and lock between', [
    `${lock(0)} Wx1 ${unlock(2)} ${lock(2)} Ry0 ${unlock(4)}`,
    'Wy1 F:Mb Rx0',
  ]),
  row(
    'SB, after-unlock-lock',
    [`${lock(0)} Wx1 ${unlock(2)} ${lock(2)} F:After-unlock-lock Ry0 ${unlock(4)}`, 'Wy1 F:Mb Rx0'],
    pb,
  ),
  row('SB, a lock between', [`Wx1 ${lock(0)} Ry0 ${unlock(2)}`, 'Wy1 F:Mb Rx0']),
  row('SB, after-spinlock', [`Wx1 ${lock(0)} F:After-spinlock Ry0 ${unlock(2)}`, 'Wy1 F:Mb Rx0'], pb),
  { shape: 'unlock without lock', threads: ['Wl1.UL'], fails: [], flags: ['unmatched-unlock'] },
  {
    shape: 'a lock read as an integer',
    threads: [`${lock(0)} ${unlock(2)}`, 'Rl0'],
    fails: [],
    flags: ['mixed-lock-accesses'],
  },
];

test.each(lockRows)('lkmm locks: $shape', (r) => check('lkmm', ['Once'], r));

const race = ['data-race'];
const plainRows: readonly Row[] = [
  { shape: 'two plain accesses', threads: ['Wx1.Plain', 'Rx1.Plain'], fails: [], flags: race },
  { shape: 'plain write, marked read', threads: ['Wx1.Plain', 'Rx0'], fails: [], flags: race },
  { shape: 'marked accesses', threads: ['Wx1', 'Rx1'], fails: [] },
  { shape: 'two plain reads', threads: ['Rx0.Plain', 'Rx0.Plain'], fails: [] },
  { shape: 'two plain writes', threads: ['Wx1.Plain', 'Wx2.Plain'], fails: [], flags: race },
  {
    shape: 'published by release and acquire',
    threads: ['Wx1.Plain Wy1.Release', 'Ry1.Acquire Rx1.Plain'],
    fails: [],
  },
  {
    shape: 'published, but not seen',
    threads: ['Wx1.Plain Wy1.Release', 'Ry0.Acquire Rx0.Plain'],
    fails: [],
    flags: race,
  },
  {
    shape: 'published and seen late',
    threads: ['Wx1.Plain Wy1.Release', 'Ry1.Acquire Rx0.Plain'],
    fails: ['plain-coherence'],
    flags: race,
  },
  {
    shape: 'writes of two lock sections',
    threads: [`${lock(0)} Wx1.Plain ${unlock(2)}`, `${lock(2)} Wx2.Plain ${unlock(4)}`],
    fails: [],
  },
  { shape: 'plain then marked write', threads: ['Wx1.Plain Wx2'], fails: [], flags: ['mixed-accesses'] },
  { shape: 'a barrier between', threads: ['Wx1.Plain F:Barrier Wx2'], fails: [] },
];

test.each(plainRows)('lkmm plain accesses: $shape', (r) => check('lkmm', ['Once'], r));
