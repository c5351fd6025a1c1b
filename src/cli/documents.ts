/**
 * The documents in out/: proofs about the race of litmus/blocked-on-vs-state, its fixes, and the argument that it does no harm,
 * with an index; and the library's documentation. `npm run docs` writes them, a test compares them.
 *
 * File names are relative to the project's folder, where npm starts both; they stand in the documents.
 */
import { readSource } from '../io/read-source.js';
import { writeText } from '../io/write-file.js';
import type { Claim } from '../proof/claim.js';
import { errorAt, invariant } from '../text/diagnostic.js';
import { type ModelName, modelNames } from '../verdict/model-choice.js';
import { isRun } from '../verdict/report.js';
import { runTest } from '../verdict/run-test.js';
import { readApi } from './api-model.js';
import { apiText } from './api-text.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, worstExit } from './exit-code.js';
import { proveCommand } from './prove-command.js';
import type { Terminal } from './terminal.js';

interface Subject {
  /** Below litmus/, without `.litmus`. */
  readonly test: string;
  readonly shows: string;
  readonly claims: Partial<Record<ModelName, Claim>>;
}

interface Chapter {
  readonly title: string;
  readonly text: string;
  readonly subjects: readonly Subject[];
}

const chapters: readonly Chapter[] = [
  {
    title: 'The race',
    text: "A waker sees the sleeping task's new `->__state` and misses what the task is blocked on.",
    subjects: [
      {
        test: 'blocked-on-vs-state/race',
        shows: 'the two stores of `__mutex_lock_common()` have nothing between them',
        claims: { lkmm: 'sometimes', arm64: 'sometimes', x86: 'never' },
      },
    ],
  },
  {
    title: 'The fixes',
    text: 'Either of them is enough, and both are in the writer.',
    subjects: [
      {
        test: 'blocked-on-vs-state/fix-wmb',
        shows: '`smp_wmb()` between the two stores',
        claims: { lkmm: 'never', arm64: 'never' },
      },
      {
        test: 'blocked-on-vs-state/fix-release',
        shows: '`smp_store_release()` of the state',
        claims: { lkmm: 'never', arm64: 'never' },
      },
    ],
  },
  {
    title: 'Why it need not do harm',
    text: "Both sides decide under the run queue's lock; what is decided outside of it is not safe.",
    subjects: [
      {
        test: 'harmless/blocked-on-under-rq-lock',
        shows: '`blocked_on` and the state are looked at under the lock',
        claims: { lkmm: 'never', arm64: 'never' },
      },
      {
        test: 'harmless/final-state',
        shows: 'the same about the final state: running implies not blocked',
        claims: { lkmm: 'never' },
      },
      {
        test: 'harmless/sampled-before-rq-lock',
        shows: '`blocked_on` is read one line earlier: harm',
        claims: { lkmm: 'sometimes', arm64: 'sometimes' },
      },
      {
        test: 'harmless/sampled-before-rq-lock-wmb',
        shows: 'the early read again, with the two stores in order',
        claims: { lkmm: 'never' },
      },
      {
        test: 'harmless/no-recheck',
        shows: '`__schedule()` believes a state from before the lock: harm',
        claims: { lkmm: 'sometimes' },
      },
      {
        test: 'harmless/no-rq-lock',
        shows: '`ttwu_runnable()` takes no lock: harm',
        claims: { lkmm: 'sometimes' },
      },
    ],
  },
];

const FOLDER = 'out';

/** Writes all of them; `write` puts a file where it belongs. */
export async function writeDocuments(terminal: Terminal, write = writeText): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const { test, claims } of chapters.flatMap(({ subjects }) => subjects))
    for (const model of modelNames) {
      const expect = claims[model];
      if (expect === undefined) continue;
      codes.push(await proveCommand(proveArguments(test, model, expect), terminal, write));
    }
  const failure = await write(`${FOLDER}/README.md`, await indexText());
  invariant(failure === null, failure?.message ?? '');
  codes.push(await writeApiDocuments(terminal, write));
  return worstExit(codes);
}

/** What the library exports: with its comments for people, and the signatures alone, where a change of the public surface shows. */
async function writeApiDocuments(terminal: Terminal, write: typeof writeText): Promise<ExitCode> {
  const modules = await readApi();
  const texts = [
    { name: 'README', text: apiText(modules) },
    ...modules.flatMap(({ name, report }) =>
      report === null ? [] : [{ name: name.replace('/', '-'), text: report }],
    ),
  ];
  for (const { name, text } of texts) {
    const failure = await write(`${FOLDER}/api/${name}.md`, text);
    invariant(failure === null, failure?.message ?? '');
  }
  const problems = modules.flatMap((module) => module.problems);
  return printDiagnostics(
    problems.map((problem) => errorAt(null, 'library-documentation', problem)),
    terminal,
  );
}

function proveArguments(test: string, model: ModelName, expect: Claim): Parameters<typeof proveCommand>[0] {
  return {
    file: fileOf(test),
    model,
    expect,
    out: `${FOLDER}/${documentOf(test, model)}`,
    cases: 5000,
    atomics: 'lse',
    unroll: undefined,
    timeout: undefined,
    conf: undefined,
    bell: undefined,
    macros: undefined,
    include: undefined,
    variant: undefined,
    compileTo: undefined,
  };
}

function fileOf(test: string): string {
  return `litmus/${test}.litmus`;
}

function documentOf(test: string, model: ModelName): string {
  return `${test}.${model}.md`;
}

async function indexText(): Promise<string> {
  const parts = [
    '# Proofs',
    [
      'What each model says of the race between `->blocked_on` and `->__state`, of its fixes and of the argument that it does no',
      'harm. A verdict with a link has a document that proves it: the witness, or the refutation of every case. All of them are',
      "fencepost's own words (`npm run docs`), and a test compares them.",
    ].join('\n'),
  ];
  for (const { title, text, subjects } of chapters) {
    const rows: string[] = [];
    for (const subject of subjects) rows.push(await rowText(subject));
    const head = `| test | what it shows | ${modelNames.join(' | ')} |\n|---|---|${'---|'.repeat(modelNames.length)}`;
    parts.push(`## ${title}`, text, [head, ...rows].join('\n'));
  }
  parts.push('[api/](api/README.md) documents the library, from the comments in its code.');
  parts.push('`blocked-on-vs-state.*.svg` and `.dot` are the pictures that `npm start` draws.');
  return `${parts.join('\n\n')}\n`;
}

async function rowText({ test, shows, claims }: Subject): Promise<string> {
  const { value } = await readSource(fileOf(test));
  invariant(value !== null, `${fileOf(test)} is there`);
  const report = runTest(value);
  const runs = report.kind === 'test' ? report.models.filter(isRun) : [];
  const cells = modelNames.map((name) => {
    const verdict = runs.find(({ model }) => model === name)?.verdict ?? '-';
    return claims[name] === undefined ? verdict : `[${verdict}](${documentOf(test, name)})`;
  });
  return `| [${test}](../${fileOf(test)}) | ${shows} | ${cells.join(' | ')} |`;
}
