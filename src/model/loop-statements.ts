/** The checks in the body of a loop whose elements only an execution determines, each with the steps that lead to it (loops.ts). */
import type { CatCheck, CatStatement } from '../syntax/cat-tree.js';
import { assertNever, type Diagnostic, errorAt, type Note } from '../text/diagnostic.js';
import type { Procedure, Procedures } from './compile.js';
import type { LoopStep } from './loops.js';
import { decideByVariants } from './variants.js';

/** What the statements of a loop need of the compiler. */
export interface LoopHost {
  readonly variant: (name: string) => boolean;
  /** The procedure that a statement calls, or null if an error was reported. */
  readonly called: (
    statement: Extract<CatStatement, { kind: 'call' }>,
    procedures: Procedures | null,
  ) => Procedure | null;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly check: (check: CatCheck, steps: readonly LoopStep[]) => void;
}

/** The deepest nesting of procedure calls. */
const deepestCall = 100;

/** Gives the host each check of `statements`, which `steps` lead to and `calls` procedure calls contain, in order. */
export function eachLoopCheck(
  statements: readonly CatStatement[],
  steps: readonly LoopStep[],
  procedures: Procedures | null,
  host: LoopHost,
  calls: readonly Note[] = [],
): void {
  let at = steps;
  for (const statement of statements) {
    switch (statement.kind) {
      case 'let':
        at = [...at, { kind: 'let', bindings: statement.bindings, recursive: statement.recursive }];
        if (statement.when !== null) host.check(statement.when, at);
        break;
      case 'check':
        host.check(statement, at);
        break;
      case 'forall': {
        const { bound, domain, body } = statement;
        eachLoopCheck(body, [...at, { kind: 'each', bound, domain }], procedures, host, calls);
        break;
      }
      case 'call':
        loopCall(statement, at, procedures, host, calls);
        break;
      case 'if': {
        const holds = decideByVariants(statement.condition, host.variant);
        if (holds === null) refuse('statements that depend on the execution', statement, host);
        else eachLoopCheck(holds ? statement.then : statement.otherwise, at, procedures, host, calls);
        break;
      }
      case 'show':
      case 'debug':
        break;
      case 'with':
      case 'include':
      case 'procedure':
      case 'match-tag':
      case 'enum':
      case 'instructions':
      case 'default':
        refuse(`\`${statement.kind === 'match-tag' ? 'match' : statement.kind}\``, statement, host);
        break;
      default:
        assertNever(statement);
    }
  }
}

function refuse(what: string, { span }: CatStatement, host: LoopHost): void {
  const hint = 'put it before the loop';
  const message = `${what} in a loop over what executions determine: not supported`;
  host.report(errorAt(span, 'unsupported-cat', message, { hint }));
}

function loopCall(
  statement: Extract<CatStatement, { kind: 'call' }>,
  steps: readonly LoopStep[],
  procedures: Procedures | null,
  host: LoopHost,
  calls: readonly Note[],
): void {
  const procedure = host.called(statement, procedures);
  if (procedure === null) return;
  if (calls.length >= deepestCall) {
    const message = `more than ${deepestCall} procedure calls in each other`;
    host.report(errorAt(statement.span, 'too-deep', message));
    return;
  }
  const { parameters, body, scope } = procedure;
  const step: LoopStep = { kind: 'call', parameters, argument: statement.argument, scope };
  const note: Note = { message: 'in this call', span: statement.span };
  eachLoopCheck(body, [...steps, step], procedure.procedures, host, [...calls, note]);
}
