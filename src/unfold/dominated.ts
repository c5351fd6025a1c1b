/**
 * Leaves out traces that say nothing new: those with the same events, values and conditions as another, and all of its
 * dependencies or more.
 *
 * They come from compare-and-swaps whose result nobody's order depends on. Where dependencies only forbid, what such a trace
 * allows the other one allows too.
 */
import { sameSymbol } from './symbol.js';
import type { Trace, TraceEdge, TraceEvent } from './trace.js';

const DEPENDENCIES = ['addr', 'data', 'ctrl', 'pickAddr', 'pickData', 'pickCtrl'] as const;

function sameEvent(a: TraceEvent, b: TraceEvent): boolean {
  const same = (x: TraceEvent['address'], y: TraceEvent['address']): boolean =>
    x === null || y === null ? x === y : sameSymbol(x, y);
  return (
    a.instruction === b.instruction &&
    a.kind === b.kind &&
    a.tags.length === b.tags.length &&
    same(a.address, b.address) &&
    same(a.value, b.value)
  );
}

/** Whether two traces differ in dependencies at most. */
function sameButDependencies(a: Trace, b: Trace): boolean {
  return (
    a.cut === b.cut &&
    a.amo.length === b.amo.length &&
    a.lxsx.length === b.lxsx.length &&
    a.constraints.length === b.constraints.length &&
    a.registers.size === b.registers.size &&
    a.events.every((event, i) => sameEvent(event, b.events[i]!)) &&
    a.constraints.every((constraint, i) => sameSymbol(constraint, b.constraints[i]!)) &&
    [...a.registers].every(([name, symbol]) => {
      const other = b.registers.get(name);
      return other !== undefined && sameSymbol(symbol, other);
    })
  );
}

function includesAll(edges: readonly TraceEdge[], others: readonly TraceEdge[]): boolean {
  return others.every(([from, to]) => edges.some(([f, t]) => f === from && t === to));
}

/** Whether `weaker` allows all that `trace` allows. */
function isDominated(trace: Trace, weaker: Trace): boolean {
  return (
    DEPENDENCIES.every((name) => includesAll(trace[name], weaker[name])) && sameButDependencies(trace, weaker)
  );
}

/** The traces of one thread without the dominated ones, in the same order; of equal ones the first stays. */
export function withoutDominated(traces: readonly Trace[]): readonly Trace[] {
  const groups = new Map<string, Trace[]>();
  for (const trace of traces) {
    const key = trace.events.map(({ instruction, kind }) => `${instruction}${kind[0]}`).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trace]);
    else if (!group.some((other) => isDominated(trace, other))) {
      const stronger = group.filter((other) => isDominated(other, trace));
      groups.set(key, [...group.filter((other) => !stronger.includes(other)), trace]);
    }
  }
  const kept = new Set([...groups.values()].flat());
  return traces.filter((trace) => kept.has(trace));
}
