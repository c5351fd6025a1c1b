/**
 * The order in which what is left of a model is computed: for each stratum a list of steps, operands before what uses them,
 * and a list of its own inside each recursion.
 *
 * Invariant: a node stands in the list of the innermost recursion whose variables it depends on, and in the list of its stratum if
 * there is none. What a recursion needs and does not change is computed before it.
 */
import { assertNever } from '../text/diagnostic.js';
import type { Recursion, Residual } from './residual.js';

export type Step =
  | { readonly kind: 'compute'; readonly node: Residual }
  /** Iterates the inner steps from empty variables until the bodies equal the variables. */
  | { readonly kind: 'fixpoint'; readonly recursion: Recursion; readonly inner: readonly Step[] };

export interface Schedule {
  /** By stratum or stage. */
  readonly steps: readonly (readonly Step[])[];
  /** Every node that needs a buffer: computed ones, inputs, constants, choices; operands first. */
  readonly nodes: readonly Residual[];
  readonly recursions: readonly Recursion[];
  /** Nodes whose values are read from outside: what was asked for, bodies of recursions, and inputs of computations. */
  readonly roots: ReadonlySet<Residual>;
}

export function operandsOf(node: Residual): readonly Residual[] {
  switch (node.op) {
    case 'constant':
    case 'input':
    case 'choice':
    case 'variable':
    case 'recursive':
      return [];
    case 'union':
    case 'intersection':
    case 'difference':
    case 'compose':
    case 'product':
      return [node.left, node.right];
    case 'restrict-domain':
    case 'restrict-range':
    case 'complement':
    case 'inverse':
    case 'plus':
    case 'star':
    case 'optional':
    case 'identity':
    case 'domain':
    case 'range':
      return [node.operand];
    case 'computed':
      return node.inputs;
    default:
      return assertNever(node);
  }
}

class Scheduler {
  readonly steps: Step[][] = [];
  readonly nodes: Residual[] = [];
  readonly recursions: Recursion[] = [];
  private readonly placed = new Set<Residual>();
  private readonly finished = new Set<Recursion>();
  private readonly nesting: { readonly recursion: Recursion; readonly inner: Step[] }[] = [];
  private readonly dependencies = new Map<Residual, ReadonlySet<Recursion>>();
  /** The list that steps go to whatever their stratum; null: that of their stratum. */
  stage: number | null = null;

  place(node: Residual): void {
    if (this.placed.has(node)) return;
    this.placed.add(node);
    for (const operand of operandsOf(node)) this.place(operand);
    if (node.op === 'recursive') this.finish(node.recursion);
    this.nodes.push(node);
    if (node.op === 'recursive' || node.op === 'variable') return;
    if (node.op === 'constant' || node.op === 'input' || node.op === 'choice') return;
    this.listFor(this.openIn(node), node.stratum).push({ kind: 'compute', node });
  }

  private finish(recursion: Recursion): void {
    if (this.finished.has(recursion)) return;
    this.finished.add(recursion);
    this.recursions.push(recursion);
    const inner: Step[] = [];
    this.nesting.push({ recursion, inner });
    for (const body of recursion.bodies) this.place(body);
    this.nesting.pop();
    const open = new Set<Recursion>();
    for (const body of recursion.bodies) for (const other of this.openIn(body)) open.add(other);
    open.delete(recursion);
    this.listFor(open, recursion.stratum).push({ kind: 'fixpoint', recursion, inner });
  }

  private listFor(open: ReadonlySet<Recursion>, stratum: number): Step[] {
    for (let level = this.nesting.length - 1; level >= 0; level--)
      if (open.has(this.nesting[level]!.recursion)) return this.nesting[level]!.inner;
    const at = this.stage ?? stratum;
    let list = this.steps[at];
    if (list === undefined) {
      list = [];
      this.steps[at] = list;
    }
    return list;
  }

  /** The recursions whose variables the node depends on from inside. */
  private openIn(node: Residual): ReadonlySet<Recursion> {
    const known = this.dependencies.get(node);
    if (known !== undefined) return known;
    const open = new Set<Recursion>();
    this.dependencies.set(node, open);
    if (node.op === 'variable') open.add(node.recursion);
    if (node.op === 'recursive') {
      for (const body of node.recursion.bodies) for (const other of this.openIn(body)) open.add(other);
      open.delete(node.recursion);
    }
    for (const operand of operandsOf(node)) for (const other of this.openIn(operand)) open.add(other);
    return open;
  }
}

/**
 * The steps for these expressions, by stratum; and in one list more what only `late` needs, to be run when all strata are. What may
 * fail there fails only for candidates that come so far.
 */
export function scheduleByStratum(
  roots: readonly Residual[],
  strata: number,
  late: readonly Residual[],
): Schedule {
  const scheduler = new Scheduler();
  for (const root of roots) scheduler.place(root);
  scheduler.stage = strata;
  for (const root of late) scheduler.place(root);
  return finished(scheduler, strata + 1, [...roots, ...late]);
}

/** The steps for the expressions of each stage, which may use what the stages before computed. */
export function scheduleByStage(stages: readonly (readonly Residual[])[]): Schedule {
  const scheduler = new Scheduler();
  stages.forEach((roots, stage) => {
    scheduler.stage = stage;
    for (const root of roots) scheduler.place(root);
  });
  return finished(scheduler, stages.length, stages.flat());
}

function finished(
  { steps, nodes, recursions }: Scheduler,
  lists: number,
  asked: readonly Residual[],
): Schedule {
  const roots = new Set(asked);
  for (const { bodies } of recursions) for (const body of bodies) roots.add(body);
  for (const node of nodes) if (node.op === 'computed') for (const input of node.inputs) roots.add(input);
  return { steps: Array.from({ length: lists }, (_, at) => steps[at] ?? []), nodes, recursions, roots };
}
