/**
 * Whether a thread gets to where a loop is cut off while others wait for what it does after that.
 *
 * Beyond combinations.ts, which takes whole paths of the other threads: one that waits for a value of the loop's later turns has none
 * that could be completed, and yet the loop goes on. So the others may also be begun, and wait at a read that their path
 * restricts. Such a combination has no outcome either; it is judged as all executions that are begun are (Plan.persistent).
 *
 * An execution that goes beyond a cut has a beginning in which one thread is there and every event has what it reads from; the
 * others are each before a read that waits, or at their end, since whoever waits for nothing can go on and read the latest
 * write. This takes for granted that no thread gets to the cut by what another writes only because of what comes after that same
 * cut. Where that is not shown of the model (kept-dependencies.ts), the answer is open without a look. Reads that nobody needs
 * are left out, so that a beginning ends with a write.
 */
import type { Program } from '../program/ir.js';
import { collectReads, type SymbolicValue, sameSymbol } from '../unfold/symbol.js';
import type { Trace, Unfolded } from '../unfold/trace.js';
import { traceCombinations } from './combinations.js';
import { keepsDependencies } from './kept-dependencies.js';
import type { Plan } from './plan.js';
import type { Recognised } from './recognise.js';
import { partOf } from './trace-part.js';

function lastRead(symbol: SymbolicValue): number {
  const reads = new Set<number>();
  collectReads(symbol, reads);
  return Math.max(-1, ...reads);
}

function isNegated(symbol: SymbolicValue): symbol is Extract<SymbolicValue, { kind: 'unary' }> {
  return symbol.kind === 'unary' && symbol.op === '!';
}

/**
 * Whether two paths that meet the same conditions part by these: on a branch, all whose reads are made before, or in an
 * instruction that reads (after a fence perhaps) and has a path for each case.
 */
function areBothCases(a: Trace, ofA: SymbolicValue, b: Trace, ofB: SymbolicValue): boolean {
  const parting = a.events.findIndex((event, index) => event !== b.events[index]);
  const common = parting < 0 ? a.events.length : parting;
  const [readA, readB] = [lastRead(ofA), lastRead(ofB)];
  if (common > Math.max(readA, readB))
    return (
      (isNegated(ofA) && sameSymbol(ofA.operand, ofB)) || (isNegated(ofB) && sameSymbol(ofB.operand, ofA))
    );
  const instruction = a.events[common]?.instruction;
  const isInOne = [b.events[common], a.events[readA], b.events[readB]].every(
    (event) => event?.instruction === instruction,
  );
  return isInOne && Math.max(readA, readB) <= common + 1 && isNegated(ofA) !== isNegated(ofB);
}

/**
 * By path: the reads that may have to wait for a value, those of conditions whose other case no path has. It is a turn of a loop that
 * changes nothing, a lock that is taken, or what a test assumes.
 */
function waitingReads(traces: readonly Trace[]): ReadonlyMap<Trace, ReadonlySet<number>> {
  const waiting = new Map(traces.map((trace) => [trace, new Set<number>()]));
  const pending = [{ alike: traces, met: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { alike, met } = next;
    const byCondition = new Map<SymbolicValue, Trace[]>();
    for (const trace of alike) {
      const condition = trace.constraints[met];
      if (condition === undefined) continue;
      const known = byCondition.get(condition);
      if (known === undefined) byCondition.set(condition, [trace]);
      else known.push(trace);
    }
    for (const [condition, group] of byCondition) {
      for (const trace of group)
        if (![...byCondition].some(([other, [first]]) => areBothCases(trace, condition, first!, other)))
          collectReads(condition, waiting.get(trace)!);
      pending.push({ alike: group, met: met + 1 });
    }
  }
  return waiting;
}

/** The first `length` events of a trace; its registers are not known then. */
function begin(trace: Trace, length: number): Trace {
  return {
    ...partOf(trace, [...trace.events.keys()].slice(0, length)),
    constraints: trace.constraints.filter((symbol) => lastRead(symbol) < length),
    met: trace.met.filter((_, index) => lastRead(trace.constraints[index]!) < length),
  };
}

/** The beginnings of a thread's paths, each once. Paths share the events and conditions that they have before they part. */
function beginnings(traces: readonly Trace[]): Trace[] {
  const found = new Map<Trace['events'][number] | null, Trace[]>();
  for (const [trace, reads] of waitingReads(traces)) {
    const lengths = new Set<number>();
    for (const read of reads)
      lengths.add(trace.events.findLastIndex(({ kind }, event) => event < read && kind === 'write') + 1);
    for (const length of lengths) {
      const begun = begin(trace, length);
      const alike = found.get(begun.events.at(-1) ?? null) ?? [];
      const isKnown = alike.some(
        ({ constraints }) =>
          constraints.length === begun.constraints.length &&
          constraints.every((symbol, index) => symbol === begun.constraints[index]),
      );
      if (!isKnown) found.set(begun.events.at(-1) ?? null, [...alike, begun]);
    }
  }
  return [...found.values()].flat();
}

/** The bound that cut a path off that a thread may get to by what comes after it; null: there is none such. */
export function openCut(program: Program, unfolded: Unfolded, plan: Plan, unroll: number): string | null {
  const cuts = unfolded.threads.flatMap(({ traces }) => traces.flatMap(({ cut }) => cut ?? []));
  return cuts[0] === undefined || keepsDependencies(program, unfolded, plan, unroll) ? null : cuts[0];
}

/**
 * Combinations of a cut trace with traces of the others of which one is begun or more, each once; null stands for one that is
 * passed over, so that who takes them can stop in between.
 */
export function* waitingCombinations(
  program: Program,
  { threads }: Unfolded,
  bareLocks: boolean,
  recognised: Pick<Recognised, 'coherent' | 'atomicity'>,
): Generator<readonly Trace[] | null> {
  if (threads.every(({ traces }) => traces.every(({ cut }) => cut === null))) return;
  const begun = threads.map(({ traces }) => beginnings(traces));
  const isBegun = new Set(begun.flat());
  for (const [index, { traces }] of threads.entries()) {
    const cut = traces.filter((trace) => trace.cut !== null);
    if (cut.length === 0) continue;
    const chosen = threads.map((thread, other) => {
      if (other === index) return { ...thread, traces: cut };
      const whole = other < index ? thread.traces.filter((trace) => trace.cut === null) : thread.traces;
      return { ...thread, traces: [...begun[other]!, ...whole] };
    });
    const unfolded = { threads: chosen, limit: null };
    for (const combination of traceCombinations(program, unfolded, null, null, bareLocks, recognised))
      yield combination.some((trace) => isBegun.has(trace)) ? combination : null;
  }
}
