/** Some events of a trace with what is between them: as they are in each execution that has them. */
import type { Trace, TraceEdge } from '../unfold/trace.js';

/** The events at these places, which ascend; no conditions are asked of them, and registers are not known then. */
export function partOf(trace: Trace, places: readonly number[]): Trace {
  const placeOf = new Map(places.map((event, place) => [event, place]));
  const within = (edges: readonly TraceEdge[]): TraceEdge[] =>
    edges.flatMap(([from, to]): TraceEdge[] => {
      const [a, b] = [placeOf.get(from), placeOf.get(to)];
      return a === undefined || b === undefined ? [] : [[a, b]];
    });
  return {
    thread: trace.thread,
    events: places.map((event) => {
      const { beside, ...alone } = trace.events[event]!;
      const other = beside === undefined ? undefined : placeOf.get(beside);
      return other === undefined ? alone : { ...alone, beside: other };
    }),
    addr: within(trace.addr),
    data: within(trace.data),
    ctrl: within(trace.ctrl),
    pickAddr: within(trace.pickAddr),
    pickData: within(trace.pickData),
    pickCtrl: within(trace.pickCtrl),
    amo: within(trace.amo),
    lxsx: within(trace.lxsx),
    scaClass: within(trace.scaClass),
    constraints: [],
    met: [],
    registers: new Map(),
    cut: null,
  };
}
