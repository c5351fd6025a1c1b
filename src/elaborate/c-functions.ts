/**
 * Inlines helper functions where they are called: arguments are evaluated from left to right into locals of the call, then the body
 * is lowered in place.
 *
 * A parameter that certainly points to one shared object, and that the body does not change, names that object in the body, as a
 * thread's parameter does. What is reported in a body has notes on the calls that lead there.
 */
import { expressionsOf, partsOf, statementsOf } from '../syntax/c-children.js';
import type { CExpression, CFunction, CParameter, CStatement } from '../syntax/c-tree.js';
import { type Diagnostic, errorAt, type Note } from '../text/diagnostic.js';
import { type Span, spanText } from '../text/source.js';
import { assignLocal } from './c-assignments.js';
import { StatementLowering } from './c-statements.js';
import { type CType, cError, lockKind, sameType, showType, storageOf, typeFromTree } from './c-type.js';
import { failed, type Typed, typed } from './c-values.js';
import { type CallTree, nothing } from './call-arguments.js';
import type { Evaluator, Wanted } from './evaluator.js';
import type { Local } from './locals.js';
import type { SharedObject } from './shared-objects.js';

/** Longer code comes from calls that call each other many times over, and no engine could run it. */
const LONGEST_CODE = 20_000;

/** So many calls in each other; each may stand deep in an expression or a block. */
const MOST_NESTED = 200;

/** So many calls are told in the notes of a diagnostic, the innermost ones. */
const MOST_NOTES = 4;

/** A path that ends a function without the value that it should return. */
export interface MissingReturn {
  /** In the code, while it is built. */
  readonly index: number;
  readonly function: CFunction;
}

interface Bound {
  readonly objects: Map<string, SharedObject>;
  readonly locals: readonly Local[];
}

export class FunctionCalls {
  private readonly stack: { readonly function: CFunction; readonly span: Span }[] = [];
  readonly missingReturns: MissingReturn[] = [];
  private isTooLong = false;

  constructor(private readonly functions: ReadonlyMap<string, CFunction>) {}

  find(name: string): CFunction | null {
    return this.functions.get(name) ?? null;
  }

  get names(): Iterable<string> {
    return this.functions.keys();
  }

  /** How the code being lowered came to be called, the innermost call first. */
  notes(): readonly Note[] {
    return this.stack
      .slice(-MOST_NOTES)
      .map(({ function: { name }, span }) => ({ message: `\`${name}\` is called here`, span }))
      .reverse();
  }

  /** The value of a call, `void` if it has none. */
  inline(e: Evaluator, tree: CallTree, called: CFunction, wanted: Wanted): Typed {
    const { name, nameSpan, parameters } = called;
    const refuse = (code: string, message: string): Typed => {
      const notes = [{ message: `\`${name}\` is defined here`, span: nameSpan }];
      e.report(errorAt(tree.span, code, message, { notes }));
      return failed;
    };
    if (this.stack.some((call) => call.function === called))
      return refuse('recursive-function', `\`${name}\` calls itself: recursion is not supported`);
    const count = parameters.length;
    if (tree.arguments.length !== count) {
      const expected = `${count} argument${count === 1 ? '' : 's'}`;
      return refuse('argument-count', `\`${name}\` takes ${expected}, not ${tree.arguments.length}`);
    }
    if (this.isTooLong) return failed;
    if (this.stack.length >= MOST_NESTED) {
      this.isTooLong = true;
      return refuse('too-large', `more than ${MOST_NESTED} calls of helper functions in each other`);
    }
    if (e.code.length > LONGEST_CODE) {
      this.isTooLong = true;
      return refuse('too-large', 'the calls of helper functions make this thread too long');
    }
    const bound = this.bind(e, tree, called);
    const { source } = e.code;
    this.stack.push({ function: called, span: tree.span });
    e.locals.enterFunction(name, bound.locals);
    e.scope.enterFunction(bound.objects);
    const result = this.body(e, called, wanted);
    e.scope.leaveFunction();
    e.locals.leaveFunction();
    this.stack.pop();
    e.code.source = source;
    return result;
  }

  /** Evaluates the arguments. */
  private bind(e: Evaluator, tree: CallTree, called: CFunction): Bound {
    const changed = assignedNames(called.body);
    const objects = new Map<string, SharedObject>();
    const locals: Local[] = [];
    called.parameters.forEach((parameter, i) => {
      const argument = tree.arguments[i]!;
      const type = parameterType(parameter, e.report);
      const value = e.value(argument);
      const fitted = checkPointee(e, value, type, argument, parameter)
        ? e.conversions.fit(value, type, argument)
        : failed;
      const { object } = fitted;
      if (object !== null && !changed.has(parameter.name)) {
        objects.set(parameter.name, object);
        return;
      }
      const local = e.locals.ofFunction(called.name, parameter.name, type, parameter.span);
      e.code.declare(local.name, storageOf(type), 0);
      if (fitted.type.kind === 'error') e.locals.noteAssigned(local, e.code.length);
      else assignLocal(e, local, fitted);
      locals.push(local);
    });
    return { objects, locals };
  }

  private body(e: Evaluator, called: CFunction, wanted: Wanted): Typed {
    const { name, body, result: tree } = called;
    const type = typeFromTree(tree, e.report);
    const only = body[0];
    if (type.kind !== 'void' && body.length === 1 && only?.kind === 'return' && only.value !== null) {
      e.code.source = { ...e.code.source, span: only.span };
      const value = e.value(only.value, wanted);
      return wanted === 'nothing' ? value : e.conversions.fit(value, type, only.value);
    }
    const result =
      type.kind === 'void' || wanted === 'nothing' ? null : this.resultLocal(e, called, type, wanted);
    const lowering = new StatementLowering(e, e.code, e.report, body, { name, returns: type, result });
    const index = lowering.body();
    if (result === null) return type.kind === 'void' ? nothing : typed({ kind: 'const', value: 0 }, type);
    this.missingReturns.push({ index, function: called });
    return typed({ kind: 'register', name: result.name }, result.type);
  }

  /** Where the function leaves its value: in the local that is assigned, if that has the same type. */
  private resultLocal(e: Evaluator, { name, nameSpan }: CFunction, type: CType, wanted: Wanted): Local {
    if (wanted !== null && wanted !== 'nothing' && sameType(wanted.type, type)) return wanted;
    const local = e.locals.ofFunction(name, 'return', type, nameSpan);
    e.code.declare(local.name, storageOf(type), 0);
    return local;
  }
}

/** An array parameter is a pointer (C11 6.7.6.3). */
function decayed(type: CType): CType {
  return type.kind === 'array' ? { kind: 'pointer', to: type.of } : type;
}

function parameterType(parameter: CParameter, report: (diagnostic: Diagnostic) => void): CType {
  const type = decayed(typeFromTree(parameter.type, report));
  if (type.kind === 'int' || type.kind === 'pointer' || type.kind === 'error') return type;
  const hint = `pass its address: \`${showType(type)} *${parameter.name}\``;
  const message = `the parameter \`${parameter.name}\` is ${showType(type)}, which is not passed by value`;
  report(errorAt(parameter.span, 'parameter-type', message, { hint }));
  return cError;
}

/** Whether a pointer may be used as one to the other type: C wants one type, the kernel's compilers allow integers of one size. */
function mayPointTo(from: CType, to: CType): boolean {
  if (from.kind === 'array') return mayPointTo(from.of, to);
  if ([from.kind, to.kind].some((kind) => kind === 'void' || kind === 'error' || kind === 'auto'))
    return true;
  if (from.kind === 'pointer' && to.kind === 'pointer') return mayPointTo(from.to, to.to);
  if (from.kind === 'int' && to.kind === 'int') return from.type.bits === to.type.bits;
  if (lockKind(from) === 'spin' && lockKind(to) === 'spin') return true;
  return sameType(from, to);
}

function checkPointee(
  e: Evaluator,
  value: Typed,
  type: CType,
  argument: CExpression,
  parameter: CParameter,
): boolean {
  if (value.type.kind !== 'pointer' || type.kind !== 'pointer' || mayPointTo(value.type.to, type.to))
    return true;
  const message = `\`${spanText(argument.span)}\` is ${showType(value.type)}, but the parameter \`${parameter.name}\` is ${showType(type)}`;
  const notes = [{ message: 'the parameter is here', span: parameter.span }];
  e.report(errorAt(argument.span, 'argument-type', message, { notes }));
  return false;
}

/** The names that a body assigns to or steps; shadowed ones as well. */
function assignedNames(body: readonly CStatement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const expression = (tree: CExpression): void => {
    const target = tree.kind === 'assign' || tree.kind === 'step' ? tree.target : null;
    const address = tree.kind === 'unary' && tree.op === '&' ? tree.operand : null;
    for (const place of [target, address]) if (place?.kind === 'name') names.add(place.name);
    for (const part of partsOf(tree)) expression(part);
  };
  const statement = (tree: CStatement): void => {
    for (const part of expressionsOf(tree)) expression(part);
    for (const part of statementsOf(tree)) statement(part);
  };
  for (const tree of body) statement(tree);
  return names;
}
