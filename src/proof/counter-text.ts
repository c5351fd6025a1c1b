/** What speaks against a claim that does not hold, as text: the execution that it overlooks, told and drawn; or what may be claimed instead. */
import { tellStory } from '../explain/story.js';
import { executionGraph } from '../graph/from-execution.js';
import { toText, usualText } from '../graph/text.js';
import type { ModelRun } from '../verdict/report.js';
import { wrapWords } from '../verdict/text-layout.js';
import { type Claim, filterText, otherwiseText, outcomeText } from './claim.js';

/** `run` has a verdict other than Unknown, and not the claimed one. `width`: of a line of prose. */
export function counterText(run: ModelRun, claim: Claim, test: string, width: number): string {
  const { verdict, model, program, result } = run;
  const outcome = outcomeText(program);
  const filter = filterText(program);
  if (verdict === 'Deadlock')
    return inLines(
      `${model}: no execution of ${test} completes${filter === null ? '' : ` and passes its filter ${filter}`}, so nothing is said of ${outcome}`,
      '',
      width,
    );
  if (claim === 'sometimes') {
    const which = verdict === 'Never' ? 'no' : 'every';
    const passing = filter === null ? '' : ` that passes the filter ${filter}`;
    const said = `${model}: ${which} execution${passing} ends with ${outcome} (see --expect ${verdict.toLowerCase()})`;
    return inLines(said, '', width);
  }
  const state = result.states.find(({ satisfies }) => satisfies === (claim === 'never'));
  if (state === undefined) return '';
  const execution = { ...state.witness(), program };
  const { sentences } = tellStory(execution, run.compiled);
  const steps = sentences.map(({ text }, at) => inLines(`${text}.`, `  ${at + 1}. `, width));
  const graph = executionGraph(execution, { test, model, verdict: 'allowed' }, null);
  const how = claim === 'never' ? outcome : otherwiseText(program);
  const lead = inLines(`${model} allows an execution that ends with ${how}:`, '', width);
  const picture = toText(graph, { ...usualText, width: Math.min(usualText.width, width) });
  return `${lead}${steps.join('')}\n${picture}`;
}

/** Lines after the first are as far in as the first one's text. */
function inLines(text: string, first: string, width: number): string {
  const lines = wrapWords(text.split(' '), width - first.length);
  return lines.map((line, at) => `${at === 0 ? first : ' '.repeat(first.length)}${line}\n`).join('');
}
