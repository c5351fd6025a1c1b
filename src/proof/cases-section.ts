/**
 * The part of a proof document that refutes every candidate: how many there are, and the cases of explain/case-analysis.ts, each with its
 * argument in sentences and a picture.
 */
import type { CaseAnalysis, ProofCase } from '../explain/case-analysis.js';
import { sentenceFor } from '../explain/sentences.js';
import { speechOf } from '../explain/speech.js';
import type { CompiledModel } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import { argumentText } from './argument-text.js';
import { candidatesText } from './candidates-text.js';
import { sentenceMarker } from './code-spans.js';
import { bullets, code, counted, number, paragraph, sections } from './markdown.js';

/** What is said of the program and the outcome. */
export interface CasesSubject {
  readonly program: Program;
  readonly model: CompiledModel;
  /** `1:r0=1 /\ 1:r1=0` */
  readonly outcome: string;
  /** Whether that is the negation of what the test's condition names. */
  readonly isOtherwise: boolean;
  /** The picture of a case, as Markdown; null: it has none. */
  readonly picture: (proofCase: ProofCase, index: number) => string | null;
}

export function casesSection(analysis: CaseAnalysis, subject: CasesSubject): string {
  const { cases, listed } = analysis;
  const { program, model, outcome, isOtherwise } = subject;
  return sections([
    '## Proof',
    `Each candidate execution that ${program.filter === null ? '' : 'passes the filter and '}ends ${isOtherwise ? 'otherwise' : 'so'} is refuted.`,
    ...candidatesText(analysis, program, model, outcome),
    ...(listed === 0
      ? []
      : [howMany(analysis), checked(analysis, model.name), ...shared(analysis, isOtherwise, program)]),
    ...cases.map((proofCase, at) => caseText(proofCase, at, analysis, subject)),
    cases.length < 2 ? null : `${sumOf(cases)}: no candidate is left.`,
  ]).trimEnd();
}

function howMany({ cases, listed }: CaseAnalysis): string {
  if (cases.length > 1)
    return paragraph(
      `${counted(cases.length, 'argument')} refute them all. Each candidate counts at the first that refutes it.`,
    );
  return listed === 1 ? 'One argument refutes it.' : `One argument refutes all ${number(listed)}.`;
}

function checked({ listed }: CaseAnalysis, model: string): string {
  return listed === 1
    ? paragraph(
        `It was judged by all of ${code(model)}, and refused; and the facts of the argument were looked up in it once more.`,
      )
    : paragraph(
        `Each candidate was judged by all of ${code(model)}, and refused; and the facts of its argument were looked up in it once more.`,
      );
}

/** The facts that all candidates have in common, as far as an argument uses them. */
function shared({ cases, listed }: CaseAnalysis, isOtherwise: boolean, { filter }: Program): string[] {
  const facts = new Set<string>();
  for (const { premises, execution } of cases) {
    const mark = sentenceMarker(execution);
    const speech = speechOf(execution);
    for (const { edge, always } of premises) if (always) facts.add(mark(`${sentenceFor(edge, speech)}.`));
  }
  if (facts.size === 0 || cases.length === 1) return [];
  const lead = isOtherwise || filter !== null ? 'In each of them:' : 'In each of them, as the outcome asks:';
  return [listed === 1 ? 'In it:' : lead, bullets([...facts])];
}

function caseText(
  proofCase: ProofCase,
  index: number,
  { cases, listed }: CaseAnalysis,
  subject: CasesSubject,
): string {
  const { cycle, check, execution, count, refuted } = proofCase;
  const heading = `### Case ${index + 1}: ${number(count)} of the ${number(listed)}`;
  const others = counted(refuted - count, 'candidate');
  return sections([
    cases.length === 1 ? null : heading,
    cases.length === 1 ? null : premisesText(proofCase),
    argumentText(cycle, check, execution),
    refuted === count ? null : `The argument holds for ${others} of earlier cases, too.`,
    subject.picture(proofCase, index),
  ]).trimEnd();
}

/** What tells the case from the others. */
function premisesText({ premises, execution }: ProofCase): string {
  const speech = speechOf(execution);
  const places = new Set(execution.events.map(({ id }) => speech.place(id)));
  const mark = sentenceMarker(execution);
  const own = premises.filter(({ always }) => !always);
  if (own.length === 0) return 'Without any further assumption:';
  const texts = own.map(({ edge }) => mark(sentenceFor(edge, speech, new Set(places))));
  return paragraph(`Whenever ${texts.join(', and ')}:`);
}

function sumOf(cases: readonly ProofCase[]): string {
  const total = cases.reduce((sum, { count }) => sum + count, 0);
  return `${cases.map(({ count }) => number(count)).join(' + ')} = ${number(total)}`;
}
