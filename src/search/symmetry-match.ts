/**
 * Whether two threads do the same but for the locations that each has for its own: the comparison behind symmetry.ts.
 *
 * Compares the threads' traces one by one and builds the renaming of locations on the way: where one thread mentions `a` and the other
 * `b`, the renaming must take `a` to `b`. So there is at most one renaming, and it is found without a search. What people see
 * of an event (its text and line) plays no part.
 */
import type { IntType, Location, Value } from '../program/value.js';
import { isLocation } from '../program/value.js';
import type { SymbolicValue } from '../unfold/symbol.js';
import type { Trace, TraceEdge, TraceEvent } from '../unfold/trace.js';

/** Two cells that differ by name only. Neighbours of others are told apart by address arithmetic. */
function isAlike(a: Location, b: Location): boolean {
  const cells = a.index >= 0 && b.index >= 0 && a.inRow === undefined && b.inRow === undefined;
  return cells && a.role === b.role && sameType(a.type, b.type);
}

function sameType(a: IntType | null, b: IntType | null): boolean {
  return a === b || (a !== null && b !== null && a.bits === b.bits && a.signed === b.signed);
}

function sameItems<T>(
  a: readonly T[],
  b: readonly T[],
  same: (x: T, y: T, index: number) => boolean,
): boolean {
  return a.length === b.length && a.every((x, index) => same(x, b[index]!, index));
}

const EDGES = [
  'addr',
  'data',
  'ctrl',
  'pickAddr',
  'pickData',
  'pickCtrl',
  'amo',
  'lxsx',
  'scaClass',
] as const satisfies readonly (keyof Trace)[];

function sameEdge(a: TraceEdge, b: TraceEdge): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** What is renamed so far, from the locations of one thread to those of the other. Of no use once a comparison has failed. */
export class Renaming {
  private readonly to = new Map<Location, Location>();
  private readonly from = new Map<Location, Location>();
  /** Parts of symbols are shared: each is compared once. */
  private readonly compared = new Map<SymbolicValue, SymbolicValue>();

  /** The locations that change their name, in the order in which they were met. */
  moved(): readonly (readonly [from: Location, to: Location])[] {
    return [...this.to].filter(([from, to]) => from !== to);
  }

  /** `finals`: the registers whose final values matter. */
  matchTraces(a: readonly Trace[], b: readonly Trace[], finals: readonly string[]): boolean {
    return sameItems(a, b, (x, y) => this.matchTrace(x, y, finals)) && this.matchInitials();
  }

  private matchTrace(a: Trace, b: Trace, finals: readonly string[]): boolean {
    return (
      (a.cut === null) === (b.cut === null) &&
      sameItems(a.events, b.events, (x, y) => this.matchEvent(x, y)) &&
      EDGES.every((kind) => sameItems(a[kind], b[kind], sameEdge)) &&
      sameItems(a.constraints, b.constraints, (x, y) => this.matchSymbol(x, y)) &&
      finals.every((name) => this.matchOptional(a.registers.get(name), b.registers.get(name)))
    );
  }

  private matchEvent(a: TraceEvent, b: TraceEvent): boolean {
    return (
      a.kind === b.kind &&
      a.beside === b.beside &&
      sameType(a.type, b.type) &&
      sameItems(a.tags, b.tags, (x, y) => x === y) &&
      this.matchOptional(a.address, b.address) &&
      this.matchOptional(a.value, b.value)
    );
  }

  private matchOptional(a: SymbolicValue | null | undefined, b: SymbolicValue | null | undefined): boolean {
    if (a == null || b == null) return a === b;
    return this.matchSymbol(a, b);
  }

  private matchSymbol(a: SymbolicValue, b: SymbolicValue): boolean {
    if (a.kind === 'const') return b.kind === 'const' && this.matchValue(a.value, b.value);
    if (a.kind === 'read') return b.kind === 'read' && a.event === b.event;
    if (this.compared.get(a) === b) return true;
    const same = this.matchParts(a, b);
    if (same) this.compared.set(a, b);
    return same;
  }

  private matchParts(a: SymbolicValue, b: SymbolicValue): boolean {
    if (a.kind === 'unary')
      return (
        b.kind === 'unary' &&
        a.op === b.op &&
        sameType(a.type, b.type) &&
        this.matchSymbol(a.operand, b.operand)
      );
    if (a.kind === 'binary')
      return (
        b.kind === 'binary' &&
        a.op === b.op &&
        sameType(a.type, b.type) &&
        this.matchSymbol(a.left, b.left) &&
        this.matchSymbol(a.right, b.right)
      );
    if (a.kind === 'convert')
      return b.kind === 'convert' && sameType(a.type, b.type) && this.matchSymbol(a.operand, b.operand);
    return (
      a.kind === 'select' &&
      b.kind === 'select' &&
      this.matchSymbol(a.condition, b.condition) &&
      this.matchSymbol(a.then, b.then) &&
      this.matchSymbol(a.otherwise, b.otherwise)
    );
  }

  private matchValue(a: Value, b: Value): boolean {
    if (!isLocation(a) || !isLocation(b)) return a === b;
    const [to, from] = [this.to.get(a), this.from.get(b)];
    if (to !== undefined || from !== undefined) return to === b && from === a;
    if (a !== b && !isAlike(a, b)) return false;
    this.to.set(a, b);
    this.from.set(b, a);
    return true;
  }

  /** What a renamed location holds at first is renamed with it; that may rename more. */
  private matchInitials(): boolean {
    for (const [from, to] of this.to)
      if (from !== to && !this.matchValue(from.initial, to.initial)) return false;
    return true;
  }
}

/** The locations that a thread's traces mention, as addresses or as values. */
export function mentionedLocations(traces: readonly Trace[]): ReadonlySet<Location> {
  const mentioned = new Set<Location>();
  const seen = new Set<SymbolicValue>();
  const visit = (symbol: SymbolicValue | null): void => {
    if (symbol === null || seen.has(symbol)) return;
    seen.add(symbol);
    if (symbol.kind === 'const' && isLocation(symbol.value)) mentioned.add(symbol.value);
    if (symbol.kind === 'unary' || symbol.kind === 'convert') visit(symbol.operand);
    if (symbol.kind === 'binary') for (const part of [symbol.left, symbol.right]) visit(part);
    if (symbol.kind === 'select')
      for (const part of [symbol.condition, symbol.then, symbol.otherwise]) visit(part);
  };
  for (const trace of traces) {
    for (const event of trace.events) for (const symbol of [event.address, event.value]) visit(symbol);
    for (const symbol of [...trace.constraints, ...trace.registers.values()]) visit(symbol);
  }
  return mentioned;
}
