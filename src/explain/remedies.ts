/**
 * What would order a pair of accesses, and is not there: the primitives that fit, each tried on the execution.
 *
 * The catalogue has only the names; that a primitive helps is never assumed but evaluated under the model at hand
 * (`hypothetical.ts`). The weakest fence that does it is proposed, beside the annotation and the dependency that do.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Dialect } from '../program/ir.js';
import { type Execution, type ExecutionEvent, environmentOf } from '../search/execution.js';
import { eventAt } from './cycle.js';
import { accessTags, type Change, isOrdinary, wouldForbid } from './hypothetical.js';
import type { Speech } from './speech.js';
import type { OrderedPair } from './unordered-pairs.js';

/** Something to write into the test, and what it changes. */
export interface Remedy {
  /** `smp_wmb() between them`, `smp_store_release() at P0:14`. */
  readonly text: string;
  readonly change: Change;
}

interface Fence {
  readonly tag: string;
  /** In kernel C; null: no C primitive is this. */
  readonly primitive: string | null;
  readonly instruction: string;
  /** What it is meant for: from reads or writes, to reads or writes. */
  readonly from: 'read' | 'write' | null;
  readonly to: 'read' | 'write' | null;
}

/** The fences of each dialect, the weaker before the stronger; the last orders all that a fence can. */
const fences: Readonly<Record<Dialect, readonly Fence[]>> = {
  lkmm: [
    { tag: 'Wmb', primitive: 'smp_wmb()', instruction: 'smp_wmb()', from: 'write', to: 'write' },
    { tag: 'Rmb', primitive: 'smp_rmb()', instruction: 'smp_rmb()', from: 'read', to: 'read' },
    { tag: 'Mb', primitive: 'smp_mb()', instruction: 'smp_mb()', from: null, to: null },
  ],
  arm64: [
    { tag: 'DMB.ISHST', primitive: 'smp_wmb()', instruction: 'DMB ISHST', from: 'write', to: 'write' },
    { tag: 'DMB.ISHLD', primitive: 'smp_rmb()', instruction: 'DMB ISHLD', from: 'read', to: 'read' },
    { tag: 'DMB.ISHLD', primitive: null, instruction: 'DMB ISHLD', from: 'read', to: 'write' },
    { tag: 'DMB.ISH', primitive: 'smp_mb()', instruction: 'DMB ISH', from: null, to: null },
  ],
  x86: [
    { tag: 'SFENCE', primitive: null, instruction: 'SFENCE', from: 'write', to: 'write' },
    { tag: 'MFENCE', primitive: 'smp_mb()', instruction: 'MFENCE', from: null, to: null },
  ],
};

/** Whether the events are in the words of kernel C: its own, or compiled from it. */
function isKernelC({ program, events }: Execution): boolean {
  return program.dialect === 'lkmm' || events.some(({ source }) => source?.instruction != null);
}

/** The fences that fit a pair, the weaker before the stronger. */
export function fencesFor(pair: OrderedPair, execution: Execution): Remedy[] {
  const inC = isKernelC(execution);
  const [from, to] = [eventAt(execution, pair.from), eventAt(execution, pair.to)];
  return fences[execution.program.dialect].flatMap((fence) => {
    const name = inC ? fence.primitive : fence.instruction;
    if (name === null || (fence.from ?? from.kind) !== from.kind || (fence.to ?? to.kind) !== to.kind)
      return [];
    const change: Change = { kind: 'fence', tag: fence.tag, before: pair.to };
    return [{ text: `${name} between them`, change }];
  });
}

/** The annotations of one of the two accesses that fit. */
function annotationsFor(pair: OrderedPair, execution: Execution, speech: Speech): Remedy[] {
  const tags = accessTags[execution.program.dialect];
  if (tags === null) return [];
  const [from, to] = [eventAt(execution, pair.from), eventAt(execution, pair.to)];
  const found: Remedy[] = [];
  if (to.kind === 'write' && isOrdinary(to)) {
    const change: Change = { kind: 'tag', tag: tags.release, event: to.id };
    found.push({ text: `${annotated(to, execution)} at ${speech.place(to.id)}`, change });
  }
  if (from.kind === 'read' && isOrdinary(from)) {
    const change: Change = { kind: 'tag', tag: tags.acquire, event: from.id };
    found.push({ text: `${annotated(from, execution)} at ${speech.place(from.id)}`, change });
  }
  return found;
}

/** The access with release or acquire order. */
function annotated(event: ExecutionEvent, execution: Execution): string {
  const isAtomic = execution.sets.get('RMW')?.has(event.id) === true;
  const word = event.kind === 'write' ? 'release' : 'acquire';
  if (isAtomic) return `${word} order`;
  if (isKernelC(execution)) return event.kind === 'write' ? 'smp_store_release()' : 'smp_load_acquire()';
  return event.kind === 'write' ? 'a store-release' : 'a load-acquire';
}

/** The dependencies that could lead from the one to the other. */
function dependenciesFor({ from, to }: OrderedPair, execution: Execution): Remedy[] {
  const [a, b] = [eventAt(execution, from), eventAt(execution, to)];
  if (a.kind !== 'read') return [];
  const relations = b.kind === 'write' ? (['ctrl', 'data', 'addr'] as const) : (['addr'] as const);
  const names = { ctrl: 'a control dependency', data: 'a data dependency', addr: 'an address dependency' };
  return relations
    .filter((relation) => execution.base.get(relation)?.has(from, to) !== true)
    .map((relation) => ({
      text: `${names[relation]} of the second on the first`,
      change: { kind: 'dependency', relation, from, to },
    }));
}

/** What the pairs need. */
export interface Advice {
  readonly pair: OrderedPair;
  /** Each of these alone would forbid the execution. */
  readonly alone: readonly Remedy[];
  /** What would forbid it together with the same of the other pairs; null if something does alone, or nothing helps. */
  readonly together: Remedy | null;
  /** The strongest fence there is, which was tried, alone and with those of the other pairs; null: there is none. */
  readonly strongest: string | null;
}

/** What would forbid the execution, for each pair. */
export function adviseOn(
  pairs: readonly OrderedPair[],
  execution: Execution,
  model: CompiledModel,
  speech: Speech,
): Advice[] {
  const environment = environmentOf(execution);
  const helps = (remedies: readonly Remedy[]): boolean =>
    wouldForbid(
      model,
      environment,
      remedies.map(({ change }) => change),
    );
  const alone = pairs.map((pair) => [
    ...fencesFor(pair, execution)
      .filter((remedy) => helps([remedy]))
      .slice(0, 1),
    ...annotationsFor(pair, execution, speech).filter((remedy) => helps([remedy])),
    ...dependenciesFor(pair, execution)
      .filter((remedy) => helps([remedy]))
      .slice(0, 1),
  ]);
  const together =
    pairs.length > 1 && alone.every((remedies) => remedies.length === 0)
      ? weakestTogether(
          pairs.map((pair) => fencesFor(pair, execution)),
          helps,
        )
      : null;
  return pairs.map((pair, at) => ({
    pair,
    alone: alone[at]!,
    together: together?.[at] ?? null,
    strongest: fencesFor(pair, execution).at(-1)?.text ?? null,
  }));
}

/** One of each list, the weakest that do together; null if not even the strongest do. One list after the other is weakened. */
function weakestTogether(
  choices: readonly (readonly Remedy[])[],
  helps: (remedies: readonly Remedy[]) => boolean,
): Remedy[] | null {
  const chosen: Remedy[] = [];
  for (const remedies of choices) {
    const strongest = remedies.at(-1);
    if (strongest === undefined) return null;
    chosen.push(strongest);
  }
  if (!helps(chosen)) return null;
  for (const [at, remedies] of choices.entries())
    chosen[at] =
      remedies.find((remedy) => helps(chosen.map((other, place) => (place === at ? remedy : other)))) ??
      chosen[at]!;
  return chosen;
}
