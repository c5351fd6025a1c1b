/** Project files as they are written, and what is said of mistakes in them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { configJsonSchema } from '../check/config-schema.js';
import { renderDiagnostics } from '../text/render.js';
import { spanText } from '../text/source.js';
import { loadProject } from './load-project.js';
import { projectExpectations, projectModels, projectTests } from './project-tests.js';

const start = process.cwd();
let root = '';
const roots: string[] = [];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'fencepost-')));
  roots.push(root);
  mkdirSync(join(root, '.git'));
  process.chdir(root);
});
afterAll(() => {
  process.chdir(start);
  for (const each of roots) rmSync(each, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

async function messagesOf(name: string, text: string): Promise<string> {
  write(name, text);
  const { value, diagnostics } = await loadProject(null);
  expect(value === null).toBe(diagnostics.length > 0);
  return renderDiagnostics(diagnostics);
}

describe('a project file', () => {
  it('may be TypeScript, without anything installed', async () => {
    write('expected.ts', "export const never = 'Never' as const;\n");
    const text = `import { defineConfig, type FencepostConfig } from 'fencepost';
import { never } from './expected.js';
const tests: FencepostConfig['tests'] = ['litmus'];
export default defineConfig({ tests, expectations: { 'a.litmus': never } });
`;
    expect(await messagesOf('fencepost.config.ts', text)).toBe('');
    expect((await loadProject(null)).value?.config).toEqual({
      tests: ['litmus'],
      expectations: { 'a.litmus': 'Never' },
    });
  });

  it('may be JSON, with comments as editors write them', async () => {
    const text = '{\n  // ours\n  "$schema": "s.json",\n  "tests": "litmus",\n}\n';
    expect(await messagesOf('fencepost.config.json', text)).toBe('');
  });

  it('is looked for upwards, to the root of the repository', async () => {
    write(
      'fencepost.config.json',
      '{ "tests": "litmus/*.litmus", "models": ["lkmm", "./my.cat"], "include": "inc" }',
    );
    write('litmus/a.litmus', '');
    write('litmus/b.litmus', '');
    mkdirSync(join(root, 'deep/er'), { recursive: true });
    process.chdir(join(root, 'deep/er'));
    const project = (await loadProject(null)).value!;
    expect(project.file?.name).toBe('../../fencepost.config.json');
    expect((await projectTests(project)).paths).toEqual(['../../litmus/a.litmus', '../../litmus/b.litmus']);
    expect(projectModels(project)).toMatchObject({ model: 'lkmm,../../my.cat', includes: ['../../inc'] });
    mkdirSync(join(root, 'deep/.git'));
    expect((await loadProject(null)).value).toMatchObject({ file: null, config: {} });
    expect((await loadProject(false)).value?.file).toBeNull();
  });

  it('excludes files from its tests', async () => {
    for (const name of ['a', 'old/b', 'old/c', 'd']) write(`litmus/${name}.litmus`, '');
    write('fencepost.config.json', '{ "tests": "litmus", "exclude": ["litmus/old", "litmus/d*"] }');
    const project = (await loadProject(null)).value!;
    expect((await projectTests(project)).paths).toEqual(['litmus/a.litmus']);
  });

  it('expects things of files and patterns, in order, with their places', async () => {
    for (const name of ['a', 'b']) write(`litmus/${name}.litmus`, '');
    const text = `{
  "expectations": {
    "litmus/*": "Never",
    "litmus/a.litmus": { "lkmm": "Sometimes DATARACE", "sc": "nothing" },
    "litmus/b.litmus": "nothing"
  }
}
`;
    write('fencepost.config.json', text);
    const { byFile, diagnostics } = await projectExpectations((await loadProject(null)).value!, [
      'lkmm',
      'sc',
    ]);
    expect(diagnostics).toEqual([]);
    const never = { of: 'own', verdict: 'Never', dataRace: false, place: { line: 3, column: 17 } };
    expect(byFile.get(join(root, 'litmus/a.litmus'))).toMatchObject([
      never,
      { of: { model: 'lkmm' }, verdict: 'Sometimes', dataRace: true, place: { line: 4, column: 34 } },
      { of: { model: 'sc' }, verdict: null },
    ]);
    expect(byFile.get(join(root, 'litmus/b.litmus'))).toMatchObject([never, { of: 'all', verdict: null }]);
  });

  it.each([
    ['mp.litmus', 'did you mean `litmus/mp.litmus`?'],
    ['*.litmus', 'did you mean `**/*.litmus`?'],
    ['litmus/mq.litmus', 'did you mean `litmus/mp.litmus`?'],
    ['other/*.c', null],
  ])('that expects something of %s is told of the tests there are', async (pattern, near) => {
    for (const name of ['mp', 'load-buffer']) write(`litmus/${name}.litmus`, '');
    write('elsewhere/mp.litmus', '');
    const config = { tests: 'litmus', expectations: { [pattern]: 'Never' } };
    write('fencepost.config.json', JSON.stringify(config));
    const { diagnostics } = await projectExpectations((await loadProject(null)).value!, ['lkmm']);
    const from = 'paths are relative to the folder of fencepost.config.json';
    expect(diagnostics.map(({ hint }) => hint)).toEqual([near === null ? from : `${near} ${from}`]);
  });

  it('that names tests where there are none has its place', async () => {
    write('litmus/a.litmus', '');
    mkdirSync(join(root, 'empty'));
    write('fencepost.config.json', '{ "tests": ["litmus", "litmsu", "gone.d", "old/*.litmus", "empty"] }');
    const { paths, diagnostics } = await projectTests((await loadProject(null)).value!);
    expect(paths).toEqual(['litmus/a.litmus']);
    expect(
      renderDiagnostics(diagnostics)
        .replaceAll(/^ .*\|.*\n?/gm, '')
        .trimEnd(),
    ).toBe(
      [
        'fencepost.config.json:1:23: error: litmsu: there is no such file or folder [no-tests]',
        '  hint: did you mean `litmus`?',
        'fencepost.config.json:1:33: error: gone.d: there is no such file or folder [no-tests]',
        '  hint: paths are relative to the folder of fencepost.config.json',
        'fencepost.config.json:1:43: error: old/*.litmus: no file matches this pattern [no-tests]',
        'fencepost.config.json:1:59: error: empty: no .litmus files in this folder [no-tests]',
      ].join('\n'),
    );
  });

  it('that expects something of nothing has its place', async () => {
    const text = `export default {
  expectations: {
    'gone/*.litmus': 'Never',
    'a.litmus': { lkmm: 'Never', amr64: 'Never' },
  },
};
`;
    write('a.litmus', '');
    write('fencepost.config.mjs', text);
    const { diagnostics } = await projectExpectations((await loadProject(null)).value!, ['lkmm', 'arm64']);
    expect(renderDiagnostics(diagnostics)).toBe(
      [
        'fencepost.config.mjs:3:5: error: no test fits `gone/*.litmus`, of which something is expected [no-tests]',
        " 3 |     'gone/*.litmus': 'Never',",
        '   |     ^^^^^^^^^^^^^^^',
        '  hint: paths are relative to the folder of fencepost.config.mjs',
        'fencepost.config.mjs:4:34: error: unknown model `amr64` [unknown-model]',
        " 4 |     'a.litmus': { lkmm: 'Never', amr64: 'Never' },",
        '   |                                  ^^^^^',
        '  hint: did you mean `arm64`?',
      ].join('\n'),
    );
  });

  it('that expects something of what it does not check has its place', async () => {
    for (const name of ['litmus/a.litmus', 'b.litmus', 'litmus/old.litmus']) write(name, '');
    const expectations = (names: readonly string[], value: string) =>
      Object.fromEntries(names.map((name) => [name, value]));
    const about = async (all: object, chosen = false) => {
      const config = { tests: 'litmus', exclude: 'litmus/old.*', expectations: all };
      write('fencepost.config.json', JSON.stringify(config));
      const project = (await loadProject(null)).value!;
      const { paths } = await projectTests(project);
      const { diagnostics } = await projectExpectations(project, ['lkmm'], chosen ? null : paths);
      return diagnostics.map(({ message, span }) => `${span === null ? '?' : spanText(span)} ${message}`);
    };
    const left = ['b.litmus', 'litmus/old.litmus'];
    const message = (name: string) =>
      `"${name}" something is expected of \`${name}\`, which is not among the tests`;
    expect(await about(expectations([...left, 'litmus/a.litmus', '**/*.litmus'], 'Never'))).toEqual(
      left.map(message),
    );
    expect(await about(expectations(left, 'nothing'))).toEqual([]);
    // they may be those that the command line names
    expect(await about(expectations(left, 'Never'), true)).toEqual([]);
  });
});

describe('a mistake in a project file', () => {
  it.each<[string, string, string]>([
    [
      'fencepost.config.json',
      '{\n  "test": "litmus"\n}\n',
      [
        'fencepost.config.json:2:3: error: unknown field `test` [unknown-field]',
        ' 2 |   "test": "litmus"',
        '   |   ^^^^^^',
        '  hint: did you mean `tests`?',
      ].join('\n'),
    ],
    [
      'fencepost.config.json',
      '{\n  "tests": ["a", 3],\n  "limits": { "timeout": -1 },\n  "timeout": 3\n}\n',
      [
        'fencepost.config.json:2:18: error: `tests[1]` must be a text, not 3 [project-file]',
        ' 2 |   "tests": ["a", 3],',
        '   |                  ^',
        'fencepost.config.json:3:26: error: `limits.timeout` must be a positive number, not -1 [project-file]',
        ' 3 |   "limits": { "timeout": -1 },',
        '   |                          ^^',
        'fencepost.config.json:4:3: error: unknown field `timeout` [unknown-field]',
        ' 4 |   "timeout": 3',
        '   |   ^^^^^^^^^',
        '  hint: write `limits: { timeout: ... }`',
      ].join('\n'),
    ],
    [
      'fencepost.config.json',
      '{\n  "expectations": { "a.litmus": { "lkmm": "Nevr" }, "b.litmus": 3 }\n}\n',
      [
        'fencepost.config.json:2:43: error: `expectations["a.litmus"].lkmm` must be one of "Never", "Sometimes", "Always", "Deadlock", "Maybe" (" DATARACE" behind it: and a data race), "nothing", not "Nevr" [project-file]',
        ' 2 |   "expectations": { "a.litmus": { "lkmm": "Nevr" }, "b.litmus": 3 }',
        '   |                                           ^^^^^^',
        '  hint: did you mean `Never`?',
        'fencepost.config.json:2:65: error: `expectations["b.litmus"]` must be one of "Never", "Sometimes", "Always", "Deadlock", "Maybe" (" DATARACE" behind it: and a data race), "nothing", or an object, not 3 [project-file]',
        ' 2 |   "expectations": { "a.litmus": { "lkmm": "Nevr" }, "b.litmus": 3 }',
        '   |                                                                 ^',
      ].join('\n'),
    ],
    [
      'fencepost.config.json',
      '{\n  "tests": "a"\n  "exclude": "b"\n}\n',
      [
        'fencepost.config.json:3:3: error: this is not JSON: comma expected [project-file]',
        ' 3 |   "exclude": "b"',
        '   |   ^^^^^^^^^',
      ].join('\n'),
    ],
    [
      'fencepost.config.json',
      '{ "tests": "a", "tests": "b" }\n',
      [
        'fencepost.config.json:1:17: error: the field `tests` is there twice [project-file]',
        ' 1 | { "tests": "a", "tests": "b" }',
        '   |                 ^^^^^^^',
      ].join('\n'),
    ],
    [
      'fencepost.config.ts',
      "export default {\n  tests: 'a',\n  limits: { timout: 3 },\n};\n",
      [
        'fencepost.config.ts:3:13: error: unknown field `limits.timout` [unknown-field]',
        ' 3 |   limits: { timout: 3 },',
        '   |             ^^^^^^',
        '  hint: did you mean `timeout`?',
      ].join('\n'),
    ],
    [
      'fencepost.config.mjs',
      "export const config = { tests: 'a' };\n",
      [
        'error: fencepost.config.mjs: there is no default export [project-file]',
        '  hint: write `export default defineConfig({ ... })`',
      ].join('\n'),
    ],
    [
      'fencepost.config.mjs',
      "throw new Error('no such luck');\n",
      'error: fencepost.config.mjs: cannot be run: no such luck [project-file]',
    ],
    [
      'fencepost.config.mjs',
      'export default 3;\n',
      'error: fencepost.config.mjs: the project file must be an object, not 3 [project-file]',
    ],
  ])('is said where it is: %s, %j', async (name, text, messages) => {
    expect(await messagesOf(name, text)).toBe(messages);
  });

  it('may be that there are two', async () => {
    write('fencepost.config.ts', 'export default {};\n');
    expect(await messagesOf('fencepost.config.json', '{}')).toBe(
      [
        'error: there are two project files: fencepost.config.ts and fencepost.config.json [project-file]',
        '  hint: remove one, or name the one that is meant: `--config FILE`',
      ].join('\n'),
    );
    expect((await loadProject('fencepost.config.json')).value?.config).toEqual({});
  });
});

describe('the JSON schema', () => {
  it('has all fields, and takes no other', () => {
    const schema = configJsonSchema() as { properties: object; additionalProperties: boolean };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toContain('expectations');
    expect(JSON.stringify(schema)).toContain('"Sometimes DATARACE"');
  });
});
