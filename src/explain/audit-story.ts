/**
 * The second opinion on a story: the order of its events, the facts of its sentences and the gaps that it names, looked up
 * in the execution and in the model's evaluated relations.
 *
 * Shares no code with what made the story but the reading of facts from an execution (`audit.ts`) and the model's evaluator.
 */
import type { CompiledModel } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import { compose, inverse, transitiveClosure, union } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import { type Execution, environmentOf } from '../search/execution.js';
import { auditCycle } from './audit.js';
import type { Sentence, Story } from './explanation.js';

/** What is wrong with a story, in words; empty if it holds. */
export function auditStory(story: Story, model: CompiledModel): string[] {
  const auditor = new StoryAuditor(story, model);
  return [
    ...auditor.checkOrder(),
    ...auditor.checkRespect(),
    ...auditor.checkSentences(),
    ...auditor.checkFinals(),
    ...auditor.checkMissing(),
  ];
}

class StoryAuditor {
  private readonly execution: Execution;
  private readonly position: ReadonlyMap<number, number>;
  private readonly evaluation;

  constructor(
    private readonly story: Story,
    private readonly model: CompiledModel,
  ) {
    this.execution = story.execution;
    this.position = new Map(story.order.map((id, at) => [id, at]));
    this.evaluation = evaluateModel(model, environmentOf(story.execution));
  }

  private relation(name: string): Relation {
    return this.execution.base.get(name) ?? new Relation(this.execution.events.length);
  }

  private isBefore(a: number, b: number): boolean {
    return this.position.get(a)! < this.position.get(b)!;
  }

  /** Every event once, the initial writes first; and the model allows it. */
  checkOrder(): string[] {
    const { events } = this.execution;
    const { order } = this.story;
    const faults = this.evaluation.failed.map(({ name }) => `the model refuses the execution: ${name}`);
    if (order.length !== events.length || this.position.size !== events.length)
      faults.push('the order is not one of all events');
    const starts = order.findIndex((id) => events[id]!.thread >= 0);
    if (starts >= 0 && order.slice(starts).some((id) => events[id]!.thread < 0))
      faults.push('an initial write is told late');
    return faults;
  }

  /** The order extends the relations that it is said to extend, and the first that is about more than coherence is among them. */
  checkRespect(): string[] {
    const faults: string[] = [];
    for (const check of this.story.respected) {
      if (!this.model.checks.includes(check)) {
        faults.push(`${check.name} is no check of the model`);
        continue;
      }
      const value = this.evaluation.value(check.node);
      if (!(value instanceof Relation)) faults.push(`${check.name} is no relation`);
      else if (value.pairs().some(([a, b]) => !this.isBefore(a, b)))
        faults.push(`the order does not extend ${check.name}`);
    }
    const mandatory = this.model.checks.filter(
      ({ kind, flag, negated }) => kind === 'acyclic' && !flag && !negated,
    );
    if (mandatory.length > 0 && this.story.respected.length === 0)
      faults.push('the order extends none of the relations that the model keeps acyclic');
    return faults;
  }

  /** Each edge is a fact, each access is told, and so is each departure from program order and from what was written last. */
  checkSentences(): string[] {
    const { sentences } = this.story;
    const faults = sentences.flatMap((sentence) => this.checkEdge(sentence));
    const isToldOf = (...ids: number[]): boolean =>
      sentences.some(({ events }) => ids.every((id) => events.includes(id)));
    const { events } = this.execution;
    const isAccess = (id: number): boolean => events[id]!.kind !== 'fence' && isToldOf(id);
    const subjects = new Set(sentences.flatMap((sentence) => this.subjectsOf(sentence)));
    for (const { id, kind, thread } of events)
      if (thread >= 0 && kind !== 'fence' && !subjects.has(id) && !this.isBarrier(id))
        faults.push(`${id} is not told`);
    for (const [a, b] of this.relation('po').pairs())
      if (isAccess(a) && isAccess(b) && this.isBefore(b, a) && !isToldOf(a, b))
        faults.push(`that ${b} comes before ${a} is not told`);
    for (const [write, read] of this.relation('rf').pairs())
      if (isAccess(read) && this.isBefore(read, write) && !isToldOf(read, write))
        faults.push(`that ${read} reads from the later ${write} is not told`);
    return [...faults, ...this.checkStale(isToldOf)];
  }

  /** What a sentence tells of: its first event, with the write if both are one atomic access. */
  private subjectsOf({ events: [first, second] }: Sentence): readonly number[] {
    if (first === undefined) return [];
    const isAtomic =
      second !== undefined && (this.relation('rmw').has(first, second) || this.isLock(first, second));
    return isAtomic ? [first, second] : [first];
  }

  /** The halves of taking a lock, which are no accesses where the model itself orders locks. */
  private isLock(read: number, write: number): boolean {
    const [a, b] = [this.execution.events[read]!, this.execution.events[write]!];
    const isOne = a.thread === b.thread && a.instruction === b.instruction;
    return isOne && a.tags.includes('LKR') && b.tags.includes('LKW');
  }

  /** A barrier that is compiled to accesses of its own is none of the program's accesses. */
  private isBarrier(id: number): boolean {
    return /mb(__|$)|^barrier$/.test(this.execution.events[id]!.source?.primitive ?? '');
  }

  private checkStale(isToldOf: (...ids: number[]) => boolean): string[] {
    const fr = compose(inverse(this.relation('rf')), this.relation('co'));
    const { events } = this.execution;
    return events.flatMap(({ id }) => {
      const missed = fr.successors(id).filter((write) => write !== id && this.isBefore(write, id));
      return missed.length === 0 || missed.some((write) => isToldOf(id, write))
        ? []
        : [`that ${id} misses ${missed.join(', ')} is not told`];
    });
  }

  private checkEdge({ edge, text, events }: Sentence): string[] {
    if (events.some((id) => this.execution.events[id] === undefined)) return [`no such event: ${text}`];
    if (edge === null) return [];
    const ends = { shape: 'pair' as const, axiom: 'story', events: [], edges: [edge], derivations: [] };
    return auditCycle(ends, this.execution).map((fault) => `${fault}: ${text}`);
  }

  /** The last write of each location is what the final state says. */
  checkFinals(): string[] {
    const { program, finals, events } = this.execution;
    const co = this.relation('co');
    return program.observed.flatMap((observable, at) => {
      if (observable.kind !== 'location') return [];
      const writes = events.filter(
        ({ kind, location }) => kind === 'write' && location === observable.location,
      );
      const last = writes.find(({ id }) => co.successors(id).length === 0);
      const isSame = last === undefined || last.value === finals[at];
      return isSame ? [] : [`${observable.display} ends otherwise than it is written`];
    });
  }

  /** Each gap is a pair in program order; that nothing orders it is said exactly of those that the model does not order. */
  checkMissing(): string[] {
    const { missing, isInterleaving } = this.story;
    const faults = missing.flatMap(({ sentences }) =>
      sentences.flatMap((sentence) => this.checkEdge(sentence)),
    );
    if (isInterleaving && missing.length > 0) faults.push('an interleaving that lacks an order');
    const n = this.execution.events.length;
    let order = new Relation(n);
    for (const check of this.story.respected) {
      const value = this.model.checks.includes(check) ? this.evaluation.value(check.node) : null;
      if (value instanceof Relation && !this.isCoherence(value)) order = union(order, value);
    }
    order = transitiveClosure(order);
    for (const { from, to, sentences } of missing)
      if (order.has(from, to) === (sentences[0]?.text.startsWith('nothing orders') ?? true))
        faults.push(`what the model says of ${from} and ${to} is not what it is said to say`);
    for (const { from, to } of missing)
      if (!this.relation('po').has(from, to)) faults.push(`${from} is not before ${to} in the program`);
    return faults;
  }

  /** Within one location, it says nothing of order between locations. */
  private isCoherence(relation: Relation): boolean {
    const { events } = this.execution;
    return relation
      .pairs()
      .every(([a, b]) => events[a]!.location !== null && events[a]!.location === events[b]!.location);
  }
}
