/** The figures of a fuzz run. */
import type { End } from './check.js';
import type { FuzzKind } from './inputs.js';
import { type Finding, type FuzzBatch, faultFamily } from './job.js';

const ends = ['verdicts', 'errors', 'limits'] as const satisfies readonly End[];

export class FuzzSummary {
  private readonly counts = new Map<FuzzKind, Record<End | 'faults', number>>();
  private readonly families = new Map<string, number>();
  private slowest = { seconds: 0, index: 0 };
  /** Live heap after a collection, by how many inputs the worker had done. */
  private readonly heaps: { readonly served: number; readonly heap: number }[] = [];
  inputs = 0;
  faults = 0;

  constructor(private readonly start: number) {}

  private of(kind: FuzzKind): Record<End | 'faults', number> {
    const known = this.counts.get(kind) ?? { verdicts: 0, errors: 0, limits: 0, faults: 0 };
    this.counts.set(kind, known);
    return known;
  }

  add(batch: FuzzBatch): void {
    for (const [kind, counts] of Object.entries(batch.ends))
      for (const end of ends) {
        this.of(kind as FuzzKind)[end] += counts[end] ?? 0;
        this.inputs += counts[end] ?? 0;
      }
    if (batch.slowest.seconds > this.slowest.seconds) this.slowest = batch.slowest;
    this.heaps.push({ served: batch.served, heap: batch.heap });
  }

  /** Counts a finding; whether it is one of the first of its family. */
  isNew({ kind, what }: Finding): boolean {
    this.inputs++;
    this.faults++;
    this.of(kind).faults++;
    const family = faultFamily(what);
    const before = this.families.get(family) ?? 0;
    this.families.set(family, before + 1);
    return before < 5;
  }

  line(now: number): string {
    const heap = this.heaps.at(-1)?.heap ?? 0;
    const seconds = (now - this.start) / 1000;
    return `${this.inputs} inputs, ${this.faults} faults, ${seconds.toFixed(0)} s, heap ${heap.toFixed(0)} MB`;
  }

  /** The least that was live in a tenth of the run, for the first tenth after the start-up and the last. */
  private growth(): string {
    const { heaps } = this;
    const tenth = Math.max(1, Math.floor(heaps.length / 10));
    const least = (from: number) => Math.min(...heaps.slice(from, from + tenth).map(({ heap }) => heap));
    const first = least(Math.min(tenth, heaps.length - 1));
    const last = least(heaps.length - tenth);
    return `live heap ${first.toFixed(1)} MB in the second tenth of the run, ${last.toFixed(1)} MB in the last`;
  }

  text(now: number): string {
    const rows = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const cell = (value: number | string) => String(value).padStart(9);
    const head = ['inputs', ...ends, 'faults'].map(cell).join('');
    const lines = rows.map(([kind, counts]) => {
      const cells = [...ends, 'faults' as const].map((end) => counts[end]);
      return `${kind.padEnd(10)}${[cells.reduce((a, b) => a + b, 0), ...cells].map(cell).join('')}`;
    });
    const families = [...this.families].map(([family, count]) => `  ${count} x ${family}`);
    const seconds = (now - this.start) / 1000;
    return [
      `${''.padEnd(10)}${head}`,
      ...lines,
      `${this.inputs} inputs in ${seconds.toFixed(0)} s; the slowest, ${this.slowest.index}, took ${this.slowest.seconds.toFixed(1)} s`,
      this.growth(),
      ...(families.length === 0 ? ['nothing found'] : ['found:', ...families]),
      '',
    ].join('\n');
  }
}
