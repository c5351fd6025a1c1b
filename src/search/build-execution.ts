/** Turns the search's position (a skeleton, a reads-from map, coherence) into a plain Execution. */

import type { Value } from '../program/value.js';
import { DIFFERENT_VALUE, FINAL_WRITES, KNOWN_ORDER } from '../program/vocabulary.js';
import { compose, differenceInto, inverse } from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import { evaluateSymbol } from '../unfold/symbol.js';
import type { Execution, ExecutionEvent } from './execution.js';
import type { ReadsFrom } from './reads-from.js';
import {
  baseRelations,
  baseSets,
  differentValues,
  finalWritesUnder,
  initialValue,
  knownOrder,
  locationRelation,
  type Skeleton,
} from './skeleton.js';

function eventValue(skeleton: Skeleton, found: ReadsFrom, event: number): Value | null {
  const source = skeleton.source[event];
  if (source == null) return initialValue(skeleton, event);
  if (source.kind === 'fence') return null;
  if (source.kind === 'read') return found.values[event] ?? null;
  const offset = skeleton.offset[skeleton.thread[event]!]!;
  const value = evaluateSymbol(source.value!, found.values, offset);
  invariant(typeof value !== 'symbol' && value !== undefined, 'the values of a complete execution are known');
  return value;
}

/** What a candidate is made of beside its skeleton and reads-from. */
export interface Completion {
  /** The coherence order, by whomever it is made. */
  readonly co: Relation;
  /** What is chosen for the model's choices. */
  readonly chosen: readonly Bits[];
  /** Values of Program.observed. */
  readonly finals: readonly Value[];
  /** The final writes, if the model makes coherence from these; null: they are those of `co`. */
  readonly last: EventSet | null;
}

/**
 * Remembers the search's position, to build its execution when somebody asks: most states' witnesses are never looked
 * at. Copies what the search overwrites.
 */
export function captureExecution(
  skeleton: Skeleton,
  found: ReadsFrom,
  { co, chosen, finals, last }: Completion,
): () => Execution {
  const { order, pins } = found;
  const [source, location, values] = [found.source.slice(), found.location.slice(), found.values.slice()];
  const completion = {
    co: co.copy(),
    chosen: chosen.map(copyBits),
    finals: finals.slice(),
    last: last === null ? null : EventSet.of(last.n, last.members()),
  };
  let built: Execution | null = null;
  return () => {
    built ??= buildExecution(skeleton, { source, location, values, order, pins }, completion);
    return built;
  };
}

function copyBits(bits: Bits): Bits {
  return bits instanceof Relation ? bits.copy() : EventSet.of(bits.n, bits.members());
}

function buildExecution(skeleton: Skeleton, found: ReadsFrom, completion: Completion): Execution {
  const { program, n, source, thread } = skeleton;
  const { co, chosen, finals } = completion;
  const events = Array.from({ length: n }, (_, id): ExecutionEvent => {
    const of = source[id] ?? null;
    const at = found.location[id]!;
    return {
      id,
      thread: thread[id]!,
      kind: of?.kind ?? 'write',
      location: at >= 0 ? program.locations[at]! : null,
      value: eventValue(skeleton, found, id),
      tags: of?.tags ?? [],
      source: of?.source ?? null,
      instruction: of?.instruction ?? -1,
    };
  });
  const base = baseRelations(skeleton);
  const rf = new Relation(n);
  for (const read of skeleton.reads) rf.add(found.source[read]!, read);
  base.set('rf', rf);
  base.set('co', co);
  base.set('loc', locationRelation(n, found.location));
  const fr = compose(inverse(rf), co);
  differenceInto(fr, fr, base.get('id')!);
  base.set('fr', fr);
  base.set(
    DIFFERENT_VALUE,
    differentValues(
      n,
      events.map(({ value }) => value),
    ),
  );
  const sets = baseSets(skeleton);
  const last = completion.last ?? finalWritesUnder(skeleton, found.location, co);
  sets.set(FINAL_WRITES, last);
  base.set(KNOWN_ORDER, knownOrder(skeleton, found.location, last));
  return { program, events, base, sets, finals, chosen };
}
