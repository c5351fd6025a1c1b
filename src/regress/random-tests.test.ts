/**
 * Random tests in kernel C: what is weaker never allows less, and what is proposed as a repair is one by the naive enumerator's word, with
 * nothing missing and nothing superfluous.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import { enumerateNaively } from '../oracle/reference.js';
import { showValue } from '../program/value.js';
import { parseLitmus } from '../syntax/parse.js';
import type { SourceFile } from '../text/source.js';
import { prepareTest, programIn } from '../verdict/prepare-test.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { decideVerdict } from '../verdict/verdict.js';
import { findRepairs } from './repair.js';
import { defaultSiteOptions, findSites, withChanges } from './sites.js';
import { isWithin, type SlotOption } from './slot.js';
import { slotsOf } from './slots.js';
import { defaultVariantOptions, excludesUnwanted } from './variants.js';

/** An access of a cell: by a read into the register, a write of the value, or both. */
type Access = (cell: string, register: string, value: number) => string;

const order = fc.constantFrom('', '_acquire', '_release', '_relaxed');

const read: fc.Arbitrary<Access> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Access>((c, r) => `${r} = READ_ONCE(*${c});`) },
  { weight: 1, arbitrary: fc.constant<Access>((c, r) => `${r} = smp_load_acquire(${c});`) },
);
const write: fc.Arbitrary<Access> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Access>((c, _, v) => `WRITE_ONCE(*${c}, ${v});`) },
  { weight: 1, arbitrary: fc.constant<Access>((c, _, v) => `smp_store_release(${c}, ${v});`) },
  { weight: 1, arbitrary: fc.constant<Access>((c, _, v) => `smp_store_mb(*${c}, ${v});`) },
);
const update: fc.Arbitrary<Access> = order.map((o) => (c, r, v) => `${r} = xchg${o}(${c}, ${v});`);
const plain = fc.oneof(
  { weight: 5, arbitrary: read },
  { weight: 5, arbitrary: write },
  { weight: 1, arbitrary: update },
);
const access: fc.Arbitrary<Access> = fc.oneof(
  { weight: 8, arbitrary: plain },
  {
    weight: 1,
    arbitrary: plain.map(
      (a): Access =>
        (c, r, v) =>
          `spin_lock(l);\n\t${a(c, r, v)}\n\tspin_unlock(l);`,
    ),
  },
);

const between = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.constantFrom('smp_mb();', 'smp_rmb();', 'smp_wmb();') },
);

function uses(body: string, cell: string): { readonly reads: boolean; readonly writes: boolean } {
  const line = body.split('\n').find((code) => new RegExp(`[*(]${cell}[,)]`).test(code.replace(/^P.*/, '')));
  return { reads: /= /.test(line ?? ''), writes: /, \d\)/.test(line ?? '') };
}

/** One thread goes from x to y, the other from y to x, so that what each of them sees of the other may close a cycle. */
const testOf = (access: fc.Arbitrary<Access>): fc.Arbitrary<SourceFile> =>
  fc
    .record({
      accesses: fc.array(access, { minLength: 4, maxLength: 4 }),
      fences: fc.tuple(between, between),
      flipped: fc.nat({ max: 4 }).map((n) => n === 4),
    })
    .map(({ accesses, fences, flipped }) => {
      const bodies = [0, 1].map((i) => {
        const cells = i === 0 ? ['x', 'y'] : ['y', 'x'];
        const [a, b] = accesses.slice(2 * i, 2 * i + 2).map((make, k) => make(cells[k]!, `r${k}`, i + 1));
        const code = ['int r0 = 7;', 'int r1 = 7;', '', a!, ...(fences[i] === '' ? [] : [fences[i]!]), b!];
        const lines = code.map((line) => (line === '' ? '' : `\t${line}`));
        return `P${i}(int *x, int *y, spinlock_t *l)\n{\n${lines.join('\n')}\n}\n`;
      });
      // of each cell: that the access that is the second of its thread comes before the first one of the other
      const asked = ['y', 'x'].flatMap((cell, thread) => {
        const [early, late] = [uses(bodies[thread]!, cell), uses(bodies[1 - thread]!, cell)];
        if (late.reads && early.writes) return [`${1 - thread}:r0=${thread + 1}`];
        if (early.reads && late.writes) return [`${thread}:r1=${flipped ? 2 - thread : 0}`];
        return early.writes && late.writes ? [`${cell}=${2 - thread}`] : [];
      });
      const question = asked.length === 0 ? 'x=0' : asked.join(' /\\ ');
      return {
        name: 'random.litmus',
        text: `C random\n\n{}\n\n${bodies.join('\n')}\nexists (${question})\n`,
      };
    });

function statesOf(source: SourceFile): Map<string, Set<string>> {
  const report = runTest(source, { ...defaultRunOptions, unroll: 2 });
  if (report.kind !== 'test') throw new Error(source.text);
  return new Map(
    report.models.filter(isRun).map(({ model, result }) => {
      expect(result.limit).toBe(null);
      return [model, new Set(result.states.map(({ values }) => values.map(showValue).join(' ')))];
    }),
  );
}

/** As `write` and `read`, with marks or without, so that some tests race. */
const unmarked: fc.Arbitrary<Access> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Access>((c, r) => `${r} = *${c};`) },
  { weight: 2, arbitrary: fc.constant<Access>((c, _, v) => `*${c} = ${v};`) },
  { weight: 3, arbitrary: read },
  { weight: 3, arbitrary: write },
);

function flagsOf(source: SourceFile): readonly string[] {
  const report = runTest(source, { ...defaultRunOptions, models: ['lkmm'] });
  const runs = report.kind === 'test' ? report.models.filter(isRun) : [];
  expect(runs).toHaveLength(1);
  return runs.flatMap(({ result }) => result.flags.map(({ name }) => name));
}

describe('of tests that may race', () => {
  it('repairs end the race, or say that it stays, and raise no flag', () => {
    let ended = 0;
    fc.assert(
      fc.property(testOf(unmarked), (source) => {
        const before = flagsOf(source);
        const { report } = findRepairs(source, { ...defaultVariantOptions, maxChanges: 2 });
        const { outcome, endsFlags } = report!;
        expect(report!.flags, source.text).toEqual(before);
        if (before.length > 0) expect(outcome.kind).not.toBe('nothing-to-do');
        for (const { changed } of outcome.kind === 'repairs' ? outcome.repairs : []) {
          expect(isExcluded(changed, 'lkmm'), changed.text).toBe(true);
          expect(flagsOf(changed).filter((flag) => endsFlags || !before.includes(flag))).toEqual([]);
          if (before.length > 0 && endsFlags) ended++;
        }
      }),
      { seed: 63, numRuns: 10 },
    );
    expect(ended).toBeGreaterThan(3);
  });
});

const seen = { weakenings: 0, larger: 0, repaired: 0, needless: 0, repairs: 0 };

describe('what is weaker', () => {
  it('allows all that was allowed', () => {
    fc.assert(
      fc.property(testOf(access), (source) => {
        const before = statesOf(source);
        const sites = findSites(source, defaultSiteOptions(null)).value!;
        for (const change of sites.flatMap(({ weaker }) => weaker)) {
          const changed = withChanges(source, [change]);
          const after = statesOf(changed);
          seen.weakenings++;
          for (const [model, states] of before) {
            const now = after.get(model)!;
            if (now.size > states.size) seen.larger++;
            const lost = [...states].filter((state) => !now.has(state));
            expect(lost, `${model}\n${changed.text}`).toEqual([]);
          }
        }
      }),
      { seed: 61, numRuns: 15 },
    );
  });
});

/** By the enumerator, without any of the search's techniques. */
function isExcluded(source: SourceFile, model: 'lkmm' | 'arm64' | 'x86'): boolean {
  const prepared = prepareTest(source).value!;
  const program = programIn(prepared, model, { atomics: 'lse' }).value!;
  const result = enumerateNaively(program, loadShippedModel(model), {
    mode: 'count',
    unroll: 2,
    expired: null,
  });
  return excludesUnwanted(decideVerdict(result), program.condition.quantifier);
}

function isExcludedBy(source: SourceFile, changes: readonly SlotOption[]): boolean {
  const changed = withChanges(source, changes);
  return (['lkmm', 'arm64', 'x86'] as const).every((model) => isExcluded(changed, model));
}

/** By the search, one change at a time. */
function isFoundExcluded(source: SourceFile, option: SlotOption): boolean {
  const report = runTest(withChanges(source, [option]), { ...defaultRunOptions, mode: 'verdict' });
  const runs = report.kind === 'test' ? report.models.filter(isRun) : [];
  expect(runs).toHaveLength(4);
  return runs.every(({ verdict }) => verdict === 'Never');
}

const name = (changes: readonly SlotOption[]): string => changes.map(({ what }) => what).join(' and ');

describe('a repair', () => {
  it('is one, and so is nothing less; no single change is missing', () => {
    fc.assert(
      fc.property(testOf(plain), (source) => {
        const { report } = findRepairs(source, {
          models: 'weak',
          unroll: 2,
          atomics: 'lse',
          macros: null,
          expired: null,
          maxChanges: 2,
        });
        const { outcome } = report!;
        if (outcome.kind === 'nothing-to-do') seen.needless++;
        if (outcome.kind !== 'repairs' && outcome.kind !== 'none') return;
        const repairs = outcome.kind === 'repairs' ? outcome.repairs : [];
        if (repairs.length > 0) seen.repaired++;
        seen.repairs += repairs.length;
        const program = prepareTest(source).value!.program;
        const slots = slotsOf(parseLitmus(source).value!, program, null, () => true);
        const singles = slots.flatMap(({ options }) => {
          const enough = options.filter((option) => isFoundExcluded(source, option));
          return enough.filter((a) => !enough.some((b) => b !== a && isWithin(b, a)));
        });
        const found = repairs.filter(({ changes }) => changes.length === 1);
        expect(found.map(({ changes }) => name(changes)).sort(), source.text).toEqual(
          singles.map((option) => name([option])).sort(),
        );
        for (const { changes } of repairs) {
          expect(isExcludedBy(source, changes), `${source.text}\n${name(changes)}`).toBe(true);
          if (changes.length === 2)
            for (const change of changes) expect(isExcludedBy(source, [change])).toBe(false);
        }
      }),
      { seed: 62, numRuns: 20 },
    );
  });
});

afterAll(() => {
  expect(seen.weakenings).toBeGreaterThan(30);
  expect(seen.larger).toBeGreaterThan(10);
  expect(seen.repaired).toBeGreaterThan(3);
  expect(seen.repairs).toBeGreaterThan(6);
});
