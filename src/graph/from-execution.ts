/**
 * An execution, and for a refused one its cycle, as a GraphModel: which nodes and edges a reader needs.
 *
 * Shown: program order between neighbours; where each read reads from; co and fr to the next write only, and only between
 * threads; direct dependencies; the cycle in full. Dropped: what the shown edges imply (co and fr along one location and
 * along the hand-over of a lock; control dependencies after the first event they reach; program order beside another
 * edge of the same two neighbours), and initial writes that no shown edge needs. Fences are small nodes in their column,
 * as a kernel comment would write them, so that an edge past a fence is seen to pass it.
 */
import type { Cycle } from '../explain/cycle.js';
import { mostTellingCycle } from '../explain/forbidden.js';
import { explainViolations } from '../explain/violated.js';
import type { CompiledModel } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import { showValue } from '../program/value.js';
import type { Execution } from '../search/execution.js';
import type { Caption, GraphEdge, GraphModel, GraphNode } from './graph-model.js';
import { namedRelations } from './named-relations.js';
import { nameWith } from './node-text.js';
import { type Grouping, groupEvents, initialNode } from './nodes.js';
import { type EventEdge, type Shown, shownEdges, usuallyShown } from './shown-edges.js';
import type { Place, View } from './view.js';

/**
 * The picture of an execution under a model: plain for one that the model allows, with the cycle highlighted for one that
 * it refuses.
 */
export function witnessGraph(
  execution: Execution,
  model: CompiledModel,
  evaluation: Evaluation,
  caption: Caption,
): GraphModel {
  const cycles = explainViolations(execution, model, evaluation);
  return executionGraph(execution, caption, mostTellingCycle(cycles, execution));
}

/** The picture of an execution with a given cycle highlighted; null highlights nothing. */
export function executionGraph(execution: Execution, caption: Caption, cycle: Cycle | null): GraphModel {
  return pictureWith(execution, caption, cycle, usuallyShown, []);
}

/** The picture of an execution as a reader wants to see it. `cycle`: that of a refused execution, else null. */
export function viewedGraph(
  execution: Execution,
  caption: Caption,
  cycle: Cycle | null,
  { model, view }: { readonly model: CompiledModel; readonly view: View },
): GraphModel {
  const { hide, show, highlight } = view;
  const named = highlight.kind === 'relation' ? [...show, highlight.name] : show;
  const relations = namedRelations(named, execution, model);
  const added = [...relations].map(([name, relation]) => {
    const highlighted = highlight.kind === 'relation' && highlight.name === name;
    return { name, relation, highlighted };
  });
  const shown = { hidden: new Set(hide), added };
  const places = highlight.kind === 'places' ? highlight.places : [];
  const marked = highlight.kind === 'cycle' ? cycle : null;
  const graph = pictureWith(execution, caption, marked, shown, places);
  // The argument is the reason, whatever is highlighted.
  return cycle === null || marked === cycle
    ? graph
    : { ...graph, argument: executionGraph(execution, caption, cycle).argument };
}

function pictureWith(
  execution: Execution,
  caption: Caption,
  cycle: Cycle | null,
  shown: Shown,
  places: readonly Place[],
): GraphModel {
  const grouping = groupEvents(execution);
  const eventEdges = shownEdges(execution, grouping, cycle, shown);
  const { nodes, nodeOf } = withInitialWrites(execution, grouping, eventEdges);
  const isPlace = ({ column, line }: GraphNode): boolean =>
    places.some(
      (each) => execution.program.threads[column ?? -1]?.index === each.thread && each.line === line,
    );
  const touched = new Set([
    ...(cycle?.events ?? []),
    ...(cycle?.edges.flatMap((e) => e.via ?? []) ?? []),
    ...eventEdges.flatMap((edge) => (edge.highlighted ? [edge.from, edge.to] : [])),
    ...nodes.flatMap((node) => (isPlace(node) ? node.events : [])),
  ]);
  const placed = new Set(nodes.flatMap((node) => (isPlace(node) ? [node.id] : [])));
  const merged = alongProgramOrder(mergeEdges(eventEdges, nodeOf), grouping);
  const edges = shown.hidden.has('po') ? merged : withProgramOrder(grouping, merged);
  return {
    caption,
    state: stateText(execution),
    argument: cycle === null ? null : argumentText(cycle, nodeOf, { nodes, columns: grouping.columns }),
    columns: grouping.columns,
    nodes: nodes.map((node) =>
      node.events.some((id) => touched.has(id)) ? { ...node, highlighted: true } : node,
    ),
    edges: edges.map((edge) =>
      placed.has(edge.from) && placed.has(edge.to) ? { ...edge, highlighted: true } : edge,
    ),
  };
}

/** `1:r0=1; [x]=2` of the observed registers and locations. */
export function stateText(execution: Execution): string {
  return execution.program.observed
    .map((observable, at) => {
      const value = execution.finals[at];
      const name = observable.kind === 'location' ? `[${observable.display}]` : observable.display;
      return `${name}=${value === undefined ? '?' : showValue(value)}`;
    })
    .join('; ');
}

/** Initial writes that an edge starts at, before the other nodes. */
function withInitialWrites(
  execution: Execution,
  grouping: Grouping,
  edges: readonly EventEdge[],
): { nodes: GraphNode[]; nodeOf: ReadonlyMap<number, GraphNode> } {
  const needed = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const nodeOf = new Map(grouping.nodeOf);
  const initial: GraphNode[] = [];
  for (const event of execution.events) {
    if (event.thread >= 0 || !needed.has(event.id)) continue;
    const node = initialNode(event, initial.length);
    initial.push(node);
    nodeOf.set(event.id, node);
  }
  return { nodes: [...initial, ...grouping.nodes], nodeOf };
}

/** Edges between nodes, one for each pair of nodes and highlighting: `addr, data`. */
function mergeEdges(edges: readonly EventEdge[], nodeOf: ReadonlyMap<number, GraphNode>): GraphEdge[] {
  const merged = new Map<string, GraphEdge>();
  for (const { from, to, kind, label, fact, highlighted } of edges) {
    const [a, b] = [nodeOf.get(from), nodeOf.get(to)];
    if (a === undefined || b === undefined || a === b) continue;
    const key = `${a.id} ${b.id}`;
    const known = merged.get(key);
    const edge: GraphEdge = { from: a.id, to: b.id, kind, label, facts: [fact], highlighted };
    merged.set(key, known === undefined ? edge : mergeTwo(known, edge));
  }
  return [...merged.values()];
}

/** Highlighted program order past other nodes goes through them: the same fact, and no arc beside the column. */
function alongProgramOrder(edges: readonly GraphEdge[], { columns, nodes }: Grouping): GraphEdge[] {
  const isFence = (id: string): boolean => nodes.some((node) => node.id === id && node.kind === 'fence');
  const steps = new Map<string, GraphEdge>();
  const others: GraphEdge[] = [];
  const key = ({ from, to }: GraphEdge): string => `${from} ${to}`;
  for (const edge of edges) {
    const column = columns.find((each) => each.nodes.includes(edge.from) && each.nodes.includes(edge.to));
    const [from, to] = [column?.nodes.indexOf(edge.from) ?? 0, column?.nodes.indexOf(edge.to) ?? 0];
    const isPlain = edge.kind === 'po' && edge.highlighted && edge.label === 'po';
    if (!isPlain || column === undefined || to - from < 2) {
      others.push(edge);
      continue;
    }
    for (let at = from; at < to; at++) {
      const [before, after] = [column.nodes[at]!, column.nodes[at + 1]!];
      const step = {
        ...edge,
        from: before,
        to: after,
        label: isFence(before) || isFence(after) ? null : 'po',
      };
      const known = steps.get(key(step));
      steps.set(key(step), known === undefined ? step : mergeTwo(known, step));
    }
  }
  const joined = others.map((edge) => {
    const step = steps.get(key(edge));
    steps.delete(key(edge));
    return step === undefined ? edge : mergeTwo(edge, step);
  });
  return [...joined, ...steps.values()];
}

/** The highlighted edge gives the kind; the label has both. */
function mergeTwo(a: GraphEdge, b: GraphEdge): GraphEdge {
  const [main, other] = b.highlighted && !a.highlighted ? [b, a] : [a, b];
  const words = [main, other].flatMap(({ label }) => label?.split(', ') ?? []);
  const labels = new Set(words.filter((word) => word !== 'po'));
  const facts = [...a.facts, ...b.facts];
  if (labels.size === 0) return { ...main, facts, label: main.label ?? other.label };
  return { ...main, facts, label: [...labels].join(', ') };
}

/**
 * Program order between neighbours, where no other edge already leads from the one to the other. Beside a fence it has no
 * label: the fence's own name says what orders there.
 */
function withProgramOrder(grouping: Grouping, edges: readonly GraphEdge[]): GraphEdge[] {
  const present = new Set(edges.map((edge) => `${edge.from} ${edge.to}`));
  const byId = new Map(grouping.nodes.map((node) => [node.id, node]));
  const isFence = (id: string): boolean => byId.get(id)?.kind === 'fence';
  const order: GraphEdge[] = [];
  for (const column of grouping.columns)
    for (const [at, to] of column.nodes.entries()) {
      const from = column.nodes[at - 1];
      if (from === undefined || present.has(`${from} ${to}`)) continue;
      const label = isFence(from) || isFence(to) ? null : 'po';
      const [before, after] = [byId.get(from)!.events.at(-1)!, byId.get(to)!.events[0]!];
      const facts = [{ relation: 'po', from: before, to: after, cycleEdge: null }];
      order.push({ from, to, kind: 'po', label, facts, highlighted: false });
    }
  return [...order, ...edges];
}

/** `hb: b -smp_wmb-> c -rf-> e -smp_rmb-> g -fr-> b`. */
function argumentText(
  cycle: Cycle,
  nodeOf: ReadonlyMap<number, GraphNode>,
  graph: Pick<GraphModel, 'nodes' | 'columns'>,
): string {
  const name = (id: number): string => nameWith(nodeOf.get(id)?.id ?? '?', graph, (fence) => fence.event);
  const { edges } = cycle;
  if (edges.length === 0)
    return [cycle.axiom, cycle.events.map(name).join(', ')].filter((s) => s !== '').join(': ');
  let text = `${cycle.axiom}: `;
  let at: number | null = null;
  for (const edge of edges) {
    if (at !== edge.from) text += `${at === null ? '' : '; '}${name(edge.from)}`;
    text += ` -${edge.label}-> ${name(edge.to)}`;
    at = edge.to;
  }
  return text;
}
