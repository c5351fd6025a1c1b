/**
 * A schedule as generated JavaScript: one loop for each relation that must be kept, with everything that is looked at row by row
 * fused into it.
 *
 * The code says the same as the closures of machine.ts, statement by statement: a node that only one other node of the same list
 * reads, and that row by row, becomes an expression in that node's loop; all others are loops that fill their buffers. All
 * buffers are in one Int32Array, `M`, at fixed offsets.
 *
 * Where code must not be generated (a content security policy, --disallow-code-generation-from-strings), and for more than 8
 * words a row, there is none, and the caller goes on with closures.
 */
import { divergingRecursion } from '../model/evaluation-error.js';
import { lastWordMask } from '../relation/relation.js';
import type { Layout } from './machine.js';
import type { Recursion, Residual } from './residual.js';
import { operandsOf, type Schedule, type Step } from './schedule.js';

const MOST_WORDS = 8;
/** Loops in one function: small functions are compiled sooner. */
const LOOPS = 6;

type ComputedNode = Residual & { op: 'computed' };

/** Whether a word of the node's row is an expression over the same words of its operands' rows. */
function isRowwise(node: Residual): boolean {
  switch (node.op) {
    case 'union':
    case 'intersection':
    case 'difference':
    case 'complement':
    case 'restrict-domain':
    case 'restrict-range':
    case 'optional':
      return true;
    default:
      return false;
  }
}

/** Whether the node reads the operand row by row, each once. */
function readsRows(node: Residual, operand: Residual): boolean {
  if (node.op === 'compose') return operand === node.left && operand !== node.right;
  return isRowwise(node) || ['inverse', 'plus', 'star', 'domain', 'range'].includes(node.op);
}

class Generator {
  private readonly inlined: ReadonlySet<Residual>;
  private readonly constants: Int32Array[] = [];
  private readonly computations: (() => void)[] = [];
  private readonly recursions: Recursion[] = [];
  private readonly functions: string[] = [];

  constructor(
    private readonly schedule: Schedule,
    private readonly layout: Layout,
    private readonly compute: (node: ComputedNode) => () => void,
    roots: ReadonlySet<Residual>,
  ) {
    this.inlined = this.chooseInlined(roots);
  }

  run(): readonly (() => void)[] | null {
    const lists = this.schedule.steps.map((steps) => this.callsTo(this.statements(steps)));
    const source = `"use strict";
${this.functions.join('\n')}
return [${lists.map((calls) => `() => {${calls}}`).join(',')}];`;
    const diverge = (index: number): never => {
      throw divergingRecursion(this.recursions[index]!.names);
    };
    try {
      const make = new Function('M', 'C', 'F', 'diverge', source);
      return make(this.layout.memory, this.constants, this.computations, diverge);
    } catch (error) {
      if (error instanceof EvalError) return null;
      throw error;
    }
  }

  private chooseInlined(roots: ReadonlySet<Residual>): Set<Residual> {
    const list = new Map<Residual, readonly Step[]>();
    const readers = new Map<Residual, Residual[]>();
    const visit = (steps: readonly Step[]): void => {
      for (const step of steps) {
        if (step.kind === 'fixpoint') {
          visit(step.inner);
          continue;
        }
        list.set(step.node, steps);
        for (const operand of operandsOf(step.node)) {
          const known = readers.get(operand);
          if (known === undefined) readers.set(operand, [step.node]);
          else known.push(step.node);
        }
      }
    };
    for (const steps of this.schedule.steps) visit(steps);
    const inlined = new Set<Residual>();
    for (const [node, readBy] of readers) {
      const [reader] = readBy;
      if (readBy.length !== 1 || reader === undefined || roots.has(node)) continue;
      const isLocal = list.get(node) !== undefined && list.get(node) === list.get(reader);
      if (isLocal && isRowwise(node) && node.type === 'relation' && readsRows(reader, node))
        inlined.add(node);
    }
    return inlined;
  }

  /** Puts statements into functions, and gives the calls of these. */
  private callsTo(statements: readonly string[]): string {
    let calls = '';
    for (let i = 0; i < statements.length; i += LOOPS) {
      const name = `f${this.functions.length}`;
      this.functions.push(`function ${name}() {\n${statements.slice(i, i + LOOPS).join('\n')}\n}`);
      calls += `${name}();`;
    }
    return calls;
  }

  private statements(steps: readonly Step[]): string[] {
    return steps.flatMap((step) => {
      if (step.kind === 'fixpoint') return [this.fixpoint(step.recursion, step.inner)];
      return this.inlined.has(step.node) ? [] : [this.statement(step.node)];
    });
  }

  private fixpoint(recursion: Recursion, inner: readonly Step[]): string {
    const { words, n, variable, offset } = this.layout;
    const index = this.recursions.push(recursion) - 1;
    let [zero, compare, size] = ['', '', 0];
    recursion.bodies.forEach((body, k) => {
      const length = recursion.types[k] === 'set' ? words : words * n;
      const [at, from] = [variable(recursion, k), offset.get(body)!];
      size += length;
      zero += `M.fill(0, ${at}, ${at + length});\n`;
      compare += `for (let p = 0; p < ${length}; p++) { const v = M[${from} + p]; if (M[${at} + p] !== v) { M[${at} + p] = v; stable = false; } }\n`;
    });
    return `${zero}for (let round = 0; ; round++) {
${this.callsTo(this.statements(inner))}
let stable = true;
${compare}if (stable) break;
if (round > ${2 + size * 32}) diverge(${index});
}`;
  }

  private at(node: Residual): number {
    return this.layout.offset.get(node)!;
  }

  /** Word `k` of row `i` of a relation. */
  private row(node: Residual, k: number): string {
    if (!this.inlined.has(node)) {
      const { words } = this.layout;
      return words === 1 ? `M[${this.at(node)} + i]` : `M[${this.at(node) + k} + i * ${words}]`;
    }
    return this.expression(node, k);
  }

  /** Word `k` of a set. */
  private word(node: Residual, k: number): string {
    return `M[${this.at(node) + k}]`;
  }

  private part(node: Residual, k: number): string {
    return node.type === 'set' ? this.word(node, k) : this.row(node, k);
  }

  /** 1 if event i is in the set whose first word is at the address, else 0. */
  private member(words: (k: string) => string): string {
    return this.layout.words === 1 ? `(${words('0')} >>> i & 1)` : `(${words('(i >> 5)')} >>> (i & 31) & 1)`;
  }

  private diagonal(k: number): string {
    return this.layout.words === 1 ? '1 << i' : `(i >> 5 === ${k} ? 1 << (i & 31) : 0)`;
  }

  private mask(k: number): number {
    return k === this.layout.words - 1 ? lastWordMask(this.layout.n) : -1;
  }

  private expression(node: Residual, k: number): string {
    switch (node.op) {
      case 'union':
        return `(${this.part(node.left, k)} | ${this.part(node.right, k)})`;
      case 'intersection':
        return `(${this.part(node.left, k)} & ${this.part(node.right, k)})`;
      case 'difference':
        return `(${this.part(node.left, k)} & ~${this.part(node.right, k)})`;
      case 'complement':
        return `(~${this.part(node.operand, k)} & ${this.mask(k)})`;
      case 'restrict-domain': {
        const { words } = this.layout;
        const set = words === 1 ? '' : this.constant(node.set.bits);
        const isMember = this.member((word) => (words === 1 ? `${node.set.bits[0]}` : `${set}[${word}]`));
        return `(-${isMember} & ${this.row(node.operand, k)})`;
      }
      case 'restrict-range':
        return `(${this.row(node.operand, k)} & ${node.set.bits[k]})`;
      case 'optional':
        return `(${this.row(node.operand, k)} | ${this.diagonal(k)})`;
      case 'product':
        return `(-${this.member((word) => `M[${this.at(node.left)} + ${word}]`)} & ${this.word(node.right, k)})`;
      case 'identity':
        return `(${this.word(node.operand, k)} & ${this.diagonal(k)})`;
      default:
        return this.part(node, k);
    }
  }

  private constant(words: Int32Array): string {
    return `C[${this.constants.push(words) - 1}]`;
  }

  private get indices(): readonly number[] {
    return Array.from({ length: this.layout.words }, (_, k) => k);
  }

  private target(node: Residual, k: number): string {
    const { words } = this.layout;
    return words === 1 ? `M[${this.at(node)} + i]` : `M[${this.at(node) + k} + i * ${words}]`;
  }

  private loop(body: string): string {
    return `for (let i = 0; i < ${this.layout.n}; i++) {\n${body}\n}`;
  }

  private statement(node: Residual): string {
    switch (node.op) {
      case 'compose':
        return this.compose(node, node.left, node.right);
      case 'inverse':
        return `${this.clear(node)}\n${this.loop(
          this.eachBit(node.operand, (to) => {
            const { words } = this.layout;
            return words === 1
              ? `M[${this.at(node)} + ${to}] |= 1 << i;`
              : `M[${this.at(node)} + ${to} * ${words} + (i >> 5)] |= 1 << (i & 31);`;
          }),
        )}`;
      case 'plus':
        return this.closure(node, node.operand);
      case 'star':
        return `${this.closure(node, node.operand)}\n${this.loop(this.indices.map((k) => `${this.target(node, k)} |= ${this.diagonal(k)};`).join('\n'))}`;
      case 'domain':
        return `${this.clear(node)}\n${this.loop(`if ((${this.indices.map((k) => this.row(node.operand, k)).join(' | ')}) !== 0) M[${this.at(node)} + (i >> 5)] |= 1 << (i & 31);`)}`;
      case 'range':
        return `${this.clear(node)}\n${this.loop(this.indices.map((k) => `M[${this.at(node) + k}] |= ${this.row(node.operand, k)};`).join('\n'))}`;
      case 'computed':
        return `F[${this.computations.push(this.compute(node)) - 1}]();`;
      default:
        return this.fill(node);
    }
  }

  private fill(node: Residual): string {
    if (node.type === 'set')
      return this.indices.map((k) => `M[${this.at(node) + k}] = ${this.expression(node, k)};`).join('\n');
    return this.loop(
      this.indices.map((k) => `${this.target(node, k)} = ${this.expression(node, k)};`).join('\n'),
    );
  }

  private clear(node: Residual): string {
    const { words, n } = this.layout;
    return `M.fill(0, ${this.at(node)}, ${this.at(node) + (node.type === 'set' ? words : words * n)});`;
  }

  /** Statements for each event `to` of row i. */
  private eachBit(node: Residual, statement: (to: string) => string): string {
    return this.indices
      .map(
        (k) => `{ let x = ${this.row(node, k)};
while (x !== 0) { const to = ${k === 0 ? '' : `${32 * k} + `}31 - Math.clz32(x & -x); x &= x - 1; ${statement('to')} } }`,
      )
      .join('\n');
  }

  private compose(node: Residual, left: Residual, right: Residual): string {
    const { words } = this.layout;
    const sums = this.indices.map((k) => `r${k}`);
    const add = (to: string): string =>
      words === 1
        ? `r0 |= M[${this.at(right)} + ${to}];`
        : `const at = ${to} * ${words}; ${sums.map((sum, k) => `${sum} |= M[${this.at(right) + k} + at];`).join(' ')}`;
    const store = this.indices.map((k) => `${this.target(node, k)} = r${k};`).join(' ');
    return this.loop(
      `let ${sums.map((sum) => `${sum} = 0`).join(', ')};\n${this.eachBit(left, add)}\n${store}`,
    );
  }

  /** Warshall's algorithm on rows. */
  private closure(node: Residual, operand: Residual): string {
    const { n, words } = this.layout;
    const at = this.at(node);
    const copy = this.loop(
      this.indices.map((k) => `${this.target(node, k)} = ${this.row(operand, k)};`).join('\n'),
    );
    const row = this.indices.map((k) => `const v${k} = M[${at + k} + j * ${words}];`).join(' ');
    const any = this.indices.map((k) => `v${k}`).join(' | ');
    const join = this.indices.map((k) => `M[${at + k} + i * ${words}] |= v${k};`).join(' ');
    const column = words === 1 ? `${at} + i` : `${at} + i * ${words} + (j >> 5)`;
    return `${copy}
for (let j = 0; j < ${n}; j++) {
${row}
if ((${any}) === 0) continue;
const bit = 1 << (j & 31);
for (let i = 0; i < ${n}; i++) if ((M[${column}] & bit) !== 0) { ${join} }
}`;
  }
}

/** The lists of a schedule as functions; null where there can be none. `roots` are the nodes that somebody else reads. */
export function generateSteps(
  schedule: Schedule,
  layout: Layout,
  roots: ReadonlySet<Residual>,
  compute: (node: ComputedNode) => () => void,
): readonly (() => void)[] | null {
  return layout.words > MOST_WORDS ? null : new Generator(schedule, layout, compute, roots).run();
}
