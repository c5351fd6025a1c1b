/**
 * Random tests with branches, jumps and loops: whatever a barrier at any place excludes, repair does not call hopeless, or a matter of
 * more changes than one.
 *
 * The places are those of the generator, which writes `@` wherever a statement may stand, with `<` and `>` for the braces that it
 * needs; slots have no part in it.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { SourceFile } from '../text/source.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { findRepairs } from './repair.js';

type Kind = 'read' | 'write' | 'update';

interface Access {
  readonly kind: Kind;
  readonly write: (cell: string, register: string, value: number) => string;
}

const access: fc.Arbitrary<Access> = fc.constantFrom<Access>(
  { kind: 'read', write: (c, r) => `${r} = READ_ONCE(*${c})` },
  { kind: 'read', write: (c, r) => `${r} = smp_load_acquire(${c})` },
  { kind: 'write', write: (c, _, v) => `WRITE_ONCE(*${c}, ${v})` },
  { kind: 'write', write: (c, _, v) => `WRITE_ONCE(*${c}, ${v})` },
  { kind: 'write', write: (c, _, v) => `smp_store_release(${c}, ${v})` },
  { kind: 'update', write: (c, r, v) => `${r} = xchg_relaxed(${c}, ${v})` },
);

/** Two accesses, the first of which runs before the second one. */
type Shape = (first: string, second: string, reads: boolean) => string;

const shapes: readonly Shape[] = [
  (a, b) => `${a};@ ${b};`,
  (a, b) => `${a};@\n\tif (r2)\n\t\t<@ ${b};>`,
  (a, b) => `${a};@\n\tif (r2)\n\t\t<goto out;>@\n\tWRITE_ONCE(*z, 1);@\nout:\n\t@ ${b};`,
  (a, b) => `${a};@\n\tif (!r2) {@\n\t\tWRITE_ONCE(*z, 1);@\n\t} else\n\t\t<@ ${b};>`,
  (a, b) => `do {\n\t\t${a};@\n\t\t${b};\n\t} while (0);`,
  (a, b) => `do {\n\t\t${a};@\n\t\tif (r2)\n\t\t\t<break;>@\n\t} while (0);@\n\t${b};`,
  (a, b) =>
    `${a};@\n\tswitch (r2) {\n\tcase 0:\n\t\tWRITE_ONCE(*z, 1);@\n\t\tbreak;\n\tdefault:@\n\t\t${b};\n\t}`,
  (a, b) => `for (i = 0; i < 2; i++) {@\n\t\t${b};@\n\t\t${a};@\n\t}`,
  (a, b) =>
    `for (i = 0; i < 2; i++) {@\n\t\tif (i) {@\n\t\t\t${b};\n\t\t\tcontinue;\n\t\t}@\n\t\t${a};@\n\t}`,
  (a, b) =>
    `for (i = 0; i < 2; i++) {@\n\t\tif (i)\n\t\t\t<@ ${b};>\n\t\telse {@\n\t\t\t${a};@\n\t\t\tcontinue;\n\t\t}\n\t}`,
  (a, b) => `again:\n\t@ ${b};@\n\t${a};@\n\ti++;\n\tif (i < 2)\n\t\t<@ goto again;>`,
  (a, b, reads) =>
    reads ? `if ((${a}) != 9)\n\t\t<@ ${b};>` : `${a};@\n\tif (READ_ONCE(*z) == 0)\n\t\t<@ ${b};>`,
];

interface Template {
  readonly threads: readonly string[];
  readonly question: string;
  /** With barriers at all places of one thread to begin with, as one change is seldom enough without. */
  readonly base: readonly [number | null, number | null];
}

const template: fc.Arbitrary<Template> = fc
  .record({
    accesses: fc.array(access, { minLength: 4, maxLength: 4 }),
    base: fc.constantFrom<Template['base']>([-1, -1], [null, -1], [-1, null]),
    shapes: fc.tuple(fc.nat({ max: shapes.length - 1 }), fc.nat({ max: shapes.length - 1 })),
  })
  .map(({ accesses, shapes: chosen, base }) => {
    const cells = [
      ['x', 'y'],
      ['y', 'x'],
    ] as const;
    const threads = [0, 1].map((i) => {
      const [a, b] = [accesses[2 * i]!, accesses[2 * i + 1]!];
      const code = shapes[chosen[i]!]!(
        a.write(cells[i]![0], 'r0', i + 1),
        b.write(cells[i]![1], 'r1', i + 1),
        a.kind !== 'write',
      );
      return code;
    });
    const asked = [1, 0].flatMap((thread) => {
      const [early, late] = [accesses[2 * (1 - thread)]!.kind, accesses[2 * thread + 1]!.kind];
      if (late !== 'write' && early !== 'read') return [`${thread}:r1=0`];
      if (late !== 'read' && early === 'read') return [`${1 - thread}:r0=${thread + 1}`];
      return late === 'write' && early === 'write' ? [`${cells[thread]![1]}=${2 - thread}`] : [];
    });
    return { threads, base, question: asked.length === 0 ? 'x=9' : asked.join(' /\\ ') };
  });

/** With barriers at the places that are chosen: `-1` none, without braces; else the place of that number; null all. */
function written({ threads, question }: Template, chosen: readonly (number | null)[]): SourceFile {
  const bodies = threads.map((code, thread) => {
    const choice = chosen[thread]!;
    let place = 0;
    const text = code
      .replace(/<(?! 2)/g, choice === -1 ? '' : '{ ')
      .replaceAll('>', choice === -1 ? '' : ' }')
      .replaceAll('@', () => (choice === null || place++ === choice ? ' smp_mb();' : ''));
    return `P${thread}(int *x, int *y, int *z)\n{\n\tint i = 0;\n\tint r0 = 5;\n\tint r1 = 5;\n\tint r2 = 1;\n\n\t${text}\n}\n`;
  });
  return { name: 'flow.litmus', text: `C flow\n\n{}\n\n${bodies.join('\n')}\nexists (${question})\n` };
}

function isExcluded(source: SourceFile): boolean {
  const report = runTest(source, { ...defaultRunOptions, mode: 'verdict', unroll: 3 });
  if (report.kind !== 'test') throw new Error(source.text);
  return report.models.filter(isRun).every(({ verdict }) => verdict === 'Never');
}

const seen = { repaired: 0, single: 0 };

describe('what barriers at any place exclude', () => {
  it('is repaired, by a single change if one is enough', () => {
    fc.assert(
      fc.property(template, (drawn) => {
        const source = written(drawn, drawn.base);
        const { report } = findRepairs(source, {
          models: 'weak',
          unroll: 3,
          atomics: 'lse',
          macros: null,
          expired: null,
          maxChanges: 2,
        });
        const { outcome, uncovered, limit } = report!;
        expect(limit, source.text).toBe(null);
        expect(uncovered, source.text).toEqual([]);
        if (outcome.kind === 'nothing-to-do' || outcome.kind === 'interleaving') return;
        const isFound = outcome.kind === 'repairs' || (outcome.kind === 'none' && outcome.larger !== null);
        expect(isFound, source.text).toBe(isExcluded(written(drawn, [null, null])));
        if (outcome.kind !== 'repairs') return;
        seen.repaired++;
        const sizes = outcome.repairs.map(({ changes }) => changes.length);
        for (const thread of [0, 1]) {
          if (drawn.base[thread] === null) continue;
          const only = (place: number | null): SourceFile =>
            written(drawn, thread === 0 ? [place, drawn.base[1]] : [drawn.base[0], place]);
          if (isExcluded(only(null))) expect(outcome.uselessAlone, source.text).not.toContain(`P${thread}`);
          const places = drawn.threads[thread]!.split('@').length - 1;
          for (let place = 0; place < places; place++) {
            if (!isExcluded(only(place))) continue;
            seen.single++;
            expect(Math.min(...sizes), only(place).text).toBe(1);
          }
        }
      }),
      { seed: 63, numRuns: 40 },
    );
  });
});

afterAll(() => {
  expect(seen.repaired).toBeGreaterThan(8);
  expect(seen.single).toBeGreaterThan(4);
});
