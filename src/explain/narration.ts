/**
 * An allowed execution as sentences: its events one after the other in an order of time, who reads what from where, and where
 * that order is not the one that the program suggests.
 *
 * The order is that of `linear-extension.ts`. Whatever makes the outcome surprising shows up as a departure: an access that comes before
 * one that stands earlier in its thread, a read that still finds an older value than was written, or that finds its own
 * thread's store before others do, a store that is overwritten before it arrives. `audit-story.ts` checks all of it.
 */
import { showValue } from '../program/value.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { type CycleEdge, type EdgeKind, eventAt, isFence } from './cycle.js';
import type { Sentence } from './explanation.js';
import { failedAtomic } from './failed-atomic.js';
import { fromReads } from './linear-extension.js';
import { deedOf, givesLock, type Speech, speechOf, takesLock, valueText } from './speech.js';

/** What a story says of events that stand for something that takes time, whether they are fences or accesses. */
const sections: ReadonlyMap<string, string> = new Map([
  ['Rcu-lock', 'begins a read-side critical section'],
  ['Rcu-unlock', 'ends its read-side critical section'],
  ['Sync-rcu', 'has waited for a grace period'],
  ['Srcu-lock', 'begins a read-side critical section'],
  ['Srcu-unlock', 'ends its read-side critical section'],
  ['Sync-srcu', 'has waited for a grace period'],
]);

/** The sentences of a story in this order: one for each access, and for each atomic access whose halves are told together. */
export function tellOrder(execution: Execution, order: readonly number[]): Sentence[] {
  return new Teller(execution, order).tell();
}

function edge(kind: EdgeKind, from: number, to: number): CycleEdge {
  return { from, to, kind, label: kind, via: null, reversed: false };
}

class Teller {
  private readonly speech: Speech;
  private readonly position: ReadonlyMap<number, number>;
  private readonly said = new Set<string>();
  private readonly fr;

  constructor(
    private readonly execution: Execution,
    private readonly order: readonly number[],
  ) {
    this.speech = speechOf(execution);
    this.position = new Map(order.map((id, at) => [id, at]));
    this.fr = fromReads(execution);
  }

  tell(): Sentence[] {
    const sentences: Sentence[] = [];
    for (let at = 0; at < this.order.length; at++) {
      const event = eventAt(this.execution, this.order[at]!);
      const next = this.order[at + 1];
      if (event.thread < 0) continue;
      if (isFence(event)) sentences.push(...this.wait(event));
      else if (next !== undefined && this.isAtomic(event, eventAt(this.execution, next))) {
        sentences.push(this.atomic(event, eventAt(this.execution, next)));
        at++;
      } else sentences.push(event.kind === 'read' ? this.read(event) : this.write(event));
    }
    return [...sentences, this.ending()];
  }

  /** In full the first time, by its place later on. */
  private name(id: number): string {
    const { source } = eventAt(this.execution, id);
    const place = this.speech.place(id);
    if (source === null || this.said.has(place)) return source === null ? this.speech.name(id) : place;
    this.said.add(place);
    return this.speech.name(id);
  }

  private isTold(id: number, before: number): boolean {
    return this.position.get(id)! < this.position.get(before)!;
  }

  /** Whether these are the halves of one access: of a lock, too, that the model itself orders. */
  private isAtomic(read: ExecutionEvent, write: ExecutionEvent): boolean {
    const isLock = read.tags.includes('LKR') && write.tags.includes('LKW');
    const isOne = read.thread === write.thread && read.instruction === write.instruction;
    return (isLock && isOne) || this.execution.base.get('rmw')?.has(read.id, write.id) === true;
  }

  private section({ tags, location }: ExecutionEvent): string | null {
    const deed = tags.map((tag) => sections.get(tag)).find((text) => text !== undefined);
    if (deed === undefined) return null;
    return location === null ? deed : `${deed} of ${location.name}`;
  }

  private wait(event: ExecutionEvent): Sentence[] {
    const deed = this.section(event);
    if (deed === null) return [];
    const text = `${this.name(event.id)} ${deed}`;
    return [{ text, edge: null, derivation: null, events: [event.id] }];
  }

  private read(event: ExecutionEvent): Sentence {
    const name = this.name(event.id);
    const section = this.section(event);
    if (section !== null) return this.sentence([event], `${name} ${section}`, null);
    const origin = this.origin(event);
    const isFailed = failedAtomic(event, this.execution) !== null;
    const told = isFailed && origin !== null ? { ...origin, text: `${origin.text}, so it fails` } : origin;
    return this.sentence([event], `${name} ${deedOf(event, this.execution)}`, told);
  }

  private write(event: ExecutionEvent): Sentence {
    const deed = this.section(event) ?? deedOf(event, this.execution);
    return this.sentence([event], `${this.name(event.id)} ${deed}`, null);
  }

  /** The read and the write of an atomic access, with nothing between them. */
  private atomic(read: ExecutionEvent, write: ExecutionEvent): Sentence {
    const name = this.name(read.id);
    const origin = this.origin(read);
    if (takesLock(read, this.execution))
      return this.sentence([read, write], `${name} ${deedOf(read, this.execution)}`, origin);
    const isOne = this.speech.place(read.id) === this.speech.place(write.id);
    const writer = isOne ? '' : `${this.name(write.id)} `;
    const deed = `${deedOf(read, this.execution)}${origin === null ? '' : `${origin.text},`} and ${writer}writes ${valueText(write)} to it at once`;
    return this.sentence([read, write], `${name} ${deed}`, origin === null ? null : { ...origin, text: '' });
  }

  private sentence(events: readonly ExecutionEvent[], text: string, origin: Origin | null): Sentence {
    const first = events[0]!;
    const last = events.at(-1)!;
    const departures = [
      ...(first.kind === 'read' ? this.stale(first) : []),
      ...(last.kind === 'write' ? this.overwritten(last) : []),
      ...this.early(events),
    ];
    const remarks = departures.map((departure) => departure.text);
    return {
      text: [`${text}${origin?.text ?? ''}`, ...remarks].join(', '),
      edge: origin?.edge ?? departures[0]?.edge ?? null,
      derivation: null,
      events: [
        ...new Set([...events, ...(origin?.events ?? [])].map(({ id }) => id)),
        ...departures.flatMap((departure) => departure.events.map(({ id }) => id)),
      ],
    };
  }

  /** Where a read has its value from. */
  private origin(read: ExecutionEvent): Origin | null {
    const { execution } = this;
    const rf = execution.base.get('rf');
    const source = execution.events.find(({ id }) => rf?.has(id, read.id) === true);
    if (source === undefined) return null;
    const fact = { edge: edge('rf', source.id, read.id), events: [source] };
    if (takesLock(read, execution)) {
      if (source.thread < 0) return { ...fact, text: ', which was free from the start' };
      return givesLock(source, execution)
        ? { ...fact, text: `, which ${this.name(source.id)} gave back` }
        : { ...fact, text: `, after ${this.name(source.id)}` };
    }
    if (source.thread < 0) return { ...fact, text: ', the initial value' };
    if (this.isTold(source.id, read.id)) return { ...fact, text: `, which ${this.name(source.id)} wrote` };
    // that it stands earlier in the program goes without saying
    if (source.thread === read.thread)
      return {
        ...fact,
        text: `, its own CPU's store of ${this.name(source.id)}, which the other CPUs do not see yet`,
      };
    return { ...fact, text: `, which is from ${this.name(source.id)}: a store that arrives here first` };
  }

  /** A write that is told already, and that the read does not find. */
  private stale(read: ExecutionEvent): Origin[] {
    const { events } = this.execution;
    const missed = events.filter(({ id }) => this.fr.has(read.id, id) && this.isTold(id, read.id));
    const newest = missed.sort((a, b) => this.position.get(b.id)! - this.position.get(a.id)!)[0];
    if (newest === undefined) return [];
    const reader = this.execution.program.threads[read.thread]?.name ?? '?';
    const text = `although ${this.name(newest.id)} has written ${valueText(newest)} to it: that store has not yet reached ${reader}`;
    return [{ text, edge: edge('fr', read.id, newest.id), events: [newest] }];
  }

  /** A write that counts as later and is told already. */
  private overwritten(write: ExecutionEvent): Origin[] {
    const co = this.execution.base.get('co');
    const over = this.execution.events.find(
      ({ id }) => co?.has(write.id, id) === true && this.isTold(id, write.id),
    );
    if (over === undefined) return [];
    const text = `which ${this.name(over.id)} has overwritten already`;
    return [{ text, edge: edge('co', write.id, over.id), events: [over] }];
  }

  /** What stands earlier in the program, and comes later. */
  private early(events: readonly ExecutionEvent[]): Origin[] {
    const first = events[0]!;
    const po = this.execution.base.get('po');
    const rf = this.execution.base.get('rf');
    const overtaken = this.execution.events.filter(
      (event) =>
        !isFence(event) &&
        po?.has(event.id, first.id) === true &&
        rf?.has(event.id, first.id) !== true &&
        !this.isTold(event.id, first.id),
    );
    if (overtaken.length === 0) return [];
    const places = new Map(overtaken.map((event) => [this.speech.place(event.id), event]));
    const names = [...places.values()].map(({ id }) => this.name(id));
    const stands = names.length === 1 ? 'stands' : 'stand';
    const text = `before ${listOf(names)}, although ${names.length === 1 ? 'that' : 'those'} ${stands} earlier in the program`;
    return [{ text, edge: edge('po', overtaken[0]!.id, first.id), events: overtaken }];
  }

  private ending(): Sentence {
    const { program, finals } = this.execution;
    const values = program.observed.map(({ display }, index) => `${display}=${showValue(finals[index]!)}`);
    const text = values.length === 0 ? 'All threads end' : `In the end, ${listOf(values)}`;
    return { text, edge: null, derivation: null, events: [] };
  }
}

interface Origin {
  readonly text: string;
  readonly edge: CycleEdge;
  readonly events: readonly ExecutionEvent[];
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
