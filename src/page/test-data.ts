/**
 * What a page shows of one test: under each model the pictures of all that the test can do, and for every node and edge of them what
 * there is to say. From the run's results to plain data (page-data.ts); the pictures come from `graph/`, the words from `explain/`.
 */
import { type CycleEdge, edgeOfFact } from '../explain/cycle.js';
import type { Derivation } from '../explain/derive.js';
import { derivationOfEdge } from '../explain/edge-derivation.js';
import { argumentOf } from '../explain/explain-forbidden.js';
import { asksForProposition } from '../explain/explain-run.js';
import type { Sentence } from '../explain/explanation.js';
import { conclusionOf } from '../explain/explanation-text.js';
import { findRefusedExecution } from '../explain/refused-execution.js';
import { PairExplainer } from '../explain/relations-between.js';
import { fenceText, sentenceFor } from '../explain/sentences.js';
import { deedOf, type Speech, speechOf } from '../explain/speech.js';
import { tellStory } from '../explain/story.js';
import { edgeKey, toDot } from '../graph/dot.js';
import { executionGraph } from '../graph/from-execution.js';
import type { EdgeFact, GraphEdge, GraphModel, GraphNode } from '../graph/graph-model.js';
import { type Picture, type PicturesOptions, picturesOfRun } from '../graph/pictures-of-run.js';
import { isRun, type ModelRun, type TestReport } from '../verdict/report.js';
import { notesOf } from './notes.js';
import type { Chapter, EdgeData, EdgeGroup, ModelData, NodeData, PictureData, Said } from './page-data.js';
import { pairReasons, reasonsOf } from './reasons.js';

/** One model's part of a test's section. */
export interface ModelView {
  readonly run: ModelRun;
  readonly data: ModelData;
  readonly pictures: readonly Picture[];
  /** Index of the picture that answers the test's question; -1 if there is no picture. */
  readonly main: number;
  /** What is not shown, and why; null: nothing. */
  readonly remark: string | null;
}

export interface TestView {
  readonly report: TestReport;
  readonly models: readonly ModelView[];
}

/** What a limit may end from outside, for what is told of an execution asks for no time: null if it did. */
export type Bounded = <T>(work: () => T) => T | null;

/** `options` are asked for once per model: a limit of time starts anew. */
export function viewOfTest(
  report: TestReport,
  options: () => PicturesOptions,
  bounded: Bounded = (work) => work(),
): TestView {
  const models = report.models
    .filter(isRun)
    .map((run) => bounded(() => viewOfRun(run, report.name, options())) ?? viewWithoutPictures(run));
  return { report, models };
}

function viewWithoutPictures(run: ModelRun): ModelView {
  const { model, verdict } = run;
  const remark = 'the executions could not be drawn and told within the time limit';
  return { run, data: { model, verdict, notes: [], pictures: [] }, pictures: [], main: -1, remark };
}

function viewOfRun(run: ModelRun, test: string, options: PicturesOptions): ModelView {
  const { pictures: found, limit, omitted } = picturesOfRun(run, test, options);
  const isAsked = ({ satisfies }: Picture): boolean => satisfies === asksForProposition(run.program);
  const answer = limit !== null || found.some(isAsked) ? null : refusedAnswer(run, test, options);
  const pictures = answer === null ? found : [...found, answer];
  const data: ModelData = {
    model: run.model,
    verdict: run.verdict,
    notes: limit === null ? notesOf(run, pictures.some(isAsked), options.search) : [],
    pictures: pictures.map((picture) => pictureData(picture, run, isAsked(picture))),
  };
  const remarks = [
    omitted > 0 ? `${omitted} more final state${omitted === 1 ? ' is' : 's are'} not drawn` : null,
    limit === null ? null : `forbidden executions may be missing (${limit})`,
  ].filter((remark) => remark !== null);
  return {
    run,
    data,
    pictures,
    main: Math.max(pictures.findIndex(isAsked), pictures.length > 0 ? 0 : -1),
    remark: remarks.length === 0 ? null : remarks.join('; '),
  };
}

/** Of an outcome that coherence alone forbids, the execution that comes closest; `picturesOfRun` leaves such states out. */
function refusedAnswer(run: ModelRun, test: string, { search }: PicturesOptions): Picture | null {
  const { program, compiled, model, verdict } = run;
  // where nothing completes, that is the answer
  if (verdict === 'Deadlock') return null;
  const satisfies = asksForProposition(program);
  const refusal = findRefusedExecution({ program, satisfies }, compiled, search);
  if (refusal === null) return null;
  const { execution, cycle, check } = refusal;
  const graph = executionGraph(execution, { test, model, verdict: 'forbidden' }, cycle);
  return { state: graph.state, verdict: 'forbidden', satisfies, execution, graph, cycle, check };
}

function pictureData(picture: Picture, run: ModelRun, isAsked: boolean): PictureData {
  const words = new Words(picture, run);
  const { graph } = picture;
  return {
    state: picture.state,
    isAllowed: picture.verdict === 'allowed',
    isAsked,
    dot: toDot(graph, { interactive: true }),
    nodes: graph.nodes.map((node) => words.node(node)),
    edges: graph.edges.map((edge) => words.edge(edge)),
    headline: words.headline(),
    story: words.story(),
  };
}

/** How many relations of the model are given for an edge, beside the axioms. */
const RELATIONS = 3;

const groups: Readonly<Record<GraphEdge['kind'], EdgeGroup>> = {
  po: 'po',
  fence: 'fences',
  rf: 'rf',
  co: 'co',
  fr: 'fr',
  addr: 'deps',
  data: 'deps',
  ctrl: 'deps',
  'pick-addr': 'deps',
  'pick-data': 'deps',
  'pick-ctrl': 'deps',
  rmw: 'rmw',
  sca: 'rmw',
  section: 'other',
  other: 'other',
};

/** What is said of one picture. */
class Words {
  private readonly speech: Speech;
  private readonly explainer: PairExplainer;
  private readonly graph: GraphModel;
  private readonly nodes: ReadonlyMap<string, GraphNode>;
  private readonly keys: ReadonlyMap<number, string>;

  constructor(
    private readonly picture: Picture,
    private readonly run: ModelRun,
  ) {
    this.graph = picture.graph;
    this.speech = speechOf(picture.execution);
    this.explainer = new PairExplainer(picture.execution, run.compiled);
    this.nodes = new Map(this.graph.nodes.map((node) => [node.id, node]));
    this.keys = new Map(this.graph.nodes.flatMap((node) => node.events.map((event) => [event, node.key])));
  }

  headline(): string {
    const { model } = this.run;
    const { cycle } = this.picture;
    if (cycle === null) return `${model} allows this execution.`;
    return `${model} forbids this execution: it violates the axiom \`${cycle.axiom}\`.`;
  }

  /** Of a refused execution the argument; of an allowed one how it comes about, and what the model does not promise. */
  story(): Chapter[] {
    const { execution, cycle, check } = this.picture;
    if (cycle !== null && check !== null) {
      const argument = argumentOf({ execution, cycle, check, violations: 1 });
      const said = argument.sentences.map((sentence) => this.retell(sentence));
      const conclusion = `${conclusionOf(argument, this.speech)} Other executions that would end so may be refused for other reasons: \`fencepost explain\` gives some.`;
      return [{ heading: 'Why not', said, isOrdered: true, conclusion }];
    }
    const { sentences, missing, isInterleaving } = tellStory(execution, this.run.compiled);
    const told: Chapter = {
      heading: 'In an order of time',
      said: sentences.map((sentence) => this.retell(sentence)),
      isOrdered: true,
      conclusion: isInterleaving ? 'Interleaving the threads is enough for this execution.' : null,
    };
    if (missing.length === 0) return [told];
    return [
      told,
      {
        heading: 'What would have to be ordered, and is not',
        said: missing.flatMap((order) => order.sentences.map((sentence) => this.retell(sentence))),
        isOrdered: false,
        conclusion: null,
      },
    ];
  }

  node(node: GraphNode): NodeData {
    const events = node.events.map((id) => this.picture.execution.events[id]!);
    const deeds = new Set(events.map((event) => deedOf(event, this.picture.execution)));
    if (node.instruction !== null) deeds.add(`runs \`${node.instruction}\``);
    return {
      key: node.key,
      isFence: node.kind === 'fence',
      name: this.speech.name(events[0]!.id),
      deeds: [...deeds],
      line: node.line,
    };
  }

  edge(edge: GraphEdge): EdgeData {
    const [from, to] = [this.nodes.get(edge.from)!, this.nodes.get(edge.to)!];
    const isByFence = from.kind === 'fence' || to.kind === 'fence';
    const label = edge.label ?? edge.kind;
    const said = edge.facts.map((fact) => this.sayFact(fact, isByFence));
    return {
      key: edgeKey(edge, this.graph),
      group: isByFence && edge.kind === 'po' ? 'fences' : groups[edge.kind],
      from: from.key,
      to: to.key,
      title: `${label} from ${this.placeOf(from)} to ${this.placeOf(to)}`,
      highlighted: edge.highlighted,
      said: said.filter(({ text }, at) => said.findIndex((other) => other.text === text) === at),
    };
  }

  private sayFact(fact: EdgeFact, isByFence: boolean): Said {
    const { cycle } = this.picture;
    const onCycle = fact.cycleEdge === null ? undefined : cycle?.edges[fact.cycleEdge];
    if (cycle !== null && onCycle !== undefined) {
      const derivation = derivationOfEdge(onCycle, cycle);
      return this.say(onCycle, sentenceFor(onCycle, this.speech), derivation);
    }
    if (isByFence && fact.relation === 'po') return this.sayFence(fact);
    const edge = edgeOfFact(fact.relation, fact.from, fact.to);
    return this.say(edge, sentenceFor(edge, this.speech), null);
  }

  /** Of program order at a fence: what the accesses on its two sides are to each other. */
  private sayFence(fact: EdgeFact): Said {
    const column = this.graph.columns.flatMap(({ nodes }) => {
      const ids = nodes.map((id) => this.nodes.get(id)!);
      return ids.some(({ events }) => events.includes(fact.from)) ? [ids] : [];
    })[0]!;
    const at = column.findIndex(({ events }) => events.includes(fact.to));
    const before = column.slice(0, at).findLast(({ kind }) => kind !== 'fence');
    const after = column.slice(at).find(({ kind }) => kind !== 'fence');
    const edge = edgeOfFact('po', before?.events.at(-1) ?? fact.from, after?.events[0] ?? fact.to);
    const between = column.filter((node) => node.kind === 'fence' && isBetween(node, edge));
    const fences = between.map(({ events }) =>
      fenceText(this.picture.execution.events[events[0]!]!, this.speech),
    );
    const text = sentenceFor(edge, this.speech);
    const told = fences.length === 0 ? text : `${text}, with ${fences.join(' and ')} between`;
    return this.say(edge, told, null);
  }

  /** Why, in the words of the derivation given; null: of all that the model has to say of the pair. */
  private say(edge: CycleEdge, text: string, derivation: Derivation | null): Said {
    const { from, to, via } = edge;
    const reasons =
      derivation === null
        ? pairReasons(this.explainer.reasons(from, to, RELATIONS), from, to, this.run.model, this.speech)
        : reasonsOf(derivation, this.speech);
    return { text: `${text}.`, nodes: this.keysOf(via === null ? [from, to] : [from, via, to]), reasons };
  }

  /** A derivation that is a bare fact says no more than the sentence. */
  private retell({ text, derivation, events }: Sentence): Said {
    const reasons = derivation === null ? [] : reasonsOf(derivation, this.speech);
    const isBare = reasons.every(({ parts }) => parts.length === 0) && reasons.length < 2;
    return { text: `${text}.`, nodes: this.keysOf(events), reasons: isBare ? [] : reasons };
  }

  private keysOf(events: readonly number[]): string[] {
    return [...new Set(events.flatMap((id) => this.keys.get(id) ?? []))];
  }

  private placeOf(node: GraphNode): string {
    return this.speech.name(node.events[0]!);
  }
}

function isBetween({ events }: GraphNode, { from, to }: CycleEdge): boolean {
  return events.every((id) => from < id && id < to);
}
