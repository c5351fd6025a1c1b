/**
 * Compiles `let rec`: functions that see each other, and sets and relations that are fixpoints (RecursionGroup in dag.ts).
 *
 * Source: the diy manual, chapter "The cat language": values start from nothing and are evaluated, in the order of their definitions,
 * until none changes.
 */
import type { Binding, CatExpr } from '../syntax/cat-tree.js';
import { invariant } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import type { DagBuilder } from './builder.js';
import type { NodeId, NodeType } from './dag.js';
import { isMonotone } from './monotone.js';
import { emptyValue, errorValue, nodeValue, poisoned, type Scope, type Value } from './values.js';

/** What a recursion needs of the compiler of expressions. */
export interface RecursionHost {
  readonly compile: (expr: CatExpr, scope: Scope | null) => Value;
  readonly nodeOf: (value: Value, type: NodeType, span: Span, user: string) => NodeId | null;
  readonly error: (span: Span, code: string, message: string) => void;
  readonly silently: (run: () => void) => void;
}

export class RecursionCompiler {
  constructor(
    private readonly builder: DagBuilder,
    private readonly compiler: RecursionHost,
  ) {}

  /** The scope after `let rec b0 and b1 ...`. */
  bind(bindings: readonly Binding[], scope: Scope | null): Scope | null {
    const tuple = bindings.find(({ pattern }) => pattern.kind === 'tuple' || pattern.bound.name === null);
    if (tuple !== undefined) {
      this.compiler.error(tuple.span, 'unsupported-cat', 'recursive definitions of tuples: not supported');
      return bindings.reduce((outer, { pattern }) => poisoned(pattern, outer), scope);
    }
    const functions = bindings.filter(({ value }) => value.kind === 'function');
    const values = bindings.filter(({ value }) => value.kind !== 'function');
    const names = values.map(boundName);
    const enter: EnterRecursion = (members) => withFunctions(functions, extend(scope, names, members));
    if (values.length === 0) return enter([]);
    const { builder } = this;
    const group = builder.openGroup(names, this.recursiveTypes(values, enter));
    let bodies = this.recursiveBodies(group, values, enter, false);
    if (bodies !== null && !this.isMonotone(bodies, group))
      bodies = this.recursiveBodies(group, values, enter, true);
    if (bodies === null) return enter(names.map(() => errorValue));
    return enter(builder.closeGroup(group, bodies).map(nodeValue));
  }

  /**
   * The bodies of a recursion group, or null if an error was reported. In `sequence`, a definition sees this round's values of
   * those before it, else the last round's. Where growth leads to shrinking, the values that the rounds reach depend on that,
   * and models count on the sequence.
   */
  private recursiveBodies(
    group: number,
    bindings: readonly Binding[],
    enter: EnterRecursion,
    sequence: boolean,
  ): readonly NodeId[] | null {
    const values = bindings.map((_, index) => nodeValue(this.builder.variable(group, index)));
    const bodies = bindings.map((binding, index) => {
      const type = this.builder.typeOf(this.builder.variable(group, index));
      const { value } = binding;
      const result = this.compiler.compile(value, enter(values));
      const body = this.compiler.nodeOf(result, type, value.span, `\`${boundName(binding)}\``);
      if (sequence && body !== null) values[index] = nodeValue(body);
      return body;
    });
    const complete = bodies.filter((body) => body !== null);
    return complete.length === bodies.length ? complete : null;
  }

  private isMonotone(bodies: readonly NodeId[], group: number): boolean {
    const { builder } = this;
    return isMonotone(
      bodies,
      group,
      (id) => builder.node(id),
      (inner) => builder.groups[inner]!.bodies,
    );
  }

  /**
   * The types of recursive definitions, by compiling them from "all are empty, of any type" until every type that can
   * be known is; what remains (`let rec r = r`) is a relation. Errors of the trials are not reported.
   */
  private recursiveTypes(bindings: readonly Binding[], enter: EnterRecursion): NodeType[] {
    const types: (NodeType | null)[] = bindings.map(() => null);
    this.compiler.silently(() => {
      for (const _ of bindings) {
        const inner = enter(types.map((type) => this.trialValue(type)));
        bindings.forEach(({ value }, i) => {
          const result = this.compiler.compile(value, inner);
          if (result.kind === 'node') types[i] ??= this.builder.typeOf(result.id);
        });
      }
    });
    return types.map((type) => type ?? 'relation');
  }

  /** Something of the type that no law folds away: a trial must not learn "empty" from a member's approximation. */
  private trialValue(type: NodeType | null): Value {
    if (type === null) return emptyValue;
    return nodeValue(this.builder.variable(this.builder.openGroup(['_'], [type]), 0));
  }
}

/** The scope of a recursion whose values (not its functions) are these. */
type EnterRecursion = (values: readonly Value[]) => Scope | null;

function boundName({ pattern }: Binding): string {
  return (pattern.kind === 'name' ? pattern.bound.name : null) ?? '_';
}

/** The scope with functions that see it, themselves included. */
function withFunctions(bindings: readonly Binding[], outer: Scope | null): Scope | null {
  const functions: { scope: Scope | null }[] = [];
  const scope = bindings.reduce((at, binding) => {
    const { value } = binding;
    invariant(value.kind === 'function', 'a function');
    const { parameter, body } = value;
    const made = { kind: 'function' as const, parameter, body, scope: null, results: new Map() };
    functions.push(made);
    return { name: boundName(binding), value: made, outer: at };
  }, outer);
  for (const made of functions) made.scope = scope;
  return scope;
}

function extend(scope: Scope | null, names: readonly string[], values: readonly Value[]): Scope | null {
  return names.reduce<Scope | null>((outer, name, i) => ({ name, value: values[i]!, outer }), scope);
}
