/**
 * Machines that are used again for expressions that differ from earlier ones in their constants only.
 *
 * The paths of a program leave most of a model in the same form: other events depend on each other, but what is composed with what is
 * the same. So a search makes few machines for many skeletons, and code that is generated for one is hot for all of its form.
 *
 * Soundness: the key says everything of the expressions that a schedule, closures or generated code depend on: operators, operands,
 * strata, names, the sets that rows and columns are restricted to, and what is shared. Constants are in buffers that are written anew.
 */
import type { Computation } from '../model/dag.js';
import type { Bits } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import { Machine } from './machine.js';
import type { Recursion, Residual } from './residual.js';
import { operandsOf, type Schedule } from './schedule.js';

/** Machines that a pool keeps. */
const MOST = 64;

const codes: Readonly<Record<Residual['op'], number>> = {
  constant: 0,
  input: 1,
  choice: 2,
  union: 3,
  intersection: 4,
  difference: 5,
  compose: 6,
  product: 7,
  'restrict-domain': 8,
  'restrict-range': 9,
  complement: 10,
  inverse: 11,
  plus: 12,
  star: 13,
  optional: 14,
  identity: 15,
  domain: 16,
  range: 17,
  variable: 18,
  recursive: 19,
  computed: 20,
};

/** The expressions of some lists: nodes are numbered as they are met, operands first, and `code` says what they are, list by list. */
class Form {
  readonly nodes: Residual[] = [];
  readonly numbers = new Map<Residual, number>();
  readonly code: number[] = [];
  private readonly recursions = new Map<Recursion, number>();

  constructor(
    n: number,
    lists: readonly (readonly Residual[])[],
    private readonly nameCode: (name: string) => number,
  ) {
    this.code.push(n);
    for (const list of lists) {
      const roots = list.map((root) => this.number(root));
      this.code.push(roots.length, ...roots);
    }
  }

  get hash(): number {
    let hash = 0;
    for (const word of this.code) hash = (Math.imul(hash, 31) + word) | 0;
    return hash;
  }

  private number(node: Residual): number {
    const known = this.numbers.get(node);
    if (known !== undefined) return known;
    const { code } = this;
    const operands = operandsOf(node);
    const [left, right] = operands;
    const first = left === undefined ? -1 : this.number(left);
    const second = right === undefined ? -1 : this.number(right);
    const others = operands.slice(2).map((operand) => this.number(operand));
    const recursion = node.op === 'variable' || node.op === 'recursive' ? this.recursion(node.recursion) : -1;
    const number = this.nodes.push(node) - 1;
    this.numbers.set(node, number);
    code.push(codes[node.op], node.type === 'set' ? 0 : 1, node.stratum, first, second);
    if (node.op === 'input') code.push(this.nameCode(node.name), this.nameCode(node.sense));
    if (node.op === 'choice') code.push(node.choice);
    if (node.op === 'computed') code.push(node.computation, operands.length, ...others);
    if (node.op === 'restrict-domain' || node.op === 'restrict-range') code.push(...node.set.bits);
    if (node.op === 'variable' || node.op === 'recursive') code.push(recursion, node.index);
    return number;
  }

  private recursion(recursion: Recursion): number {
    const known = this.recursions.get(recursion);
    if (known !== undefined) return known;
    const number = this.recursions.size;
    this.recursions.set(recursion, number);
    const bodies = recursion.bodies.map((body) => this.number(body));
    this.code.push(recursion.stratum, bodies.length, ...bodies, ...recursion.names.map(this.nameCode));
    return number;
  }
}

interface Kept {
  readonly machine: Machine;
  readonly code: readonly number[];
  /** By number, the nodes that the machine was made for. */
  readonly nodes: readonly Residual[];
  /** Numbers of the constants. */
  readonly constants: readonly number[];
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A machine with the constants of some expressions, and where the values of these are. */
export interface LoadedMachine {
  readonly machine: Machine;
  readonly value: (node: Residual) => Bits;
}

export class MachinePool {
  /** Whether machines are used again. */
  keeps = false;
  /** By hash of their codes. */
  private readonly kept = new Map<number, Kept[]>();
  private size = 0;
  private readonly names = new Map<string, number>();

  constructor(
    private readonly computations: readonly Computation[],
    /** After so many runs of a machine, generated code pays. */
    private readonly patience: number,
  ) {}

  /**
   * A machine for these lists of expressions, as if it were new. What was loaded before may be lost; `schedule` makes the schedule of
   * the lists.
   */
  load(n: number, lists: readonly (readonly Residual[])[], schedule: () => Schedule): LoadedMachine {
    if (!this.keeps) {
      const machine = new Machine(n, this.computations, schedule(), this.patience);
      return { machine, value: (node) => machine.value(node) };
    }
    const form = new Form(n, lists, this.nameCode);
    const { machine, nodes, constants } = this.machineFor(form, n, schedule);
    machine.clear();
    for (const number of constants) {
      const node = form.nodes[number]!;
      invariant(node.op === 'constant', 'forms are the same');
      machine.value(nodes[number]!).bits.set(node.value.bits);
    }
    const value = (node: Residual): Bits => {
      const number = form.numbers.get(node);
      invariant(number !== undefined, 'only what is loaded has a value');
      return machine.value(nodes[number]!);
    };
    return { machine, value };
  }

  private readonly nameCode = (name: string): number => {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    this.names.set(name, this.names.size);
    return this.names.size - 1;
  };

  private machineFor({ hash, code, nodes }: Form, n: number, schedule: () => Schedule): Kept {
    const known = this.kept.get(hash)?.find((kept) => isSame(kept.code, code));
    if (known !== undefined) return known;
    if (this.size >= MOST) {
      this.kept.clear();
      this.size = 0;
    }
    const machine = new Machine(n, this.computations, schedule(), this.patience);
    const constants = nodes.flatMap(({ op }, number) => (op === 'constant' ? [number] : []));
    const made: Kept = { machine, code, nodes, constants };
    this.kept.set(hash, [...(this.kept.get(hash) ?? []), made]);
    this.size++;
    return made;
  }
}
