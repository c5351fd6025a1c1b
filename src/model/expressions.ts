/**
 * Compiles cat expressions and definitions: resolves names lexically, inlines functions, and tells sets from relations.
 *
 * Source: the diy manual, chapter "The cat language", and herd's rule that `0` is an empty set or relation as its use
 * asks. Nothing else converts: a set is not its identity relation (`[S]` is).
 */
import type { Binding, CatCondition, CatExpr, Pattern, TagClause } from '../syntax/cat-tree.js';
import { assertNever, type Diagnostic, errorAt, type Note } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type { DagBuilder } from './builder.js';
import type { CompileBudget } from './compile-budget.js';
import type { NodeId, NodeType } from './dag.js';
import { Deferrals } from './deferred.js';
import { foreignMeaning } from './foreign-names.js';
import { aType } from './general-types.js';
import { extended, partName, withParts } from './parts.js';
import { dialectsOfTag } from './predefined.js';
import { RecursionCompiler } from './recursion.js';
import { compareTags, tagOperation, tagSet, tagsOf } from './tag-values.js';
import type { Tags } from './tags.js';
import {
  argumentKey,
  builtins,
  describe,
  emptyValue,
  errorValue,
  type FunctionValue,
  lookUp,
  namesIn,
  nodeValue,
  poisoned,
  type Scope,
  type Value,
} from './values.js';
import { decide } from './variants.js';

/** Compiles into `builder`; problems go to `diagnostics`. */
export class ExpressionCompiler {
  private readonly calls: Note[] = [];
  private trials = 0;
  private failures = 0;
  private readonly recursions: RecursionCompiler;
  private readonly resolved = new Map<Scope | null, Map<string, Value | null>>();
  readonly deferrals: Deferrals;

  constructor(
    private readonly builder: DagBuilder,
    private readonly predefined: ReadonlyMap<string, NodeType>,
    private readonly tags: Tags,
    private readonly variants: ReadonlySet<string>,
    private readonly budget: CompileBudget,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {
    this.recursions = new RecursionCompiler(builder, {
      compile: (expr, scope) => this.compile(expr, scope),
      nodeOf: (value, type, span, user) => this.nodeOf(value, type, span, user),
      error: (span, code, message) => this.error(span, code, message),
      silently: (run) => this.silently(run),
    });
    this.deferrals = new Deferrals(builder, {
      resolve: (name, scope) => this.resolve(name, scope),
      variant: (name) => variants.has(name),
      tagNode: (tag) => builder.base(tags.baseName(tag), 'set'),
      tags: () => tags.all,
      nodeType: (id) => builder.typeOf(id),
      error: (span, code, message, hint) => this.error(span, code, message, hint),
      unknownName: (name, span, scope) => this.unknownName(name, span, scope),
    });
  }

  private error(span: Span, code: string, message: string, hint: string | null = null): Value {
    this.failures++;
    if (this.trials === 0)
      this.report(errorAt(span, code, message, { hint, notes: this.calls.slice(-4).reverse() }));
    return errorValue;
  }

  /** Runs something whose mistakes are not reported. */
  private silently<T>(run: () => T): T {
    this.trials++;
    const result = run();
    this.trials--;
    return result;
  }

  compile(expr: CatExpr, scope: Scope | null): Value {
    this.budget.spend(this.builder.nodes.length);
    switch (expr.kind) {
      case 'name':
        return this.name(expr.name, expr.span, scope);
      case 'empty':
        return emptyValue;
      case 'universe':
        return nodeValue(this.builder.universe('set'));
      case 'tag':
        if (this.tags.has(expr.name)) return { kind: 'tag', name: expr.name };
        return this.error(
          expr.span,
          'unknown-tag',
          `the tag \`'${expr.name}\` is not declared`,
          this.tags.suggestion(expr.name),
        );
      case 'set':
        return this.listed(expr, scope);
      case 'tuple':
        return { kind: 'tuple', items: expr.items.map((item) => this.compile(item, scope)) };
      case 'identity':
        return this.identity(expr.operand, scope);
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
      case 'try':
        return this.attempt(expr, scope);
      case 'if':
        return this.branch(expr, scope);
      case 'match-tag':
        return this.matchTag(expr, scope);
      case 'match-set':
        return this.matchSet(expr, scope);
      default:
        return assertNever(expr);
    }
  }

  /** `try body with otherwise`: the mistakes of the body are no errors but choose the alternative. */
  private attempt(expr: Extract<CatExpr, { kind: 'try' }>, scope: Scope | null): Value {
    const before = this.failures;
    const value = this.silently(() => this.compile(expr.body, scope));
    return this.failures === before ? value : this.compile(expr.otherwise, scope);
  }

  private branch(expr: Extract<CatExpr, { kind: 'if' }>, scope: Scope | null): Value {
    const holds = this.condition(expr.condition, scope);
    if (holds === 'error') return errorValue;
    if (holds === 'open') return this.deferrals.defer(expr, scope);
    return this.compile(holds ? expr.then : expr.otherwise, scope);
  }

  /** Whether a condition holds in all executions; `open` if that depends on the execution. */
  condition(condition: CatCondition, scope: Scope | null): boolean | 'open' | 'error' {
    return decide(
      condition,
      (variant) => this.variants.has(variant),
      ({ op, left, right }) => {
        const [a, b] = [this.compile(left, scope), this.compile(right, scope)];
        if (a.kind === 'error' || b.kind === 'error') return 'error';
        return compareTags(op, a, b) ?? 'open';
      },
    );
  }

  private matchTag(expr: Extract<CatExpr, { kind: 'match-tag' }>, scope: Scope | null): Value {
    const subject = this.compile(expr.subject, scope);
    if (subject.kind === 'deferred')
      return this.deferrals.defer(
        { ...expr, subject: partName(0, expr.subject.span) },
        withParts(scope, subject),
      );
    const body = this.chosenClause(expr.clauses, subject, expr.subject.span);
    return body === null ? errorValue : this.compile(body, scope);
  }

  /** A match on a set whose elements are known chooses now; on another, in the execution. */
  private matchSet(expr: Extract<CatExpr, { kind: 'match-set' }>, scope: Scope | null): Value {
    const subject = this.compile(expr.subject, scope);
    if (subject.kind === 'error') return errorValue;
    const tags = tagsOf(subject);
    if (tags === null)
      return this.deferrals.defer(
        { ...expr, subject: partName(0, expr.subject.span) },
        withParts(scope, subject),
      );
    if (tags.length === 0) return this.compile(expr.empty, scope);
    const place = expr.before === null ? 0 : tags.length >> 1;
    const before = expr.before === null ? scope : extended(scope, expr.before, tagSet(tags.slice(0, place)));
    const element = extended(before, expr.element, { kind: 'tag', name: tags[place]! });
    return this.compile(expr.body, extended(element, expr.rest, tagSet(tags.slice(place + 1))));
  }

  /** The body of the first clause for a tag, or null if an error was reported. */
  chosenClause<T>(clauses: readonly TagClause<T>[], subject: Value, span: Span): T | null {
    if (subject.kind === 'error') return null;
    if (subject.kind !== 'tag') {
      this.error(span, 'kind-mismatch', `\`match\` with tags takes a tag, not ${describe(subject)}`);
      return null;
    }
    const clause = clauses.find(({ tag }) => tag === null || tag === subject.name);
    if (clause !== undefined) return clause.body;
    this.error(
      span,
      'no-match',
      `no clause of this \`match\` is for the tag \`'${subject.name}\``,
      'add `|| _ -> ...`',
    );
    return null;
  }

  private listed(expr: Extract<CatExpr, { kind: 'set' }>, scope: Scope | null): Value {
    if (expr.items.length === 0) return emptyValue;
    const values = expr.items.map((item) => this.compile(item, scope));
    if (values.some(({ kind }) => kind === 'error')) return errorValue;
    const names = values.flatMap((value) => (value.kind === 'tag' ? [value.name] : []));
    if (names.length === values.length) return tagSet(names);
    const items = expr.items.map((item, i) => partName(i, item.span));
    return this.deferrals.defer({ ...expr, items }, withParts(scope, ...values));
  }

  private name(name: string, span: Span, scope: Scope | null): Value {
    return lookUp(scope, name) ?? this.predefinedValue(name) ?? this.unknownName(name, span, scope);
  }

  /** The value of a name, remembered: evaluations in many executions ask for the same. */
  private resolve(name: string, scope: Scope | null): Value | null {
    let names = this.resolved.get(scope);
    if (names === undefined) {
      names = new Map();
      this.resolved.set(scope, names);
    }
    const known = names.get(name);
    if (known !== undefined) return known;
    const value = lookUp(scope, name) ?? this.predefinedValue(name);
    names.set(name, value);
    return value;
  }

  private predefinedValue(name: string): Value | null {
    const type = this.predefined.get(name);
    if (type !== undefined) return nodeValue(this.builder.base(name, type));
    const builtin = builtins.find((candidate) => candidate === name);
    return builtin === undefined ? null : { kind: 'builtin', name: builtin };
  }

  private unknownName(name: string, span: Span, scope: Scope | null): Value {
    const dialects = dialectsOfTag(name);
    const hint =
      dialects.length > 0
        ? `\`${name}\` is defined for programs of ${dialects.join(' and ')} only`
        : (foreignMeaning(name) ??
          didYouMean(name, [...namesIn(scope), ...this.predefined.keys(), ...builtins]));
    return this.error(span, 'unknown-name', `\`${name}\` is not defined`, hint);
  }

  /** The node of a value that must be of `type`, or null if an error was reported. `user` is what asks for it. */
  nodeOf(value: Value, type: NodeType, span: Span, user: string): NodeId | null {
    if (value.kind === 'empty') return this.builder.empty(type);
    const actual = this.anyNode(value, span, user);
    if (actual === null || this.builder.typeOf(actual) === type) return actual;
    if (this.builder.node(actual).op === 'universe') return this.builder.universe(type);
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
      case 'deferred': {
        const id = this.deferrals.nodeOf(value);
        if (id === null)
          this.error(span, 'kind-mismatch', `${user} takes a set or a relation, not ${aType(value.type)}`);
        return id;
      }
      case 'tag':
      case 'tags':
        this.error(
          span,
          'kind-mismatch',
          `${user} takes a set or a relation, not ${describe(value)}`,
          "tag2events('a) is the set of the events with the tag 'a",
        );
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

  private identity(operand: CatExpr, scope: Scope | null): Value {
    const id = this.nodeOf(this.compile(operand, scope), 'set', operand.span, '`[...]`');
    return id === null ? errorValue : nodeValue(this.builder.identity(id));
  }

  private complement(operand: CatExpr, scope: Scope | null): Value {
    const value = this.compile(operand, scope);
    if (value.kind === 'tags') {
      const inside = new Set(value.names);
      return tagSet(this.tags.universe(value.names).filter((tag) => !inside.has(tag)));
    }
    const id = this.anyNode(value, operand.span, '`~`');
    return id === null ? errorValue : nodeValue(this.builder.complement(id));
  }

  private postfix(expr: Extract<CatExpr, { kind: 'postfix' }>, scope: Scope | null): Value {
    const operand = this.compile(expr.operand, scope);
    if (operand.kind === 'deferred')
      return this.deferrals.defer(
        { ...expr, operand: partName(0, expr.operand.span) },
        withParts(scope, operand),
      );
    const { builder } = this;
    const makers = {
      '+': (id: NodeId) => builder.plus(id),
      '*': (id: NodeId) => builder.star(id),
      '?': (id: NodeId) => builder.optional(id),
      '^-1': (id: NodeId) => builder.inverse(id),
    };
    const id = this.nodeOf(operand, 'relation', expr.operand.span, `\`${expr.op}\``);
    return id === null ? errorValue : nodeValue(makers[expr.op](id));
  }

  private binary(expr: Extract<CatExpr, { kind: 'binary' }>, scope: Scope | null): Value {
    const { op } = expr;
    const left = this.compile(expr.left, scope);
    const right = this.compile(expr.right, scope);
    const tags = tagOperation(op, left, right);
    if (tags !== null) return tags;
    if (left.kind === 'error' || right.kind === 'error') return errorValue;
    if (op === '++' || left.kind === 'deferred' || right.kind === 'deferred') {
      const [a, b] = [partName(0, expr.left.span), partName(1, expr.right.span)];
      return this.deferrals.defer({ ...expr, left: a, right: b }, withParts(scope, left, right));
    }
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
    const { builder } = this;
    const user = `\`${op}\``;
    const known = (value: Value, span: Span): NodeId | null =>
      value.kind === 'empty' ? null : this.anyNode(value, span, user);
    const leftId = known(left, expr.left.span);
    if (leftId === null && left.kind !== 'empty') return errorValue;
    const rightId = known(right, expr.right.span);
    if (rightId === null && right.kind !== 'empty') return errorValue;
    const type = this.commonType(leftId, rightId, expr);
    if (type === null) return errorValue;
    const a = leftId === null ? builder.empty(type) : this.asType(leftId, type);
    const b = rightId === null ? builder.empty(type) : this.asType(rightId, type);
    const id =
      op === '|' ? builder.union(a, b) : op === '&' ? builder.intersection(a, b) : builder.difference(a, b);
    return nodeValue(id);
  }

  /** The type of the operands of `|`, `&` or `\`, of which one may be empty (null), or null if an error was reported. */
  private commonType(
    left: NodeId | null,
    right: NodeId | null,
    expr: Extract<CatExpr, { kind: 'binary' }>,
  ): NodeType | null {
    const { builder } = this;
    const ids = [left, right].filter((id) => id !== null);
    const types = ids.filter((id) => builder.node(id).op !== 'universe').map((id) => builder.typeOf(id));
    const [type = builder.typeOf(ids[0]!), other = type] = types;
    if (other === type) return type;
    this.error(
      expr.span,
      'kind-mismatch',
      `\`${expr.op}\` of a ${type} and a ${other}`,
      'write `[S]` for the identity relation on a set S',
    );
    return null;
  }

  /** `_` is all events or all pairs, as its use asks. */
  private asType(id: NodeId, type: NodeType): NodeId {
    return this.builder.node(id).op === 'universe' ? this.builder.universe(type) : id;
  }

  private apply(callee: Value, expr: Extract<CatExpr, { kind: 'apply' }>, scope: Scope | null): Value {
    const argument = this.compile(expr.argument, scope);
    if (callee.kind === 'error' || argument.kind === 'error') return errorValue;
    if (callee.kind === 'builtin' && callee.name === 'tag2events' && argument.kind !== 'deferred')
      return this.tagEvents(argument, expr);
    if (callee.kind === 'builtin' && (callee.name === 'domain' || callee.name === 'range')) {
      const id = this.nodeOf(argument, 'relation', expr.argument.span, `\`${callee.name}\``);
      if (id === null) return errorValue;
      return nodeValue(callee.name === 'domain' ? this.builder.domain(id) : this.builder.range(id));
    }
    if (callee.kind === 'builtin' || callee.kind === 'deferred') {
      const [f, x] = [partName(0, expr.callee.span), partName(1, expr.argument.span)];
      return this.deferrals.defer({ ...expr, callee: f, argument: x }, withParts(scope, callee, argument));
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

  private tagEvents(argument: Value, expr: Extract<CatExpr, { kind: 'apply' }>): Value {
    if (argument.kind === 'tag')
      return nodeValue(this.builder.base(this.tags.baseName(argument.name), 'set'));
    return this.error(
      expr.argument.span,
      'kind-mismatch',
      `\`tag2events\` takes a tag, not ${describe(argument)}`,
    );
  }

  private call(callee: FunctionValue, argument: Value, expr: Extract<CatExpr, { kind: 'apply' }>): Value {
    const key = this.trials === 0 ? argumentKey(argument) : null;
    const known = key === null ? undefined : callee.results.get(key);
    if (known !== undefined) return known;
    const scope = this.bindArguments(callee.parameter, argument, callee.scope, expr.argument.span);
    if (scope === undefined) return errorValue;
    const name = expr.callee.kind === 'name' ? `\`${expr.callee.name}\`` : 'this function';
    this.calls.push({ message: `in this call of ${name}`, span: expr.span });
    const result = this.compile(callee.body, scope);
    this.calls.pop();
    if (key !== null) callee.results.set(key, result);
    return result;
  }

  /** The scope with the pattern's names bound to the value's parts, or undefined if an error was reported. */
  bindArguments(pattern: Pattern, value: Value, scope: Scope | null, span: Span): Scope | null | undefined {
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
    if (recursive) return this.recursions.bind(bindings, scope);
    let result = scope;
    for (const { pattern, value } of bindings) {
      const compiled = this.compile(value, scope);
      const bound = this.bindArguments(pattern, compiled, result, value.span);
      result = bound === undefined ? poisoned(pattern, result) : bound;
    }
    return result;
  }
}
