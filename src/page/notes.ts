/**
 * What a page says of a model's verdict beside the pictures: the flags that an allowed execution raises, and why no execution completes or
 * gives the outcome in question, whatever the model.
 */
import { explainDeadlock } from '../explain/deadlock.js';
import { asksForProposition } from '../explain/explain-run.js';
import type { Sentence } from '../explain/explanation.js';
import { explainFlag } from '../explain/flags.js';
import { explainImpossible } from '../explain/impossible.js';
import { speechOf } from '../explain/speech.js';
import type { SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import type { Chapter, Said } from './page-data.js';
import { reasonsOf } from './reasons.js';

/** `isAnswered`: some picture shows the outcome in question, allowed or refused. */
export function notesOf(run: ModelRun, isAnswered: boolean, search: SearchOptions): Chapter[] {
  return [...flagNotes(run), ...absenceNotes(run, isAnswered, search)];
}

function flagNotes({ result, compiled }: ModelRun): Chapter[] {
  return result.flags.map(({ name, witness }) => {
    const { execution, sentences } = explainFlag(name, witness(), compiled);
    const speech = speechOf(execution);
    const said = sentences.map(({ text, derivation }): Said => {
      const reasons = derivation === null ? [] : reasonsOf(derivation, speech);
      return { text: `${text}.`, nodes: [], reasons };
    });
    return { heading: `Flag \`${name}\``, said, isOrdered: false, conclusion: null };
  });
}

function absenceNotes(run: ModelRun, isAnswered: boolean, search: SearchOptions): Chapter[] {
  const { program, compiled, verdict } = run;
  if (isAnswered || verdict === 'Unknown') return [];
  if (verdict === 'Deadlock') {
    const completes = program.filter === null ? 'completes' : 'completes and passes the filter';
    return plain(`Why no execution ${completes}`, explainDeadlock(program, compiled, search).sentences);
  }
  const { sentences } = explainImpossible(program, asksForProposition(program), compiled, search);
  return plain('Why no execution gives the outcome, whatever the model', sentences);
}

/** Nothing, if a limit came before the reasons. */
function plain(heading: string, sentences: readonly Sentence[]): Chapter[] {
  if (sentences.length === 0) return [];
  const said = sentences.map(({ text }): Said => ({ text: `${text}.`, nodes: [], reasons: [] }));
  return [{ heading, said, isOrdered: false, conclusion: null }];
}
