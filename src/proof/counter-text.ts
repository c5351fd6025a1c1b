/** What speaks against a claim that does not hold, as text: the execution that it overlooks, told and drawn; or what may be claimed instead. */
import { tellStory } from '../explain/story.js';
import { executionGraph } from '../graph/from-execution.js';
import { toText } from '../graph/text.js';
import type { ModelRun } from '../verdict/report.js';
import { type Claim, outcomeText } from './claim.js';

/** `run` has a verdict other than Unknown, and not the claimed one. */
export function counterText(run: ModelRun, claim: Claim, test: string): string {
  const { verdict, model, program, result } = run;
  const outcome = outcomeText(program);
  if (verdict === 'Deadlock')
    return `${model}: no execution of ${test} completes, so nothing is said of ${outcome}\n`;
  if (claim === 'sometimes')
    return `${model}: ${verdict === 'Never' ? 'no' : 'every'} execution ends with ${outcome} (see --expect ${verdict.toLowerCase()})\n`;
  const state = result.states.find(({ satisfies }) => satisfies === (claim === 'never'));
  if (state === undefined) return '';
  const execution = { ...state.witness(), program };
  const steps = tellStory(execution, run.compiled).sentences.map(({ text }, at) => `  ${at + 1}. ${text}.`);
  const graph = executionGraph(execution, { test, model, verdict: 'allowed' }, null);
  const how = claim === 'never' ? outcome : `not (${outcome})`;
  return [`${model} allows an execution that ends with ${how}:`, ...steps, '', toText(graph)].join('\n');
}
