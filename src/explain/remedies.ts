/**
 * What would order a pair of accesses, and is not there: the primitives that fit, each tried on the execution.
 *
 * The catalogue has only the names; that a primitive helps is never assumed but evaluated under the model at hand
 * (`hypothetical.ts`). The weakest fence that does it is proposed, beside the annotation and the dependency that do. Where no
 * fence helps because the accesses are plain, those are found that have to be marked first.
 */
import { kernelPrimitives } from '../elaborate/primitive-table.js';
import type { Action } from '../elaborate/primitives.js';
import type { CompiledModel } from '../model/dag.js';
import type { Dialect } from '../program/ir.js';
import { type Execution, environmentOf } from '../search/execution.js';
import { eventAt } from './cycle.js';
import { failedAtomic } from './failed-atomic.js';
import { accessTags, type Change, isOrdinary, wouldForbid } from './hypothetical.js';
import { listOf } from './narration.js';
import { calledPrimitive, type Speech } from './speech.js';
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

/** The annotations of the two accesses that fit. A failed read-modify-write is unordered whatever its name. */
export function annotationsFor(pair: OrderedPair, execution: Execution, speech: Speech): Remedy[] {
  const tags = accessTags[execution.program.dialect];
  if (tags === null) return [];
  const [from, to] = [eventAt(execution, pair.from), eventAt(execution, pair.to)];
  const isFailed = failedAtomic(from, execution)?.wouldOrder === true;
  const release = to.kind === 'write' && isOrdinary(to) ? annotationOf(to.id, execution, speech) : null;
  const acquire =
    from.kind === 'read' && isOrdinary(from) && !isFailed ? annotationOf(from.id, execution, speech) : null;
  const beside = [pair.to, pair.from].map((id) => besideAtomic(id, pair, execution, speech));
  const stronger = strongerAcquire(pair, execution, speech);
  return [release, ...beside, acquire, stronger].filter((remedy) => remedy !== null);
}

/** LDAR in place of an LDAPR, which does not wait for a store-release before it (Arm ARM B2.3, RCpc). Kernel C has one acquire only. */
function strongerAcquire({ to }: OrderedPair, execution: Execution, speech: Speech): Remedy | null {
  const { kind, tags } = eventAt(execution, to);
  if (kind !== 'read' || !tags.includes('Q') || isKernelC(execution)) return null;
  return { text: `LDAR at ${speech.place(to)}`, change: { kind: 'tag', tag: 'A', event: to } };
}

/** The access with release or acquire order; null of an atomic that has no such variant. */
function annotationOf(id: number, execution: Execution, speech: Speech): Remedy | null {
  const event = eventAt(execution, id);
  const { acquire, release } = accessTags[execution.program.dialect]!;
  const isWrite = event.kind === 'write';
  const change: Change = { kind: 'tag', tag: isWrite ? release : acquire, event: id };
  const word = isWrite ? 'release' : 'acquire';
  const at = `at ${speech.place(id)}`;
  if (execution.sets.get('RMW')?.has(id) !== true) {
    if (!isKernelC(execution)) return { text: `a ${isWrite ? 'store' : 'load'}-${word} ${at}`, change };
    return { text: `${isWrite ? 'smp_store_release()' : 'smp_load_acquire()'} ${at}`, change };
  }
  const called = isKernelC(execution) ? calledPrimitive(event) : null;
  if (called === null) return { text: `${word} order ${at}`, change };
  // what has an order of its own keeps it only if it gets both
  const [, stem, order] = called.match(/^(.*?)(?:_(relaxed|acquire|release))?$/)!;
  const variant = order === 'acquire' || order === 'release' ? stem! : `${stem}_${word}`;
  if (kernelPrimitives().get(variant) !== undefined) return { text: `${variant}() ${at}`, change };
  return null;
}

/** `smp_mb__before_atomic() before P0:6`: for atomics that return nothing. */
function besideAtomic(id: number, pair: OrderedPair, execution: Execution, speech: Speech): Remedy | null {
  if (!isKernelC(execution) || execution.sets.get('RMW')?.has(id) !== true) return null;
  const action = kernelPrimitives().get(calledPrimitive(eventAt(execution, id)) ?? '')?.action;
  const tags: Readonly<Record<Dialect, string | null>> = {
    lkmm: id === pair.to ? 'Before-atomic' : 'After-atomic',
    arm64: 'DMB.ISH',
    x86: null,
  };
  const tag = tags[execution.program.dialect];
  if (tag === null || action === undefined || !isVoid(action)) return null;
  const side = id === pair.to ? 'before' : 'after';
  const change: Change = { kind: 'fence', tag, before: pair.to };
  return { text: `smp_mb__${side}_atomic() ${side} ${speech.place(id)}`, change };
}

/** An atomic that returns nothing has no variants with order. */
function isVoid(action: Action): boolean {
  return action.kind === 'atomic' ? action.result === 'none' : action.kind === 'bit' && !action.returns;
}

/** The dependencies that could lead from the one to the other. */
export function dependenciesFor({ from, to }: OrderedPair, execution: Execution): Remedy[] {
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
  /** Each of these would forbid it together with the first of each other pair; none if something does alone, or nothing helps. */
  readonly together: readonly Remedy[];
  /** Plain accesses that have to be marked for any of that to help: the events. */
  readonly marks: readonly number[];
  /** The strongest fence there is, which was tried, alone and with those of the other pairs; null: there is none. */
  readonly strongest: string | null;
}

/** Whether the model refuses the execution with all of these. */
type Trial = (changes: readonly Change[]) => boolean;

/** What would forbid the execution, for each pair. */
export function adviseOn(
  pairs: readonly OrderedPair[],
  execution: Execution,
  model: CompiledModel,
  speech: Speech,
): Advice[] {
  const environment = environmentOf(execution);
  const helps: Trial = (changes) => wouldForbid(model, environment, changes);
  const advice = adviseWith([], pairs, execution, speech, helps);
  if (advice.some(isHelpful)) return advice;
  const marks = necessaryMarks(pairs, execution, helps);
  if (marks === null) return advice;
  if (!helps(marks.map(markOf))) return adviseWith(marks, pairs, execution, speech, helps);
  const text = marksText(marks, execution, speech);
  return advice.map((each) => {
    const first = marks[0]!;
    const isHere = each === advice.find(({ pair }) => pair.from === first || pair.to === first);
    return isHere ? { ...each, alone: [{ text, change: markOf(first) }] } : each;
  });
}

export function isHelpful({ alone, together }: Advice): boolean {
  return alone.length > 0 || together.length > 0;
}

/**
 * The pairs that lack an order. The model says of plain accesses in rules of their own that they are ordered, so that its order
 * of all others cannot tell: such a pair lacks none if the execution is refused as soon as all other pairs are ordered.
 */
export function lackingOrder(
  pairs: readonly OrderedPair[],
  execution: Execution,
  model: CompiledModel,
): readonly OrderedPair[] {
  const environment = environmentOf(execution);
  const isFine = (pair: OrderedPair): boolean => {
    const ends = [pair.from, pair.to];
    if (plainOf([pair], execution).length === 0) return false;
    const others = pairs.filter((other) => other !== pair);
    const marks = plainOf(others, execution).filter((id) => !ends.includes(id));
    return wouldForbid(model, environment, [...marks.map(markOf), ...strongestFor(others, execution)]);
  };
  const lacking = pairs.length < 2 ? pairs : pairs.filter((pair) => !isFine(pair));
  return lacking.length === 0 ? pairs : lacking;
}

/** The plain accesses among the ends of the pairs. */
export function plainOf(pairs: readonly OrderedPair[], execution: Execution): number[] {
  const ends = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  return [...ends].filter((id) => eventAt(execution, id).tags.includes('Plain'));
}

/** WRITE_ONCE() or READ_ONCE() in place of a plain access. */
export function markOf(event: number): Change {
  return { kind: 'tag', tag: 'Once', event };
}

/** `WRITE_ONCE() at P0:6 and READ_ONCE() at P1:11`. */
export function marksText(marks: readonly number[], execution: Execution, speech: Speech): string {
  const texts = marks.map((id) => {
    const verb = eventAt(execution, id).kind === 'write' ? 'WRITE_ONCE()' : 'READ_ONCE()';
    return `${verb} at ${speech.place(id)}`;
  });
  return listOf(texts);
}

function strongestFor(pairs: readonly OrderedPair[], execution: Execution): Change[] {
  return pairs.flatMap((pair) => fencesFor(pair, execution).at(-1)?.change ?? []);
}

/** The plain accesses without whose marking not even the strongest fences help; null: with it neither. */
function necessaryMarks(
  pairs: readonly OrderedPair[],
  execution: Execution,
  helps: Trial,
): readonly number[] | null {
  let marks = plainOf(pairs, execution);
  if (marks.length === 0) return null;
  const choices = pairs.map((pair) => fencesFor(pair, execution));
  const enough = enoughTogether(choices, (changes) => helps([...marks.map(markOf), ...changes]));
  if (enough === null) return null;
  const fences = enough.map(({ change }) => change);
  for (const id of marks) {
    const fewer = marks.filter((other) => other !== id);
    if (helps([...fewer.map(markOf), ...fences])) marks = fewer;
  }
  return marks;
}

function adviseWith(
  marks: readonly number[],
  pairs: readonly OrderedPair[],
  execution: Execution,
  speech: Speech,
  isEnough: Trial,
): Advice[] {
  const helps: Trial = (changes) => isEnough([...marks.map(markOf), ...changes]);
  const others = pairs.map((pair) => [
    ...plainOf([pair], execution)
      .filter((id) => !marks.includes(id))
      .map((id) => ({ text: marksText([id], execution, speech), change: markOf(id) })),
    ...annotationsFor(pair, execution, speech),
    ...dependenciesFor(pair, execution),
  ]);
  const fences = pairs.map((pair) => fencesFor(pair, execution));
  const fitting = (remedies: readonly Remedy[], with_: readonly Change[]): Remedy[] =>
    remedies.filter(({ change }) => helps([...with_, change]));
  const alone = pairs.map((_, at) => [...fitting(fences[at]!, []).slice(0, 1), ...fitting(others[at]!, [])]);
  const isAlone = alone.some((remedies) => remedies.length > 0);
  const weakest = pairs.length > 1 && !isAlone ? weakestTogether(fences, helps) : null;
  return pairs.map((pair, at) => {
    const rest = weakest?.filter((_, place) => place !== at).map(({ change }) => change);
    return {
      pair,
      alone: joined(alone[at]!),
      together: weakest === null ? [] : joined([weakest[at]!, ...fitting(others[at]!, rest!)]),
      marks,
      strongest: fences[at]!.at(-1)?.text ?? null,
    };
  });
}

/** Dependencies of several kinds are one piece of advice. */
function joined(remedies: readonly Remedy[]): Remedy[] {
  const dependencies = remedies.filter(({ change }) => change.kind === 'dependency');
  const [first] = dependencies;
  if (first === undefined || dependencies.length === 1) return [...remedies];
  const kinds = dependencies.map(({ text }) => text.match(/^an? (\w+) /)![1]!);
  const text = `a ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)} dependency of the second on the first`;
  return [...remedies.filter(({ change }) => change.kind !== 'dependency'), { ...first, text }];
}

/** How many choices of one fence for each pair are tried at most. */
const CHOICES = 64;

/** All ways to take one of each list, the last ones first. */
function* choicesOf(lists: readonly (readonly Remedy[])[]): Generator<Remedy[]> {
  const [first, ...others] = lists;
  if (first === undefined) yield [];
  else for (const one of first.toReversed()) for (const rest of choicesOf(others)) yield [one, ...rest];
}

/** One of each list that do together: the strongest, or where a model does not know these, others; null: none. */
function enoughTogether(choices: readonly (readonly Remedy[])[], helps: Trial): Remedy[] | null {
  let tried = 0;
  for (const chosen of choicesOf(choices)) {
    if (helps(chosen.map(({ change }) => change))) return chosen;
    if (++tried === CHOICES) return null;
  }
  return null;
}

/** One of each list, the weakest that do together; null if none do. One list after the other is weakened. */
function weakestTogether(choices: readonly (readonly Remedy[])[], helps: Trial): Remedy[] | null {
  const chosen = enoughTogether(choices, helps);
  if (chosen === null) return null;
  const changes = (): Change[] => chosen.map(({ change }) => change);
  for (const [at, remedies] of choices.entries()) {
    const weaker = remedies.find(({ change }) => helps(changes().with(at, change)));
    chosen[at] = weaker ?? chosen[at]!;
  }
  return chosen;
}
