import { describe, expect, it } from 'vitest';
import { countsOf, type MutationSummary, summarize } from './barrier-guards.js';
import { mutateTest } from './mutate-test.js';
import { mutationObject } from './mutation-json.js';
import { renderMutation } from './mutation-text.js';
import { messagePassing, mutatedSample, type Sample } from './sample-mutations.js';

const never = 'Result: Never';

function file(name: string, sample: Sample): Sample {
  return { ...sample, file: `litmus/${name}.litmus` };
}

function summaryOf(...samples: readonly Sample[]): MutationSummary {
  return summarize(samples.map((sample) => mutatedSample(sample)));
}

/** `a P0 smp_wmb(): guarded (own)`. */
function shown({ guards }: MutationSummary): readonly string[] {
  return guards.map(({ test, barrier, forms, status }) => {
    const name = test.file.replace(/^litmus\/|\.litmus$/g, '');
    const kinds = forms.map((form) => (form.kind === 'elsewhere' ? `by ${form.file}` : form.kind));
    return `${name} ${barrier.thread} ${barrier.statement}: ${status} (${kinds.join(', ')})`;
  });
}

const guarded = file('guarded', messagePassing('smp_wmb();', 'smp_rmb();', [never]));
/** Its reader is in no order, so that no barrier of its writer helps. */
const unordered = file('unordered', messagePassing('smp_wmb();', ';', ['Result: Sometimes']));

describe('a barrier', () => {
  it('is guarded by its own test, or by another that has it', () => {
    expect(shown(summaryOf(guarded, unordered))).toEqual([
      'guarded P0 smp_wmb(): guarded (own)',
      'guarded P1 smp_rmb(): guarded (own)',
      'unordered P0 smp_wmb(): guarded (by litmus/guarded.litmus)',
    ]);
    expect(shown(summaryOf(unordered))).toEqual(['unordered P0 smp_wmb(): unguarded (unguarded)']);
  });

  it('is guarded in part if a weaker form would do', () => {
    const strong = file('strong', messagePassing('smp_mb();', 'smp_rmb();', [never]));
    expect(shown(summaryOf(strong))[0]).toBe('strong P0 smp_mb(): in-part (own, unguarded, own)');
  });

  it('is the same in a sketch and in C', () => {
    const text = [
      'Sketch s',
      '(* Result: Sometimes *)',
      '{ }',
      ' CPU0 (publish()) | CPU1       ;',
      ' [W] x = 1        | r0 = [R] y ;',
      ' MB               | r1 = [R] x ;',
      ' [W] y = 1        |            ;',
      'exists (CPU1:r0=1 /\\ CPU1:r1=0)',
      '',
    ].join('\n');
    const strong = file('strong', messagePassing('smp_mb();', 'smp_rmb();', [never]));
    const { test } = mutateTest({ name: 'litmus/s.litmus', text });
    const summary = summarize([mutatedSample(strong), test!]);
    expect(shown(summary)[2]).toBe(
      's CPU0 MB: in-part (by litmus/strong.litmus, unguarded, by litmus/strong.litmus)',
    );
  });

  it('is neither guarded nor unguarded if a limit leaves it open, here or in the test that may guard it', () => {
    const late = { ...mutatedSample(guarded, { expiry: () => () => true }) };
    const summary = summarize([late, mutatedSample(unordered)]);
    expect(shown(summary)).toEqual([
      'guarded P0 smp_wmb(): open (open)',
      'guarded P1 smp_rmb(): open (open)',
      'unordered P0 smp_wmb(): open (open)',
    ]);
    expect(summary.silentModels).toEqual([]);
    expect(renderMutation(summary, { all: false })).toContain('not known for a limit');
  });
});

describe('a set of tests', () => {
  it('may guard more if some of them are missing', () => {
    const nameless = file('nameless', messagePassing('smp_wmb();', ';', ['Result: Sometimes'], [null, null]));
    const tests = [unordered, nameless].map((sample) => mutatedSample(sample));
    expect(shown(summarize(tests, 'interrupted'))).toEqual([
      'unordered P0 smp_wmb(): open (open)',
      'nameless P0 smp_wmb(): unguarded (unguarded)',
    ]);
  });
});

describe('a declaration', () => {
  const declared = (name: string, sample: Sample, line: string): Sample =>
    file(name, { ...sample, comment: [...sample.comment, line] });

  it('is counted apart, and for its own test alone', () => {
    const said = declared('said', unordered, 'Unguarded: P0 smp_wmb(): shown to be no help');
    const summary = summaryOf(said, unordered);
    expect(shown(summary)).toEqual([
      'said P0 smp_wmb(): declared (declared)',
      'unordered P0 smp_wmb(): unguarded (unguarded)',
    ]);
    expect(summary.idle).toEqual([]);
    expect(countsOf(summary)).toEqual({
      barriers: { guarded: 0, 'in-part': 0, unguarded: 1, open: 0, declared: 1 },
      weakenings: 2,
      noticed: 0,
    });
  });

  it('may be about one form', () => {
    const strong = messagePassing('smp_mb();', 'smp_rmb();', [never]);
    const said = declared('said', strong, 'Unguarded: P0 smp_mb() -> smp_wmb(): enough');
    const summary = summaryOf(said);
    expect(shown(summary)[0]).toBe('said P0 smp_mb(): declared (own, declared, own)');
    expect(summary.idle).toEqual([]);
  });

  it('is stale if its test notices, and needless if another one does', () => {
    const stale = declared('stale', guarded, 'Unguarded: P0 smp_wmb(): not true');
    const needless = declared('needless', unordered, 'Unguarded: P0 smp_wmb(): another one notices');
    const summary = summaryOf(stale, needless);
    expect(summary.idle.map(({ test, kind, file }) => [test.file, kind, file])).toEqual([
      ['litmus/stale.litmus', 'stale', 'litmus/stale.litmus'],
      ['litmus/needless.litmus', 'needless', 'litmus/stale.litmus'],
    ]);
  });
});

describe('the report', () => {
  const strong = file('strong', {
    ...messagePassing('smp_mb();', 'smp_rmb();', [never, 'Result(x86): Never']),
  });
  const said = file('said', {
    ...messagePassing('', 'smp_rmb();', [
      'Result: Sometimes',
      'Unguarded: P1 smp_rmb(): no help to a reader alone',
    ]),
    threads: [
      { label: 'other()', code: ['WRITE_ONCE(*x, 1);', 'WRITE_ONCE(*y, 1);'] },
      {
        label: null,
        code: ['int r0;', 'int r1;', 'r0 = READ_ONCE(*y);', 'smp_rmb();', 'r1 = READ_ONCE(*x);'],
      },
    ],
  });
  const stale = file('stale', { ...guarded, comment: [never, 'Unguarded: P0 smp_wmb(): not true'] });
  const wrong = file('wrong', messagePassing('smp_wmb();', 'smp_rmb();', ['Result: Sometimes']));
  const quiet = file('quiet', messagePassing('smp_wmb();', ';', [], ['nobody()', null]));

  it('says what is unguarded first, and sums up', () => {
    const text = renderMutation(summaryOf(strong, said, stale, wrong, quiet), { all: false });
    expect(text).toMatchInlineSnapshot(`
      "Not as expected as they stand (\`fencepost check\`), so that nothing was tried:

        litmus/wrong.litmus: Never under lkmm

      Unguarded: no expectation notices if these are weakened

      smp_mb() in publish() between the write of x and the write of y
        litmus/strong.litmus:14 P0 smp_mb()
          as smp_wmb(): Never under lkmm and x86, as expected

      smp_wmb() in nobody() between the write of x and the write of y
        litmus/quiet.litmus:12 P0 smp_wmb()
          removed: the test expects nothing

      Declarations in the comments of tests that are not true, or not needed:

        litmus/stale.litmus:5: P0 smp_wmb(): not true any more: the test notices its
        removal. Remove the line.

      Declared unguarded by the comments of their tests:

        litmus/said.litmus:22 P1 smp_rmb()
          no help to a reader alone

      Tests that notice nothing:

        litmus/said.litmus
        litmus/quiet.litmus (expects nothing)

      Models that notice nothing: x86

      5 of 8 weakenings noticed (62 %). 6 barriers in 5 tests: 3 guarded, 1 guarded in
      part, 1 unguarded, 1 declared unguarded.
      "
    `);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('lists everything with --all', () => {
    expect(renderMutation(summaryOf(strong), { all: true })).toMatchInlineSnapshot(`
      "litmus/strong.litmus

        P0:14 smp_mb() as smp_rmb(): noticed
          Sometimes under lkmm, Never under x86
        P0:14 smp_mb() as smp_wmb(): unguarded
          Never under lkmm and x86
        P0:14 smp_mb() removed: noticed
          Sometimes under lkmm, Never under x86
        P1:24 smp_rmb() removed: noticed
          Sometimes under lkmm, Never under x86

      Unguarded: no expectation notices if this is weakened

      smp_mb() in publish() between the write of x and the write of y
        litmus/strong.litmus:14 P0 smp_mb()
          as smp_wmb(): Never under lkmm and x86, as expected

      Models that notice nothing: x86

      3 of 4 weakenings noticed (75 %). 2 barriers in 1 test: 1 guarded, 1 guarded in
      part.
      "
    `);
  });

  it('is an object for scripts', () => {
    const object = mutationObject(summaryOf(strong, said, stale, wrong, quiet));
    expect(object.summary).toMatchInlineSnapshot(`
      {
        "barriers": {
          "declared": 1,
          "guarded": 3,
          "inPart": 1,
          "open": 0,
          "unguarded": 1,
        },
        "noticed": 5,
        "tests": 5,
        "weakenings": 8,
      }
    `);
    expect(object.tests[0]?.barriers[0]).toMatchInlineSnapshot(`
      {
        "declarations": [],
        "functions": [
          "publish",
        ],
        "line": 14,
        "primitive": "smp_mb()",
        "statement": "smp_mb()",
        "status": "in-part",
        "thread": "P0",
        "weakenings": [
          {
            "answers": {
              "lkmm": {
                "found": "Sometimes",
                "limit": null,
                "noticed": true,
              },
              "x86": {
                "found": "Never",
                "limit": null,
                "noticed": false,
              },
            },
            "by": null,
            "guard": "own",
            "limit": null,
            "to": "smp_rmb()",
          },
          {
            "answers": {
              "lkmm": {
                "found": "Never",
                "limit": null,
                "noticed": false,
              },
              "x86": {
                "found": "Never",
                "limit": null,
                "noticed": false,
              },
            },
            "by": null,
            "guard": "unguarded",
            "limit": null,
            "to": "smp_wmb()",
          },
          {
            "answers": {
              "lkmm": {
                "found": "Sometimes",
                "limit": null,
                "noticed": true,
              },
              "x86": {
                "found": "Never",
                "limit": null,
                "noticed": false,
              },
            },
            "by": null,
            "guard": "own",
            "limit": null,
            "to": null,
          },
        ],
      }
    `);
    expect(object.tests.map(({ noticesNothing, failing }) => [noticesNothing, failing.length])).toEqual([
      [false, 0],
      [true, 0],
      [false, 0],
      [false, 1],
      [true, 0],
    ]);
    expect(JSON.parse(JSON.stringify(object))).toEqual(object);
  });

  it('has a plain end where there is nothing to weaken', () => {
    const nothing = file('nothing', messagePassing(';', ';', ['Result: Sometimes']));
    expect(renderMutation(summaryOf(nothing), { all: false })).toBe(
      '0 of 0 weakenings noticed. 0 barriers in 1 test: nothing to weaken.\n',
    );
  });
});
