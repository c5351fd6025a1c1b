/**
 * Runs a schedule: buffers for all its nodes in one block of memory, and the steps as closures over them or as generated code.
 *
 * The caller writes the inputs (and what is chosen for choices), runs the strata whose inputs changed, lowest first, and reads the
 * values of its roots.
 */
import type { Computation } from '../model/dag.js';
import { divergingRecursion } from '../model/evaluation-error.js';
import * as ops from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { InvariantError, invariant } from '../text/diagnostic.js';
import { generateSteps } from './generate.js';
import type { Recursion, Residual, Sense } from './residual.js';
import type { Schedule, Step } from './schedule.js';

type Run = () => void;

/** Where things are in the block, in words. */
export interface Layout {
  readonly n: number;
  readonly words: number;
  readonly memory: Int32Array;
  readonly offset: ReadonlyMap<Residual, number>;
  readonly variable: (recursion: Recursion, index: number) => number;
}

export class Machine {
  private readonly layout: Layout;
  private readonly buffers = new Map<Residual, Bits>();
  private readonly variables = new Map<Recursion, readonly Bits[]>();
  private readonly inputs = new Map<string, Bits>();
  private runs: readonly Run[];

  constructor(
    private readonly n: number,
    private readonly computations: readonly Computation[],
    private readonly schedule: Schedule,
    /** After so many runs, code is generated. */
    private patience = Number.POSITIVE_INFINITY,
  ) {
    this.layout = this.allocate();
    this.runs = this.schedule.steps.map((steps) => this.closures(steps));
  }

  /** The buffer of an input: a relation, or a scratch one if no expression reads it. */
  relation(name: string, sense: Sense): Relation {
    return this.input(`${sense} ${name}`, () => new Relation(this.n)) as Relation;
  }

  /** The buffer of an input that is a set, or a scratch one. */
  set(name: string, sense: Sense): EventSet {
    return this.input(`${sense} ${name}`, () => new EventSet(this.n)) as EventSet;
  }

  private input(key: string, scratch: () => Bits): Bits {
    let buffer = this.inputs.get(key);
    if (buffer === undefined) {
      buffer = scratch();
      this.inputs.set(key, buffer);
    }
    return buffer;
  }

  /** How many steps it takes for each candidate: those of the first list are run once. */
  get effort(): number {
    return this.schedule.steps.slice(1).reduce((sum, list) => sum + list.length, 0);
  }

  value(node: Residual): Bits {
    const buffer = this.buffers.get(node);
    invariant(buffer !== undefined, 'only what is scheduled has a value');
    return buffer;
  }

  /** Empties all buffers, those of constants too. */
  clear(): void {
    this.layout.memory.fill(0);
    for (const { bits } of this.inputs.values()) bits.fill(0);
  }

  /** Runs the steps of a stratum or stage. */
  run(list: number): void {
    if (this.patience-- === 0) this.generate();
    this.runs[list]!();
  }

  /** Replaces the closures by generated code; false where the platform forbids that. */
  generate(): boolean {
    const runs = generateSteps(this.schedule, this.layout, this.schedule.roots, (node) => this.compute(node));
    if (runs === null) return false;
    this.runs = runs;
    return true;
  }

  private allocate(): Layout {
    const { n } = this;
    const words = Math.max(1, (n + 31) >> 5);
    const { nodes, recursions } = this.schedule;
    const sizeOf = (type: 'set' | 'relation') => (type === 'set' ? words : words * n);
    let size = 0;
    const place = (type: 'set' | 'relation'): number => {
      const at = size;
      size += sizeOf(type);
      return at;
    };
    const variableAt = new Map(recursions.map((recursion) => [recursion, recursion.types.map(place)]));
    const variable = (recursion: Recursion, index: number): number => variableAt.get(recursion)![index]!;
    const offset = new Map<Residual, number>();
    for (const node of nodes) {
      const shared = node.op === 'variable' || node.op === 'recursive';
      offset.set(node, shared ? variable(node.recursion, node.index) : place(node.type));
    }
    const memory = new Int32Array(size);
    const view = (type: 'set' | 'relation', at: number): Bits => {
      const bits = memory.subarray(at, at + sizeOf(type));
      return type === 'set' ? EventSet.over(n, bits) : Relation.over(n, bits);
    };
    for (const recursion of recursions)
      this.variables.set(
        recursion,
        recursion.types.map((type, index) => view(type, variable(recursion, index))),
      );
    for (const node of nodes) {
      const shared = node.op === 'variable' || node.op === 'recursive';
      const buffer = shared
        ? this.variables.get(node.recursion)![node.index]!
        : view(node.type, offset.get(node)!);
      this.buffers.set(node, buffer);
      if (node.op === 'constant') buffer.bits.set(node.value.bits);
      if (node.op === 'input') this.inputs.set(`${node.sense} ${node.name}`, buffer);
    }
    return { n, words, memory, offset, variable };
  }

  private closures(steps: readonly Step[]): Run {
    const runs = steps.map((step) =>
      step.kind === 'compute' ? this.closure(step.node) : this.iteration(step.recursion, step.inner),
    );
    return () => {
      for (let i = 0; i < runs.length; i++) runs[i]!();
    };
  }

  private iteration(recursion: Recursion, inner: readonly Step[]): Run {
    const variables = this.variables.get(recursion)!;
    const bodies = recursion.bodies.map((body) => this.value(body));
    const run = this.closures(inner);
    const limit = 2 + variables.reduce((sum, v) => sum + v.bits.length * 32, 0);
    return () => {
      for (const variable of variables) variable.bits.fill(0);
      for (let round = 0; ; round++) {
        run();
        let stable = true;
        for (let k = 0; k < variables.length; k++) {
          if (ops.isEqual(variables[k]!, bodies[k]!)) continue;
          variables[k]!.bits.set(bodies[k]!.bits);
          stable = false;
        }
        if (stable) return;
        if (round > limit) throw divergingRecursion(recursion.names);
      }
    };
  }

  private compute(node: Residual & { readonly op: 'computed' }): Run {
    const out = this.value(node);
    const inputs = node.inputs.map((input) => this.value(input));
    const { compute } = this.computations[node.computation]!;
    return () => out.bits.set(compute(inputs, this.n).bits);
  }

  private closure(node: Residual): Run {
    const out = this.value(node);
    const relation = out as Relation;
    const of = (operand: Residual) => this.value(operand);
    const pairs = (operand: Residual) => this.value(operand) as Relation;
    const events = (operand: Residual) => this.value(operand) as EventSet;
    switch (node.op) {
      case 'union': {
        const [a, b] = [of(node.left), of(node.right)];
        return () => ops.unionInto(out, a, b);
      }
      case 'intersection': {
        const [a, b] = [of(node.left), of(node.right)];
        return () => ops.intersectionInto(out, a, b);
      }
      case 'difference': {
        const [a, b] = [of(node.left), of(node.right)];
        return () => ops.differenceInto(out, a, b);
      }
      case 'compose': {
        const [a, b] = [pairs(node.left), pairs(node.right)];
        return () => ops.composeInto(relation, a, b);
      }
      case 'product': {
        const [a, b] = [events(node.left), events(node.right)];
        return () => ops.productInto(relation, a, b);
      }
      case 'restrict-domain': {
        const [a, set] = [pairs(node.operand), node.set];
        return () => ops.restrictDomainInto(relation, set, a);
      }
      case 'restrict-range': {
        const [a, set] = [pairs(node.operand), node.set];
        return () => ops.restrictRangeInto(relation, a, set);
      }
      case 'complement': {
        const a = of(node.operand);
        return () => ops.complementInto(out, a);
      }
      case 'inverse': {
        const a = pairs(node.operand);
        return () => ops.inverseInto(relation, a);
      }
      case 'plus': {
        const a = pairs(node.operand);
        return () => ops.plusInto(relation, a);
      }
      case 'star': {
        const a = pairs(node.operand);
        return () => {
          ops.plusInto(relation, a);
          ops.addIdentity(relation);
        };
      }
      case 'optional': {
        const a = pairs(node.operand);
        return () => {
          relation.bits.set(a.bits);
          ops.addIdentity(relation);
        };
      }
      case 'identity': {
        const a = events(node.operand);
        return () => ops.identityInto(relation, a);
      }
      case 'domain': {
        const a = pairs(node.operand);
        return () => ops.domainInto(out as EventSet, a);
      }
      case 'range': {
        const a = pairs(node.operand);
        return () => ops.rangeInto(out as EventSet, a);
      }
      case 'computed':
        return this.compute(node);
      default:
        throw new InvariantError(`no step for ${node.op}`);
    }
  }
}
