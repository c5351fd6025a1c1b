/**
 * Finds the kinds of the values that only an execution determines before there is one: an abstract interpretation of cat
 * expressions in which a set is just "a set of events".
 *
 * The compiler needs the kind to know whether a deferred value (deferred.ts) is a set or a relation, and mistakes in functions on
 * such values are found here, at their place. A call is evaluated once for each kind of argument; a recursive call that is in
 * progress has the kind found so far, starting from `unknown`, until nothing changes. Kinds only grow then, and what is a
 * mistake for a kind is one for every larger kind, so mistakes found on the way are real.
 */
import type { Binding, CatCondition, CatExpr, Pattern } from '../syntax/cat-tree.js';
import { assertNever } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import type { NodeId, NodeType } from './dag.js';
import type { CompilerKnowledge } from './general-interpreter.js';
import {
  asSetOf,
  aType,
  emptyType,
  type FunctionType,
  familyType,
  type GeneralType,
  joinTypes,
  relationType,
  setType,
  type TypeFrame,
  typeKey,
  unknownType,
} from './general-types.js';
import type { LoopStep } from './loops.js';
import { Endless, isPairOfEvents, TypeRules } from './type-rules.js';
import type { Scope, Value } from './values.js';
import { decideByVariants } from './variants.js';

/** What the checker asks of the compiler and tells it. */
export interface TypeHost extends Omit<CompilerKnowledge, 'kindOf' | 'isRight'> {
  readonly nodeType: (id: NodeId) => NodeType;
  readonly error: (span: Span, code: string, message: string, hint?: string | null) => void;
  readonly unknownName: (name: string, span: Span, scope: Scope | null) => void;
}

/** Beyond this, a model's functions are taken for a mistake; published models stay far below. */
const stepLimit = 100_000;

/** A call that is being evaluated, with the kind found so far. `lowest` is the outermost open call that its result depends on. */
interface OpenCall {
  result: GeneralType;
  lowest: number;
}

export class TypeChecker {
  private readonly results = new Map<string, GeneralType>();
  private readonly open = new Map<string, number>();
  private readonly calls: OpenCall[] = [];
  private readonly ids = new Map<object, number>();
  private readonly reported = new Set<string>();
  private readonly rules = new TypeRules((span, message, hint) => this.error(span, message, hint));
  private readonly attempts = new Map<CatExpr, boolean | null>();
  /** See kindOf. */
  private readonly kinds = new Map<CatExpr, GeneralType['kind']>();
  private silent = 0;
  private errors = 0;
  private steps = 0;

  constructor(private readonly host: TypeHost) {}

  /** The kind of an expression in the compiler's scope, or null if an error was reported. */
  typeOf(expr: CatExpr, scope: Scope | null): GeneralType | null {
    return this.guarded(expr.span, () => this.type(expr, this.compiledFrame(scope)));
  }

  /**
   * The kind of an expression after the steps of a loop, or null if an error was reported. `wanted` is what the check that the expression
   * is in asks for; null for a set or a relation.
   */
  typeInLoop(
    steps: readonly LoopStep[],
    operand: CatExpr,
    scope: Scope | null,
    wanted: 'relation' | null,
    user: string,
  ): GeneralType | null {
    return this.guarded(operand.span, () => {
      const frame = steps.reduce((at, step) => this.enter(step, at), this.compiledFrame(scope));
      const type = asSetOf(this.type(operand, frame));
      if (wanted === 'relation' || !(type.kind === 'set' || type.kind === 'unknown'))
        this.rules.expect('relation', type, operand.span, user);
      return type;
    });
  }

  private enter(step: LoopStep, frame: TypeFrame): TypeFrame {
    switch (step.kind) {
      case 'let':
        return this.bind(step.bindings, step.recursive, frame);
      case 'call':
        return this.match(
          step.parameters,
          this.type(step.argument, frame),
          this.compiledFrame(step.scope),
          step.argument.span,
        );
      case 'each': {
        const domain = asSetOf(this.type(step.domain, frame));
        const element = this.rules.elementOf(domain);
        if (element === null && domain.kind !== 'empty' && domain.kind !== 'unknown')
          this.error(step.domain.span, `\`forall\` takes a set, not ${aType(domain)}`);
        return this.bound(step.bound.name, element ?? unknownType, frame);
      }
      default:
        return assertNever(step);
    }
  }

  /**
   * What an evaluation cannot see: of which kind the operand of a `~` is, if it is empty, and whether the elements of a listed set or
   * the element added by `++` are events or the sets of them. Null if it differs between calls.
   */
  kindOf(expr: CatExpr): GeneralType['kind'] | null {
    const kind = this.kinds.get(expr);
    return kind === undefined || kind === 'unknown' ? null : kind;
  }

  /** Whether the body of a `try` has no mistake; null if that differs between calls. */
  isRight(expr: CatExpr): boolean | null {
    return this.attempts.get(expr) ?? null;
  }

  private record(expr: CatExpr, { kind }: GeneralType): void {
    if (kind === 'unknown' || kind === 'empty') return;
    const known = this.kinds.get(expr);
    this.kinds.set(expr, known === undefined || known === kind ? kind : 'unknown');
  }

  private guarded(span: Span, find: () => GeneralType): GeneralType | null {
    const before = this.errors;
    this.steps = 0;
    this.reported.clear();
    try {
      const type = find();
      return this.errors === before ? type : null;
    } catch (error) {
      if (!(error instanceof Endless || error instanceof RangeError)) throw error;
      this.open.clear();
      this.calls.length = 0;
      this.silent = 0;
      this.host.error(
        span,
        'too-deep',
        'a function that applies itself, or builds sets of sets, without end',
      );
      return null;
    }
  }

  compiledFrame(scope: Scope | null): TypeFrame {
    return { kind: 'compiled', scope, key: `#${this.idOf(scope)}` };
  }

  private idOf(thing: object | null): number {
    if (thing === null) return 0;
    const id = this.ids.get(thing) ?? this.ids.size + 1;
    this.ids.set(thing, id);
    return id;
  }

  /** Counts a mistake. Whether it is to be reported: not where `try` catches it, and once only for each place. */
  private isNew(message: string, span: Span): boolean {
    this.errors++;
    const key = `${span.file.name}:${span.start}: ${message}`;
    if (this.silent > 0 || this.reported.has(key)) return false;
    this.reported.add(key);
    return true;
  }

  private error(span: Span, message: string, hint: string | null = null): GeneralType {
    if (this.isNew(message, span)) this.host.error(span, 'kind-mismatch', message, hint);
    return unknownType;
  }

  private type(expr: CatExpr, frame: TypeFrame): GeneralType {
    if (++this.steps > stepLimit) throw new Endless();
    switch (expr.kind) {
      case 'name':
        return this.name(expr.name, expr.span, frame);
      case 'empty':
        return emptyType;
      case 'universe':
        return setType;
      case 'tag':
        return { kind: 'tag' };
      case 'set':
        return this.listed(expr, frame);
      case 'tuple':
        return { kind: 'tuple', items: expr.items.map((item) => this.type(item, frame)) };
      case 'identity':
        this.rules.expect('set', this.type(expr.operand, frame), expr.operand.span, '`[...]`');
        return relationType;
      case 'complement': {
        const operand = asSetOf(this.type(expr.operand, frame));
        this.record(expr, operand);
        if (operand.kind === 'unknown' || operand.kind === 'set' || operand.kind === 'relation')
          return operand;
        if (operand.kind === 'empty') return relationType;
        return this.error(
          expr.operand.span,
          `\`~\` takes a set of events or a relation, not ${aType(operand)}`,
        );
      }
      case 'postfix': {
        const operand = this.type(expr.operand, frame);
        if (expr.op === '^-1' && operand.kind === 'pair') return operand;
        this.rules.expect('relation', operand, expr.operand.span, `\`${expr.op}\``);
        return relationType;
      }
      case 'binary':
        return this.binary(expr, frame);
      case 'apply':
        return this.apply(this.type(expr.callee, frame), this.type(expr.argument, frame), expr);
      case 'function':
        return { kind: 'function', choices: [this.closure(expr, frame)] };
      case 'let':
        return this.type(expr.body, this.bind(expr.bindings, expr.recursive, frame));
      case 'if':
        return this.conditional(expr, frame);
      case 'try':
        return this.attempt(expr, frame);
      case 'match-tag':
        return this.matchTag(expr, frame);
      case 'match-set':
        return this.matchSet(expr, frame);
      default:
        return assertNever(expr);
    }
  }

  private closure(expr: Extract<CatExpr, { kind: 'function' }>, frame: TypeFrame): FunctionType {
    const { parameter, body } = expr;
    return { kind: 'closure', parameter, body, frame, key: `f${this.idOf(body)}@${frame.key}` };
  }

  private name(name: string, span: Span, frame: TypeFrame): GeneralType {
    let at = frame;
    while (at.kind === 'bound') {
      if (at.name === name) return at.type;
      at = at.outer;
    }
    const value = this.host.resolve(name, at.scope);
    if (value !== null) return this.typeOfValue(value);
    if (this.isNew(name, span)) this.host.unknownName(name, span, at.scope);
    return unknownType;
  }

  typeOfValue(value: Value): GeneralType {
    switch (value.kind) {
      case 'node':
        return { kind: this.host.nodeType(value.id) };
      case 'empty':
        return emptyType;
      case 'tag':
        return { kind: 'tag' };
      case 'tags':
        return familyType({ kind: 'tag' });
      case 'tuple':
        return { kind: 'tuple', items: value.items.map((item) => this.typeOfValue(item)) };
      case 'function': {
        const { parameter, body } = value;
        const frame = this.compiledFrame(value.scope);
        const key = `f${this.idOf(body)}@${frame.key}`;
        return { kind: 'function', choices: [{ kind: 'closure', parameter, body, frame, key }] };
      }
      case 'builtin':
        return { kind: 'function', choices: [{ kind: 'builtin', name: value.name, key: value.name }] };
      case 'deferred':
        return value.type;
      case 'error':
        this.errors++;
        return unknownType;
      default:
        return assertNever(value);
    }
  }

  private listed(expr: Extract<CatExpr, { kind: 'set' }>, frame: TypeFrame): GeneralType {
    const items = expr.items.map((item) => this.type(item, frame));
    const element = items.reduce((all, item) => this.rules.join(all, item, expr.span), unknownType);
    this.record(expr, element);
    return expr.items.length === 0 ? emptyType : this.rules.setOf(element);
  }

  private binary(expr: Extract<CatExpr, { kind: 'binary' }>, frame: TypeFrame): GeneralType {
    const left = this.type(expr.left, frame);
    const right = this.type(expr.right, frame);
    const user = `\`${expr.op}\``;
    switch (expr.op) {
      case '++':
        this.record(expr, right.kind === 'family' ? (joinTypes(right.of, left) ?? left) : left);
        return this.rules.added(left, right, expr);
      case ';':
        this.rules.expect('relation', left, expr.left.span, user);
        this.rules.expect('relation', right, expr.right.span, user);
        return relationType;
      case '*':
        this.rules.expect('set', left, expr.left.span, user);
        this.rules.expect('set', right, expr.right.span, user);
        return relationType;
      case '|':
      case '&':
      case '\\':
        return this.rules.combined(left, right, expr);
      default:
        return assertNever(expr.op);
    }
  }

  private apply(
    callee: GeneralType,
    argument: GeneralType,
    expr: Extract<CatExpr, { kind: 'apply' }>,
  ): GeneralType {
    if (callee.kind === 'unknown') return unknownType;
    if (callee.kind !== 'function') {
      const what = expr.callee.kind === 'name' ? `\`${expr.callee.name}\`` : 'this';
      const hint = 'write `;` for a sequence, `|` for a union';
      return this.error(expr.callee.span, `${what} is not a function`, hint);
    }
    return callee.choices.reduce(
      (all, choice) =>
        this.rules.join(
          all,
          choice.kind === 'builtin'
            ? this.rules.builtin(choice.name, argument, expr.argument.span)
            : this.call(choice, argument, expr.argument.span),
          expr.span,
        ),
      unknownType,
    );
  }

  private call(
    callee: Extract<FunctionType, { kind: 'closure' }>,
    argument: GeneralType,
    span: Span,
  ): GeneralType {
    const key = `${callee.key}(${typeKey(argument)})`;
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const depth = this.open.get(key);
    if (depth !== undefined) {
      const call = this.calls[depth]!;
      for (const inner of this.calls.slice(depth)) inner.lowest = Math.min(inner.lowest, depth);
      return call.result;
    }
    return this.evaluateCall(key, callee, argument, span);
  }

  private evaluateCall(
    key: string,
    callee: Extract<FunctionType, { kind: 'closure' }>,
    argument: GeneralType,
    span: Span,
  ): GeneralType {
    const own = this.calls.length;
    const call: OpenCall = { result: unknownType, lowest: Number.POSITIVE_INFINITY };
    const before = this.errors;
    this.calls.push(call);
    this.open.set(key, own);
    for (;;) {
      const frame = this.match(callee.parameter, argument, callee.frame, span);
      const result = this.rules.join(call.result, this.type(callee.body, frame), callee.body.span);
      const settled = call.lowest > own || typeKey(result) === typeKey(call.result);
      call.result = result;
      if (settled || this.errors !== before) break;
    }
    this.calls.pop();
    this.open.delete(key);
    if (call.lowest >= own && this.errors === before) this.results.set(key, call.result);
    return call.result;
  }

  private bound(name: string | null, type: GeneralType, outer: TypeFrame): TypeFrame {
    if (name === null) return outer;
    return { kind: 'bound', name, type, outer, key: `${outer.key};${name}:${typeKey(type)}` };
  }

  private match(pattern: Pattern, type: GeneralType, frame: TypeFrame, span: Span): TypeFrame {
    if (pattern.kind === 'name') return this.bound(pattern.bound.name, type, frame);
    const items = this.rules.itemsOf(type, pattern.items.length, span);
    return pattern.items.reduce(
      (inner, { name }, i) => this.bound(name, items?.[i] ?? unknownType, inner),
      frame,
    );
  }

  bind(bindings: readonly Binding[], recursive: boolean, frame: TypeFrame): TypeFrame {
    if (recursive) return this.bindRecursively(bindings, frame);
    return bindings.reduce(
      (inner, { pattern, value }) => this.match(pattern, this.type(value, frame), inner, value.span),
      frame,
    );
  }

  private bindRecursively(bindings: readonly Binding[], outer: TypeFrame): TypeFrame {
    const types: GeneralType[] = bindings.map(() => emptyType);
    for (;;) {
      const frame = this.recursiveFrame(bindings, types, outer);
      let changed = false;
      bindings.forEach(({ value }, i) => {
        if (value.kind === 'function') return;
        const type = this.rules.join(types[i]!, this.type(value, frame), value.span);
        if (typeKey(type) !== typeKey(types[i]!)) changed = true;
        types[i] = type;
      });
      if (!changed) return frame;
    }
  }

  /** A frame that binds the functions, in which they see themselves, and values of these kinds. */
  private recursiveFrame(
    bindings: readonly Binding[],
    types: readonly GeneralType[],
    outer: TypeFrame,
  ): TypeFrame {
    const key = `${outer.key};rec ${this.idOf(bindings)}:${types.map(typeKey).join(',')}`;
    let frame = outer;
    const cells = bindings.map(({ pattern, value, span }, i) => {
      if (pattern.kind === 'tuple') this.error(span, 'a recursive definition of a tuple');
      const name = pattern.kind === 'name' ? (pattern.bound.name ?? '_') : '_';
      const cell = { kind: 'bound' as const, name, type: types[i]!, outer: frame, key };
      frame = cell;
      return { cell, value };
    });
    for (const { cell, value } of cells)
      if (value.kind === 'function') cell.type = { kind: 'function', choices: [this.closure(value, frame)] };
    return frame;
  }

  private conditional(expr: Extract<CatExpr, { kind: 'if' }>, frame: TypeFrame): GeneralType {
    const decided = decideByVariants(expr.condition, this.host.variant);
    if (decided !== null) return this.type(decided ? expr.then : expr.otherwise, frame);
    this.condition(expr.condition, frame);
    return this.rules.join(this.type(expr.then, frame), this.type(expr.otherwise, frame), expr.span);
  }

  private condition(condition: CatCondition, frame: TypeFrame): void {
    if (condition.kind === 'not') this.condition(condition.operand, frame);
    if (condition.kind === 'and' || condition.kind === 'or') {
      this.condition(condition.left, frame);
      this.condition(condition.right, frame);
    }
    if (condition.kind !== 'compare') return;
    const left = this.type(condition.left, frame);
    const right = asSetOf(this.type(condition.right, frame));
    const isElement = condition.op === 'in';
    const whole = isElement ? this.rules.setOf(left) : asSetOf(left);
    const isPair = isElement && isPairOfEvents(left) && right.kind === 'relation';
    if (!isPair && joinTypes(whole, right) === null)
      this.error(condition.span, `\`${condition.op}\` of ${aType(left)} and ${aType(right)}`);
  }

  /** The kind of the body if it has no mistake, else of what replaces it. */
  private attempt(expr: Extract<CatExpr, { kind: 'try' }>, frame: TypeFrame): GeneralType {
    const before = this.errors;
    this.silent++;
    const type = this.type(expr.body, frame);
    this.silent--;
    const isRight = this.errors === before;
    const known = this.attempts.get(expr);
    this.attempts.set(expr, known === undefined || known === isRight ? isRight : null);
    if (isRight) return type;
    this.errors = before;
    return this.type(expr.otherwise, frame);
  }

  private matchTag(expr: Extract<CatExpr, { kind: 'match-tag' }>, frame: TypeFrame): GeneralType {
    const subject = this.type(expr.subject, frame);
    if (subject.kind !== 'tag' && subject.kind !== 'unknown')
      return this.error(expr.subject.span, `a match on tags takes a tag, not ${aType(subject)}`);
    return expr.clauses.reduce(
      (all, { body }) => this.rules.join(all, this.type(body, frame), body.span),
      unknownType,
    );
  }

  private matchSet(expr: Extract<CatExpr, { kind: 'match-set' }>, frame: TypeFrame): GeneralType {
    const subject = asSetOf(this.type(expr.subject, frame));
    const empty = this.type(expr.empty, frame);
    const element = this.rules.elementOf(subject);
    if (subject.kind === 'empty' || subject.kind === 'unknown') return empty;
    if (element === null)
      return this.error(expr.subject.span, `a match on sets takes a set, not ${aType(subject)}`);
    const before = expr.before === null ? frame : this.bound(expr.before.name, subject, frame);
    const first = this.bound(expr.element.name, element, before);
    const body = this.type(expr.body, this.bound(expr.rest.name, subject, first));
    return this.rules.join(empty, body, expr.span);
  }
}
