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
import type { EdgeKind } from './cycle.js';
import { type Unfolding, unfold } from './derivation-text.js';
import type { Argument, Explanation, FlagExplanation, Sentence, Story } from './explanation.js';
import { conclusionOf } from './explanation-text.js';
import { deedOf, lineOf, type Speech, speechOf } from './speech.js';

/** A derivation: what `parts` establish, down to facts. */
export interface DerivationObject {
  readonly text: string;
  readonly parts: readonly DerivationObject[];
}

/** A pair of events of an execution, and which relation has it. */
export interface EdgeObject {
  /** Ids of events. */
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  /** `rf`, `smp_wmb`, `acquire`, `po-loc`. */
  readonly label: string;
  /** The id of the fence between the two; null: there is none. */
  readonly via: number | null;
  /** The fact is the pair (to, from). */
  readonly reversed: boolean;
}

/** A sentence of an explanation. */
export interface StepObject {
  readonly text: string;
  /** Ids of the events that it is about. */
  readonly events: readonly number[];
  /** The edge that it states; null: a remark. */
  readonly edge: EdgeObject | null;
  /** Why the model has that edge; null: a fact of the execution, or a remark. */
  readonly derivation: readonly DerivationObject[] | null;
}

/** An event of an execution. */
export interface EventObject {
  readonly id: number;
  /** `P0`; null for initial writes, as are `place`, `line` and `statement`. */
  readonly thread: string | null;
  /** `P0:12`. */
  readonly place: string | null;
  /** From 1. */
  readonly line: number | null;
  readonly statement: string | null;
  /** The instruction that the statement became; null: it was not compiled. */
  readonly instruction: string | null;
  readonly kind: 'read' | 'write' | 'fence';
  readonly location: string | null;
  /** As text: `1`, `&x`. */
  readonly value: string | null;
  /** What happens, in words. */
  readonly deed: string;
}

/** What an execution does, and how it ends. */
export interface ExecutionObject {
  readonly events: readonly EventObject[];
  /** The final state: `{ '1:r0': '1' }`. */
  readonly finals: Readonly<Record<string, string>>;
}

/** One execution that would give the outcome, and why the model refuses it. */
export interface ArgumentObject {
  readonly axiom: {
    readonly name: string;
    /** `acyclic`, `~empty`. */
    readonly kind: string;
    /** The model's file; null for a check without a place. */
    readonly file: string | null;
    readonly line: number | null;
  };
  /** A cycle; all paths of a pair that may not both be; an event that may not be; the absence of what must be. */
  readonly shape: 'cycle' | 'pair' | 'event' | 'absence';
  readonly conclusion: string;
  readonly execution: ExecutionObject;
  /** Ids of events, in the argument's order. */
  readonly cycle: readonly number[];
  readonly proof: readonly DerivationObject[];
  readonly steps: readonly StepObject[];
}

/** An allowed execution, told in an order of time. */
export interface StoryObject {
  readonly execution: ExecutionObject;
  /** Ids of events. */
  readonly order: readonly number[];
  readonly steps: readonly StepObject[];
  /** Pairs of events whose order is missing, by id. */
  readonly missing: readonly {
    readonly from: number;
    readonly to: number;
    readonly steps: readonly StepObject[];
  }[];
}

/** An execution that raises a flag: a data race, say. */
export interface FlagObject {
  readonly name: string;
  readonly execution: ExecutionObject;
  readonly steps: readonly StepObject[];
}

/** Why one model says what it says of an outcome. */
export interface ExplanationObject {
  readonly test: string;
  readonly model: string;
  /** What it is about: `1:r0=1 /\ 1:r1=0`. */
  readonly outcome: string;
  readonly result: 'allowed' | 'forbidden' | 'impossible' | 'deadlock' | 'unknown';
  /** Which limit left it open, or cut the search for arguments short; null: none did. */
  readonly limit: string | null;
  /** Of a forbidden outcome. */
  readonly arguments: readonly ArgumentObject[];
  /** An execution was found that none of the arguments is against. */
  readonly moreArguments: boolean;
  /** Of an allowed outcome. */
  readonly story: StoryObject | null;
  /** Of what is impossible under any model, and of deadlocks. */
  readonly remarks: readonly StepObject[];
  readonly flags: readonly FlagObject[];
}

/** Plain data for `JSON.stringify`. */
export function explanationJson({ test, model, outcome, explained, flags }: Explanation): ExplanationObject {
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

function argumentJson(argument: Argument): ArgumentObject {
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

function storyJson({ execution, order, sentences, missing }: Story): StoryObject {
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

function flagJson({ name, execution, sentences }: FlagExplanation): FlagObject {
  const speech = speechOf(execution);
  return {
    name,
    execution: executionJson(execution, speech),
    steps: sentences.map((sentence) => step(sentence, speech)),
  };
}

function step({ text, events, edge, derivation }: Sentence, speech: Speech | null): StepObject {
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

function unfoldingJson({ text, parts }: Unfolding): DerivationObject {
  return { text, parts: parts.map(unfoldingJson) };
}

function executionJson(execution: Execution, speech: Speech): ExecutionObject {
  const finals = execution.program.observed.map(({ display }, at) => {
    const value = execution.finals[at];
    return [display, value === undefined ? '?' : showValue(value)] as const;
  });
  return {
    events: execution.events.map((event) => eventJson(event, execution, speech)),
    finals: Object.fromEntries(finals),
  };
}

function eventJson(event: ExecutionEvent, execution: Execution, speech: Speech): EventObject {
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
