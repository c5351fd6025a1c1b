/**
 * Estimates what a plan (program-plan.ts) costs the naive enumerator, so that random programs stay small.
 *
 * Test support.
 */
import type { Place, Statement } from './program-plan.js';

/** How much a program makes a naive enumerator enumerate; paths are counted as if all were feasible. */
export class EnumerationCost {
  accesses = 0;
  paths = 1;
  /** Reads and writes by cell; key -1 is a cell chosen at run time. */
  readonly reads = new Map<string, number>();
  readonly writes = new Map<string, number>();

  private static count(map: Map<string, number>, key: string): void {
    map.set(key, (map.get(key) ?? 0) + 1);
  }

  private access(place: Place | string, reads: boolean, writes: boolean, cells: number): void {
    this.accesses += Number(reads) + Number(writes);
    const key =
      typeof place === 'string' ? place : place.chosenBy === null ? String(place.cell % cells) : '?';
    if (reads) EnumerationCost.count(this.reads, key);
    if (writes) EnumerationCost.count(this.writes, key);
  }

  add(s: Statement, cells: number): void {
    switch (s.kind) {
      case 'load':
        this.access(s.place, true, false, cells);
        return;
      case 'spin':
        for (let turn = 0; turn < 3; turn++) this.access(String(s.cell % cells), true, true, cells);
        return;
      case 'wait':
        // up to three turns, as an unroll bound of 2 allows
        for (let turn = 0; turn < (s.announced === null ? 1 : 3); turn++) {
          this.access(String(s.cell % cells), true, false, cells);
          if (s.announced !== null) this.access(String(s.announced.cell % cells), false, true, cells);
        }
        return;
      case 'store':
        this.access(s.place, false, true, cells);
        return;
      case 'rmw':
        this.access(s.place, true, true, cells);
        if (s.shape === 'compare' || s.shape === 'unless') this.paths *= 2;
        return;
      case 'if':
        this.paths *= 2;
        for (const inner of [...s.taken, ...s.otherwise]) this.add(inner, cells);
        return;
      case 'return':
        this.paths *= 2;
        return;
      case 'section':
        if (s.srcu) this.access('structure', true, true, cells);
        for (const inner of s.body) this.add(inner, cells);
        return;
      case 'critical':
      case 'trylock':
        this.access('lock', true, true, cells);
        this.access('lock', false, true, cells);
        if (s.kind === 'trylock') this.paths *= 2;
        for (const inner of s.body) this.add(inner, cells);
        return;
      case 'publish':
        this.access('pointer', false, true, cells);
        return;
      case 'follow':
        this.access('pointer', true, false, cells);
        this.access('?', s.dst !== null, s.dst === null, cells);
        if (s.guarded) this.paths *= 2;
        return;
      case 'pair':
        for (const offset of [0, 1])
          this.access(String((s.cell + offset) % cells), s.values === null, s.values !== null, cells);
        return;
      case 'exclusive':
        this.access(String(s.cells.loaded % cells), true, false, cells);
        this.access(String(s.cells.stored % cells), false, true, cells);
        this.paths *= 2;
        if (s.between !== null) this.add(s.between, cells);
        return;
      case 'repeat':
        for (let turn = 0; turn < s.times; turn++) for (const inner of s.body) this.add(inner, cells);
        return;
      case 'fence':
      case 'grace-period':
      case 'assign':
      case 'assume':
        return;
    }
  }

  get candidates(): number {
    const anywhere = this.writes.get('?') ?? 0;
    let total = this.paths;
    for (const [key, count] of this.reads) {
      const all = [...this.writes.values()].reduce((sum, n) => sum + n, 0);
      const sources = key === '?' ? all + 1 : (this.writes.get(key) ?? 0) + anywhere + 1;
      total *= sources ** count;
    }
    for (const count of this.writes.values()) for (let k = 2; k <= count; k++) total *= k;
    return total;
  }
}
