/**
 * An explanation as JSON. Stable: fields are added, never changed.
 *
 * test, model, outcome   as in the headline of the text
 * result       allowed, forbidden, impossible, deadlock or unknown
 * limit        which limit left it open, or cut the search for arguments short; else null
 * arguments    of a forbidden outcome: [{axiom: {name, kind, file, line}, shape, conclusion, execution, cycle, proof, steps}]; `cycle` lists
 *              the ids of the events in the argument's order, `proof` is the derivation of what the axiom forbids
 * moreArguments  an execution was found that none of these is against
 * story        of an allowed one: {execution, order, steps, missing: [{from, to, steps}]}, else null
 * remarks      of impossible and deadlock: steps
 * flags        [{name, execution, steps}]
 *
 * execution    {events: [{id, thread, place, line, statement, instruction, kind, location, value, deed}], finals}; `thread` and
 *              what follows from it are null for initial writes; `finals` is the final state: {"1:r0": "1"}
 * steps        [{text, events, edge, derivation}]: a sentence, the events it is about, the edge that it states ({from, to, kind, label,
 *              via, reversed}) and why the model has it, or null
 * derivation   [{text, parts}]: `text` says what `parts` establish, down to facts
 */
import { showValue } from '../program/value.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { positionAt } from '../text/source.js';
import { type Unfolding, unfold } from './derivation-text.js';
import type { Argument, Explanation, FlagExplanation, Sentence, Story } from './explanation.js';
import { conclusionOf } from './explanation-text.js';
import { deedOf, lineOf, type Speech, speechOf } from './speech.js';

/** Plain data for `JSON.stringify`. */
export function explanationJson({ test, model, outcome, explained, flags }: Explanation): object {
  return {
    test,
    model,
    outcome,
    result: explained.kind,
    limit: 'limit' in explained ? explained.limit : null,
    arguments: explained.kind === 'forbidden' ? explained.arguments.map(argumentJson) : [],
    moreArguments: explained.kind === 'forbidden' && explained.more,
    story: explained.kind === 'allowed' ? storyJson(explained.story) : null,
    remarks: 'sentences' in explained ? explained.sentences.map((sentence) => step(sentence, null)) : [],
    flags: flags.map(flagJson),
  };
}

function argumentJson(argument: Argument): object {
  const { check, cycle, execution, sentences } = argument;
  const speech = speechOf(execution);
  const place = check.span === null ? null : positionAt(check.span.file, check.span.start);
  return {
    axiom: {
      name: check.name,
      kind: `${check.negated ? '~' : ''}${check.kind}`,
      file: check.span?.file.name ?? null,
      line: place?.line ?? null,
    },
    shape: cycle.shape,
    conclusion: conclusionOf(argument, speech),
    execution: executionJson(execution, speech),
    cycle: cycle.events,
    proof: cycle.derivations.flatMap((derivation) => unfold(derivation, speech)).map(unfoldingJson),
    steps: sentences.map((sentence) => step(sentence, speech)),
  };
}

function storyJson({ execution, order, sentences, missing }: Story): object {
  const speech = speechOf(execution);
  return {
    execution: executionJson(execution, speech),
    order,
    steps: sentences.map((sentence) => step(sentence, speech)),
    missing: missing.map(({ from, to, sentences: steps }) => ({
      from,
      to,
      steps: steps.map((sentence) => step(sentence, speech)),
    })),
  };
}

function flagJson({ name, execution, sentences }: FlagExplanation): object {
  const speech = speechOf(execution);
  return {
    name,
    execution: executionJson(execution, speech),
    steps: sentences.map((sentence) => step(sentence, speech)),
  };
}

function step({ text, events, edge, derivation }: Sentence, speech: Speech | null): object {
  return {
    text,
    events,
    edge:
      edge === null
        ? null
        : {
            from: edge.from,
            to: edge.to,
            kind: edge.kind,
            label: edge.label,
            via: edge.via,
            reversed: edge.reversed,
          },
    derivation: derivation === null || speech === null ? null : unfold(derivation, speech).map(unfoldingJson),
  };
}

function unfoldingJson({ text, parts }: Unfolding): object {
  return { text, parts: parts.map(unfoldingJson) };
}

function executionJson(execution: Execution, speech: Speech): object {
  const finals = execution.program.observed.map(({ display }, at) => {
    const value = execution.finals[at];
    return [display, value === undefined ? '?' : showValue(value)] as const;
  });
  return {
    events: execution.events.map((event) => eventJson(event, execution, speech)),
    finals: Object.fromEntries(finals),
  };
}

function eventJson(event: ExecutionEvent, execution: Execution, speech: Speech): object {
  const { id, thread, kind, location, value, source } = event;
  return {
    id,
    thread: thread < 0 ? null : (execution.program.threads[thread]?.name ?? null),
    place: source === null ? null : speech.place(id),
    line: lineOf(event),
    statement: source?.text ?? null,
    instruction: source?.instruction ?? null,
    kind,
    location: location?.name ?? null,
    value: value === null ? null : showValue(value),
    deed: deedOf(event, execution),
  };
}
