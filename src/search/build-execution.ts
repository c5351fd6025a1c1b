/** Turns the search's position (a skeleton, a reads-from map, coherence) into a plain Execution. */
import type { Value } from '../program/value.js';
import { compose, differenceInto, inverse } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import { evaluateSymbol } from '../unfold/symbol.js';
import type { Execution, ExecutionEvent } from './execution.js';
import type { ReadsFrom } from './reads-from.js';
import { baseRelations, baseSets, initialValue, locationRelation, type Skeleton } from './skeleton.js';

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

/**
 * Remembers the search's position, to build its execution when somebody asks: most states' witnesses are never looked
 * at. Copies what the search overwrites. `finals` are the values of Program.observed.
 */
export function captureExecution(
  skeleton: Skeleton,
  found: ReadsFrom,
  co: Relation,
  finals: readonly Value[],
): () => Execution {
  const { order, pins } = found;
  const [source, location, values] = [found.source.slice(), found.location.slice(), found.values.slice()];
  const coherence = co.copy();
  const ends = finals.slice();
  let built: Execution | null = null;
  return () => {
    built ??= buildExecution(skeleton, { source, location, values, order, pins }, coherence, ends);
    return built;
  };
}

function buildExecution(
  skeleton: Skeleton,
  found: ReadsFrom,
  co: Relation,
  finals: readonly Value[],
): Execution {
  const { program, n, source, thread } = skeleton;
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
  return { program, events, base, sets: baseSets(skeleton), finals };
}
