/**
 * The naive axiomatic enumerator: every path of every thread, every reads-from map, every coherence order; the model
 * evaluated on each whole execution. No pruning, no sharing, no cleverness.
 *
 * What models choose themselves (`with co from ...`) is in reference-choices.ts.
 *
 * It stands beside the search (search.ts) with the same result type, to be compared with it on small programs; it must
 * stay short and obviously right. Definitions: Alglave, Maranget, Tautschnig, "Herding Cats" (TOPLAS 2014), sections 3-4.
 */
import type { CompiledModel } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import { convertValue, isTrue } from '../program/arithmetic.js';
import type { Program } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { cellAt, isLocation, type Location, showValue, type Value } from '../program/value.js';
import { EventSet, Relation } from '../relation/relation.js';
import {
  type Execution,
  type ExecutionEvent,
  environmentOf,
  type FinalState,
  type RaisedFlag,
  type SearchOptions,
  type SearchResult,
} from '../search/execution.js';
import { evaluateSymbol, NO_VALUE, type SymbolicValue } from '../unfold/symbol.js';
import type { Trace, TraceEdge, TraceEvent } from '../unfold/trace.js';
import { defaultUnfoldOptions, unfoldProgram } from '../unfold/unfold.js';
import { type Ordering, orderingFor, withEveryChoice } from './reference-choices.js';

/** All ways to choose one item of each list, in lexicographic order. */
export function* choices<T>(lists: readonly (readonly T[])[]): Generator<readonly T[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const item of first) for (const others of choices(rest)) yield [item, ...others];
}

export function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, k) => k !== i)).map((others) => [item, ...others]),
  );
}

/** An event before values are known. `offset` is the id of the first event of its thread's trace. */
interface Slot {
  readonly id: number;
  readonly thread: number;
  readonly offset: number;
  /** Null: an initial write, to `initial`. */
  readonly event: TraceEvent | null;
  readonly initial: Location | null;
  /** What an event of a lock says of it, 1 if taken, where the model orders locks itself: then it is no access. Else null. */
  readonly lock: number | null;
}

const lockValues: Readonly<Record<string, number>> = { LKR: 0, LKW: 1, UL: 0, LF: 1, RL: 1, RU: 0 };

/** The locations that some event may access: those of constant addresses, or all if an address is computed. */
function accessed(program: Program, traces: readonly Trace[]): readonly Location[] {
  const addresses = traces.flatMap((t) => t.events.flatMap((e) => (e.address === null ? [] : [e.address])));
  return program.locations.filter((l) => addresses.some((a) => a.kind !== 'const' || a.value === l));
}

function layOut(program: Program, traces: readonly Trace[], ordering: Ordering): readonly Slot[] {
  const slots: Slot[] = accessed(program, traces).map((initial, id) => ({
    id,
    thread: -1,
    offset: 0,
    event: null,
    initial,
    lock: null,
  }));
  for (const trace of traces) {
    const offset = slots.length;
    for (const event of trace.events) {
      const said = event.tags.map((tag) => lockValues[tag]).find((value) => value !== undefined);
      const lock = ordering === 'all' ? null : (said ?? null);
      slots.push({ id: slots.length, thread: trace.thread, offset, event, initial: null, lock });
    }
  }
  return slots;
}

function isRead({ event, lock }: Slot): boolean {
  return event?.kind === 'read' && lock === null;
}

/** Initial writes included. */
function isWrite({ event, lock }: Slot): boolean {
  return (event?.kind ?? 'write') === 'write' && lock === null;
}

/** What a choice of traces and of a source for each read determines. */
interface Resolved {
  /** By event; undefined for fences. */
  readonly values: readonly (Value | undefined)[];
  /** By event; null for fences, but those about an object. */
  readonly locations: readonly (Location | null)[];
  readonly finalRegisters: readonly ReadonlyMap<string, Value>[];
}

/** `inconsistent`: no execution at all. `fault`: one that breaks off at an address or a value that does not exist. */
type Resolution = Resolved | 'inconsistent' | 'fault';

/** Values by iteration: a write's from its reads, a read's from its write, in the read's type. */
function propagateValues(
  slots: readonly Slot[],
  sourceOf: ReadonlyMap<number, number>,
): readonly (Value | undefined | typeof NO_VALUE)[] {
  const values: (Value | undefined)[] = slots.map((slot) => slot.initial?.initial ?? slot.lock ?? undefined);
  const nonexistent = new Set<number>();
  for (const _ of slots) {
    for (const { id, event, offset } of slots) {
      const source = sourceOf.get(id);
      const value = source !== undefined ? values[source] : undefined;
      if (value !== undefined) values[id] = convertValue(value, event!.type!);
      if (event?.kind !== 'write') continue;
      const stored = evaluateSymbol(event.value!, values, offset);
      if (stored === NO_VALUE) nonexistent.add(id);
      else values[id] = stored;
    }
  }
  return values.map((value, id) => (nonexistent.has(id) ? NO_VALUE : value));
}

/**
 * Inconsistent if some event keeps no value (a cycle through reads-from), a path constraint is false, or a read and its
 * write disagree on the location; else a fault if some address is no location or some expression has no value.
 */
function resolve(
  traces: readonly Trace[],
  slots: readonly Slot[],
  sourceOf: ReadonlyMap<number, number>,
): Resolution {
  const propagated = propagateValues(slots, sourceOf);
  const values = propagated.map((value) => (value === NO_VALUE ? undefined : value));
  let faulty = propagated.includes(NO_VALUE);
  const evaluate = (symbol: SymbolicValue, offset: number): Value | undefined => {
    const value = evaluateSymbol(symbol, values, offset);
    if (value === NO_VALUE) faulty = true;
    return value === NO_VALUE ? undefined : value;
  };
  const locations = slots.map(({ event, initial, offset }): Location | null => {
    const address =
      event === null ? initial! : event.address === null ? null : evaluate(event.address, offset);
    if (address === null || address === undefined) return null;
    const cell = cellAt(address);
    const isWhole = event?.type == null || cell?.type.bits === event.type.bits;
    if (cell === null || !isWhole) faulty = true;
    return isWhole ? cell : null;
  });
  for (const [read, write] of sourceOf)
    if (locations[read] !== null && locations[read] !== locations[write]) return 'inconsistent';
  const finalRegisters: ReadonlyMap<string, Value>[] = [];
  for (const trace of traces) {
    const offset = offsetOf(slots, trace);
    for (const constraint of trace.constraints) {
      const value = evaluate(constraint, offset);
      if (value !== undefined && !isTrue(value)) return 'inconsistent';
    }
    const registers = [...trace.registers].map(([name, symbol]) => [name, evaluate(symbol, offset)] as const);
    finalRegisters.push(
      new Map(registers.flatMap(([name, v]) => (v === undefined ? [] : [[name, v] as const]))),
    );
  }
  if (faulty) return 'fault';
  const known = slots.every(({ id, event }) => event?.kind === 'fence' || values[id] !== undefined);
  return known ? { values, locations, finalRegisters } : 'inconsistent';
}

function offsetOf(slots: readonly Slot[], trace: Trace): number {
  return slots.find((slot) => slot.thread === trace.thread)?.offset ?? 0;
}

function relationWhere(n: number, keep: (a: number, b: number) => boolean): Relation {
  const relation = new Relation(n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) if (keep(a, b)) relation.add(a, b);
  return relation;
}

/**
 * The predefined relations that traces alone decide. Initial writes count as one more thread: `int` to each other, `ext` to
 * the rest, and in no program order.
 */
function relationsOfTraces(traces: readonly Trace[], slots: readonly Slot[]): readonly [string, Relation][] {
  const n = slots.length;
  const thread = (event: number): number => slots[event]!.thread;
  const within = (pick: (trace: Trace) => readonly TraceEdge[]): Relation =>
    Relation.of(
      n,
      traces.flatMap((trace) => {
        const offset = offsetOf(slots, trace);
        return pick(trace).map(([from, to]) => [offset + from, offset + to] as const);
      }),
    );
  const pairs = (pick: (trace: Trace) => readonly TraceEdge[]): Relation =>
    Relation.of(
      n,
      within(pick)
        .pairs()
        .filter(([read]) => slots[read]!.lock === null),
    );
  return [
    ['id', relationWhere(n, (a, b) => a === b)],
    ['int', relationWhere(n, (a, b) => thread(a) === thread(b))],
    ['ext', relationWhere(n, (a, b) => thread(a) !== thread(b))],
    [
      'po',
      relationWhere(
        n,
        (a, b) => thread(a) >= 0 && thread(a) === thread(b) && a < b && !isBeside(slots[a]!, slots[b]!),
      ),
    ],
    ['addr', within((t) => t.addr)],
    ['data', within((t) => t.data)],
    ['ctrl', within((t) => t.ctrl)],
    ['pick-addr', within((t) => t.pickAddr)],
    ['pick-data', within((t) => t.pickData)],
    ['pick-ctrl', within((t) => t.pickCtrl)],
    ['amo', pairs((t) => t.amo)],
    ['lxsx', pairs((t) => t.lxsx)],
    ['sca-class', within((t) => t.scaClass)],
    ['rmw', pairs((t) => [...t.amo, ...t.lxsx])],
  ];
}

/** Whether two events are the two loads or the two stores of one instruction. */
function isBeside(first: Slot, second: Slot): boolean {
  const beside = second.event?.beside;
  return beside !== undefined && second.offset + beside === first.id;
}

/** Those that the sources of the reads decide. Fences have no location. */
function relationsOfSources(
  locations: readonly (Location | null)[],
  sourceOf: ReadonlyMap<number, number>,
): readonly [string, Relation][] {
  const n = locations.length;
  return [
    ['loc', relationWhere(n, (a, b) => locations[a] !== null && locations[a] === locations[b])],
    ['rf', relationWhere(n, (a, b) => sourceOf.get(b) === a)],
  ];
}

/** `orders` are the writes of each location in coherence order. */
function coherenceRelation(n: number, orders: readonly (readonly number[])[]): Relation {
  return Relation.of(
    n,
    orders.flatMap((order) =>
      order.flatMap((from, i) => order.slice(i + 1).map((to): readonly [number, number] => [from, to])),
    ),
  );
}

/** Initial writes before the others of their location, last writes after the others. */
function knownOrder(
  slots: readonly Slot[],
  locations: readonly (Location | null)[],
  last: ReadonlySet<number>,
): Relation {
  return relationWhere(
    slots.length,
    (a, b) =>
      isWrite(slots[a]!) &&
      isWrite(slots[b]!) &&
      locations[a] === locations[b] &&
      ((slots[a]!.event === null && slots[b]!.event !== null) || (!last.has(a) && last.has(b))),
  );
}

/** Fences have no value. */
function differentValues(values: readonly (Value | undefined)[]): Relation {
  return relationWhere(
    values.length,
    (a, b) => values[a] !== undefined && values[b] !== undefined && compareValues(values[a], values[b]) !== 0,
  );
}

function predefinedSets(slots: readonly Slot[], traces: readonly Trace[]): Map<string, EventSet> {
  const n = slots.length;
  const where = (keep: (slot: Slot) => boolean): EventSet =>
    EventSet.of(
      n,
      slots.filter(keep).map((slot) => slot.id),
    );
  const pairs = traces.flatMap((trace) => {
    const offset = offsetOf(slots, trace);
    return [...trace.amo, ...trace.lxsx].flat().map((event) => event + offset);
  });
  const isLock = (event: number): boolean =>
    slots[event]!.event!.tags.some((tag) => tag === 'LKR' || tag === 'LKW');
  // Lock acquisitions are pairs but no atomics of the model; the read of a failed atomic is in no pair, but tagged.
  const failed = slots.filter((slot) => slot.event?.tags.includes('RMW')).map((slot) => slot.id);
  const sets = new Map([
    ['R', where(isRead)],
    ['W', where(isWrite)],
    ['M', where((slot) => isRead(slot) || isWrite(slot))],
    ['F', where((slot) => slot.event?.kind === 'fence')],
    ['IW', where((slot) => slot.event === null)],
    ['RMW', EventSet.of(n, [...pairs.filter((event) => !isLock(event)), ...failed])],
  ]);
  for (const tag of new Set(slots.flatMap((slot) => slot.event?.tags ?? []).filter((tag) => tag !== 'RMW')))
    sets.set(
      tag,
      where((slot) => slot.event?.tags.includes(tag) === true),
    );
  return sets;
}

function describeEvents(slots: readonly Slot[], resolved: Resolved): readonly ExecutionEvent[] {
  return slots.map(({ id, thread, event }) => ({
    id,
    thread,
    kind: event?.kind ?? 'write',
    location: resolved.locations[id]!,
    value: resolved.values[id] ?? null,
    tags: event?.tags ?? [],
    source: event?.source ?? null,
    instruction: event?.instruction ?? -1,
  }));
}

/** The values of Program.observed: final registers, and in each location its last write. */
function finalValues(
  program: Program,
  resolved: Resolved,
  orders: readonly (readonly number[])[],
): readonly Value[] {
  return program.observed.map((observable) => {
    if (observable.kind === 'register')
      return resolved.finalRegisters[observable.thread]!.get(observable.name) ?? 0;
    const last = orders.find((order) => resolved.locations[order[0]!] === observable.location)?.at(-1);
    return last === undefined ? observable.location.initial : resolved.values[last]!;
  });
}

/** Whether a read may be from a write as far as constant addresses tell: only saves listing what `resolve` rejects. */
function mayMeet(write: Slot, read: Slot): boolean {
  const to = read.event!.address!;
  const from =
    write.event === null ? ({ kind: 'const', value: write.initial! } as const) : write.event.address!;
  return from.kind !== 'const' || to.kind !== 'const' || from.value === to.value;
}

/** The sources of the reads, by read: every choice. */
function* readsFromMaps(slots: readonly Slot[]): Generator<ReadonlyMap<number, number>> {
  const [reads, writes] = [slots.filter(isRead), slots.filter(isWrite)];
  for (const sources of choices(reads.map((read) => writes.filter((write) => mayMeet(write, read)))))
    yield new Map(reads.map((read, i) => [read.id, sources[i]!.id]));
}

/** Ways to order the writes of a location after its initial write; only to end, if only that is listed. */
function ordersOfLocation(others: readonly number[], ordering: Ordering): readonly (readonly number[])[] {
  if (ordering === 'all') return permutations(others);
  return ordering === 'none' || others.length === 0 ? [[]] : others.map((last) => [last]);
}

/** Every candidate execution of one choice of traces, one for each reads-from map and what is listed of coherence. */
function* executionsOf(program: Program, traces: readonly Trace[], ordering: Ordering): Generator<Execution> {
  const slots = layOut(program, traces, ordering);
  const initials = slots.filter((slot) => slot.event === null);
  const stores = slots.filter((slot) => slot.event !== null && isWrite(slot));
  const sets = predefinedSets(slots, traces);
  const ofTraces = relationsOfTraces(traces, slots);
  for (const sourceOf of readsFromMaps(slots)) {
    const resolved = resolve(traces, slots, sourceOf);
    if (typeof resolved === 'string') continue;
    const { locations } = resolved;
    const events = describeEvents(slots, resolved);
    const ofSources = relationsOfSources(locations, sourceOf);
    // final writes: of the locations that the question is about
    const isAsked = (write: number): boolean =>
      program.observed.some((o) => o.kind === 'location' && o.location === locations[write]);
    const ordersOf = initials.map(({ id: first }) => {
      const others = stores.filter(({ id }) => locations[id] === locations[first]).map(({ id }) => id);
      const listed = ordering === 'all' || isAsked(first) ? ordering : 'none';
      return ordersOfLocation(others, listed).map((order) => [first, ...order]);
    });
    for (const orders of choices(ordersOf)) {
      const last = new Set(orders.flatMap((order) => order.slice(-1)).filter(isAsked));
      const base = new Map([
        ...ofTraces,
        ...ofSources,
        ['co', coherenceRelation(slots.length, orders)],
        ['co0', knownOrder(slots, locations, last)],
        ['different-value', differentValues(resolved.values)],
      ]);
      const finals = finalValues(program, resolved, orders);
      const withLast = new Map([...sets, ['FW', EventSet.of(slots.length, last)]]);
      yield { program, events, base, sets: withLast, finals, chosen: [] };
    }
  }
}

/** The paths of a program's threads, and the limit that cut some off, if one did. */
function pathsOf(program: Program, unroll: number) {
  const { threads, limit } = unfoldProgram(program, { ...defaultUnfoldOptions, unroll });
  const cut = threads.flatMap((thread) => thread.traces).find((trace) => trace.cut !== null)?.cut ?? null;
  const complete = threads.map((thread) => thread.traces.filter((trace) => trace.cut === null));
  return { combinations: choices(complete), limit: limit ?? cut };
}

/** Every candidate execution of a program, for models of this ordering, and the limit that cut some paths off, if one did. */
export function candidateExecutions(
  program: Program,
  unroll: number,
  ordering: Ordering = 'all',
): { readonly executions: Generator<Execution>; readonly limit: string | null } {
  const { combinations, limit } = pathsOf(program, unroll);
  function* all(): Generator<Execution> {
    for (const traces of combinations) yield* executionsOf(program, traces, ordering);
  }
  return { executions: all(), limit };
}

/** Whether some choice of paths and sources, apart from its faults consistent, breaks off at a fault (under any model). */
export function mayFault(program: Program, unroll: number): boolean {
  for (const traces of pathsOf(program, unroll).combinations) {
    const slots = layOut(program, traces, 'all');
    for (const sourceOf of readsFromMaps(slots))
      if (resolve(traces, slots, sourceOf) === 'fault') return true;
  }
  return false;
}

/** Integers by value, before addresses by name. */
function compareValues(a: Value, b: Value): number {
  if (isLocation(a) || isLocation(b)) {
    if (isLocation(a) && isLocation(b)) return a.index - b.index;
    return isLocation(a) ? 1 : -1;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareStates(a: FinalState, b: FinalState): number {
  for (const [i, value] of a.values.entries()) {
    const order = compareValues(value, b.values[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Judges executions by a model of their ordering, and sums up those it allows. */
export function judgeNaively(
  program: Program,
  model: CompiledModel,
  listed: Iterable<Execution>,
  limit: string | null,
): SearchResult {
  function* executions(): Generator<Execution> {
    for (const execution of listed) yield* withEveryChoice(model, execution);
  }
  const states = new Map<string, FinalState>();
  const flags = new Map<string, RaisedFlag>();
  let [positive, negative, candidates] = [0, 0, 0];
  for (const execution of executions()) {
    const { finals } = execution;
    if (program.filter !== null && !evaluateProposition(program.filter, finals)) continue;
    candidates++;
    const { failed, raised } = evaluateModel(model, environmentOf(execution));
    if (failed.length > 0) continue;
    for (const { name } of raised) if (!flags.has(name)) flags.set(name, { name, witness: () => execution });
    const satisfies = evaluateProposition(program.condition.proposition, finals);
    if (satisfies) positive++;
    else negative++;
    const key = finals.map(showValue).join(' ');
    const known = states.get(key) ?? { values: finals, satisfies, executions: 0, witness: () => execution };
    states.set(key, { ...known, executions: (known.executions ?? 0) + 1 });
  }
  return {
    states: [...states.values()].sort(compareStates),
    satisfying: [...states.values()].filter(({ satisfies }) => satisfies).length,
    positive,
    negative,
    flags: [...flags.values()],
    limit,
    candidates,
  };
}

/**
 * The result that the search must give in count mode; in the other modes, a search must find the same states (outcomes),
 * or whether some state satisfies the proposition and whether some does not (verdict). Honours `unroll` only.
 */
export function enumerateNaively(
  program: Program,
  model: CompiledModel,
  options: SearchOptions,
): SearchResult {
  const { executions, limit } = candidateExecutions(program, options.unroll, orderingFor(model));
  return judgeNaively(program, model, executions, limit);
}
