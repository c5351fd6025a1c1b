/**
 * The edges of an argument as sentences, in plain English and in the order of the argument.
 *
 * What is mentioned a second time is named by its place alone. A sentence says what its edge states and nothing more, so that the
 * audit of the edge is the audit of the sentence; who reads, overwrites or hands over what is taken from the events.
 */
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { assertNever } from '../text/diagnostic.js';
import { type CycleEdge, eventAt, isPartOfAccess } from './cycle.js';
import { UNNAMED } from './flatten.js';
import {
  givesLock,
  instructionOf,
  lineOf,
  type Speech,
  speechOf,
  statementOf,
  takesLock,
  valueText,
} from './speech.js';

/** One sentence, without its end. `said`: the events that were named in full before; grows. */
export function sentenceFor(edge: CycleEdge, speech: Speech, said: Set<string> = new Set()): string {
  // A fact that is read backwards is said forwards.
  const [from, to] = edge.reversed ? [edge.to, edge.from] : [edge.from, edge.to];
  return new EdgeSentence(edge, from, to, speech, said).text();
}

/** The sentences of a path of edges. */
export function sentencesFor(edges: readonly CycleEdge[], execution: Execution): string[] {
  const speech = speechOf(execution);
  const said = new Set<string>();
  return edges.map((edge) => sentenceFor(edge, speech, said));
}

/** `smp_wmb() at line 13 [dmb ishst]`; of a fence that is part of an access, the access. */
export function fenceText(fence: ExecutionEvent, speech: Speech): string {
  const line = lineOf(fence);
  const where = line === null ? '' : ` at line ${line}`;
  const tag = fence.source?.instruction == null ? ` [${fence.tags[0] ?? 'fence'}]` : instructionOf(fence);
  if (isPartOfAccess(fence, speech.execution)) return `the barrier of ${statementOf(fence)}${where}${tag}`;
  return `${statementOf(fence)}${where}${instructionOf(fence)}`;
}

/** What accesses do, by the words that cycle.ts has for their tags. */
const deeds: ReadonlyMap<string, string> = new Map([
  ['lock', 'takes a lock'],
  ['acquire', 'is an acquire'],
  ['acquire-pc', 'is an acquire (RCpc)'],
  ['release', 'is a release'],
  ['unlock', 'gives back a lock'],
]);

/** An order that needs both: what gives back is before what takes later. */
const released = /^(unlock|release)(?:-(?:unlock|release))*-(lock|acquire-pc|acquire)/;

/** Why a model keeps program order, by the words on the edge, of which the first says enough. Never asked of a model's own name. */
function reasonFor(words: string, first: string, second: string): string | null {
  const [, giving, taking] = words.match(released) ?? [];
  if (giving === 'unlock' && taking === 'lock') return `${first} gives back a lock and ${second} takes one`;
  if (giving !== undefined) return `${first} ${deeds.get(giving)} and ${second} ${deeds.get(taking!)}`;
  const [word] = words.match(/acquire-pc|\w+/) ?? [];
  if (word === 'locked') return 'a locked instruction lets nothing pass';
  if (word === 'atomic') return 'a fully ordered atomic lets nothing pass';
  const deed = deeds.get(word ?? '');
  return deed === undefined ? null : `${word === 'release' || word === 'unlock' ? second : first} ${deed}`;
}

class EdgeSentence {
  private readonly execution: Execution;
  private readonly a: ExecutionEvent;
  private readonly b: ExecutionEvent;

  constructor(
    private readonly edge: CycleEdge,
    from: number,
    to: number,
    private readonly speech: Speech,
    private readonly said: Set<string>,
  ) {
    this.execution = speech.execution;
    this.a = eventAt(this.execution, from);
    this.b = eventAt(this.execution, to);
  }

  text(): string {
    const { edge, a, b } = this;
    switch (edge.kind) {
      case 'po':
        return `${this.name(a)} is before ${this.name(b)}${this.orderReason()}`;
      case 'fence':
        return `${this.name(a)} is before ${this.name(b)} by ${this.via()}`;
      case 'rf':
        return this.readsFrom();
      case 'fr':
        return this.readsBefore();
      case 'co':
        return this.overwrites();
      case 'addr':
      case 'data':
      case 'ctrl':
      case 'pick-addr':
      case 'pick-data':
      case 'pick-ctrl':
        return this.depends(edge.kind);
      case 'rmw':
        return this.isOneAtomic();
      case 'sca':
        return `${this.name(a)} and ${this.name(b)} are one single access of both their locations`;
      case 'section':
        return `${this.name(a)} begins the read-side critical section that ${this.name(b)} ends`;
      case 'other':
        return this.otherwise();
      default:
        return assertNever(edge.kind);
    }
  }

  /** In full the first time, by its place later on. */
  private name(event: ExecutionEvent): string {
    if (event.source === null) return this.speech.name(event.id);
    const place = this.speech.place(event.id);
    if (this.said.has(place)) return place;
    this.said.add(place);
    return this.speech.name(event.id);
  }

  private via(): string {
    return this.edge.via === null
      ? 'a fence'
      : fenceText(eventAt(this.execution, this.edge.via), this.speech);
  }

  private orderReason(): string {
    const { a, b, speech } = this;
    const { label } = this.edge;
    const name = this.edge.reversed ? label.replace(/\^-1$/, '') : label;
    if (name === 'po') return ' in program order';
    const [first, second] = [speech.place(a.id), speech.place(b.id)];
    if (name === 'po-loc' && a.location !== null && a.location === b.location)
      return ` in program order, at the same location ${a.location.name}`;
    const reason = this.edge.named === true ? null : reasonFor(name, first, second);
    return reason === null ? ` in program order, which the model keeps (\`${name}\`)` : `, because ${reason}`;
  }

  private readsFrom(): string {
    const { a, b } = this;
    const lock = b.location?.name ?? '?';
    if (takesLock(b, this.execution)) {
      if (givesLock(a, this.execution)) return `${this.name(a)} hands ${lock} over to ${this.name(b)}`;
      if (a.thread < 0) return `${this.name(b)} is the first to take ${lock}`;
    }
    if (a.thread < 0) return `${this.name(b)} reads ${valueText(b)}, the initial value of ${lock}`;
    return `${this.name(a)} is read by ${this.name(b)}`;
  }

  private readsBefore(): string {
    const { a, b } = this;
    const { execution } = this;
    const location = a.location?.name ?? '?';
    if (takesLock(a, execution) && takesLock(b, execution))
      return `${this.name(a)} takes ${location} before ${this.name(b)} does`;
    return `${this.name(a)} reads ${location}=${valueText(a)}, the value from before ${this.name(b)} overwrites it`;
  }

  private overwrites(): string {
    const { a, b } = this;
    const { execution } = this;
    const location = a.location?.name ?? '?';
    if (a.thread < 0) return `${this.name(b)} overwrites the initial value of ${location}`;
    if (givesLock(a, execution) && takesLock(b, execution))
      return `${this.name(a)} gives ${location} back before ${this.name(b)} takes it`;
    if (takesLock(a, execution) && takesLock(b, execution))
      return `${this.name(a)} takes ${location} before ${this.name(b)} does`;
    if (takesLock(a, execution) && givesLock(b, execution))
      return `${this.name(a)} takes ${location} before ${this.name(b)} gives it back`;
    return `${this.name(a)} writes ${location} before ${this.name(b)} overwrites it`;
  }

  private depends(kind: string): string {
    const { a, b, edge } = this;
    const selected = kind.startsWith('pick-') ? ' through a selection' : '';
    const user = this.name(b);
    const read = this.name(a);
    if (edge.via !== null) {
      const use = kind.endsWith('ctrl') ? 'a branch on' : 'a use of';
      return `${user} comes after ${use} what ${read} reads${selected}, by ${this.via()}`;
    }
    if (kind.endsWith('ctrl')) return `${user} comes after a branch on what ${read} reads${selected}`;
    const made = kind.endsWith('addr') ? 'accesses an address' : 'writes a value';
    return `${user} ${made} computed from what ${read} reads${selected}`;
  }

  private isOneAtomic(): string {
    const { a, b, speech } = this;
    const [first, second] = [speech.place(a.id), speech.place(b.id)];
    const location = a.location?.name ?? '?';
    if (first === second) return `${this.name(a)} reads and writes ${location} in one atomic access`;
    return `${this.name(a)} and ${this.name(b)} are one atomic access of ${location}`;
  }

  /** Base relations that are no orders, products and absences: the model's own name, or what it is not. */
  private otherwise(): string {
    const { a, b, edge } = this;
    const name = edge.reversed ? edge.label.replace(/\^-1$/, '') : edge.label;
    const [first, second] = [this.name(a), this.name(b)];
    if (edge.named === true) {
      if (!name.startsWith('not ')) return `${first} is related to ${second} by \`${name}\` of the model`;
      const what = name.slice(4);
      const how = what === UNNAMED ? 'what the model leaves out' : `\`${what}\``;
      return `${first} is not related to ${second} by ${how}`;
    }
    if (name === 'loc') return `${first} and ${second} access the same location`;
    if (name === 'int') return `${first} and ${second} are in the same thread`;
    if (name === 'ext') return `${first} and ${second} are in different threads`;
    if (name === 'id') return `${first} is the same as ${second}`;
    if (name === 'other') return `the model pairs ${first} with ${second}`;
    return `${first} is related to ${second} by \`${name}\` of the model`;
  }
}
