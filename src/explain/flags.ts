/**
 * Why an allowed execution raises a flag: what the model found, and, where that is two accesses of different threads to one
 * location, why nothing keeps them apart.
 *
 * Works for every check that is a flag: its pair (or event) comes with the derivation of the model's own definition. A data race is
 * recognised by its shape and not by its name: two threads, one location, a write. What could keep the two apart is then looked
 * for: a lock held around both, an order from one thread to the other; and what would end the race is evaluated (`hypothetical.ts`),
 * in this execution.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import { EventSet, Relation } from '../relation/relation.js';
import { type Execution, type ExecutionEvent, environmentOf } from '../search/execution.js';
import { eventAt } from './cycle.js';
import { Deriver } from './derive.js';
import { ExpansionCosts } from './expansion-cost.js';
import type { FlagExplanation, Sentence } from './explanation.js';
import { accessTags, type Change, fateOfPair, isOrdinary } from './hypothetical.js';
import { orderOfModel } from './linear-extension.js';
import { listOf } from './narration.js';
import { evaluateExecution } from './refused-execution.js';
import { fencesFor } from './remedies.js';
import { givesLock, type Speech, speechOf, takesLock } from './speech.js';

/** Why an execution raises the flag of this name; `execution` raises it under the model. */
export function explainFlag(name: string, execution: Execution, model: CompiledModel): FlagExplanation {
  const evaluation = evaluateExecution(execution, model);
  const check = evaluation.raised.find((raised) => raised.name === name);
  const sentences =
    check === undefined ? [] : new FlagObserver(check, execution, model, evaluation).sentences();
  return { name, execution, sentences };
}

function remark(text: string, events: readonly number[]): Sentence {
  return { text, edge: null, derivation: null, events };
}

class FlagObserver {
  private readonly speech: Speech;
  private readonly deriver: Deriver;
  /** The pair that is explained. */
  private pair: readonly [number, number] = [0, 0];

  constructor(
    private readonly check: Check,
    private readonly execution: Execution,
    private readonly model: CompiledModel,
    private readonly evaluation: Evaluation,
  ) {
    this.speech = speechOf(execution);
    this.deriver = new Deriver(new ExpansionCosts(model, evaluation, execution));
  }

  sentences(): Sentence[] {
    const { check, speech } = this;
    const value = this.evaluation.value(check.node);
    if (value instanceof EventSet) {
      const event = value.members()[0];
      if (event === undefined) return this.withoutWitness();
      const derivation = this.deriver.test(check.node, event);
      return [{ ...remark(`${speech.name(event)} raises ${check.name}`, [event]), derivation }];
    }
    const pair = check.kind === 'empty' && check.negated ? this.cheapest(value) : null;
    if (pair === null) return this.withoutWitness();
    this.pair = pair;
    const [from, to] = pair;
    const [a, b] = [eventAt(this.execution, from), eventAt(this.execution, to)];
    const edge = {
      from,
      to,
      kind: 'other' as const,
      label: check.name,
      via: null,
      reversed: false,
    };
    const derivation = this.deriver.derive(check.node, from, to);
    const conflict = isConflict(a, b);
    const text = conflict
      ? `${speech.name(from)} and ${speech.name(to)} both access ${a.location?.name ?? '?'}, ${
          a.kind === b.kind ? 'both to write it' : 'one to write it'
        }, with nothing that keeps them apart`
      : `${speech.name(from)} and ${speech.name(to)} raise ${check.name}`;
    const first: Sentence = { text, edge, derivation, events: [from, to] };
    return conflict ? [first, ...this.race(a, b)] : [first];
  }

  /** The flag is that something does not hold, or does as a whole. */
  private withoutWitness(): Sentence[] {
    const { kind, negated, name } = this.check;
    const says =
      kind === 'empty' ? (negated ? 'has a pair' : 'is empty') : negated ? `is not ${kind}` : `is ${kind}`;
    return [remark(`the relation of ${name} ${says}`, [])];
  }

  private cheapest(value: Relation): readonly [number, number] | null {
    const { costs } = this.deriver;
    let best: readonly [number, number] | null = null;
    for (const pair of value.pairs())
      if (best === null || costs.cost(this.check.node, ...pair) < costs.cost(this.check.node, ...best))
        best = pair;
    return best;
  }

  private race(a: ExecutionEvent, b: ExecutionEvent): Sentence[] {
    return [
      ...this.plainness([a, b]),
      this.locks(a, b),
      ...this.handover(a, b),
      ...this.markedInstead([a, b]),
    ];
  }

  private plainness(accesses: readonly ExecutionEvent[]): Sentence[] {
    const plain = accesses.filter(({ tags }) => tags.includes('Plain'));
    if (plain.length === 0) return [];
    const places = listOf(plain.map(({ id }) => this.speech.place(id)));
    const are = plain.length === 1 ? 'is a plain access' : 'are plain accesses';
    const text = `${places} ${are}, which the compiler may tear, repeat or move`;
    return [
      remark(
        text,
        plain.map(({ id }) => id),
      ),
    ];
  }

  /** The locks that a thread holds at an access. */
  private held(access: ExecutionEvent): ReadonlyMap<string, number> {
    const po = this.execution.base.get('po');
    const held = new Map<string, number>();
    for (const event of this.execution.events) {
      if (po?.has(event.id, access.id) !== true || event.location === null) continue;
      if (takesLock(event, this.execution)) held.set(event.location.name, event.id);
      else if (givesLock(event, this.execution)) held.delete(event.location.name);
    }
    return held;
  }

  private locks(a: ExecutionEvent, b: ExecutionEvent): Sentence {
    const [first, second] = [this.held(a), this.held(b)];
    const common = [...first.keys()].filter((lock) => second.has(lock));
    const events = [...first.values(), ...second.values()];
    if (common.length > 0)
      return remark(`both hold ${listOf(common)}, which the model does not take for enough`, events);
    const { place } = this.speech;
    const holds = (id: number, locks: ReadonlyMap<string, number>): string =>
      `${place(id)} holds ${locks.size === 0 ? 'no lock' : listOf([...locks.keys()])}`;
    return remark(
      first.size + second.size === 0
        ? 'neither of them holds a lock'
        : `they have no lock in common: ${holds(a.id, first)}, ${holds(b.id, second)}`,
      events,
    );
  }

  /** Whether something that one thread does after its access is before something that the other does before its own. */
  private handover(a: ExecutionEvent, b: ExecutionEvent): Sentence[] {
    const order = orderOfModel(this.model, this.evaluation, this.execution.events.length);
    const link = this.link(a, b, order) ?? this.link(b, a, order);
    const { speech, execution } = this;
    const thread = (event: ExecutionEvent): string => execution.program.threads[event.thread]?.name ?? '?';
    if (link === null) {
      const text = `nothing that ${thread(a)} does from ${speech.place(a.id)} on is ordered before anything that ${thread(b)} does up to ${speech.place(b.id)}, nor the other way round`;
      return [remark(text, [a.id, b.id])];
    }
    const { first, second, send, receive } = link;
    const { endsFirst, beginsSecond } = this.lackingHalves(link);
    const parts: string[] = [];
    if (endsFirst) parts.push(`${speech.place(first.id)} is not over by ${speech.place(send)}`);
    if (beginsSecond) parts.push(`${speech.place(second.id)} need not wait for ${speech.place(receive)}`);
    const lacking = parts.length === 0 ? '' : `, but ${listOf(parts)}`;
    const text = `${speech.name(send)} is ordered before ${speech.name(receive)}${lacking}`;
    return [remark(text, [send, receive]), ...this.releaseAcquire(link)];
  }

  /** Which end of an order between the threads is not tied to its access: a full barrier at the other end alone changes nothing. */
  private lackingHalves({ first, second, send, receive }: Link): {
    readonly endsFirst: boolean;
    readonly beginsSecond: boolean;
  } {
    const barrier = (from: number, to: number): Change[] =>
      from === to
        ? []
        : fencesFor({ from, to }, this.execution)
            .flatMap(({ change }) => change)
            .slice(-1);
    const [atSend, atReceive] = [barrier(first.id, send), barrier(receive, second.id)];
    const isFlagged = (changes: readonly Change[]): boolean => this.fate(changes) === 'flagged';
    if (isFlagged([...atSend, ...atReceive])) return { endsFirst: false, beginsSecond: false };
    return { endsFirst: isFlagged(atReceive), beginsSecond: isFlagged(atSend) };
  }

  /** The nearest cross-thread order from `first` or later to `second` or earlier. */
  private link(first: ExecutionEvent, second: ExecutionEvent, order: Relation): Link | null {
    const po = this.execution.base.get('po');
    const after = this.execution.events.filter(
      ({ id, kind }) => kind !== 'fence' && (id === first.id || po?.has(first.id, id) === true),
    );
    const before = this.execution.events
      .filter(({ id, kind }) => kind !== 'fence' && (id === second.id || po?.has(id, second.id) === true))
      .reverse();
    for (const send of after)
      for (const receive of before)
        if (order.has(send.id, receive.id)) return { first, second, send: send.id, receive: receive.id };
    return null;
  }

  /** Whether release and acquire at the two ends of an order would make one of it. */
  private releaseAcquire({ send, receive }: Link): Sentence[] {
    const tags = accessTags[this.execution.program.dialect];
    const [sender, receiver] = [eventAt(this.execution, send), eventAt(this.execution, receive)];
    if (tags === null) return [];
    const changes: Change[] = [];
    const names: string[] = [];
    if (sender.kind === 'write' && isOrdinary(sender)) {
      changes.push({ kind: 'tag', tag: tags.release, event: send });
      names.push(`smp_store_release() at ${this.speech.place(send)}`);
    }
    if (receiver.kind === 'read' && isOrdinary(receiver)) {
      changes.push({ kind: 'tag', tag: tags.acquire, event: receive });
      names.push(`smp_load_acquire() at ${this.speech.place(receive)}`);
    }
    return this.advice(changes, listOf(names), [send, receive]);
  }

  private markedInstead(accesses: readonly ExecutionEvent[]): Sentence[] {
    const plain = accesses.filter(({ tags }) => tags.includes('Plain'));
    const changes = plain.map(({ id }): Change => ({ kind: 'tag', tag: 'Once', event: id }));
    const names = plain.map(
      ({ id, kind }) => `${kind === 'write' ? 'WRITE_ONCE()' : 'READ_ONCE()'} at ${this.speech.place(id)}`,
    );
    return this.advice(
      changes,
      listOf(names),
      plain.map(({ id }) => id),
    );
  }

  /** That changes would take the flag from this execution, if they would. */
  private advice(changes: readonly Change[], names: string, events: readonly number[]): Sentence[] {
    if (changes.length === 0) return [];
    const fate = this.fate(changes);
    if (fate === 'flagged') return [];
    const becomes = fate === 'refused' ? 'this execution would be forbidden' : 'the two would not race';
    return [remark(`with ${names} ${becomes}`, events)];
  }

  private fate(changes: readonly Change[]): 'refused' | 'allowed' | 'flagged' {
    const { check, pair, model, execution } = this;
    return fateOfPair(check, pair, model, environmentOf(execution), changes);
  }
}

interface Link {
  readonly first: ExecutionEvent;
  readonly second: ExecutionEvent;
  readonly send: number;
  readonly receive: number;
}

/** Two threads, one location, a write. */
function isConflict(a: ExecutionEvent, b: ExecutionEvent): boolean {
  return (
    a.location !== null &&
    a.location === b.location &&
    a.thread !== b.thread &&
    a.thread >= 0 &&
    b.thread >= 0 &&
    (a.kind === 'write' || b.kind === 'write')
  );
}

/** What is wrong with the explanation of a flag, in words; empty if it holds. */
export function auditFlag(flag: FlagExplanation, model: CompiledModel): string[] {
  const { execution, name, sentences } = flag;
  const evaluation = evaluateExecution(execution, model);
  const faults: string[] = evaluation.failed.map(
    (failed) => `the model refuses the execution: ${failed.name}`,
  );
  const checks = evaluation.raised.filter((raised) => raised.name === name);
  if (checks.length === 0) faults.push(`the execution does not raise ${name}`);
  if (sentences.length === 0) faults.push(`nothing is said of ${name}`);
  const isFound = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
    checks.some((raised) => {
      const value = evaluation.value(raised.node);
      return value instanceof Relation && value.has(from, to);
    });
  for (const { edge, text } of sentences)
    if (edge !== null && !isFound(edge)) faults.push(`${name} does not have the pair: ${text}`);
  return faults;
}
