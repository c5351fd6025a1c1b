/** `fencepost report`: tests, their outcomes and all their executions as one HTML page. */
import { join } from 'node:path';
import { deadline } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { createGraphvizDrawer } from '../io/graphviz.js';
import { loadModels } from '../io/load-models.js';
import { loadPageScript } from '../io/page-script.js';
import { fileNameFor, writeText } from '../io/write-file.js';
import { nameOf, type PageScript, type PageTest, renderPage } from '../page/page-html.js';
import type { Checked } from '../text/diagnostic.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest } from './options.js';
import { drawn, type ReportOptions, testOfFile } from './report-test.js';
import type { Terminal } from './terminal.js';

export interface ReportArguments extends ModelArguments, ReportOptions {
  readonly files: readonly string[];
  readonly out: string;
}

/** `loadScript`: the page's script, as the build or a test makes it. */
export async function reportCommand(
  args: ReportArguments,
  terminal: Terminal,
  loadScript: () => Promise<Checked<PageScript>> = () =>
    loadPageScript(new URL('./page.js', import.meta.url)),
): Promise<ExitCode> {
  const models = loadModels(modelRequest(args), deadline(args.timeout ?? null));
  const codes = new Set<ExitCode>([printDiagnostics(models.diagnostics, terminal)]);
  if (models.value === null) return worstExit(codes);
  const script = await loadScript();
  codes.add(printDiagnostics(script.diagnostics, terminal));
  if (script.value === null) return exitCodes.internal;
  const inputs = await expandInputs(args.files);
  codes.add(printDiagnostics(inputs.diagnostics, terminal));
  const drawer = createGraphvizDrawer();
  const tests: PageTest[] = [];
  for (const path of inputs.paths) {
    const test = await testOfFile(path, args, models.value, terminal, codes);
    if (test?.kind === 'open') tests.push(test);
    if (test?.kind === 'view') tests.push(await drawn(test.view, drawer));
  }
  if (tests.length === 0) return worstExit(codes);
  const path = addressFor(tests, args.out);
  const failure = await writeText(
    path,
    renderPage(tests, script.value),
    path === args.out ? "the user's" : 'ours',
  );
  if (failure !== null) return worstExit([...codes, printDiagnostics([failure], terminal)]);
  terminal.err(`wrote ${path}: ${tests.length === 1 ? '1 test' : `${tests.length} tests`}\n`);
  return worstExit(codes);
}

/** `out` itself if it names a page; in that folder the test's name, or `index.html` for several. */
function addressFor(tests: readonly PageTest[], out: string): string {
  if (/\.html?$/i.test(out)) return out;
  const [first] = tests;
  const name = tests.length === 1 && first !== undefined ? fileNameFor(nameOf(first)) : 'index';
  return join(out, `${name}.html`);
}
