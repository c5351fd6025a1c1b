/**
 * Evaluates a cat expression on one execution: for the parts of a model that the expression graph (dag.ts) cannot say.
 *
 * The values of graph nodes come from outside; names are resolved in frames that the evaluation makes, and below them in
 * the scope that the compiler had. Source: the diy manual, chapter "The cat language". Deferred values (deferred.ts) are
 * evaluated at most once. Tail calls take no stack; deep recursion and endless loops end in a ModelEvaluationError.
 */
import * as operators from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import type { Binding, CatCondition, CatExpr, Pattern } from '../syntax/cat-tree.js';
import { assertNever, invariant } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import type { NodeId } from './dag.js';
import { ModelEvaluationError } from './evaluation-error.js';
import { applyBuiltin, type ExecutionFacts } from './general-builtins.js';
import {
  applyBinary,
  applyPostfix,
  compares,
  complementOf,
  eventSetOf,
  KindError,
  listedSet,
  type Site,
  splitSet,
} from './general-operators.js';
import type { GeneralType } from './general-types.js';
import {
  Budget,
  describeValue,
  Family,
  type Frame,
  type General,
  keyOf,
  nothing,
  ofBits,
  ofKind,
} from './general-values.js';
import type { DeferredValue, Scope, Value } from './values.js';

/** What the compiler knows and an evaluation asks. */
export interface CompilerKnowledge {
  /** The value of a name in a scope or, below it, predefined; null if there is none. */
  readonly resolve: (name: string, scope: Scope | null) => Value | null;
  /** What the type check knows of an expression, and of a `try` (type-checker.ts). */
  readonly kindOf: (expr: CatExpr) => GeneralType['kind'] | null;
  readonly isRight: (expr: CatExpr) => boolean | null;
  /** Whether the variant of this name is chosen. */
  readonly variant: (name: string) => boolean;
  /** The node of the events with a tag, and the declared tags. */
  readonly tagNode: (tag: string) => NodeId;
  readonly tags: () => readonly string[];
}

/** The most steps of one evaluation: some seconds. */
export const stepLimit = 5_000_000;

/** Fixpoints of values that are no relations may not exist; those that do are reached in a few rounds. */
const roundLimit = 10_000;

type Next = { readonly expr: CatExpr; readonly frame: Frame };

export class Interpreter {
  private readonly deferred = new Map<DeferredValue, General>();

  constructor(
    readonly n: number,
    private readonly nodeValue: (id: NodeId) => Bits,
    private readonly knowledge: CompilerKnowledge,
    private readonly budget = new Budget(stepLimit),
  ) {}

  /** The result of `use`, with a stack overflow as ModelEvaluationError. */
  guarded<T>(use: (interpreter: Interpreter) => T): T {
    try {
      return use(this);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ModelEvaluationError('a function of the model calls itself too deeply');
    }
  }

  private site(span: Span): Site {
    return { n: this.n, span, budget: this.budget };
  }

  evaluate(expr: CatExpr, frame: Frame): General {
    let next: Next = { expr, frame };
    for (;;) {
      this.budget.spend(1);
      const step = this.step(next.expr, next.frame);
      if (!('expr' in step)) return step;
      next = step;
    }
  }

  /** The value of an expression, or the expression whose value is its value. */
  private step(expr: CatExpr, frame: Frame): General | Next {
    switch (expr.kind) {
      case 'let':
        return { expr: expr.body, frame: this.bind(expr.bindings, expr.recursive, frame) };
      case 'if':
        return { expr: this.holds(expr.condition, frame) ? expr.then : expr.otherwise, frame };
      case 'match-set':
        return this.matchSet(expr, frame);
      case 'match-tag':
        return this.matchTag(expr, frame);
      case 'apply':
        return this.apply(expr, frame);
      case 'try':
        return this.attempt(expr, frame);
      default:
        return this.simple(expr, frame);
    }
  }

  private attempt(expr: Extract<CatExpr, { kind: 'try' }>, frame: Frame): General | Next {
    const isRight = this.knowledge.isRight(expr);
    if (isRight !== null) return { expr: isRight ? expr.body : expr.otherwise, frame };
    try {
      return this.evaluate(expr.body, frame);
    } catch (error) {
      if (!(error instanceof KindError)) throw error;
      return { expr: expr.otherwise, frame };
    }
  }

  private simple(
    expr: Exclude<CatExpr, { kind: 'let' | 'if' | 'match-set' | 'match-tag' | 'apply' | 'try' }>,
    frame: Frame,
  ): General {
    const value = (part: CatExpr): General => this.evaluate(part, frame);
    const site = this.site(expr.span);
    switch (expr.kind) {
      case 'name':
        return this.name(expr.name, expr.span, frame);
      case 'empty':
        return nothing;
      case 'universe':
        return ofBits(operators.complement(new EventSet(this.n)));
      case 'tag':
        return { kind: 'tag', name: expr.name };
      case 'set':
        return listedSet(
          expr.items.map((item) => ofKind(value(item), this.knowledge.kindOf(expr), this.n)),
          site,
        );
      case 'tuple':
        return { kind: 'tuple', items: expr.items.map(value) };
      case 'identity':
        return ofBits(operators.identityOn(eventSetOf(value(expr.operand), site)));
      case 'complement':
        return complementOf(ofKind(value(expr.operand), this.knowledge.kindOf(expr), this.n), site);
      case 'postfix':
        return applyPostfix(expr.op, value(expr.operand), site);
      case 'binary':
        return this.binary(expr, frame);
      case 'function':
        return { kind: 'closure', parameter: expr.parameter, body: expr.body, frame };
      default:
        return assertNever(expr);
    }
  }

  private binary(expr: Extract<CatExpr, { kind: 'binary' }>, frame: Frame): General {
    const left = this.evaluate(expr.left, frame);
    const right = this.evaluate(expr.right, frame);
    const kind = expr.op === '++' ? this.knowledge.kindOf(expr) : null;
    return applyBinary(expr.op, ofKind(left, kind, this.n), right, this.site(expr.span));
  }

  private name(name: string, span: Span, frame: Frame): General {
    let at = frame;
    while (at.kind === 'bound') {
      if (at.name === name) return at.value;
      at = at.outer;
    }
    const found = this.knowledge.resolve(name, at.scope);
    if (found === null) throw new KindError(`\`${name}\` is not defined`, span);
    return this.lift(found, span);
  }

  /** The general value that a value of the compiler has on this execution. */
  lift(value: Value, span: Span): General {
    switch (value.kind) {
      case 'node':
        return ofBits(this.nodeValue(value.id));
      case 'empty':
        return nothing;
      case 'tag':
        return { kind: 'tag', name: value.name };
      case 'tags':
        return Family.ofDistinct(value.names.map((name) => ({ kind: 'tag', name })));
      case 'tuple':
        return { kind: 'tuple', items: value.items.map((item) => this.lift(item, span)) };
      case 'function': {
        const { parameter, body, scope } = value;
        return { kind: 'closure', parameter, body, frame: { kind: 'compiled', scope } };
      }
      case 'builtin':
        return { kind: 'builtin', name: value.name };
      case 'deferred':
        return this.valueOfDeferred(value);
      case 'error':
        throw new KindError('a definition with an error', span);
      default:
        return assertNever(value);
    }
  }

  private valueOfDeferred(value: DeferredValue): General {
    const known = this.deferred.get(value);
    if (known !== undefined) return known;
    const result = this.evaluate(value.expr, { kind: 'compiled', scope: value.scope });
    this.deferred.set(value, result);
    return result;
  }

  private apply(expr: Extract<CatExpr, { kind: 'apply' }>, frame: Frame): General | Next {
    const callee = this.evaluate(expr.callee, frame);
    const argument = this.evaluate(expr.argument, frame);
    if (callee.kind === 'closure')
      return {
        expr: callee.body,
        frame: this.match(callee.parameter, argument, callee.frame, expr.argument.span),
      };
    if (callee.kind !== 'builtin')
      throw new KindError(`expected a function, found ${describeValue(callee)}`, expr.callee.span);
    return applyBuiltin(callee.name, argument, this.site(expr.argument.span), this.facts);
  }

  private readonly facts: ExecutionFacts = {
    sameLocation: () => {
      const value = this.knowledge.resolve('loc', null);
      invariant(value?.kind === 'node', '`loc` is predefined');
      const bits = this.nodeValue(value.id);
      invariant(bits instanceof Relation, '`loc` is a relation');
      return bits;
    },
    eventsWith: (tag) => this.nodeValue(this.knowledge.tagNode(tag)),
  };

  private matchSet(expr: Extract<CatExpr, { kind: 'match-set' }>, frame: Frame): Next {
    const subject = this.evaluate(expr.subject, frame);
    const split = splitSet(subject, expr.before !== null, this.site(expr.subject.span));
    if (split === null) return { expr: expr.empty, frame };
    const before = expr.before === null ? frame : bound(expr.before.name, split.before, frame);
    const element = bound(expr.element.name, split.element, before);
    return { expr: expr.body, frame: bound(expr.rest.name, split.rest, element) };
  }

  private matchTag(expr: Extract<CatExpr, { kind: 'match-tag' }>, frame: Frame): Next {
    const subject = this.evaluate(expr.subject, frame);
    if (subject.kind !== 'tag')
      throw new KindError(`expected a tag, found ${describeValue(subject)}`, expr.subject.span);
    const clause = expr.clauses.find(({ tag }) => tag === null || tag === subject.name);
    if (clause === undefined) throw new KindError(`no clause for '${subject.name}`, expr.span);
    return { expr: clause.body, frame };
  }

  holds(condition: CatCondition, frame: Frame): boolean {
    switch (condition.kind) {
      case 'variant':
        return this.knowledge.variant(condition.name);
      case 'not':
        return !this.holds(condition.operand, frame);
      case 'and':
        return this.holds(condition.left, frame) && this.holds(condition.right, frame);
      case 'or':
        return this.holds(condition.left, frame) || this.holds(condition.right, frame);
      case 'compare': {
        const left = this.evaluate(condition.left, frame);
        const right = this.evaluate(condition.right, frame);
        return compares(condition.op, left, right, this.site(condition.span));
      }
      default:
        return assertNever(condition);
    }
  }

  /** The frame after `let b0 and b1 ...`: the values are in the old frame, or for `rec` in the new one. */
  bind(bindings: readonly Binding[], recursive: boolean, frame: Frame): Frame {
    if (recursive) return this.bindRecursively(bindings, frame);
    return bindings.reduce(
      (inner, { pattern, value }) => this.match(pattern, this.evaluate(value, frame), inner, value.span),
      frame,
    );
  }

  match(pattern: Pattern, value: General, frame: Frame, span: Span): Frame {
    if (pattern.kind === 'name') return bound(pattern.bound.name, value, frame);
    const { items } = pattern;
    if (value.kind !== 'tuple' || value.items.length !== items.length)
      throw new KindError(`expected a tuple of ${items.length}, found ${describeValue(value)}`, span);
    return items.reduce((inner, { name }, i) => bound(name, value.items[i]!, inner), frame);
  }

  /** Functions see each other; values are iterated from nothing, each with the latest of the others, until none changes. */
  private bindRecursively(bindings: readonly Binding[], outer: Frame): Frame {
    let frame = outer;
    const cells = bindings.map(({ pattern, value, span }) => {
      if (pattern.kind === 'tuple') throw new KindError('a recursive definition of a tuple', span);
      const cell = {
        kind: 'bound' as const,
        name: pattern.bound.name ?? '_',
        value: nothing as General,
        outer: frame,
      };
      frame = cell;
      return { cell, value };
    });
    const values = cells.filter(({ cell, value }) => {
      if (value.kind !== 'function') return true;
      cell.value = { kind: 'closure', parameter: value.parameter, body: value.body, frame };
      return false;
    });
    for (let round = 0; values.length > 0; round++) {
      let changed = false;
      for (const { cell, value } of values) {
        const found = this.evaluate(value, frame);
        if (keyOf(found) !== keyOf(cell.value)) changed = true;
        cell.value = found;
      }
      if (!changed) break;
      if (round > roundLimit)
        throw new ModelEvaluationError(
          `the recursive definition of ${values.map(({ cell }) => cell.name).join(', ')} does not reach a fixpoint`,
        );
    }
    return frame;
  }
}

/** `name` is null for `_`, which binds nothing. */
function bound(name: string | null, value: General, outer: Frame): Frame {
  return name === null ? outer : { kind: 'bound', name, value, outer };
}
