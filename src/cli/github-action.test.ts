/** action.yml and the workflows: what they name is declared, and the steps' scripts do what they promise, under bash, as a runner runs them. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';

const project = fileURLToPath(new URL('../../', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'fencepost-action-'));
afterAll(() => rmSync(root, { recursive: true }));

type Texts = Readonly<Record<string, string>>;

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Texts;
  readonly with?: Texts;
  readonly 'working-directory'?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly needs?: string; readonly steps: readonly Step[] }>>;
}

function readYaml<T>(path: string): T {
  const text = readFileSync(join(project, path), 'utf8');
  const { errors, warnings } = parseDocument(text);
  expect([...errors, ...warnings]).toEqual([]);
  return parse(text) as T;
}

const action = readYaml<Action>('action.yml');

/** `inputs.config`, and so on: what stands in `${{ }}`. */
function expressions(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\$\{\{\s*([^}]*?)\s*\}\}/g)].map(([, text]) => text ?? '');
}

function substitute(text: string, values: Texts): string {
  return text.replace(/\$\{\{\s*([^}]*?)\s*\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name}`);
    return value;
  });
}

/** What a script wrote in the form `name=value`. */
function readOutputs(path: string): Texts {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

interface ActionRun {
  readonly code: number;
  readonly log: string;
  readonly outputs: Texts;
  /** What each tool was called with, and where. */
  readonly calls: readonly string[];
}

let runs = 0;

/** A tool that keeps what it is called with, one line per argument. */
function fakeTool(path: string, calls: string, then: string): void {
  writeFileSync(
    path,
    `#!/bin/bash\n{ echo "${path.split('/').at(-1)} in $PWD"; printf '  <%s>\\n' "$@"; } >> '${calls}'\n${then}\n`,
  );
  chmodSync(path, 0o755);
}

/** Runs the steps as GitHub's runner does: `bash --noprofile --norc -eo pipefail`, and no step after one that failed. */
function runAction(given: Texts, exitCode = 0): ActionRun {
  const sandbox = join(root, String(++runs));
  const at = (name: string) => join(sandbox, name);
  for (const name of ['bin', 'workspace', 'temp', 'action path/dist'])
    mkdirSync(at(name), { recursive: true });
  for (const name of ['calls', 'summary']) writeFileSync(at(name), '');
  fakeTool(at('bin/npm'), at('calls'), '');
  fakeTool(at('bin/node'), at('calls'), `echo checked; exit ${exitCode}`);
  const values: Record<string, string> = { 'github.action_path': at('action path') };
  for (const [name, { default: text }] of Object.entries(action.inputs)) values[`inputs.${name}`] = text;
  for (const [name, text] of Object.entries(given)) {
    expect(Object.keys(action.inputs)).toContain(name);
    values[`inputs.${name}`] = text;
  }
  let code = 0;
  let log = '';
  for (const { id = '', run, env = {}, 'working-directory': folder = '.' } of action.runs.steps) {
    if (run === undefined || code !== 0) continue;
    writeFileSync(at('output'), '');
    writeFileSync(at('script'), run);
    const own = Object.fromEntries(
      Object.entries(env).map(([name, text]) => [name, substitute(text, values)]),
    );
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', at('script')], {
      cwd: join(at('workspace'), substitute(folder, values)),
      encoding: 'utf8',
      env: {
        PATH: `${at('bin')}${delimiter}${process.env.PATH ?? ''}`,
        RUNNER_TEMP: at('temp'),
        GITHUB_OUTPUT: at('output'),
        GITHUB_STEP_SUMMARY: at('summary'),
        ...own,
      },
    });
    code = result.status ?? -1;
    log += result.stdout + result.stderr;
    for (const [name, text] of Object.entries(readOutputs(at('output'))))
      values[`steps.${id}.outputs.${name}`] = text;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    substitute(value, values),
  ]);
  const calls = readFileSync(at('calls'), 'utf8').replaceAll(sandbox, '').trimEnd().split('\n');
  return { code, log, outputs: Object.fromEntries(outputs), calls };
}

const always = [
  '  <--reporter>',
  '  <human>',
  '  <--reporter>',
  '  <github>',
  '  <--reporter>',
  '  <markdown=/summary>',
];

describe('the action', () => {
  it('uses the inputs and the outputs of steps that there are, each of them', () => {
    const named = new Set(expressions(action.runs));
    expect([...named].filter((name) => name.startsWith('inputs.')).sort()).toEqual(
      Object.keys(action.inputs)
        .map((name) => `inputs.${name}`)
        .sort(),
    );
    const ids = action.runs.steps.flatMap(({ id }) => id ?? []);
    for (const name of [...named, ...expressions(action.outputs)]) {
      const [, id] = /^steps\.([^.]+)\.outputs\./.exec(name) ?? [];
      if (id !== undefined) expect(ids).toContain(id);
    }
  });

  it('puts nothing that users write into the text of a script', () => {
    for (const { run, shell } of action.runs.steps)
      if (run !== undefined) expect([expressions(run), shell]).toEqual([[], 'bash']);
  });

  it("installs its own version and checks the project file's tests", () => {
    const { code, log, outputs, calls } = runAction({});
    expect([code, log, outputs]).toEqual([0, 'checked\n', { 'exit-code': '0' }]);
    expect(calls).toEqual([
      'npm in /action path',
      ...['  <ci>', '  <--no-audit>', '  <--no-fund>'],
      'node in /workspace',
      ...['  </action path/dist/fencepost.cjs>', '  <check>', ...always],
    ]);
  });

  it('hands each argument over whole, whatever stands in it', () => {
    const { calls } = runAction({
      tests: 'my tests/*.litmus\n$(touch pwned)\n\n`id`; exit 0',
      config: 'a "b".json',
      arguments: '--model\nlkmm,arm64',
      shard: '2/3',
      'json-file': 'part 2.json',
      'sarif-file': 'f.sarif',
      'junit-file': 'j.xml',
      package: './fencepost.tgz',
    });
    expect(calls).toEqual([
      'npm in /workspace',
      ...[
        '  <install>',
        '  <--no-audit>',
        '  <--no-fund>',
        '  <--prefix>',
        '  </temp/fencepost>',
        '  <./fencepost.tgz>',
      ],
      'node in /workspace',
      ...['  </temp/fencepost/node_modules/fencepost/dist/fencepost.cjs>', '  <check>', ...always],
      ...['  <--reporter>', '  <json=part 2.json>'],
      ...['  <--reporter>', '  <sarif=f.sarif>'],
      ...['  <--reporter>', '  <junit=j.xml>'],
      ...['  <--config>', '  <a "b".json>', '  <--shard>', '  <2/3>', '  <--model>', '  <lkmm,arm64>'],
      ...['  <my tests/*.litmus>', '  <$(touch pwned)>', '  <`id`; exit 0>'],
    ]);
  });

  it.each([1, 2, 3, 70])('fails with exit code %d as the check does', (exitCode) => {
    const { code, outputs } = runAction({}, exitCode);
    expect([code, outputs]).toEqual([exitCode, { 'exit-code': String(exitCode) }]);
  });
});

describe('the workflows', () => {
  const folder = join(project, '.github', 'workflows');
  const workflows = existsSync(folder) ? readdirSync(folder) : [];

  it('are there', () => {
    expect(workflows).toContain('ci.yml');
  });

  it.each(workflows)(
    '%s uses the action as it is declared, jobs that there are, and scripts that bash can read',
    (name) => {
      const { jobs } = readYaml<Workflow>(`.github/workflows/${name}`);
      for (const { needs, steps } of Object.values(jobs)) {
        if (needs !== undefined) expect(Object.keys(jobs)).toContain(needs);
        for (const { uses, run, with: given = {} } of steps) {
          expect((uses === undefined) !== (run === undefined)).toBe(true);
          if (uses === './')
            for (const input of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(input);
          if (run !== undefined) execFileSync('bash', ['-n', '-c', run]);
        }
      }
    },
  );
});
