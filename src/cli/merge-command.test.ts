/** What `fencepost merge` says of files that are no reports of shards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readStrictJson } from '../io/strict-json.js';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

function file(text: string): string {
  const path = join(folder, `${count++}.json`);
  writeFileSync(path, text);
  return path;
}

/** What is said of a file with this text, which is called FILE. */
async function said(text: string): Promise<string> {
  const path = file(text);
  const { code, out, err } = await fencepost(['merge', path]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  return err.replaceAll(path, 'FILE').trimEnd();
}

const RUN = '  hint: write it by `fencepost run ... --shard I/N --format json`';
const ENDED = '  hint: what was to write it was ended, or is still at work';

const test = file('C a\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n');
const more = file('C b\n{}\nP0(int *x) { WRITE_ONCE(*x, 2); }\nexists (x=1)\n');
const run = async (...args: readonly string[]) =>
  (await fencepost(['run', test, more, '--model', 'sc', '--format', 'json', ...args])).out;

describe('what is no JSON', () => {
  it.each([
    ['', 'error: FILE: this file is empty: expected the report of a shard [not-json]'],
    [' \n', 'error: FILE: this file is empty: expected the report of a shard [not-json]'],
    ['C test\n{}\n', 'FILE:1:1: error: this is no JSON: expected the report of a shard [not-json]'],
    ['\n  <html>', 'FILE:2:3: error: this is no JSON: expected the report of a shard [not-json]'],
    ['{"a": 1,\n "b": [1,,2]}', 'FILE:2:10: error: this is no JSON: value expected [not-json]'],
    ['[1]\n[2]', 'FILE:2:1: error: this is no JSON: end of file expected [not-json]'],
    ['{"a": 1 "b": 2}', 'FILE:1:9: error: this is no JSON: comma expected [not-json]'],
    ['{"a": 1} // a', 'FILE:1:10: error: this is no JSON: invalid comment token [not-json]'],
    ['{"a": [1,\n 2', 'FILE:2:2: error: this ends in the middle of the report of a shard [not-json]'],
    ['{"a": "b', 'FILE:1:8: error: this ends in the middle of the report of a shard [not-json]'],
    ['[[1,2],\n', 'FILE:1:7: error: this ends in the middle of the report of a shard [not-json]'],
  ])('%j', async (text, expected) => {
    expect((await said(text)).split('\n')[0]).toBe(expected);
  });

  it('is shown with the place', async () => {
    expect(await said('{"a": [1,\n 2')).toBe(
      `FILE:2:2: error: this ends in the middle of the report of a shard [not-json]\n 2 |  2\n   |  ^\n${ENDED}`,
    );
  });

  it('wherever a report is cut, says that it ends there', async () => {
    const whole = (await run('--shard', '1/2')).trimEnd();
    for (let length = 1; length < whole.length; length++) {
      const { value, diagnostics } = readStrictJson(
        { name: 'cut', text: whole.slice(0, length) },
        'a report',
      );
      expect(value).toBeNull();
      expect(diagnostics.map(({ message }) => message)).toEqual(['this ends in the middle of a report']);
    }
  });

  it('nested as deep as anything is told without a place', async () => {
    expect(await said('['.repeat(1_000_000))).toContain('this is no JSON');
  });

  it('is told of files that are none', async () => {
    const { err } = await fencepost(['merge', folder, join(folder, 'none')]);
    expect(err).toBe(
      `error: ${folder}: this is a folder [cannot-read]\nerror: ${folder}/none: there is no such file [cannot-read]\n`,
    );
    expect(await said('{"a": "\0"}')).toBe(
      'error: FILE: binary data, expected the report of a shard as text [input-binary]',
    );
  });
});

describe('other JSON', () => {
  it.each([
    ['null', 'expected object, received null'],
    ['[1]', 'expected object, received array'],
    ['{"a": 1}', 'shard: Invalid input: expected string, received undefined'],
    [
      '{"shard": "3/2", "files": 1, "run": "", "positions": [], "results": [], "open": 0, "exitCode": 0}',
      '3/2',
    ],
    [
      '{"shard": "1/2", "files": 1, "run": "", "positions": [0], "results": [7], "open": 0, "exitCode": 0}',
      'results[0]: not a result of a file',
    ],
    [
      '{"shard": "1/2", "files": 1, "run": "", "positions": [], "results": [], "open": 0, "exitCode": 9}',
      'exitCode: Invalid',
    ],
  ])('%s', async (text, expected) => {
    const lines = (await said(text)).split('\n');
    expect(lines[0]).toContain('error: FILE: not the report of a shard: ');
    expect(lines[0]).toContain(expected);
    expect(lines[1]).toBe(RUN);
  });

  it('of a whole run is told to be that', async () => {
    expect(await said(await run())).toBe(
      `error: FILE: a report of a whole run, not of a shard [not-a-shard]\n${RUN}`,
    );
  });
});
