/**
 * What a model would say of an execution if the program had one more fence, a stronger access or a dependency: the execution's
 * environment with just that changed.
 *
 * Soundness: who reads from where and the coherence order stay as they are, and the changed program has this candidate, too; so
 * if the model refuses the changed environment, the change forbids this execution. Of other executions with the same
 * outcome it says nothing. A `with x from S` choice keeps what was chosen, of which a fence is never a part.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import { type Environment, evaluateModel } from '../model/evaluate.js';
import type { Dialect } from '../program/ir.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import type { ExecutionEvent } from '../search/execution.js';
import { orderOfModel } from './linear-extension.js';

/** Something that would be in the program. */
export type Change =
  /** A fence with this tag right before an event of a thread. */
  | { readonly kind: 'fence'; readonly tag: string; readonly before: number }
  /** An access with this tag, in place of those that say that it orders nothing. */
  | { readonly kind: 'tag'; readonly tag: string; readonly event: number }
  /** A dependency on what a read reads. */
  | {
      readonly kind: 'dependency';
      readonly relation: 'addr' | 'data' | 'ctrl';
      readonly from: number;
      readonly to: number;
    };

/** The tags of accesses that order nothing. */
const plainTags = ['Plain', 'Once'];

/** Whether an access may get this tag: it has none of its own that orders. */
export function isOrdinary({ kind, tags, location }: ExecutionEvent): boolean {
  return (
    kind !== 'fence' &&
    location?.role !== 'spinlock' &&
    tags.every((tag) => plainTags.includes(tag) || tag === 'X')
  );
}

/** Tags of an acquiring read and a releasing write. */
export const accessTags: Readonly<
  Record<Dialect, { readonly acquire: string; readonly release: string } | null>
> = {
  lkmm: { acquire: 'Acquire', release: 'Release' },
  arm64: { acquire: 'A', release: 'L' },
  x86: null,
};

/** Whether the model refuses the execution with these changes. */
export function wouldForbid(
  model: CompiledModel,
  environment: Environment,
  changes: readonly Change[],
): boolean {
  return evaluateModel(model, changed(environment, changes)).failed.length > 0;
}

/** Whether the model would keep the pair in order with these changes, or refuse the execution for it. */
export function wouldOrder(
  model: CompiledModel,
  environment: Environment,
  [from, to]: readonly [number, number],
  changes: readonly Change[],
): boolean {
  const then = changed(environment, changes);
  const evaluation = evaluateModel(model, then);
  return evaluation.failed.length > 0 || orderOfModel(model, evaluation, then.n).has(from, to);
}

/** What becomes of a pair that raises a flag: with these changes, the model refuses the execution, or the pair is flagged or not. */
export function fateOfPair(
  { node }: Check,
  [from, to]: readonly [number, number],
  model: CompiledModel,
  environment: Environment,
  changes: readonly Change[],
): 'refused' | 'allowed' | 'flagged' {
  const { value, failed } = evaluateModel(model, changed(environment, changes));
  if (failed.length > 0) return 'refused';
  const flagged = value(node);
  return flagged instanceof Relation && flagged.has(from, to) ? 'flagged' : 'allowed';
}

/** The environment with these changes; events keep their ids. */
export function changed(environment: Environment, changes: readonly Change[]): Environment {
  return changes.reduce(withChange, environment);
}

function withChange(environment: Environment, change: Change): Environment {
  switch (change.kind) {
    case 'fence':
      return withFence(environment, change.tag, change.before);
    case 'tag':
      return withTag(environment, change.tag, change.event);
    case 'dependency': {
      const { relation, from, to } = change;
      const relations = new Map(environment.relations);
      const copy = relations.get(relation)?.copy() ?? new Relation(environment.n);
      copy.add(from, to);
      return { ...environment, relations: relations.set(relation, copy) };
    }
  }
}

function withTag(environment: Environment, tag: string, event: number): Environment {
  const sets = new Map(environment.sets);
  const edit = (name: string, has: boolean): void => {
    const set = EventSet.of(environment.n, sets.get(name)?.members() ?? []);
    if (has) set.add(event);
    else set.remove(event);
    sets.set(name, set);
  };
  for (const name of plainTags) if (sets.has(name)) edit(name, false);
  edit(tag, true);
  return { ...environment, sets };
}

/** The fence is the last event: ids need not follow program order. */
function withFence(environment: Environment, tag: string, before: number): Environment {
  const fence = environment.n;
  const n = fence + 1;
  const grow = (bits: Bits): Bits =>
    bits instanceof Relation ? Relation.of(n, bits.pairs()) : EventSet.of(n, bits.members());
  const sets = new Map([...environment.sets].map(([name, set]) => [name, grow(set) as EventSet]));
  const relations = new Map(
    [...environment.relations].map(([name, relation]) => [name, grow(relation) as Relation]),
  );
  for (const name of ['F', tag]) {
    const set = sets.get(name) ?? new EventSet(n);
    set.add(fence);
    sets.set(name, set);
  }
  relations.get('id')?.add(fence, fence);
  const po = environment.relations.get('po');
  for (let event = 0; event < fence; event++) {
    if (po?.has(event, before) === true) relations.get('po')?.add(event, fence);
    if (event === before || po?.has(before, event) === true) relations.get('po')?.add(fence, event);
    for (const name of ['int', 'ext'])
      if (environment.relations.get(name)?.has(before, event) === true) {
        relations.get(name)?.add(fence, event);
        relations.get(name)?.add(event, fence);
      }
  }
  relations.get('int')?.add(fence, fence);
  const chosen = environment.chosen?.map(grow);
  return { n, sets, relations, ...(chosen === undefined ? {} : { chosen }) };
}
