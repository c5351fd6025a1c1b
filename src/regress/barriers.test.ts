/** What the answers of the project's own tests depend on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../text/source.js';
import { type BarriersReport, findBarriers } from './barriers.js';
import { barriersObject } from './barriers-json.js';
import { describeNeed, placeOf, renderBarriers } from './barriers-text.js';
import { defaultVariantOptions } from './variants.js';

const litmus = fileURLToPath(new URL('../../litmus', import.meta.url));

function fileAt(path: string): SourceFile {
  return { name: `${path}.litmus`, text: readFileSync(join(litmus, `${path}.litmus`), 'utf8') };
}

function barriersOf(source: SourceFile, plain = false): BarriersReport {
  const { report } = findBarriers(source, { ...defaultVariantOptions, plain });
  return report!;
}

function needs({ sites, held, models }: BarriersReport): string[] {
  return sites.map(
    ({ site, need }) => `${placeOf(site)} ${site.primitive}: ${describeNeed(need, held, models)}`,
  );
}

/** Two increments under a lock; the question is one that no order changes. */
const counter = `C counter

{}

P0(spinlock_t *l, int *x)
{
	spin_lock(l);
	int r0 = *x;
	*x = r0 + 1;
	spin_unlock(l);
}

P1(spinlock_t *l, int *x)
{
	int r0;
	spin_lock(l);
	r0 = *x;
	*x = r0 + 1;
	spin_unlock(l);
}

exists (x=0)
`;

describe('barriers', () => {
  it.each([
    [
      'blocked-on-vs-state/fix-mb-between',
      [
        'P0:30 raw_spin_lock() ... raw_spin_unlock(): redundant',
        'P0:32 smp_mb(): needed only on lkmm and arm64; smp_wmb() is enough',
        'P1:43 raw_spin_lock() ... raw_spin_unlock(): redundant',
        'P1:45 smp_rmb(): needed only on lkmm and arm64',
      ],
    ],
    [
      'ttwu-vs-schedule/sleep-wake',
      [
        'P0:32 set_current_state(): needed',
        'P1:42 raw_spin_lock() ... raw_spin_unlock(): needed only on lkmm and x86',
        'P1:43 smp_mb__after_spinlock(): needed only on lkmm and arm64',
      ],
    ],
    [
      'assembly/arm64-race-dmb-ishst',
      ['P0:20 DMB ISHST: needed', 'P0:22 DMB ISH: redundant', 'P1:19 DMB ISHLD: needed'],
    ],
    ['assembly/x86-lock-add', ['P0:13 lock addl: needed', 'P1:13 lock addl: needed']],
  ])('%s', (path, expected) => {
    const report = barriersOf(fileAt(path));
    expect(report.limit).toBe(null);
    expect(needs(report)).toEqual(expected);
  });

  it('finds what is redundant only while another one stays', () => {
    const report = barriersOf(fileAt('wound-wait/wound-vs-block'));
    expect(new Set(report.sites.map(({ need }) => need.kind))).toEqual(new Set(['redundant']));
    expect(report.redundantTogether).toBe(false);
    const pairs = report.alternatives.map(
      ({ sites, models }) => `${sites.map(placeOf).join(' ')}: ${models.join(' ')}`,
    );
    expect(pairs).toContain('P1:50 P1:52: lkmm arm64 x86');
    expect(pairs).toContain('P0:34 P0:40: lkmm arm64');
  });

  it('says that nothing is needed for what is allowed anyway', () => {
    const report = barriersOf(fileAt('deactivate/no-running-check'));
    expect(report.sites).toEqual([]);
    expect(renderBarriers(report, { width: 80 })).toContain('allowed as it is, so no barrier is needed');
  });

  it('makes accesses plain where that is asked for', () => {
    const without = barriersOf(fileAt('blocked-on-vs-state/fix-release'));
    const report = barriersOf(fileAt('blocked-on-vs-state/fix-release'), true);
    expect(report.sites.length).toBeGreaterThan(without.sites.length);
    const forms = report.sites.flatMap(({ trials }) => trials.map(({ change }) => change.to));
    expect(forms).toContain('a plain access');
  });

  it('is a table for people', () => {
    expect(renderBarriers(barriersOf(fileAt('blocked-on-vs-state/fix-wmb')), { width: 80 })).toBe(
      [
        'blocked-on-vs-state+fix-wmb: exists (1:state=2 /\\ 1:blocked_on=0)',
        '',
        '                                               lkmm       arm64      x86',
        'as it is                                       Never      Never      Never',
        '',
        'P0:27 raw_spin_lock(&p->blocked_lock) ... 31   redundant',
        '  removed                                      Never      Never      Never',
        '',
        'P0:29 smp_wmb()                                needed only on lkmm and arm64',
        '  removed                                      Sometimes  Sometimes  Never',
        '',
        'P0:30 set_current_state(TASK_UNINTERRUPTIBLE)  redundant',
        '  __set_current_state()                        Never      Never      Never',
        '',
        'P1:40 raw_spin_lock(&p->pi_lock) ... 44        redundant',
        '  removed                                      Never      Never      Never',
        '',
        'P1:42 smp_rmb()                                needed only on lkmm and arm64',
        '  removed                                      Sometimes  Sometimes  Never',
        '',
        'All that is redundant can go at once.',
        '"Redundant" is about the question of this test: other code may need the order.',
        '',
      ].join('\n'),
    );
  });

  it('needs what only keeps plain accesses from racing', () => {
    const report = barriersOf({ name: 'counter.litmus', text: counter });
    expect(needs(report)).toEqual([
      'P0:7 spin_lock() ... spin_unlock(): needed only on lkmm: without it, data-race',
      'P1:16 spin_lock() ... spin_unlock(): needed only on lkmm: without it, data-race',
    ]);
    expect(report.redundantTogether).toBe(null);
    const rendered = renderBarriers(report, { width: 100 });
    expect(rendered).toContain('removed                  Never, data-race  Never      Never\n');
    expect(rendered).toContain('it may move plain accesses (P0:8)');
    const [site] = barriersObject(report).sites;
    expect(site?.withoutIt).toEqual(['data-race']);
    expect(site?.weaker[0]?.flags).toEqual({ lkmm: ['data-race'] });
  });

  it('shows the flags of the test as it is, which do not count', () => {
    const text = counter
      .replaceAll(/\tspin_(?:un)?lock\(l\);\n/g, '')
      .replace('r0 + 1;', 'r0 + 1;\n\tsmp_mb();');
    const report = barriersOf({ name: 'counter.litmus', text });
    expect(needs(report)).toEqual(['P0:9 smp_mb(): redundant']);
    const rendered = renderBarriers(report, { width: 100 });
    expect(rendered).toMatch(/as it is +Never, data-race {2}Never {6}Never\n/);
    expect(rendered).toContain('The test raises data-race under lkmm as it is');
  });

  it('says that a forall fails, not that an outcome is allowed', () => {
    const source = fileAt('blocked-on-vs-state/race');
    const text = source.text.replace('exists (1:r0=1 /\\ 1:r1=0)', 'forall (1:r0=0 \\/ 1:r1=1)');
    expect(renderBarriers(barriersOf({ ...source, text }), { width: 200 })).toContain(
      'On lkmm and arm64 the forall fails as it is',
    );
  });

  it('is an object for scripts', () => {
    const object = barriersObject(barriersOf(fileAt('assembly/arm64-race-dmb-ishst')));
    expect(object.sites[0]).toEqual({
      thread: 'P0',
      line: 20,
      primitive: 'DMB ISHST',
      ends: [],
      statement: 'DMB ISHST',
      summary: 'needed',
      needed: ['arm64'],
      enough: [],
      withoutIt: [],
      weaker: [{ to: null, verdicts: { arm64: 'Sometimes' }, flags: {} }],
    });
    expect(JSON.parse(JSON.stringify(object))).toEqual(object);
  });

  it('says that a limit leaves it open', () => {
    let asked = 0;
    const { report } = findBarriers(fileAt('wound-wait/wound-vs-block'), {
      ...defaultVariantOptions,
      plain: false,
      expired: () => ++asked > 60,
    });
    expect(report?.limit).toMatch(/time limit/);
    expect(report?.sites.some(({ need }) => need.kind === 'unknown')).toBe(true);
  });
});

describe('a limit', () => {
  it('at whatever moment never leaves a report that reads as complete, and is not', () => {
    const source = fileAt('ttwu-vs-schedule/wake-q-full-cmpxchg');
    const verdict = ({ sites, alternatives, redundantTogether }: BarriersReport): unknown => [
      sites.map(({ need }) => need),
      alternatives,
      redundantTogether,
    ];
    let asked = 0;
    const within = (calls: number): BarriersReport => {
      asked = 0;
      const expired = (): boolean => ++asked > calls;
      return findBarriers(source, { ...defaultVariantOptions, plain: false, expired }).report!;
    };
    const whole = within(Number.POSITIVE_INFINITY);
    const all = asked;
    expect(whole.limit).toBeNull();
    const reports = Array.from({ length: 40 }, (_, i) => within(Math.floor((all * i) / 40)));
    expect(reports.some(({ limit }) => limit !== null)).toBe(true);
    for (const report of reports) if (report.limit === null) expect(verdict(report)).toEqual(verdict(whole));
  });
});
