/**
 * `forall x in S do ... end` where S is known in an execution only: each check in the loop becomes one check of the model, on a node
 * that is empty iff the loop's check holds for all elements.
 *
 * The node's value is what the check was on, for the elements where it fails; a flag's, for those where it is raised. Loops over tags
 * are unrolled instead (compile.ts).
 */
import * as operators from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import type { Binding, BoundName, CatExpr, Pattern, TestKind } from '../syntax/cat-tree.js';
import { assertNever } from '../text/diagnostic.js';
import type { NodeId, NodeType } from './dag.js';
import type { Deferrals } from './deferred.js';
import type { Interpreter } from './general-interpreter.js';
import { KindError } from './general-operators.js';
import { unknownType } from './general-types.js';
import { asEventSet, asRelation, describeValue, elementsOf, type Frame } from './general-values.js';
import type { DeferredValue, Scope } from './values.js';

/** What leads to a check in a loop: definitions, the arguments of a procedure, and the loops themselves, outermost first. */
export type LoopStep =
  | { readonly kind: 'let'; readonly bindings: readonly Binding[]; readonly recursive: boolean }
  | {
      readonly kind: 'call';
      readonly parameters: Pattern;
      readonly argument: CatExpr;
      readonly scope: Scope | null;
    }
  | { readonly kind: 'each'; readonly bound: BoundName; readonly domain: CatExpr };

/** A check in a loop. An element counts, as a violation or for a flag, if whether the test holds for it is `counts`. */
export interface LoopCheck {
  readonly test: TestKind;
  readonly counts: boolean;
  readonly steps: readonly LoopStep[];
  readonly operand: CatExpr;
  readonly scope: Scope | null;
}

/** The node that is empty iff the check counts for no element, or null if an error was reported. */
export function loopNode(deferrals: Deferrals, check: LoopCheck): NodeId | null {
  const { test, steps, operand, scope } = check;
  const wanted = test === 'empty' ? null : 'relation';
  const kind = deferrals.checker.typeInLoop(steps, operand, scope, wanted, `\`${test}\``);
  if (kind === null) return null;
  const type: NodeType = kind.kind === 'set' ? 'set' : 'relation';
  const inputs = deferrals.inputsOf(expressionsOf(check));
  const evaluate = deferrals.evaluation(inputs, (interpreter) => new LoopRun(interpreter, check, type).run());
  return deferrals.addComputation('forall', type, inputs, evaluate);
}

/** The expressions of a loop's check with the scopes that they are in. */
function expressionsOf({ steps, operand, scope }: LoopCheck): readonly DeferredValue[] {
  let inner = scope;
  const found: DeferredValue[] = [];
  const add = (expr: CatExpr): void => {
    found.push({ kind: 'deferred', id: 0, expr, scope: inner, type: unknownType });
  };
  for (const step of steps) {
    if (step.kind === 'let') for (const { value } of step.bindings) add(value);
    else add(step.kind === 'each' ? step.domain : step.argument);
    if (step.kind === 'call') inner = step.scope;
  }
  add(operand);
  return found;
}

class LoopRun {
  private readonly found: Bits;

  constructor(
    private readonly interpreter: Interpreter,
    private readonly check: LoopCheck,
    private readonly type: NodeType,
  ) {
    this.found = this.nothing();
  }

  private nothing(): Bits {
    const { n } = this.interpreter;
    return this.type === 'set' ? new EventSet(n) : new Relation(n);
  }

  run(): Bits {
    this.walk(0, { kind: 'compiled', scope: this.check.scope });
    return this.found;
  }

  /** Runs the steps from `index` on, and the test once for each way through them. */
  private walk(index: number, frame: Frame): void {
    const step = this.check.steps[index];
    if (step === undefined) this.test(frame);
    else for (const inner of this.framesAfter(step, frame)) this.walk(index + 1, inner);
  }

  private framesAfter(step: LoopStep, frame: Frame): readonly Frame[] {
    const { interpreter } = this;
    switch (step.kind) {
      case 'let':
        return [interpreter.bind(step.bindings, step.recursive, frame)];
      case 'call': {
        const argument = interpreter.evaluate(step.argument, frame);
        const callee: Frame = { kind: 'compiled', scope: step.scope };
        return [interpreter.match(step.parameters, argument, callee, step.argument.span)];
      }
      case 'each': {
        const domain = interpreter.evaluate(step.domain, frame);
        const elements = elementsOf(domain);
        if (elements === null)
          throw new KindError(`expected a set, found ${describeValue(domain)}`, step.domain.span);
        const { name } = step.bound;
        return elements.map((value) =>
          name === null ? frame : { kind: 'bound', name, value, outer: frame },
        );
      }
      default:
        return assertNever(step);
    }
  }

  private test(frame: Frame): void {
    const { operand, test, counts } = this.check;
    const { n } = this.interpreter;
    const value = this.interpreter.evaluate(operand, frame);
    const bits = this.type === 'set' ? asEventSet(value, n) : asRelation(value, n);
    if (bits === null) throw new KindError(`unexpected ${describeValue(value)}`, operand.span);
    if (holds(test, bits) !== counts) return;
    // Something must be there, also where the mistake is that there is nothing.
    const shown = operators.isEmpty(bits) ? operators.complement(this.nothing()) : bits;
    operators.unionInto(this.found, this.found, shown);
  }
}

function holds(test: TestKind, bits: Bits): boolean {
  if (test === 'empty' || bits instanceof EventSet) return operators.isEmpty(bits);
  return test === 'acyclic' ? operators.isAcyclic(bits) : operators.isIrreflexive(bits);
}
