/** `fencepost explain`: why each model forbids the outcome of a test, or how it comes about. */
import type { AuditResult } from '../explain/audit-derivation.js';
import { auditRun } from '../explain/audit-run.js';
import { explainRun, openLimit } from '../explain/explain-run.js';
import type { Explanation } from '../explain/explanation.js';
import { explanationJson } from '../explain/explanation-json.js';
import { defaultTextOptions, explanationText } from '../explain/explanation-text.js';
import { deadline, now } from '../io/clock.js';
import { loadModels } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import { defaultSearchOptions } from '../search/search.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { withOutcome } from '../verdict/other-outcome.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest } from './options.js';
import type { Terminal } from './terminal.js';
import { MOST_MODELS, within } from './within.js';

export interface ExplainArguments extends ModelArguments {
  readonly file: string;
  readonly outcome: string | undefined;
  readonly format: 'text' | 'json';
  readonly depth: number;
  readonly most: number;
  readonly audit: boolean;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
}

/** Seconds for the reasons, if there is no --timeout: the executions that a model refuses can be very many. */
const PATIENCE = 10;

/** An explanation of one model, and its audit, if that was asked for. */
interface Explained {
  readonly explanation: Explanation;
  readonly audit: AuditResult | null;
}

function explain(run: ModelRun, unroll: number, args: ExplainArguments): Explained {
  const search = { mode: 'outcomes', unroll, expired: deadline(args.timeout ?? PATIENCE) } as const;
  const explanation = explainRun(run, { search, arguments: args.most, asksForMore: true });
  return { explanation, audit: args.audit ? auditRun(explanation, run) : null };
}

function auditText({ facts, faults }: AuditResult): string {
  if (facts === 1 && faults.length === 0) return 'Audited: 1 fact, and it holds.\n';
  if (faults.length === 0) return `Audited: ${facts} facts, and all hold.\n`;
  return `Audited: ${facts} fact${facts === 1 ? ' holds' : 's hold'}, and this does not:\n${faults.map((fault) => `  ${fault}\n`).join('')}`;
}

function printText(explained: readonly Explained[], args: ExplainArguments, terminal: Terminal): void {
  const width = Math.min(terminal.width, defaultTextOptions.width);
  const texts = explained.map(({ explanation, audit }) => {
    const text = explanationText(explanation, { depth: args.depth, width });
    return audit === null ? text : `${text}${auditText(audit)}`;
  });
  terminal.out(texts.join('\n'));
}

function printJson(explained: readonly Explained[], { file }: ExplainArguments, terminal: Terminal): void {
  const objects = explained.map(({ explanation, audit }) => ({
    file,
    ...explanationJson(explanation),
    audit: audit === null ? null : { facts: audit.facts, faults: audit.faults },
  }));
  terminal.out(`${JSON.stringify(objects, null, 2)}\n`);
}

export async function explainCommand(args: ExplainArguments, terminal: Terminal): Promise<ExitCode> {
  const loaded = loadModels(modelRequest(args), deadline(args.timeout ?? null));
  const codes = [printDiagnostics(loaded.diagnostics, terminal)];
  if (loaded.value === null) return worstExit(codes);
  const { models, macros } = loaded.value;
  const read = await readSource(args.file);
  if (read.value === null) return printDiagnostics(read.diagnostics, terminal);
  const other = args.outcome === undefined ? null : withOutcome(read.value, args.outcome, '--outcome');
  const print = (diagnostics: readonly Diagnostic[]): ExitCode =>
    printDiagnostics(other === null ? diagnostics : diagnostics.map(other.placed), terminal);
  const unroll = args.unroll ?? loaded.value.unroll ?? defaultSearchOptions.unroll;
  const source = other?.source ?? read.value;
  const options: RunOptions = {
    models: models ?? 'all',
    macros,
    mode: 'outcomes',
    unroll,
    atomics: args.atomics,
    now,
    expiry: () => deadline(args.timeout ?? null),
  };
  const report = within(args.timeout, MOST_MODELS, () => runTest(source, options));
  codes.push(print(report.diagnostics));
  if (report.kind === 'input-failure') return worstExit(codes);
  for (const model of report.models) {
    codes.push(print(model.diagnostics));
    if (model.kind !== 'unfinished') continue;
    terminal.err(`${model.model}: Unknown (limit: ${model.limit})\n`);
    codes.push(exitCodes.limit);
  }
  const explained = report.models
    .filter(isRun)
    .map((run) => within(args.timeout, 1, () => explain(run, unroll, args)));
  if (args.format === 'json') printJson(explained, args, terminal);
  else printText(explained, args, terminal);
  for (const { explanation, audit } of explained) {
    if (openLimit(explanation) !== null) codes.push(exitCodes.limit);
    if (audit !== null && audit.faults.length > 0) codes.push(exitCodes.internal);
  }
  return worstExit(codes);
}
