/** Files are written whole or not at all. */
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeWhole } from './write-file.js';

const root = mkdtempSync(join(tmpdir(), 'fencepost-write-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string): string {
  const path = join(root, name);
  mkdirSync(path);
  return path;
}

/** Root may write everywhere: for a test of permissions it becomes another. */
function asNobody<T>(work: () => T): T {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a written file', () => {
  it('has its text, in folders that are made on the way', () => {
    const path = join(root, 'a', 'b', 'report.json');
    expect(writeWhole(path, ['one\n', 'two\n'])).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(readdirSync(join(root, 'a', 'b'))).toEqual(['report.json']);
  });

  it('takes the place of the old one, with its permissions', () => {
    const place = folder('mode');
    const path = join(place, 'report.txt');
    writeFileSync(path, 'a much longer old text');
    chmodSync(path, 0o640);
    const before = statSync(path).ino;
    expect(writeWhole(path, 'new')).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    // Never a moment with a part of the text: another file has taken the name.
    expect(statSync(path).ino).not.toBe(before);
  });

  it('is what a link to it means', () => {
    const place = folder('link');
    const path = join(place, 'real.txt');
    writeFileSync(path, 'old');
    symlinkSync('real.txt', join(place, 'link.txt'));
    expect(writeWhole(join(place, 'link.txt'), 'new')).toBeNull();
    expect(lstatSync(join(place, 'link.txt')).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('is made where a link leads to no file yet', () => {
    const [link, end] = [join(root, 'dangling'), join(root, 'not there yet')];
    symlinkSync('not there yet', link);
    expect(writeWhole(link, 'text')).toBeNull();
    expect(readFileSync(end, 'utf8')).toBe('text');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('ends where no folder can be made', () => {
    expect(writeWhole('/proc/nope/nope/x', 'text')?.message).toContain('cannot be written');
  });

  it('may have the longest name there is', () => {
    const path = join(folder('long'), 'n'.repeat(255));
    expect(writeWhole(path, 'text')).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('text');
  });

  it('may be a device', () => {
    expect(writeWhole('/dev/null', 'text')).toBeNull();
  });
});

describe('what cannot be written', () => {
  it.each([
    ['a folder', () => folder('folder'), 'this is a folder'],
    [
      'below a file',
      () => {
        writeFileSync(join(root, 'file'), '');
        return join(root, 'file', 'report.txt');
      },
      'a part of the path is no folder',
    ],
    ['too long a name', () => join(root, 'n'.repeat(300)), 'the name is too long'],
  ])('is said: %s', (_, make, reason) => {
    const path = make();
    expect(writeWhole(path, 'text')?.message).toBe(`${path}: cannot be written: ${reason}`);
  });

  it.runIf(process.platform === 'linux')('leaves nothing behind when the disk is full', () => {
    // The device that is always full stands in for a disk: its error is the same, and it is written to through a descriptor.
    const failure = writeWhole('/dev/full', 'text');
    expect(failure?.message).toBe('/dev/full: cannot be written: the disk is full');
  });

  it('leaves the old text, and no other file, when the new one fails in the middle', () => {
    const place = folder('failing');
    const path = join(place, 'report.txt');
    writeFileSync(path, 'old');
    const parts = {
      *[Symbol.iterator]() {
        yield 'the first part';
        throw Object.assign(new Error('write'), { code: 'ENOSPC' });
      },
    } as unknown as readonly string[];
    expect(writeWhole(path, parts)?.message).toBe(`${path}: cannot be written: the disk is full`);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(place)).toEqual(['report.txt']);
  });

  it('is a file without the permission, though its folder has it', () => {
    const place = folder('locked');
    const path = join(place, 'report.txt');
    closeSync(openSync(path, 'w'));
    chmodSync(path, 0o444);
    chmodSync(root, 0o755);
    chmodSync(place, 0o777);
    const failure = asNobody(() => writeWhole(path, 'text'));
    expect(failure?.message).toBe(
      `${path}: cannot be written: no permission to write it, or to write in its folder`,
    );
    expect(readFileSync(path, 'utf8')).toBe('');
  });
});
