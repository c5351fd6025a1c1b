/** Journals: what was kept is there again, whatever cut the file off. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fileKey, fingerprint, type Journal, openJournal } from './journal.js';

const root = mkdtempSync(join(tmpdir(), 'fencepost-journal-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
const place = (): string => join(root, `${count++}`, 'report.journal');

function opened(path: string, run: string, resume: boolean): Journal {
  const { value, diagnostics } = openJournal(path, run, resume);
  expect(diagnostics).toEqual([]);
  return value!;
}

function kept(path: string, entries: readonly (readonly [string, unknown])[], run = 'r'): void {
  const journal = opened(path, run, false);
  for (const [key, result] of entries) expect(journal.keep(key, result)).toBeNull();
  journal.close();
}

describe('a journal', () => {
  it('has what an earlier run kept', () => {
    const path = place();
    kept(path, [
      ['a', { out: 'line\nline\n', code: 0 }],
      ['b', 'Grüße'],
    ]);
    const journal = opened(path, 'r', true);
    expect([...journal.done]).toEqual([
      ['a', { out: 'line\nline\n', code: 0 }],
      ['b', 'Grüße'],
    ]);
    journal.remove();
    expect(existsSync(path)).toBe(false);
  });

  it('begins anew where nothing is asked to go on, and where nothing is', () => {
    const path = place();
    kept(path, [['a', 1]]);
    expect(opened(path, 'r', false).done.size).toBe(0);
    expect(opened(place(), 'r', true).done.size).toBe(0);
  });

  it('is not gone on with by another run', () => {
    const path = place();
    kept(path, [['a', 1]], 'these options');
    const { value, diagnostics } = openJournal(path, 'those options', true);
    expect(value).toBeNull();
    expect(diagnostics[0]?.message).toBe(
      `${path}: this is the journal of a run with other options, models or version`,
    );
    expect(opened(path, 'these options', true).done.size).toBe(1);
  });

  it('says how another run differs, as far as both say what they are', () => {
    const path = place();
    const about = { '--model': 'lkmm', '--unroll': '3', version: '1' };
    openJournal(path, 'these', false, about).value!.close();
    const said = (now: Readonly<Record<string, string>>): string | undefined =>
      openJournal(path, 'those', true, now).diagnostics[0]?.message.split('version')[1];
    expect(said({ '--model': 'sc', version: '1', '--timeout': '7' })).toBe(
      ': --model lkmm, now sc; --unroll 3, now not given; --timeout not given, now 7',
    );
    expect(said(about)).toBe('');
    // as an earlier version wrote it
    writeFileSync(path, '{"journal":1,"run":"these"}\n');
    expect(said(about)).toBe('');
  });

  it.each(['someone’s diary\n', '{}\n', 'no line break', '{"journal":2,"run":""}\n'])(
    'does not overwrite %j',
    (text) => {
      const path = join(root, `stranger-${count++}`);
      writeFileSync(path, text);
      for (const resume of [false, true])
        expect(openJournal(path, 'r', resume).diagnostics[0]?.code).toBe('other-journal');
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  it('loses no more than the last line, wherever it is cut off, and goes on behind it', () => {
    const entries = Array.from(
      { length: 6 },
      (_, i) => [`key ${i}`, { text: `ä${'x'.repeat(i * 7)}` }] as const,
    );
    const path = place();
    kept(path, entries);
    const whole = readFileSync(path);
    const ends = [...whole].flatMap((byte, at) => (byte === 10 ? [at + 1] : []));
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const journal = opened(path, 'r', true);
      const lines = ends.filter((end) => end <= length).length;
      expect(journal.done.size).toBe(Math.max(0, lines - 2));
      journal.keep('next', length);
      journal.close();
      const again = opened(path, 'r', true);
      expect([...again.done.keys()]).toEqual([
        ...entries.slice(0, Math.max(0, lines - 2)).map(([key]) => key),
        'next',
      ]);
      expect(again.done.get('next')).toBe(length);
      again.close();
    }
  });

  it('is not written through a link, be there something at its end or not', () => {
    for (const end of [join(root, 'nothing here'), join(root, 'something')]) {
      const path = `${place()}`;
      mkdirSync(dirname(path));
      if (end.endsWith('something')) writeFileSync(end, 'mine\n');
      symlinkSync(end, path);
      for (const resume of [false, true]) expect(openJournal(path, 'r', resume).value).toBeNull();
    }
    expect(existsSync(join(root, 'nothing here'))).toBe(false);
    expect(readFileSync(join(root, 'something'), 'utf8')).toBe('mine\n');
  });

  it('belongs to one process as long as that lives', async () => {
    const path = place();
    kept(path, [['a', 1]]);
    const ours = JSON.stringify({ pid: process.pid, host: hostname() });
    const own = (owner: object) =>
      writeFileSync(path, readFileSync(path, 'utf8').replace(ours, JSON.stringify(owner)));
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    own({ pid: other.pid, host: hostname() });
    const text = readFileSync(path, 'utf8');
    for (const resume of [false, true])
      expect(openJournal(path, 'r', resume).diagnostics[0]?.message).toBe(
        `${path}: another run is writing here`,
      );
    expect(readFileSync(path, 'utf8')).toBe(text);
    other.kill('SIGKILL');
    await once(other, 'close');
    expect(opened(path, 'r', true).done.size).toBe(1);
  });

  it('may have been removed by another run', () => {
    const path = place();
    const journal = opened(path, 'r', false);
    rmSync(path);
    expect(() => journal.remove()).not.toThrow();
  });

  it('trusts nothing behind a line that cannot be read', () => {
    const path = place();
    kept(path, [['a', 1]]);
    appendFileSync(path, '\0\0\0\n{"key":"b","result":2}\n');
    const journal = opened(path, 'r', true);
    expect([...journal.done.keys()]).toEqual(['a']);
    journal.keep('c', 3);
    journal.close();
    expect([...opened(path, 'r', true).done.keys()]).toEqual(['a', 'c']);
  });

  it('keeps lines longer than what is read at once', () => {
    const path = place();
    const long = 'long'.repeat(900_000);
    kept(path, [
      ['a', long],
      ['b', 2],
    ]);
    const { done } = opened(path, 'r', true);
    expect(done.get('a')).toBe(long);
    expect(done.get('b')).toBe(2);
  });

  it('says where it cannot be', () => {
    writeFileSync(join(root, 'file'), '');
    const path = join(root, 'file', 'journal');
    expect(openJournal(path, 'r', false).diagnostics[0]?.message).toBe(
      `${path}: cannot be written: a part of the path is no folder`,
    );
  });

  it('says once that it cannot keep any more', () => {
    const path = place();
    const journal = opened(path, 'r', false);
    journal.close();
    truncateSync(path, 0);
    expect(journal.keep('a', 1)?.message).toContain('cannot be written');
    expect(journal.keep('b', 1)).toBeNull();
  });
});

describe('a fingerprint', () => {
  it('keeps the borders of its parts', () => {
    const parts = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(fingerprint(...a) === fingerprint(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { seed: 7 },
    );
    expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
  });

  it('is of a file its name and its bytes', () => {
    const path = join(root, 'test.litmus');
    writeFileSync(path, 'one');
    const one = fileKey(path);
    expect(fileKey(path)).toBe(one);
    writeFileSync(path, 'two');
    expect(fileKey(path)).not.toBe(one);
    expect(fileKey(join(root, 'missing'))).toBeNull();
  });
});
