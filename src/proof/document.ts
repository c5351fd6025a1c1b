/**
 * A proof as a Markdown document that stands on its own: the claim, the test, the model's own words, the argument with its
 * pictures, and how to have it all again. Last step of proof/; plain data in, text and pictures out.
 */
import type { ProofCase } from '../explain/case-analysis.js';
import type { Cycle } from '../explain/cycle.js';
import { executionGraph } from '../graph/from-execution.js';
import type { GraphModel } from '../graph/graph-model.js';
import { toText } from '../graph/text.js';
import type { Execution } from '../search/execution.js';
import type { SourceFile } from '../text/source.js';
import type { ModelRun } from '../verdict/report.js';
import { casesSection } from './cases-section.js';
import { type Claim, claimText, otherwiseText, outcomeText, questionText } from './claim.js';
import type { Evidence } from './evidence.js';
import { flagsSection, flagsWarning } from './flags-section.js';
import { code, fenced, numbered, paragraph, plain, sections } from './markdown.js';
import { modelSection } from './model-section.js';
import { searchSection } from './search-section.js';
import { witnessSection } from './witness-section.js';

export interface ProofSubject {
  readonly run: ModelRun;
  readonly claim: Claim;
  readonly evidence: Evidence;
  /** The test's name. */
  readonly test: string;
  readonly source: SourceFile;
  /** The assembly that a test in C became, as a litmus test; null: the model judges the test as it stands. */
  readonly assembly: string | null;
  /** Markdown about the barriers of the test; null: none. */
  readonly barriers: string | null;
  /** Command lines that give the verdict and the document again. */
  readonly commands: readonly string[];
  readonly version: string;
  /** Where the nth picture (from 1) will be, relative to the document; null: there is no place for drawings. */
  readonly pictureFile: ((number: number) => string) | null;
}

export interface ProofPicture {
  readonly file: string;
  readonly graph: GraphModel;
}

export interface ProofDocument {
  readonly text: string;
  /** To be drawn beside the document. */
  readonly pictures: readonly ProofPicture[];
}

/** Cases beyond these have no picture. */
const PICTURED = 4;

export function proofDocument(subject: ProofSubject): ProofDocument {
  const { run, claim, evidence, test, source, barriers } = subject;
  const album = new Album(subject);
  const text = sections([
    `# ${plain(test)} under ${plain(run.model)}: ${claim}`,
    paragraph(claimText(claim, run.program, run.model), searchedText(run)),
    flagsWarning(run),
    '## Test',
    testText(subject),
    fenced(numbered(source.text), subject.assembly !== null || run.program.dialect === 'lkmm' ? 'c' : 'text'),
    ...assemblyText(subject),
    evidenceSection(evidence, subject, album),
    flagsSection(run),
    usedModel(evidence, run),
    barriers,
    '## To have it again',
    fenced(subject.commands.map((command) => `$ ${command}`).join('\n'), 'console'),
    `The second command writes this document; this one is by fencepost ${subject.version}.`,
  ]);
  return { text, pictures: album.pictures };
}

function testText({ run, source, claim }: ProofSubject): string {
  const { program } = run;
  const first = program.threads[0]?.name ?? 'P0';
  return paragraph(
    `${code(source.name)}; a place such as ${first}:12 is line 12, run by ${first}.`,
    questionText(claim, program),
  );
}

function searchedText({ verdict, model }: ModelRun): string {
  return `fencepost's verdict under ${code(model)}: ${verdict}, by an exhaustive search that no limit cut short.`;
}

function assemblyText({ assembly, run }: ProofSubject): string[] {
  if (assembly === null) return [];
  return [
    `${code(run.model)} judges what the kernel's primitives become, statement by statement:`,
    fenced(assembly, 'text'),
  ];
}

function evidenceSection(evidence: Evidence, subject: ProofSubject, album: Album): string {
  const { run } = subject;
  const { program, compiled } = run;
  switch (evidence.kind) {
    case 'cases': {
      const isOtherwise = subject.claim === 'always';
      const outcome = isOtherwise ? otherwiseText(program) : outcomeText(program);
      const picture = (proofCase: ProofCase, index: number): string | null =>
        index >= PICTURED ? null : album.add(proofCase.execution, 'forbidden', proofCase.cycle);
      return casesSection(evidence.analysis, { program, model: compiled, outcome, isOtherwise, picture });
    }
    case 'search':
      return searchSection(evidence, run, subject.claim, (execution, cycle) =>
        album.add(execution, 'forbidden', cycle),
      );
    case 'witness':
      return witnessSection(evidence, run, (execution) => album.add(execution, 'allowed', null));
  }
}

/** Null if no model would make a difference. */
function usedModel(evidence: Evidence, { compiled }: ModelRun): string | null {
  const axioms = compiled.checks.filter(({ flag }) => !flag);
  switch (evidence.kind) {
    case 'cases': {
      const { cases, setApart } = evidence.analysis;
      const checks = [...setApart.filter(({ count }) => count !== 0), ...cases].map(({ check }) => check);
      if (checks.length === 0) return null;
      const derivations = cases.flatMap(({ cycle }) => cycle.derivations);
      return modelSection(compiled, checks, derivations, 'The proof uses these');
    }
    case 'search':
      return modelSection(compiled, axioms, evidence.example?.cycle.derivations ?? [], 'They are');
    case 'witness':
      return modelSection(compiled, axioms, [], 'Both executions above satisfy each');
  }
}

/** The pictures of a document, in its order. */
class Album {
  readonly pictures: ProofPicture[] = [];

  constructor(private readonly subject: ProofSubject) {}

  /** The Markdown of a picture: as text, and the drawing, if there is a place for it. */
  add(execution: Execution, verdict: string, cycle: Cycle | null): string {
    const { test, run, pictureFile } = this.subject;
    const graph = executionGraph(execution, { test, model: run.model, verdict }, cycle);
    const text = fenced(toText(graph), 'text');
    if (pictureFile === null) return text;
    const file = pictureFile(this.pictures.length + 1);
    this.pictures.push({ file, graph });
    const title = plain(`${test} under ${run.model}: ${verdict}`);
    return `${text}\n\n![${title}](${encodeURI(file)})`;
  }
}
