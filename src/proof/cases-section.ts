/**
 * The part of a proof document that refutes every candidate: what a candidate is and how many there are, which of them single
 * locations rule out, and for all others the cases of explain/case-analysis.ts, with their arguments in sentences and pictures.
 */
import type { CaseAnalysis, ProofCase, SetApart } from '../explain/case-analysis.js';
import type { Cycle } from '../explain/cycle.js';
import { sentenceFor, sentencesFor } from '../explain/sentences.js';
import { type Speech, speechOf } from '../explain/speech.js';
import type { Check } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import { bullets, counted, plain, sections, steps } from './markdown.js';
import { checkText } from './model-source.js';

/** What is said of the program and the outcome. */
export interface CasesSubject {
  readonly program: Program;
  readonly model: string;
  /** `1:r0=1 /\ 1:r1=0` */
  readonly outcome: string;
  /** The picture of a case, as Markdown; null: it has none. */
  readonly picture: (proofCase: ProofCase, number: number) => string | null;
}

export function casesSection(analysis: CaseAnalysis, subject: CasesSubject): string {
  const { cases, listed, total } = analysis;
  const pieces = [
    '## Proof',
    'Every candidate execution that ends so is refuted, whatever its interleaving.',
    ...candidatesText(analysis, subject),
    ...(total === 0 ? [] : setApartText(analysis, subject.model)),
    ...(listed === 0 ? [] : [listedText(analysis, subject)]),
    ...cases.map((proofCase, at) => caseText(proofCase, at + 1, analysis, subject)),
    listed === 0 ? null : `${sumOf(cases)}: no candidate is left.`,
  ];
  return sections(pieces).trimEnd();
}

function candidatesText({ total }: CaseAnalysis, { program, outcome }: CasesSubject): string[] {
  const hasSwap = program.threads.some(({ code }) =>
    code.some((instruction) => instruction.kind === 'rmw' && instruction.swap !== undefined),
  );
  const what = [
    'A candidate is a path through each thread, for each read a write that it reads from, and for each location an',
    'order of the writes to it (for a lock, the order in which it is taken and given back), so that all values are what the threads compute.',
    hasSwap
      ? 'A compare-and-swap that finds what it expects may execute in two ways, which differ in what depends on its result: each makes a candidate of its own.'
      : '',
  ];
  const found =
    total === null
      ? `The candidates that end with \`${outcome}\` are too many to be counted without a look at the model.`
      : total === 0
        ? `No candidate ends with \`${outcome}\`: the threads compute these values in no execution, under any model. Nothing is left to prove.`
        : `${counted(total, 'candidate')} ${total === 1 ? 'ends' : 'end'} with \`${outcome}\`, whatever a memory model says.`;
  return [what.filter((line) => line !== '').join('\n'), found];
}

/** Why the laws about single locations are what they are; their shape tells which they are. */
function lawText({ kind }: Check): string {
  return kind === 'empty'
    ? 'another write comes between the read and the write of one atomic access, or two threads hold a lock at once'
    : 'a read or a write contradicts the order of the writes to its own location';
}

function setApartText({ setApart, listed }: CaseAnalysis, model: string): string[] {
  if (setApart.length === 0) return [];
  const items = setApart.map(
    ({ check, count }) =>
      `\`${check.name}\` refutes ${count === null ? 'those' : count === 0 ? 'those (here: none)' : counted(count, 'candidate')} in which ${lawText(check)}.`,
  );
  const rest =
    listed === 0
      ? 'That leaves none: the order of accesses to different locations does not come into it.'
      : `That leaves ${counted(listed, 'candidate')}.`;
  return [`${introduction(setApart, model)}:`, bullets(items), rest];
}

function introduction(setApart: readonly SetApart[], model: string): string {
  const isCounted = setApart.every(({ count }) => count !== null);
  const how = isCounted ? 'counted here, not listed' : 'not listed: the search does not even generate it';
  return setApart.length === 1
    ? `One axiom of \`${model}\` is about each location by itself, and does not depend on barriers. What it refutes is ${how}`
    : `${setApart.length === 2 ? 'Two' : 'Some'} axioms of \`${model}\` are about each location by itself, and do not depend on barriers. What they refute is ${how}`;
}

function listedText({ cases, listed }: CaseAnalysis, { model }: CasesSubject): string {
  const first =
    cases.length === 1
      ? `One argument refutes ${listed === 1 ? 'it' : `all ${listed.toLocaleString('en-US')}`}.`
      : `${counted(cases.length, 'argument')} refute all of them; each candidate counts at the first that refutes it.`;
  const always = factsOfAll(cases);
  const shared =
    always.length === 0
      ? ''
      : `\n\nIn ${listed === 1 ? 'it' : 'each of them'}, as the outcome asks:\n\n${bullets(always)}`;
  return `${first} Each was evaluated under all of \`${model}\`, and the argument's facts were looked up in it again.${shared}`;
}

/** The facts that all candidates have in common, as far as an argument uses them. */
function factsOfAll(cases: readonly ProofCase[]): readonly string[] {
  const facts = new Set<string>();
  for (const { premises, execution } of cases) {
    const speech = speechOf(execution);
    for (const { edge, always } of premises) if (always) facts.add(plain(sentenceFor(edge, speech)));
  }
  return [...facts];
}

function caseText(
  proofCase: ProofCase,
  number: number,
  analysis: CaseAnalysis,
  subject: CasesSubject,
): string {
  const { cycle, execution } = proofCase;
  const { cases, listed } = analysis;
  const heading =
    cases.length === 1
      ? null
      : `### Case ${number}: ${proofCase.count.toLocaleString('en-US')} of the ${listed.toLocaleString('en-US')}`;
  const others = proofCase.refuted - proofCase.count;
  const overlap =
    others === 0 ? null : `The argument holds for ${counted(others, 'candidate')} of earlier cases, too.`;
  return sections([
    heading,
    premisesText(proofCase),
    steps(sentencesFor(cycle.edges, execution).map((text) => plain(`${text}.`))),
    conclusion(cycle, proofCase.check, speechOf(execution)),
    overlap,
    subject.picture(proofCase, number),
  ]).trimEnd();
}

/** What tells the case from the others. */
function premisesText({ premises, execution, cycle }: ProofCase): string {
  const speech = speechOf(execution);
  const places = new Set(execution.events.map(({ id }) => speech.place(id)));
  const own = premises.filter(({ always }) => !always);
  const then = cycle.edges.length === 0 ? '' : ' Then:';
  if (own.length === 0) return `The argument supposes nothing else.${then}`;
  const texts = own.map(({ edge }) => plain(sentenceFor(edge, speech, new Set(places))));
  return `Whenever ${texts.join(', and ')}.${then}`;
}

/** What an argument's sentences come to. */
export function conclusion({ shape, events }: Cycle, check: Check, speech: Speech): string {
  const axiom = `\`${checkText(check)}\``;
  const first = events[0];
  const place = first === undefined ? 'this' : plain(speech.place(first));
  switch (shape) {
    case 'cycle':
      return `Therefore ${place} would come before itself: a cycle, and ${axiom} allows none.`;
    case 'pair':
      return `These do not go together, by ${axiom}.`;
    case 'event':
      return `An event such as ${place} may not be, by ${axiom}.`;
    case 'absence':
      return `${axiom} asks for what is not there.`;
  }
}

function sumOf(cases: readonly ProofCase[]): string {
  const counts = cases.map(({ count }) => count.toLocaleString('en-US'));
  const total = cases.reduce((sum, { count }) => sum + count, 0).toLocaleString('en-US');
  return counts.length === 1 ? `That is all ${total}` : `${counts.join(' + ')} = ${total}`;
}
