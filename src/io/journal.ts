/**
 * A journal: what a long run has done so far, on disk beside what it will write, so that a run that was killed can be gone on with.
 *
 * Append-only, JSON lines: the first says what run it is of (and of which version), each other one result under its key. A line counts
 * only with its line break, and is written by one call: a run that dies in the middle of a line has not done that job. What stands
 * behind a line that cannot be read is not trusted either. The file is read and cut there before it is added to.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { cannotWrite, makeFolder } from './write-file.js';

/** What makes a run the one that it is, for people: by name. What is not given is not there. */
export type About = Readonly<Record<string, string>>;

/** What its first line says. */
interface Header {
  readonly journal: 1;
  readonly run: string;
  readonly about: About;
}

interface Entry {
  readonly key: string;
  readonly result: unknown;
}

/** Who writes the journal. */
interface Owner {
  readonly pid: number;
  readonly host: string;
}

/** The key of the lines that name an owner. */
const OWNER = '';

const HEADER_START = '{"journal":1,"run":';

/** A fixed-length name for data: equal for equal data only. */
export function fingerprint(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  // The lengths keep the parts apart.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}

/** A file's name and its bytes as a key; null if it cannot be read: what is said of it then is no result to keep. */
export function fileKey(path: string): string | null {
  try {
    return fingerprint(path, readFileSync(path));
  } catch {
    return null;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function isHeader(value: unknown): value is Header {
  return (
    typeof value === 'object' && value !== null && 'journal' in value && value.journal === 1 && 'run' in value
  );
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'key' in value && 'result' in value;
}

function isOwner(value: unknown): value is Owner {
  return typeof value === 'object' && value !== null && 'pid' in value && 'host' in value;
}

/** Whether this process lives, and is not ours: of another machine, and of a number that was given away again, nobody knows. */
function isBusy(owner: unknown): boolean {
  if (!isOwner(owner) || owner.host !== hostname() || owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const CHUNK = 1 << 20;
const LINE_BREAK = 10;

/** The whole lines of a file, each with the offset behind it. The file may be longer than a string, or a buffer, can be. */
function* linesOf(file: number): Generator<{ readonly text: string; readonly end: number }> {
  /** Of a line whose end is still to come. */
  let pieces: Buffer[] = [];
  let end = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const length = readSync(file, chunk, 0, CHUNK, null);
    if (length === 0) return;
    let bytes = chunk.subarray(0, length);
    for (let at = bytes.indexOf(LINE_BREAK); at >= 0; at = bytes.indexOf(LINE_BREAK)) {
      const line = Buffer.concat([...pieces, bytes.subarray(0, at)]);
      pieces = [];
      end += line.length + 1;
      yield { text: line.toString('utf8'), end };
      bytes = bytes.subarray(at + 1);
    }
    pieces.push(bytes);
  }
}

/** What is found at a journal's place. */
type Left =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'stranger' }
  | {
      readonly kind: 'journal';
      readonly run: string;
      readonly about: unknown;
      readonly done: ReadonlyMap<string, unknown>;
      /** Who wrote it last, as it says. */
      readonly owner: unknown;
      readonly end: number;
    };

function readLeft(file: number): Left {
  let run: string | null = null;
  let about: unknown = null;
  const done = new Map<string, unknown>();
  let owner: unknown = null;
  let good = 0;
  for (const { text, end } of linesOf(file)) {
    const value = parseLine(text);
    if (run === null) {
      if (!isHeader(value)) return { kind: 'stranger' };
      run = value.run;
      about = value.about;
    } else if (!isEntry(value)) break;
    else if (value.key === OWNER) owner = value.result;
    else done.set(value.key, value.result);
    good = end;
  }
  if (run !== null) return { kind: 'journal', run, about, done, owner, end: good };
  return { kind: isTornHeader(file) ? 'nothing' : 'stranger' };
}

/** Of a file without a line break: whether a run died while it wrote its first line, or before. */
function isTornHeader(file: number): boolean {
  const start = Buffer.alloc(HEADER_START.length);
  const length = readSync(file, start, 0, start.length, 0);
  return HEADER_START.startsWith(start.toString('utf8', 0, length));
}

function writeEntry(file: number, entry: Entry): void {
  writeFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** Says that it is this process that writes now. */
function takeOver(file: number): void {
  writeEntry(file, { key: OWNER, result: { pid: process.pid, host: hostname() } satisfies Owner });
}

export class Journal {
  private failure: Diagnostic | null = null;

  constructor(
    readonly path: string,
    private readonly file: number,
    /** What an earlier run has done, by its key. */
    readonly done: ReadonlyMap<string, unknown>,
  ) {}

  /** Keeps a result. Why it cannot be kept is said once; the run itself need not end for it. */
  keep(key: string, result: unknown): Diagnostic | null {
    if (this.failure !== null) return null;
    try {
      writeEntry(this.file, { key, result });
      return null;
    } catch (error) {
      this.failure = cannotWrite(this.path, error);
      return this.failure;
    }
  }

  /** Leaves it for another run to go on with. */
  close(): void {
    closeSync(this.file);
  }

  /** The run is over, and its report is written. */
  remove(): void {
    this.close();
    removeFile(this.path);
  }
}

/** Whoever removed it before us did what we want. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw error;
  }
}

function begin(path: string, run: string, about: About): Checked<Journal> {
  makeFolder(dirname(path));
  removeFile(path);
  // Fails where a link has come to be.
  const file = openSync(path, 'wx');
  writeFileSync(file, `${JSON.stringify({ journal: 1, run, about } satisfies Header)}\n`);
  takeOver(file);
  return checked(new Journal(path, file, new Map()), []);
}

function refuse(path: string, message: string, hint: string): Checked<never> {
  return { value: null, diagnostics: [errorAt(null, 'other-journal', `${path}: ${message}`, { hint })] };
}

/** `: --model lkmm, now sc`; nothing where the journal says nothing that differs. */
function differences(then: unknown, now: About): string {
  const before = new Map(typeof then === 'object' && then !== null ? Object.entries(then) : []);
  if (before.size === 0) return '';
  const names = new Set([...before.keys(), ...Object.keys(now)]);
  const texts = [...names].flatMap((name) => {
    const [a, b] = [before.get(name) ?? 'not given', now[name] ?? 'not given'];
    return a === b ? [] : [`${name} ${String(a)}, now ${b}`];
  });
  return texts.length === 0 ? '' : `: ${texts.join('; ')}`;
}

function lookAt(path: string): Left {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return { kind: 'nothing' };
  // A link would lead our lines to where nobody said that they go.
  if (!entry.isFile()) return { kind: 'stranger' };
  const file = openSync(path, 'r');
  try {
    return readLeft(file);
  } finally {
    closeSync(file);
  }
}

function open(path: string, run: string, resume: boolean, about: About): Checked<Journal> {
  const left = lookAt(path);
  if (left.kind === 'stranger')
    return refuse(path, 'the journal of the run goes here, and this is none', 'move it away');
  if (left.kind === 'journal' && isBusy(left.owner))
    return refuse(path, 'another run is writing here', 'wait for it, or give it another output file');
  if (left.kind === 'nothing' || !resume) return begin(path, run, about);
  if (left.run !== run) {
    const hint = 'go on with the options that it was begun with, or begin anew without --resume';
    const which = differences(left.about, about);
    return refuse(path, `this is the journal of a run with other options, models or version${which}`, hint);
  }
  truncateSync(path, left.end);
  const file = openSync(path, 'a');
  takeOver(file);
  return checked(new Journal(path, file, left.done), []);
}

/**
 * Begins a journal, in the place of any other; or goes on with the one that is there (`resume`), if it is of the same run. `run`: names
 * the options, models and version that make results what they are; `about`: the same for people, to say what differs.
 */
export function openJournal(path: string, run: string, resume: boolean, about: About = {}): Checked<Journal> {
  try {
    return open(path, run, resume, about);
  } catch (error) {
    return { value: null, diagnostics: [cannotWrite(path, error)] };
  }
}
