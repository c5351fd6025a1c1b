/**
 * Why no execution gives an outcome: arguments against the executions that come closest, in sentences.
 *
 * That the outcome is forbidden is the search's result, which is exhaustive; an argument here is against the executions that it
 * names, each one against executions that those before it do not refute. The exhaustive case analysis is case-analysis.ts.
 */
import type { CompiledModel } from '../model/dag.js';
import type { SearchOptions } from '../search/execution.js';
import { derivationOfEdge } from './edge-derivation.js';
import type { Argument, Sentence } from './explanation.js';
import type { Refusal } from './forbidden.js';
import { findRefusals, type Wanted } from './refused-execution.js';
import { sentenceFor } from './sentences.js';
import { speechOf } from './speech.js';

export interface ForbiddenArguments {
  /** The most telling first. */
  readonly arguments: readonly Argument[];
  /** Whether others are left that these are not against. */
  readonly more: boolean;
  /** The limit that cut the search for them short, or null: without an argument, then, no execution gives the outcome under any model. */
  readonly limit: string | null;
}

/** At most `most` arguments. `asksForMore`: it costs a look at all the candidates that were found to know whether there are more. */
export function explainForbidden(
  wanted: Wanted,
  model: CompiledModel,
  options: SearchOptions,
  most: number,
  asksForMore = false,
): ForbiddenArguments {
  const { refusals, limit } = findRefusals(wanted, model, options, asksForMore ? most + 1 : most);
  return {
    arguments: refusals.slice(0, most).map(argumentOf),
    more: refusals.length > most,
    limit,
  };
}

/** A refusal in sentences. */
export function argumentOf({ execution, check, cycle }: Refusal): Argument {
  const speech = speechOf(execution);
  const said = new Set<string>();
  const sentences = cycle.edges.map((edge): Sentence => {
    const events = edge.via === null ? [edge.from, edge.to] : [edge.from, edge.via, edge.to];
    const derivation = derivationOfEdge(edge, cycle);
    return { text: sentenceFor(edge, speech, said), edge, derivation, events };
  });
  return { execution, check, cycle, sentences };
}
