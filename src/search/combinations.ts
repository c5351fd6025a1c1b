/**
 * Chooses one trace for each thread, dropping combinations in which some read can get no value that its path needs.
 *
 * For each read, "some thread must be able to write this": a write of the chosen traces or of any trace of a thread not
 * chosen yet, to the same (or an open) address, whose value (or an open one) satisfies the constraints on that read
 * alone. The test over-approximates what can be read, so nothing feasible is dropped. Where a model orders locks itself, their events
 * read nothing and demand nothing. Read-modify-writes must moreover find a write each (update-sources.ts).
 */
import { convertValue, isTrue } from '../program/arithmetic.js';
import type { Program } from '../program/ir.js';
import type { Value } from '../program/value.js';
import { collectReads, evaluateSymbol, NO_VALUE, type SymbolicValue } from '../unfold/symbol.js';
import type { Trace, Unfolded } from '../unfold/trace.js';
import type { SearchProgress } from './progress.js';
import type { Recognised } from './recognise.js';
import { lockValue, staticLocation, UNRESOLVED } from './skeleton.js';
import { mayTake, type Symmetry } from './symmetry.js';
import { type Demand, haveOwnSources, type TraceWrite, type Updating } from './update-sources.js';

/** What a trace may write: by location, constant values; `open` if some value or address is not constant. */
interface Supply {
  readonly values: ReadonlyMap<number, ReadonlySet<Value>>;
  readonly openLocations: ReadonlySet<number>;
  readonly openAddress: boolean;
}

interface Profile extends Updating {
  readonly trace: Trace;
  readonly demands: readonly Demand[];
  readonly supply: Supply;
}

function demandsOf(trace: Trace, bareLocks: boolean): Demand[] {
  const byRead = new Map<number, SymbolicValue[]>();
  for (const symbol of trace.constraints) {
    const reads = new Set<number>();
    collectReads(symbol, reads);
    const [only] = reads;
    if (reads.size !== 1 || only === undefined) continue;
    byRead.set(only, [...(byRead.get(only) ?? []), symbol]);
  }
  return [...byRead].flatMap(([read, symbols]) => {
    const event = trace.events[read]!;
    if (bareLocks && lockValue(event) !== null) return [];
    const location = staticLocation(event.address!, event.type);
    if (location === UNRESOLVED) return [];
    const values: (Value | undefined)[] = [];
    const admits = (value: Value): boolean => {
      values[read] = convertValue(value, event.type!);
      return symbols.every((symbol) => {
        const result = evaluateSymbol(symbol, values, 0);
        return result === undefined || result === NO_VALUE || isTrue(result);
      });
    };
    return [{ read, location, admits }];
  });
}

function supplyOf(trace: Trace): Supply {
  const values = new Map<number, Set<Value>>();
  const openLocations = new Set<number>();
  let openAddress = false;
  for (const event of trace.events) {
    if (event.kind !== 'write') continue;
    const location = staticLocation(event.address!, event.type);
    if (location === UNRESOLVED) openAddress = true;
    else if (event.value!.kind !== 'const') openLocations.add(location);
    else {
      const set = values.get(location) ?? new Set();
      set.add(event.value!.value);
      values.set(location, set);
    }
  }
  return { values, openLocations, openAddress };
}

/** Those demands that are of read-modify-writes of one location, each of which begins when those before have ended. */
function updatesAmong(demands: readonly Demand[], { amo, lxsx, events }: Trace): Demand[] {
  const updates: Demand[] = [];
  let ended = -1;
  for (const demand of [...demands].sort((a, b) => a.read - b.read)) {
    const pair = [...amo, ...lxsx].find(([from, to]) => {
      const { address, type } = events[to]!;
      return from === demand.read && staticLocation(address!, type) === demand.location;
    });
    if (pair === undefined || demand.read < ended) continue;
    updates.push(demand);
    ended = pair[1];
  }
  return updates;
}

function writesOf({ events }: Trace): TraceWrite[] {
  return events.flatMap(({ kind, address, type, value }, event) => {
    if (kind !== 'write') return [];
    const location = staticLocation(address!, type);
    return [{ event, location, value: value!.kind === 'const' ? value!.value : null }];
  });
}

class Chooser {
  private readonly byThread: Profile[][];
  private readonly verdicts = new Map<Demand, Map<Value, boolean>>();

  constructor(
    private readonly program: Program,
    unfolded: Unfolded,
    private readonly progress: SearchProgress | null,
    private readonly symmetry: Symmetry | null,
    bareLocks: boolean,
    isAtomic: boolean,
  ) {
    this.byThread = unfolded.threads.map((t) =>
      t.traces.map((trace) => {
        const demands = demandsOf(trace, bareLocks);
        const updates = isAtomic ? updatesAmong(demands, trace) : [];
        return { trace, demands, supply: supplyOf(trace), updates, writes: writesOf(trace) };
      }),
    );
  }

  private readonly initial = (location: number): Value | null =>
    this.program.locations[location]?.initial ?? null;

  private readonly admits = (demand: Demand, value: Value): boolean => {
    let known = this.verdicts.get(demand);
    if (known === undefined) {
      known = new Map();
      this.verdicts.set(demand, known);
    }
    let verdict = known.get(value);
    if (verdict === undefined) {
      verdict = demand.admits(value);
      known.set(value, verdict);
    }
    return verdict;
  };

  private supplies(supply: Supply, demand: Demand): boolean {
    if (supply.openAddress || supply.openLocations.has(demand.location)) return true;
    for (const value of supply.values.get(demand.location) ?? []) if (this.admits(demand, value)) return true;
    return false;
  }

  /** Whether the demand can be met by the initial value, the chosen traces, or any remaining trace. */
  private canBeMet(
    demand: Demand,
    chosen: readonly Profile[],
    remaining: readonly (readonly Profile[])[],
  ): boolean {
    const initial = this.program.locations[demand.location];
    if (initial === undefined || this.admits(demand, initial.initial)) return true;
    return (
      chosen.some((p) => this.supplies(p.supply, demand)) ||
      remaining.some((profiles) => profiles.some((p) => this.supplies(p.supply, demand)))
    );
  }

  /** Removes traces whose demands nobody can meet, until nothing changes. */
  prune(): void {
    for (let changed = true; changed; ) {
      changed = false;
      this.byThread.forEach((profiles, thread) => {
        const others = this.byThread.filter((_, index) => index !== thread);
        const kept = profiles.filter((p) => p.demands.every((d) => this.canBeMet(d, [p], others)));
        if (kept.length === profiles.length) return;
        this.byThread[thread] = kept;
        changed = true;
      });
    }
  }

  *choose(chosen: readonly Profile[] = []): Generator<readonly Trace[]> {
    const next = this.byThread[chosen.length];
    if (next === undefined) {
      yield chosen.map((p) => p.trace);
      return;
    }
    const remaining = this.byThread.slice(chosen.length + 1);
    for (const [index, profile] of next.entries()) {
      this.progress?.enter(chosen.length, index, next.length);
      if (this.symmetry !== null && !mayTake(this.symmetry, profile.trace, chosen)) continue;
      const now = [...chosen, profile];
      if (!now.every((p) => p.demands.every((d) => this.canBeMet(d, now, remaining)))) continue;
      if (haveOwnSources(now, remaining, this.initial, this.admits)) yield* this.choose(now);
    }
  }
}

/**
 * All combinations of traces, one for each thread in thread order, that pass the test above; in a defined order. They are the first
 * levels of the search, one for each thread. Of those that differ by a symmetry, the first. `bareLocks`: the model orders locks itself.
 */
export function* traceCombinations(
  program: Program,
  unfolded: Unfolded,
  progress: SearchProgress | null,
  symmetry: Symmetry | null,
  bareLocks: boolean,
  { coherent, atomicity }: Pick<Recognised, 'coherent' | 'atomicity'>,
): Generator<readonly Trace[]> {
  const isAtomic = coherent && atomicity !== 'none';
  const chooser = new Chooser(program, unfolded, progress, symmetry, bareLocks, isAtomic);
  chooser.prune();
  yield* chooser.choose();
}
