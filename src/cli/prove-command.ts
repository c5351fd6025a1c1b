/** `fencepost prove`: a document that proves a claim about one test under one model, or what speaks against the claim. */
import { basename, dirname, join } from 'node:path';
import { toDot } from '../graph/dot.js';
import { tidySvg } from '../graph/svg.js';
import { deadline, now } from '../io/clock.js';
import { createGraphvizDrawer } from '../io/graphviz.js';
import { loadModels } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import { writeText } from '../io/write-file.js';
import { barriersSection } from '../proof/barriers-section.js';
import { type Claim, standingOf } from '../proof/claim.js';
import { counterText } from '../proof/counter-text.js';
import { type ProofDocument, proofDocument } from '../proof/document.js';
import { type EvidenceOptions, findEvidence } from '../proof/evidence.js';
import { findBarriers } from '../regress/barriers.js';
import { defaultVariantOptions } from '../regress/variants.js';
import { defaultSearchOptions } from '../search/search.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { shellWord } from '../text/shell-word.js';
import type { SourceFile } from '../text/source.js';
import { compileTest, prepareTest } from '../verdict/prepare-test.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest, OptionError } from './options.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';
import { MOST_MODELS, within } from './within.js';

export interface ProveArguments extends ModelArguments {
  readonly file: string;
  readonly expect: Claim;
  /** The document's file; undefined: standard output, and no drawings. */
  readonly out: string | undefined;
  readonly cases: number;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
}

/** `write` puts a file where it belongs; null: done. */
export async function proveCommand(
  args: ProveArguments,
  terminal: Terminal,
  write = writeText,
): Promise<ExitCode> {
  const expired = deadline(args.timeout ?? null);
  const loaded = loadModels(modelRequest(args), expired);
  const said = printDiagnostics(loaded.diagnostics, terminal);
  if (loaded.value === null) return said;
  const { models, macros } = loaded.value;
  if (models?.length !== 1)
    throw new OptionError(models === null ? '--model is missing' : '--model takes one model');
  const read = await readSource(args.file);
  if (read.value === null) return printDiagnostics(read.diagnostics, terminal);
  const unroll = args.unroll ?? loaded.value.unroll ?? defaultSearchOptions.unroll;
  const options: RunOptions = {
    models,
    macros,
    mode: 'outcomes',
    unroll,
    atomics: args.atomics,
    now,
    expiry: () => expired,
  };
  const source = read.value;
  const report = within(args.timeout, MOST_MODELS, () => runTest(source, options));
  const codes = [printDiagnostics(report.diagnostics, terminal)];
  if (report.kind === 'input-failure') return worstExit(codes);
  for (const model of report.models) {
    codes.push(printDiagnostics(model.diagnostics, terminal));
    if (model.kind === 'unfinished') codes.push(sayOpen(model.model, model.limit, args, terminal));
    if (!isRun(model)) continue;
    const search = { mode: 'outcomes', unroll, expired } as const;
    const prover = new Prover(args, model, { search, most: args.cases }, options, terminal, write);
    codes.push(await prover.prove(report.name, read.value));
  }
  return worstExit(codes);
}

function sayOpen(model: string, limit: string, { expect }: ProveArguments, terminal: Terminal): ExitCode {
  terminal.err(`${model}: Unknown, so that nothing is proved (${expect}): limit: ${limit}\n`);
  return exitCodes.limit;
}

/** One for the process: loading Graphviz takes longer than a picture. */
const drawer = createGraphvizDrawer();

/** Columns of prose at most. */
const WIDTH = 100;

/** One claim about one run. */
class Prover {
  constructor(
    private readonly args: ProveArguments,
    private readonly run: ModelRun,
    private readonly options: EvidenceOptions,
    private readonly runOptions: RunOptions,
    private readonly terminal: Terminal,
    private readonly writeFile: typeof writeText,
  ) {}

  async prove(test: string, source: SourceFile): Promise<ExitCode> {
    const { args, run, terminal } = this;
    const claim = args.expect;
    const standing = standingOf(claim, run.verdict);
    if (standing === 'open') return sayOpen(run.model, run.result.limit ?? 'unknown', args, terminal);
    if (standing !== 'holds') {
      terminal.err(`${test}: not ${claim} under ${run.model}, but ${run.verdict}: no document is written\n`);
      terminal.out(counterText(run, claim, test, Math.min(terminal.width, WIDTH)));
      return exitCodes.mismatch;
    }
    const proved = within(args.timeout, 1, () => this.document(claim, test, source));
    if ('limit' in proved) return sayOpen(run.model, proved.limit, args, terminal);
    return this.write(proved);
  }

  private document(
    claim: Claim,
    test: string,
    source: SourceFile,
  ): ProofDocument | { readonly limit: string } {
    const { args, run } = this;
    const evidence = findEvidence(run, claim, this.options);
    if (evidence.kind === 'limit') return evidence;
    return proofDocument({
      run,
      claim,
      evidence,
      test,
      source,
      assembly: this.assemblyOf(source),
      barriers: this.barriersOf(source, claim),
      commands: commandsFor(args),
      version,
      pictureFile: args.out === undefined ? null : pictureNames(args.out),
    });
  }

  /** What a test in C was compiled to; null if it was not. */
  private assemblyOf(source: SourceFile): string | null {
    const { run, runOptions } = this;
    const { dialect } = run.program;
    const macros = runOptions.macros === null ? {} : { macros: runOptions.macros };
    const prepared = prepareTest(source, macros).value;
    if (prepared === null || dialect === 'lkmm' || prepared.language !== 'c') return null;
    const compiled = compileTest(prepared, dialect, { atomics: runOptions.atomics }).value;
    return compiled === null ? null : printAssembly(compiled.assembly);
  }

  /** Of what is excluded: what it rests on. A test that does not ask for what the document claims has another question. */
  private barriersOf(source: SourceFile, claim: Claim): string | null {
    const { models, macros, unroll, atomics } = this.runOptions;
    if (claim === 'sometimes' || typeof models === 'string') return null;
    const expired = this.options.search.expired;
    const { report } = findBarriers(source, {
      ...defaultVariantOptions,
      models,
      macros,
      unroll,
      atomics,
      expired: expired === null ? null : () => expired(0) !== false,
      plain: false,
    });
    return report === null ? null : barriersSection(report);
  }

  private async write({ text, pictures }: ProofDocument): Promise<ExitCode> {
    const { args, terminal } = this;
    if (args.out === undefined) {
      terminal.out(text);
      return exitCodes.ok;
    }
    const files = [{ path: args.out, text }];
    for (const { file, graph } of pictures)
      files.push({
        path: join(dirname(args.out), file),
        text: tidySvg(await drawer.drawSvg(toDot(graph)), graph),
      });
    for (const { path, text } of files) {
      const failure = await this.writeFile(path, text, path === args.out ? "the user's" : 'ours');
      if (failure !== null) return printDiagnostics([failure], terminal);
    }
    terminal.err(`wrote ${args.out}: ${args.expect} under ${this.run.model}\n`);
    return exitCodes.ok;
  }
}

/** Of the pictures beside a document, by their numbers from 1. */
function pictureNames(document: string): (number: number) => string {
  const stem = basename(document).replace(/\.md$/, '');
  return (number) => `${stem}${number === 1 ? '' : `.${number}`}.svg`;
}

/** The options that matter, as they are to be given again. */
function commandsFor(args: ProveArguments): readonly string[] {
  const given: readonly (readonly [string, string | number | undefined])[] = [
    ['model', args.model],
    ['conf', args.conf],
    ['bell', args.bell],
    ['macros', args.macros],
    ...(args.include ?? []).map((folder) => ['include', folder] as const),
    ...(args.variant ?? []).map((name) => ['variant', name] as const),
    ['compile-to', args.compileTo],
    ['atomics', args.atomics === 'lse' ? undefined : args.atomics],
    ['unroll', args.unroll],
  ];
  const options = given.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${shellWord(`${value}`)}`],
  );
  const out = args.out === undefined ? [] : [`-o ${shellWord(args.out)}`];
  const test = [shellWord(args.file), ...options].join(' ');
  return [`fencepost run ${test}`, [`fencepost prove ${test} --expect ${args.expect}`, ...out].join(' ')];
}
