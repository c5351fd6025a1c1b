/**
 * Deferred values: what a compiler cannot evaluate because it depends on the members of sets, not only on which sets they are.
 *
 * A deferred value is an expression and its scope, with the kind that type-checker.ts finds for it. Of kind set or relation, it is a
 * `computed` node of the graph, whose inputs are the nodes that the expression can reach; of another kind (a set of sets,
 * an event), it waits for a use that makes a set or relation of it. general-interpreter.ts evaluates both when the inputs are known.
 */
import type { Bits } from '../relation/relation.js';
import type { CatExpr } from '../syntax/cat-tree.js';
import { invariant } from '../text/diagnostic.js';
import { type Span, spanText } from '../text/source.js';
import type { DagBuilder } from './builder.js';
import type { Choice, Computation, NodeId, NodeType } from './dag.js';
import { ModelEvaluationError } from './evaluation-error.js';
import { freeNames } from './free-names.js';
import { type CompilerKnowledge, Interpreter } from './general-interpreter.js';
import { asSetOf, aType } from './general-types.js';
import { asEventSet, asRelation, describeValue, elementsOf, type General } from './general-values.js';
import { TypeChecker, type TypeHost } from './type-checker.js';
import {
  type DeferredValue,
  emptyValue,
  errorValue,
  type FunctionValue,
  type Scope,
  type Value,
} from './values.js';

export class Deferrals {
  readonly computations: Computation[] = [];
  readonly choices: Choice[] = [];
  readonly checker: TypeChecker;
  private readonly knowledge: CompilerKnowledge;
  private readonly nodes = new Map<DeferredValue, NodeId>();
  private count = 0;

  constructor(
    private readonly builder: DagBuilder,
    private readonly host: TypeHost,
  ) {
    this.checker = new TypeChecker(host);
    this.knowledge = {
      ...host,
      kindOf: (expr) => this.checker.kindOf(expr),
      isRight: (expr) => this.checker.isRight(expr),
    };
  }

  /** The value that an expression has in each execution: a node, if it is a set or a relation. */
  defer(expr: CatExpr, scope: Scope | null): Value {
    const type = this.checker.typeOf(expr, scope);
    if (type === null) return errorValue;
    if (type.kind === 'empty') return emptyValue;
    if (type.kind === 'unknown') {
      this.host.error(expr.span, 'too-deep', 'this has no value: a function calls itself in every case');
      return errorValue;
    }
    this.count++;
    const value: DeferredValue = { kind: 'deferred', id: this.count, expr, scope, type };
    const isNode = type.kind === 'set' || type.kind === 'relation';
    return isNode ? { kind: 'node', id: this.computed(value, type.kind) } : value;
  }

  /** The node of an event or a pair as the set of itself; null for a value of another kind. */
  nodeOf(value: DeferredValue): NodeId | null {
    const type = asSetOf(value.type).kind;
    return type === 'set' || type === 'relation' ? this.computed(value, type) : null;
  }

  private computed(value: DeferredValue, type: NodeType): NodeId {
    const known = this.nodes.get(value);
    if (known !== undefined) return known;
    const inputs = this.inputsOf([value]);
    const evaluate = this.evaluation(inputs, (interpreter) => interpreter.lift(value, value.expr.span));
    const node = this.addComputation(shortText(value.expr.span), type, inputs, (bits, n) =>
      asBits(evaluate(bits, n), type, n),
    );
    this.nodes.set(value, node);
    return node;
  }

  /** A node whose value is computed from those of `inputs` when they are known. */
  addComputation(
    name: string,
    type: NodeType,
    inputs: readonly NodeId[],
    compute: Computation['compute'],
  ): NodeId {
    this.computations.push({ name, compute });
    return this.builder.computed(type, this.computations.length - 1, inputs);
  }

  /** `with name from domain`: the node of the choice, or null if an error was reported. */
  choose(name: string, domain: Value, span: Span): NodeId | null {
    if (domain.kind === 'error') return null;
    const type = this.elementType(domain);
    if (type === null) {
      const found = aType(this.checker.typeOfValue(domain));
      this.host.error(span, 'kind-mismatch', `\`with\` takes a set of sets or of relations, not ${found}`);
      return null;
    }
    const inputs = this.inputsOf([domain]);
    const evaluate = this.evaluation(inputs, (interpreter) => interpreter.lift(domain, span));
    const node = this.builder.choice(type, this.choices.length, inputs);
    this.choices.push({
      name,
      node,
      domain: (bits, n) => {
        const elements = elementsOf(evaluate(bits, n));
        invariant(elements !== null, 'a domain is a set');
        return elements.map((element) => asBits(element, type, n));
      },
    });
    return node;
  }

  private elementType(domain: Value): NodeType | null {
    if (domain.kind === 'empty') return 'relation';
    const type = this.checker.typeOfValue(domain);
    const element = type.kind === 'family' ? asSetOf(type.of) : null;
    if (element?.kind === 'empty') return 'relation';
    return element?.kind === 'set' || element?.kind === 'relation' ? element.kind : null;
  }

  /** A function of the inputs' values that runs `use` on an interpreter which knows them. */
  evaluation<T>(
    inputs: readonly NodeId[],
    use: (interpreter: Interpreter) => T,
  ): (bits: readonly Bits[], n: number) => T {
    return (bits, n) => {
      const values = new Map(inputs.map((id, i) => [id, bits[i]!]));
      const nodeValue = (id: NodeId): Bits => {
        const value = values.get(id);
        invariant(value !== undefined, `node ${id} is no input`);
        return value;
      };
      return new Interpreter(n, nodeValue, this.knowledge).guarded(use);
    };
  }

  /** The nodes that values can depend on, ascending: those they are, and those that their expressions and functions name. */
  inputsOf(values: readonly Value[]): readonly NodeId[] {
    const found = new Set<NodeId>();
    const seen = new Set<DeferredValue | FunctionValue>();
    const visit = (value: Value): void => {
      if (value.kind === 'node') found.add(value.id);
      if (value.kind === 'tuple') value.items.forEach(visit);
      if (value.kind === 'builtin' && value.name === 'classes-loc') visitName('loc', null);
      if (value.kind === 'builtin' && value.name === 'tag2events')
        for (const tag of this.host.tags()) found.add(this.host.tagNode(tag));
      if (value.kind !== 'deferred' && value.kind !== 'function') return;
      if (seen.has(value)) return;
      seen.add(value);
      const names =
        value.kind === 'deferred' ? freeNames(value.expr) : freeNames(value.body, value.parameter);
      for (const name of names) visitName(name, value.scope);
    };
    const visitName = (name: string, scope: Scope | null): void => {
      const value = this.host.resolve(name, scope);
      if (value !== null) visit(value);
    };
    values.forEach(visit);
    return [...found].sort((a, b) => a - b);
  }
}

function asBits(value: General, type: NodeType, n: number): Bits {
  const bits = type === 'set' ? asEventSet(value, n) : asRelation(value, n);
  if (bits === null) throw new ModelEvaluationError(`${describeValue(value)} where a ${type} should be`);
  return bits;
}

const longestName = 60;

function shortText(span: Span): string {
  const text = spanText(span).replace(/\s+/g, ' ');
  return text.length <= longestName ? text : `${text.slice(0, longestName - 3)}...`;
}
