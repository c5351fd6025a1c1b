/**
 * `fencepost-herd`: in the place of herd7, for scripts that call it. The options are herd7's (herd-options.ts), and so are the report and
 * the wording of errors.
 *
 * Other than `fencepost run`, one thread does all, and no signal is caught: `timeout 1m herd7 ...` must end without a report on what is
 * open, for scripts take a report for an answer. For the same reason a test that a limit of time ends has none.
 */
import { readFileSync } from 'node:fs';
import { deadline, now } from '../../io/clock.js';
import { type LoadedModels, loadModels, noModelRequest } from '../../io/load-models.js';
import { readSource } from '../../io/read-source.js';
import { findFile } from '../../io/search-path.js';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.js';
import { visible } from '../../text/visible.js';
import { renderHerdReport } from '../../verdict/herd-report.js';
import { isModelName } from '../../verdict/model-choice.js';
import { isRun, type ModelRun, type TestReport } from '../../verdict/report.js';
import { runTest } from '../../verdict/run-test.js';
import { type ExitCode, exitCodes, worstExit } from '../exit-code.js';
import { reportInternalError } from '../internal-error.js';
import type { Terminal } from '../terminal.js';
import { version } from '../version.js';
import { herdFiles } from './herd-files.js';
import { herdHelp } from './herd-help.js';
import { herdMessage, herdMessages } from './herd-message.js';
import { type HerdRequest, readHerdOptions } from './herd-options.js';

/** The version of herd7 whose report this is. */
const HERD_VERSION = '7.58';

const PROGRAM = 'fencepost-herd';

/** Names that herd7 gives to its models, for ours of the same memory. */
const modelAliases: ReadonlyMap<string, string> = new Map([
  ['aarch64', 'arm64'],
  ['x86tso', 'x86'],
  ['linux-kernel', 'lkmm'],
]);

/** `-model` names a file, if there is one of this name (`sc` or `sc.cat`); else one of our models. */
function modelNamed(name: string, folders: readonly string[]): string {
  const file = findFile(name, null, folders) ?? findFile(`${name}.cat`, null, folders);
  if (file !== null) return /[/\\]|\.cat$/.test(file) ? file : `./${file}`;
  const plain = name.replace(/\.cat$/, '');
  const ours = modelAliases.get(plain) ?? plain;
  return isModelName(ours) ? ours : name;
}

/** Of variants that `if` in no model file asks for: what else herd7 makes of them is not done here. */
function strangeVariants({ variants }: HerdRequest, { sources }: LoadedModels): string | null {
  const known = /^lkmmv\d$/i;
  const strange = variants.find(
    (name) => !known.test(name) && !sources.some(({ text }) => text.includes(`"${name}"`)),
  );
  return strange === undefined ? null : `-variant ${strange} is not supported: no model file asks for it`;
}

class HerdRun {
  readonly codes = new Set<ExitCode>();
  /** By file; null: none was drawn yet. */
  private pictures: ReadonlyMap<string, string> | null = null;

  constructor(
    private readonly paths: readonly string[],
    private readonly request: HerdRequest,
    private readonly loaded: LoadedModels,
    private readonly terminal: Terminal,
  ) {}

  /** Whether to go on with the next file. */
  async file(path: string): Promise<boolean> {
    const code = await this.judge(path).catch((error: unknown) => {
      // One file must not take the others' results with it.
      this.terminal.err(`File "${path}": `);
      reportInternalError(error, false, this.terminal);
      return exitCodes.internal;
    });
    this.codes.add(code);
    return code === exitCodes.ok || !this.request.stopAtError;
  }

  private async judge(path: string): Promise<ExitCode> {
    const source = await readSource(path);
    if (source.value === null) return this.say(source.diagnostics, path);
    const { timeout, unroll } = this.request;
    const isOver = deadline(timeout);
    const report = runTest(source.value, {
      models: this.loaded.models ?? 'own',
      mode: 'count',
      unroll: unroll ?? this.loaded.unroll,
      macros: this.loaded.macros,
      atomics: 'lse',
      now,
      expiry: () => (isOver === null ? null : () => (isOver() ? 'time limit' : false)),
    });
    const code = this.say(report.diagnostics, path);
    if (report.kind === 'input-failure') return worstExit([code, exitCodes.input]);
    const codes = [code];
    for (const model of report.models) {
      codes.push(this.say(model.diagnostics, path));
      if (isRun(model)) codes.push(await this.print(report, model));
      else if (model.kind === 'unfinished') codes.push(this.sayLimit(path, model.limit));
    }
    return worstExit(codes);
  }

  private async print(test: TestReport, run: ModelRun): Promise<ExitCode> {
    const path = test.source.name;
    const { limit, explored } = run.result;
    // A search that was stopped in the middle; one that a bound on loops kept short has looked at all that the bound allows.
    if (explored !== undefined) return this.sayLimit(path, limit ?? 'stopped');
    const drawn = this.request.output === null ? null : await this.draw(path, test, run);
    this.terminal.out(renderHerdReport(test, run) + (drawn?.out ?? ''));
    const codes = drawn?.failure == null ? [] : [this.say([drawn.failure], path)];
    if (limit === null) return worstExit(codes);
    this.terminal.err(
      `File "${path}", unrolling limit exceeded, legal outcomes may be missing (${limit}).\n`,
    );
    return worstExit([...codes, exitCodes.limit]);
  }

  private async draw(
    path: string,
    test: TestReport,
    run: ModelRun,
  ): Promise<{ readonly out: string; readonly failure: Diagnostic | null }> {
    const { drawForHerd, pictureNames } = await import('./herd-pictures.js');
    this.pictures ??= pictureNames(this.paths);
    return drawForHerd(path, this.pictures.get(path) ?? test.name, test.name, run, this.request);
  }

  private sayLimit(path: string, limit: string): ExitCode {
    this.terminal.err(`File "${path}": no answer (${limit})\n`);
    return exitCodes.limit;
  }

  private say(diagnostics: readonly Diagnostic[], path: string): ExitCode {
    const said = this.request.quiet
      ? diagnostics.filter(({ severity }) => severity === 'error')
      : diagnostics;
    for (const line of herdMessages(said, path)) this.terminal.err(`${line}\n`);
    return hasErrors(diagnostics) ? exitCodes.input : exitCodes.ok;
  }
}

/** The models, or what is wrong with them, said. */
function modelsFor(request: HerdRequest, terminal: Terminal): LoadedModels | null {
  const { conf, bell, macros, model, includes, variants } = request;
  const { value, diagnostics } = loadModels({
    ...noModelRequest,
    conf,
    bell,
    macros,
    model: model === null ? null : modelNamed(model, includes),
    includes,
    variants,
  });
  const shown = request.quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
  for (const each of shown) {
    const text = each.span === null ? each.message : herdMessage(each, each.span.file.name);
    terminal.err(
      each.span === null
        ? `${PROGRAM}: ${text}${each.hint === null ? '' : ` (${each.hint})`}\n`
        : `${text}\n`,
    );
  }
  if (value === null) return null;
  const strange = strangeVariants(request, value);
  if (strange === null) return value;
  terminal.err(`${PROGRAM}: ${strange}\n`);
  return null;
}

function readStandardInput(): string {
  return readFileSync(0, 'utf8');
}

/** `words`: the command line without `node` and the script. */
export async function herdCommand(
  words: readonly string[],
  output: Terminal,
  input: () => string = readStandardInput,
): Promise<ExitCode> {
  // What files are called, and what they say, does nothing to a terminal.
  const terminal: Terminal = {
    ...output,
    out: (text) => output.out(visible(text)),
    err: (text) => output.err(visible(text)),
  };
  const request = readHerdOptions(words);
  switch (request.kind) {
    case 'help':
      terminal.out(herdHelp());
      return exitCodes.ok;
    case 'version':
      terminal.out(`${HERD_VERSION}, Rev: fencepost ${version}\n`);
      return exitCodes.ok;
    case 'mistake':
      terminal.err(`${PROGRAM}: ${request.message}\n  hint: see \`${PROGRAM} -help\`\n`);
      return exitCodes.input;
    case 'run':
      return await runFiles(request, terminal, input);
  }
}

async function runFiles(request: HerdRequest, terminal: Terminal, input: () => string): Promise<ExitCode> {
  const loaded = modelsFor(request, terminal);
  if (loaded === null) return exitCodes.input;
  const files = herdFiles(request.files, input);
  for (const { message } of files.diagnostics) terminal.err(`${PROGRAM}: ${message}\n`);
  const paths = files.value ?? [];
  const run = new HerdRun(paths, request, loaded, terminal);
  if (files.diagnostics.length > 0) run.codes.add(exitCodes.input);
  for (const path of paths) if (!(await run.file(path))) break;
  return worstExit(run.codes);
}
