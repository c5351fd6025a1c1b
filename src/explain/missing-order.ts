/**
 * Which orders a model lacks that would have made an allowed execution impossible, what stands there instead and does not
 * help, and what would.
 *
 * The pairs are those of `unordered-pairs.ts`, the advice is that of `remedies.ts`. What is there is looked up in the execution: barriers,
 * locks, acquires and releases between the two accesses and around them, dependencies from the one to the other; what each of them
 * orders is the model's own word, the closure of its order. Nothing is known here of any one model.
 */
import type { CompiledModel } from '../model/dag.js';
import { dependencies } from '../program/vocabulary.js';
import { type Execution, type ExecutionEvent, environmentOf } from '../search/execution.js';
import { eventAt, isFence, isOrdering, isPartOfAccess } from './cycle.js';
import type { MissingOrder, Sentence } from './explanation.js';
import { failedAtomic, failureText } from './failed-atomic.js';
import { type Change, isOrdinary, wouldOrder } from './hypothetical.js';
import { listOf } from './narration.js';
import {
  type Advice,
  adviseOn,
  annotationsFor,
  dependenciesFor,
  fencesFor,
  isHelpful,
  lackingOrder,
  markOf,
  marksText,
  plainOf,
  type Remedy,
} from './remedies.js';
import { fenceText } from './sentences.js';
import { type Speech, speechOf } from './speech.js';
import type { OrderedPair, SurprisingCycle } from './unordered-pairs.js';

/** What is missing on the way round a cycle that the execution contains and interleaving forbids (`surprisingCycle`). */
export function missingOrders(
  execution: Execution,
  model: CompiledModel,
  cycle: SurprisingCycle,
): MissingOrder[] {
  const speech = speechOf(execution);
  const advise = (pairs: readonly OrderedPair[]): Advice[] => adviseOn(pairs, execution, model, speech);
  const isOrdered = (pair: OrderedPair): boolean => cycle.order.has(pair.from, pair.to);
  const gaps = cycle.pairs.filter((pair) => !isOrdered(pair));
  const unordered = advise(lackingOrder(gaps, execution, model));
  // where order in one thread is not order for all, what is there may have to be stronger, too
  const all = unordered.some(isHelpful) ? unordered : advise(cycle.pairs);
  const advised = all.some(isHelpful) || unordered.length === 0 ? all : unordered;
  return advised.map((advice) => {
    const observer = new Observer(execution, model, cycle, advice.pair, speech);
    const sentences = [
      ...(isOrdered(advice.pair) ? observer.onlyHere() : observer.nothingOrders()),
      ...adviceSentences(advice, advised, execution, speech),
    ];
    return { ...advice.pair, sentences };
  });
}

function remark(text: string, events: readonly number[]): Sentence {
  return { text, edge: null, derivation: null, events };
}

/** What would order the pair. */
function adviceSentences(
  advice: Advice,
  all: readonly Advice[],
  execution: Execution,
  speech: Speech,
): Sentence[] {
  const { pair, alone, together, marks, strongest } = advice;
  const ends = [pair.from, pair.to];
  const marked = marks.length === 0 ? '' : `with ${marksText(marks, execution, speech)}, `;
  if (alone.length > 0) {
    const suffices = all.length > 1 ? 'alone would forbid' : 'would forbid';
    const text = `${marked}${choiceOf(alone)} ${suffices} this execution`;
    return [...markFirst(advice, all, speech), remark(text, ends)];
  }
  if (together.length > 0) {
    const others = all.filter((other) => other.pair !== pair && other.together.length > 0);
    const places = others.map(
      (other) =>
        `${other.together[0]!.text.replace(/ between them$/, '')} between ${speech.place(other.pair.from)} and ${speech.place(other.pair.to)}`,
    );
    const text = `${marked}${choiceOf(together)} would forbid this execution together with ${listOf(places)}`;
    return [...markFirst(advice, all, speech), remark(text, ends)];
  }
  if (!all.some(isHelpful)) {
    if (strongest === null || advice !== all.at(-1)) return [];
    const place =
      all.length > 1 ? `${strongest.replace(/ between them$/, '')} between each of these pairs` : strongest;
    return [remark(`even ${place} would not forbid this execution`, ends)];
  }
  return [remark('nothing between these two alone would forbid this execution', ends)];
}

/** `a`, `a or b`, `a, b or c`. */
function choiceOf(remedies: readonly Remedy[]): string {
  const texts = remedies.map(({ text }) => text);
  return texts.length === 1 ? texts[0]! : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

/** Said once: why barriers alone are of no use. */
function markFirst(advice: Advice, all: readonly Advice[], speech: Speech): Sentence[] {
  const { marks } = advice;
  if (marks.length === 0 || advice !== all[0]) return [];
  const are = marks.length === 1 ? 'is a plain access' : 'are plain accesses';
  const them = marks.length === 1 ? 'it' : 'them';
  const text = `${listOf(marks.map(speech.place))} ${are}, and no order passes from CPU to CPU through ${them}, whatever barriers there are`;
  return [remark(text, marks)];
}

/** Looks round one pair of accesses for what orders, or might seem to. */
class Observer {
  private readonly from: ExecutionEvent;
  private readonly to: ExecutionEvent;

  constructor(
    private readonly execution: Execution,
    private readonly model: CompiledModel,
    private readonly cycle: SurprisingCycle,
    private readonly pair: OrderedPair,
    private readonly speech: Speech,
  ) {
    this.from = eventAt(execution, pair.from);
    this.to = eventAt(execution, pair.to);
  }

  nothingOrders(): Sentence[] {
    const { speech, pair, model } = this;
    const lacks = this.lacks();
    const because = lacks.length === 0 ? '' : `: ${listOf(lacks)}`;
    const [first, second] = [speech.name(pair.from), speech.name(pair.to)];
    return [
      this.statement(`nothing orders ${first} before ${second} under ${model.name}${because}`),
      ...this.failures(),
      ...this.between(),
      ...this.dependency(),
      ...this.around(),
    ];
  }

  /** The thread's own order is there, and others need not see it. */
  onlyHere(): Sentence[] {
    const { speech, pair, model, execution } = this;
    const [first, second] = [speech.name(pair.from), speech.name(pair.to)];
    const rf = execution.base.get('rf');
    const source = execution.events.find(({ id }) => rf?.has(id, pair.from) === true);
    const thread = execution.program.threads[this.from.thread]?.name ?? '?';
    const heard =
      source === undefined || source.thread < 0 || source.thread === this.from.thread
        ? `but the other CPUs need not see what they do in that order`
        : `but ${speech.name(source.id)}, which ${speech.place(pair.from)} reads, need not have reached the other CPUs by then`;
    return [
      this.statement(`${model.name} orders ${first} before ${second} for ${thread} itself, ${heard}`),
      ...this.between(),
    ];
  }

  private statement(text: string): Sentence {
    const { from, to } = this.pair;
    const edge = { from, to, kind: 'po' as const, label: 'po', via: null, reversed: false };
    return { text, edge, derivation: null, events: [from, to] };
  }

  /** What is not there, of what the program's language has. */
  private lacks(): string[] {
    const { from, to, speech, execution } = this;
    const lacks: string[] = [];
    if (!this.inside().some(isFence) && this.wouldHelp(fencesFor(this.pair, execution)))
      lacks.push('no barrier stands between them');
    for (const { change } of annotationsFor(this.pair, execution, speech))
      if (
        change.kind === 'tag' &&
        isOrdinary(eventAt(execution, change.event)) &&
        this.wouldHelp([{ change }])
      )
        lacks.push(`${speech.place(change.event)} is no ${change.event === to.id ? 'release' : 'acquire'}`);
    if (from.kind === 'read' && this.dependencyNames().length === 0)
      if (this.wouldHelp(dependenciesFor(this.pair, execution)))
        lacks.push(`${speech.place(to.id)} does not depend on what ${speech.place(from.id)} reads`);
    return lacks;
  }

  /** Of the two, a read-modify-write that would have ordered something. */
  private failures(): Sentence[] {
    const failed = [this.from, this.to].filter(
      (event) => failedAtomic(event, this.execution)?.wouldOrder === true,
    );
    return failed.map((event) =>
      remark(`${this.speech.place(event.id)} ${failureText(event)} orders nothing`, [event.id]),
    );
  }

  /** Whether one of these would order the two under this model, were they marked. */
  private wouldHelp(remedies: readonly { readonly change: Change }[]): boolean {
    const { pair, model, execution } = this;
    const environment = environmentOf(execution);
    const marks = plainOf([pair], execution).map(markOf);
    return remedies.some(({ change }) =>
      wouldOrder(model, environment, [pair.from, pair.to], [...marks, change]),
    );
  }

  private nameOf(event: ExecutionEvent): string {
    return isPartOfAccess(event, this.execution) ? fenceText(event, this.speech) : this.speech.name(event.id);
  }

  private before(a: number, b: number): boolean {
    return this.execution.base.get('po')?.has(a, b) === true;
  }

  /** The events between the two in program order. */
  private inside(): ExecutionEvent[] {
    return this.execution.events.filter(
      ({ id }) => this.before(this.pair.from, id) && this.before(id, this.pair.to),
    );
  }

  /** What stands between them, and what it does order. */
  private between(): Sentence[] {
    const { pair, cycle } = this;
    const found = new Map<string, Sentence>();
    for (const event of this.inside()) {
      const name = this.nameOf(event);
      if (isFence(event)) {
        if (cycle.order.has(pair.from, pair.to)) continue;
        const plain = this.plainness();
        const text = `${name} stands between them, but ${plain ?? `does not order ${this.kinds()}`}`;
        found.set(name, remark(text, [event.id, pair.from, pair.to]));
        continue;
      }
      const failed = failedAtomic(event, this.execution);
      if (failed?.wouldOrder === true && !cycle.order.has(event.id, pair.to)) {
        const text = `${name} stands between them, but it ${failureText(event)} orders nothing`;
        found.set(name, remark(text, [event.id]));
        continue;
      }
      if (!isOrdering(event)) continue;
      const [isAfter, isBefore] = [cycle.order.has(pair.from, event.id), cycle.order.has(event.id, pair.to)];
      if (isAfter === isBefore) continue;
      const side = isAfter
        ? 'comes before it, not what comes after it'
        : `comes after it, not what comes before it${failed === null ? '' : `: it ${failureText(event)} writes nothing`}`;
      found.set(name, remark(`${name} stands between them, but orders only what ${side}`, [event.id]));
    }
    return [...found.values()];
  }

  /** What is there would order the two, if they were marked accesses; null if it would not. */
  private plainness(): string | null {
    const { pair, model, execution, speech } = this;
    const plain = [this.from, this.to].filter(({ tags }) => tags.includes('Plain'));
    const marks = plain.map(({ id }) => markOf(id));
    if (marks.length === 0) return null;
    if (!wouldOrder(model, environmentOf(execution), [pair.from, pair.to], marks)) return null;
    const are = plain.length === 1 ? 'is a plain access' : 'are plain accesses';
    const verbs = new Set(plain.map(({ kind }) => (kind === 'write' ? 'WRITE_ONCE()' : 'READ_ONCE()')));
    return `${listOf(plain.map(({ id }) => speech.place(id)))} ${are}: with ${listOf([...verbs])} the two would be ordered`;
  }

  private kinds(): string {
    const word = ({ kind }: ExecutionEvent): string => (kind === 'write' ? 'store' : 'load');
    return `a ${word(this.from)} before a ${word(this.to)}`;
  }

  private dependencyNames(): string[] {
    const { base } = this.execution;
    return dependencies.filter((name) => base.get(name)?.has(this.pair.from, this.pair.to) === true);
  }

  private dependency(): Sentence[] {
    const { speech, pair } = this;
    const words: Readonly<Record<string, string>> = {
      addr: 'its address',
      data: 'its value',
      ctrl: 'a branch',
    };
    return this.dependencyNames().map((name) => {
      const what = words[name.replace('pick-', '')] ?? name;
      const selected = name.startsWith('pick-') ? ' through a selection' : '';
      const text = `${speech.place(pair.to)} depends on what ${speech.place(pair.from)} reads by ${what}${selected}, but that does not order ${this.kinds()}`;
      return remark(text, [pair.from, pair.to]);
    });
  }

  /** The nearest thing on each side that orders them with itself, and not with each other. */
  private around(): Sentence[] {
    const { pair, cycle, execution } = this;
    const isRelevant = (event: ExecutionEvent): boolean => isFence(event) || isOrdering(event);
    const isTied = (from: number, to: number, event: ExecutionEvent): boolean =>
      isFence(event) || cycle.order.has(from, to);
    const earlier = execution.events.filter(
      (event) =>
        this.before(event.id, pair.from) &&
        isRelevant(event) &&
        isTied(event.id, pair.from, event) &&
        isTied(event.id, pair.to, event),
    );
    const later = execution.events.filter(
      (event) =>
        this.before(pair.to, event.id) &&
        isRelevant(event) &&
        isTied(pair.from, event.id, event) &&
        isTied(pair.to, event.id, event),
    );
    const sentences: Sentence[] = [];
    const [last, next] = [earlier.at(-1), later[0]];
    if (last !== undefined) {
      const text = `${this.nameOf(last)} stands before both and orders neither with the other`;
      sentences.push(remark(text, [last.id]));
    }
    if (next !== undefined) {
      const text = `${this.nameOf(next)} stands after both and orders neither with the other`;
      sentences.push(remark(text, [next.id]));
    }
    return sentences;
  }
}
