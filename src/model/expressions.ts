/**
 * Compiles cat expressions and definitions: resolves names lexically, inlines functions, and tells sets from relations.
 *
 * Source: the diy manual, chapter "The cat language", and herd's rule that `0` is an empty set or relation as its use
 * asks. Nothing else converts: a set is not its identity relation (`[S]` is).
 */
import type { Binding, CatExpr, Pattern } from '../syntax/cat-tree.js';
import { assertNever, type Diagnostic, errorAt, type Note } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type { DagBuilder } from './builder.js';
import type { NodeId, NodeType } from './dag.js';
import { shrinkingMember } from './monotone.js';
import { dialectsOfTag } from './predefined.js';
import {
  argumentKey,
  type Builtin,
  emptyValue,
  errorValue,
  type FunctionValue,
  lookUp,
  namesIn,
  type Scope,
  type Value,
} from './values.js';

const builtins: readonly Builtin[] = ['domain', 'range'];

/** Compiles into `builder`; problems go to `diagnostics`. */
export class ExpressionCompiler {
  private readonly calls: Note[] = [];
  private trials = 0;

  constructor(
    private readonly builder: DagBuilder,
    private readonly predefined: ReadonlyMap<string, NodeType>,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {}

  private error(span: Span, code: string, message: string, hint: string | null = null): Value {
    if (this.trials === 0)
      this.report(errorAt(span, code, message, { hint, notes: this.calls.slice(-4).reverse() }));
    return errorValue;
  }

  compile(expr: CatExpr, scope: Scope | null): Value {
    switch (expr.kind) {
      case 'name':
        return this.name(expr.name, expr.span, scope);
      case 'empty':
        return emptyValue;
      case 'universe':
        return nodeValue(this.builder.universe('set'));
      case 'tag':
        return { kind: 'tag', name: expr.name };
      case 'set':
        return expr.items.length === 0
          ? emptyValue
          : this.error(expr.span, 'unsupported-cat', 'sets of listed elements: not supported yet');
      case 'tuple':
        return { kind: 'tuple', items: expr.items.map((item) => this.compile(item, scope)) };
      case 'identity':
        return this.unary(expr.operand, 'set', '`[...]`', scope, (id) => this.builder.identity(id));
      case 'complement':
        return this.complement(expr.operand, scope);
      case 'postfix':
        return this.postfix(expr, scope);
      case 'binary':
        return this.binary(expr, scope);
      case 'apply':
        return this.apply(this.compile(expr.callee, scope), expr, scope);
      case 'function':
        return {
          kind: 'function',
          parameter: expr.parameter,
          body: expr.body,
          scope,
          results: new Map(),
        };
      case 'let':
        return this.compile(expr.body, this.bind(expr.bindings, expr.recursive, scope));
      case 'if':
      case 'try':
      case 'match-tag':
      case 'match-set':
        return this.error(expr.span, 'unsupported-cat', `\`${expr.kind}\`: not supported yet`);
      default:
        return assertNever(expr);
    }
  }

  private name(name: string, span: Span, scope: Scope | null): Value {
    const found = lookUp(scope, name);
    if (found !== null) return found;
    const type = this.predefined.get(name);
    if (type !== undefined) return nodeValue(this.builder.base(name, type));
    for (const builtin of builtins) if (builtin === name) return { kind: 'builtin', name: builtin };
    const dialects = dialectsOfTag(name);
    const hint =
      dialects.length > 0
        ? `\`${name}\` is defined for programs of ${dialects.join(' and ')} only`
        : didYouMean(name, [...namesIn(scope), ...this.predefined.keys(), ...builtins]);
    return this.error(span, 'unknown-name', `\`${name}\` is not defined`, hint);
  }

  /** The node of a value that must be of `type`, or null if an error was reported. `user` is what asks for it. */
  nodeOf(value: Value, type: NodeType, span: Span, user: string): NodeId | null {
    if (value.kind === 'empty') return this.builder.empty(type);
    const actual = this.anyNode(value, span, user);
    if (actual === null || this.builder.typeOf(actual) === type) return actual;
    const [message, hint] =
      type === 'relation'
        ? ['set used as relation', 'write `[S]` for the identity relation on a set S']
        : ['relation used as set', 'domain(r) and range(r) are the sets of the ends of a relation r'];
    this.error(span, 'kind-mismatch', `${message}: ${user} takes a ${type}`, hint);
    return null;
  }

  /** The node of a set or a relation, or null if an error was reported; `0` is taken for a relation. */
  anyNode(value: Value, span: Span, user: string): NodeId | null {
    switch (value.kind) {
      case 'node':
        return value.id;
      case 'empty':
        return this.builder.empty('relation');
      case 'error':
        return null;
      case 'tag':
        this.error(span, 'kind-mismatch', `${user} takes a set or a relation, not the tag '${value.name}`);
        return null;
      case 'tuple':
        this.error(span, 'kind-mismatch', `${user} takes a set or a relation, not a tuple`);
        return null;
      case 'function':
      case 'builtin':
        this.error(
          span,
          'kind-mismatch',
          `function used as set or relation: ${user} takes a value`,
          'apply it: f(x)',
        );
        return null;
      default:
        return assertNever(value);
    }
  }

  private unary(
    operand: CatExpr,
    type: NodeType,
    user: string,
    scope: Scope | null,
    make: (id: NodeId) => NodeId,
  ): Value {
    const id = this.nodeOf(this.compile(operand, scope), type, operand.span, user);
    return id === null ? errorValue : nodeValue(make(id));
  }

  private complement(operand: CatExpr, scope: Scope | null): Value {
    const id = this.anyNode(this.compile(operand, scope), operand.span, '`~`');
    return id === null ? errorValue : nodeValue(this.builder.complement(id));
  }

  private postfix(expr: Extract<CatExpr, { kind: 'postfix' }>, scope: Scope | null): Value {
    const { builder } = this;
    const makers = {
      '+': (id: NodeId) => builder.plus(id),
      '*': (id: NodeId) => builder.star(id),
      '?': (id: NodeId) => builder.optional(id),
      '^-1': (id: NodeId) => builder.inverse(id),
    };
    return this.unary(expr.operand, 'relation', `\`${expr.op}\``, scope, makers[expr.op]);
  }

  private binary(expr: Extract<CatExpr, { kind: 'binary' }>, scope: Scope | null): Value {
    const { op } = expr;
    const left = this.compile(expr.left, scope);
    const right = this.compile(expr.right, scope);
    if (op === '++')
      return this.error(
        expr.opSpan,
        'unsupported-cat',
        '`++` (adding an element to a set): not supported yet',
      );
    if (op === '|' || op === '&' || op === '\\') return this.boolean(op, expr, left, right);
    const type = op === ';' ? 'relation' : 'set';
    const a = this.nodeOf(left, type, expr.left.span, `\`${op}\``);
    const b = this.nodeOf(right, type, expr.right.span, `\`${op}\``);
    if (a === null || b === null) return errorValue;
    return nodeValue(op === ';' ? this.builder.compose(a, b) : this.builder.product(a, b));
  }

  private boolean(
    op: '|' | '&' | '\\',
    expr: Extract<CatExpr, { kind: 'binary' }>,
    left: Value,
    right: Value,
  ): Value {
    if (left.kind === 'empty' && right.kind === 'empty') return emptyValue;
    const user = `\`${op}\``;
    const lead = left.kind === 'empty' ? right : left;
    const leadId = this.anyNode(lead, lead === left ? expr.left.span : expr.right.span, user);
    if (leadId === null) return errorValue;
    const type = this.builder.typeOf(leadId);
    const a = lead === left ? leadId : this.builder.empty(type);
    const b = lead === right ? leadId : right.kind === 'empty' ? this.builder.empty(type) : null;
    const other = b ?? this.sameType(type, right, expr);
    if (other === null) return errorValue;
    const { builder } = this;
    const id =
      op === '|'
        ? builder.union(a, other)
        : op === '&'
          ? builder.intersection(a, other)
          : builder.difference(a, other);
    return nodeValue(id);
  }

  private sameType(type: NodeType, right: Value, expr: Extract<CatExpr, { kind: 'binary' }>): NodeId | null {
    const id = this.anyNode(right, expr.right.span, `\`${expr.op}\``);
    if (id === null || this.builder.typeOf(id) === type) return id;
    const found = this.builder.typeOf(id);
    this.error(
      expr.span,
      'kind-mismatch',
      `\`${expr.op}\` of a ${type} and a ${found}`,
      'write `[S]` for the identity relation on a set S',
    );
    return null;
  }

  private apply(callee: Value, expr: Extract<CatExpr, { kind: 'apply' }>, scope: Scope | null): Value {
    const argument = this.compile(expr.argument, scope);
    if (callee.kind === 'error' || argument.kind === 'error') return errorValue;
    if (callee.kind === 'builtin') {
      const id = this.nodeOf(argument, 'relation', expr.argument.span, `\`${callee.name}\``);
      if (id === null) return errorValue;
      return nodeValue(callee.name === 'domain' ? this.builder.domain(id) : this.builder.range(id));
    }
    if (callee.kind !== 'function') {
      const what = expr.callee.kind === 'name' ? `\`${expr.callee.name}\`` : 'this';
      return this.error(
        expr.callee.span,
        'kind-mismatch',
        `${what} is not a function`,
        'write `;` for a sequence, `|` for a union',
      );
    }
    return this.call(callee, argument, expr);
  }

  private call(callee: FunctionValue, argument: Value, expr: Extract<CatExpr, { kind: 'apply' }>): Value {
    const key = this.trials === 0 ? argumentKey(argument) : null;
    const known = key === null ? undefined : callee.results.get(key);
    if (known !== undefined) return known;
    const scope = this.match(callee.parameter, argument, callee.scope, expr.argument.span);
    if (scope === undefined) return errorValue;
    const name = expr.callee.kind === 'name' ? `\`${expr.callee.name}\`` : 'this function';
    this.calls.push({ message: `in this call of ${name}`, span: expr.span });
    const result = this.compile(callee.body, scope);
    this.calls.pop();
    if (key !== null) callee.results.set(key, result);
    return result;
  }

  /** The scope with the pattern's names bound to the value's parts, or undefined if an error was reported. */
  private match(pattern: Pattern, value: Value, scope: Scope | null, span: Span): Scope | null | undefined {
    if (pattern.kind === 'name') {
      const { name } = pattern.bound;
      return name === null ? scope : { name, value, outer: scope };
    }
    const items =
      value.kind === 'tuple'
        ? value.items
        : value.kind === 'error'
          ? pattern.items.map(() => errorValue)
          : null;
    if (items === null || items.length !== pattern.items.length) {
      const found = items === null ? 'one value' : `${items.length} values`;
      this.error(span, 'arity', `expected a tuple of ${pattern.items.length}, found ${found}`);
      return undefined;
    }
    let result = scope;
    pattern.items.forEach(({ name }, i) => {
      if (name !== null) result = { name, value: items[i]!, outer: result };
    });
    return result;
  }

  /** The scope after `let b0 and b1 ...`: the values are in the old scope, or for `rec` in the new one. */
  bind(bindings: readonly Binding[], recursive: boolean, scope: Scope | null): Scope | null {
    if (recursive) return this.bindRecursively(bindings, scope);
    let result = scope;
    for (const { pattern, value } of bindings) {
      const compiled = this.compile(value, scope);
      const bound = this.match(pattern, compiled, result, value.span);
      result = bound === undefined ? this.poisoned(pattern, result) : bound;
    }
    return result;
  }

  /** Names of a definition that failed are bound all the same, so that their uses report nothing. */
  private poisoned(pattern: Pattern, scope: Scope | null): Scope | null {
    const items = pattern.kind === 'tuple' ? pattern.items : [pattern.bound];
    return items.reduce<Scope | null>(
      (outer, { name }) => (name === null ? outer : { name, value: errorValue, outer }),
      scope,
    );
  }

  private bindRecursively(bindings: readonly Binding[], scope: Scope | null): Scope | null {
    const names: string[] = [];
    for (const { pattern, value, span } of bindings) {
      const name = pattern.kind === 'name' ? pattern.bound.name : null;
      if (name === null || value.kind === 'function') {
        this.error(span, 'unsupported-cat', 'recursive functions and tuples: not supported yet');
        return bindings.reduce((outer, binding) => this.poisoned(binding.pattern, outer), scope);
      }
      names.push(name);
    }
    const { builder } = this;
    const group = builder.openGroup(names, this.recursiveTypes(bindings, names, scope));
    const variables = names.map((_, index) => nodeValue(builder.variable(group, index)));
    const inner = extend(scope, names, variables);
    const bodies = bindings.map(({ value }, index) => {
      const type = builder.typeOf(builder.variable(group, index));
      return this.nodeOf(this.compile(value, inner), type, value.span, `\`${names[index]}\``);
    });
    const complete = bodies.filter((body) => body !== null);
    if (complete.length < bodies.length)
      return extend(
        scope,
        names,
        names.map(() => errorValue),
      );
    const values = builder.closeGroup(group, complete).map(nodeValue);
    this.checkMonotone(group, bindings, names);
    return extend(scope, names, values);
  }

  /**
   * The types of recursive definitions, by compiling them from "all are empty, of any type" until every type that can
   * be known is; what remains (`let rec r = r`) is a relation. Errors of the trials are not reported.
   */
  private recursiveTypes(
    bindings: readonly Binding[],
    names: readonly string[],
    scope: Scope | null,
  ): NodeType[] {
    const types: (NodeType | null)[] = names.map(() => null);
    this.trials++;
    for (const _ of names) {
      const values = types.map((type) => this.trialValue(type));
      const inner = extend(scope, names, values);
      bindings.forEach(({ value }, i) => {
        const result = this.compile(value, inner);
        if (result.kind === 'node') types[i] ??= this.builder.typeOf(result.id);
      });
    }
    this.trials--;
    return types.map((type) => type ?? 'relation');
  }

  /** Something of the type that no law folds away: a trial must not learn "empty" from a member's approximation. */
  private trialValue(type: NodeType | null): Value {
    if (type === null) return emptyValue;
    return nodeValue(this.builder.variable(this.builder.openGroup(['_'], [type]), 0));
  }

  private checkMonotone(group: number, bindings: readonly Binding[], names: readonly string[]): void {
    const { builder } = this;
    const member = shrinkingMember(
      (id) => builder.node(id),
      (g) => builder.groups[g]!.bodies,
      group,
    );
    if (member === null) return;
    this.error(
      bindings[member]!.span,
      'unsupported-cat',
      `\`${names[member]}\` shrinks when what it is defined by grows: recursion under \`~\` or right of \`\\\` is not supported yet`,
    );
  }
}

function nodeValue(id: NodeId): Value {
  return { kind: 'node', id };
}

function extend(scope: Scope | null, names: readonly string[], values: readonly Value[]): Scope | null {
  return names.reduce<Scope | null>((outer, name, i) => ({ name, value: values[i]!, outer }), scope);
}
