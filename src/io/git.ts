/**
 * What git knows of a file at another revision. git itself is asked, as a program and never through a shell; no text converter,
 * external diff, filter or monitor of the repository's configuration is run, nothing is fetched, and revisions are handed on as the
 * hashes of commits.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { decodeSource, MAX_BYTES } from './read-source.js';

/** A commit of the repository that a folder is in. */
export interface Revision {
  /** As the user names it. */
  readonly name: string;
  readonly hash: string;
  /** The folder that git is asked in. */
  readonly folder: string;
  /** The top of the working tree. */
  readonly top: string;
}

interface Answer {
  readonly out: Buffer;
  readonly err: string;
  /** 0: git says yes; null: git cannot be run. */
  readonly code: number | null;
}

const SECONDS = 30;
const MOST_OUTPUT = 64 << 20;

const environment = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
} as const;

function git(
  folder: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const env = { ...process.env, ...environment, ...settings };
  const options = { encoding: 'buffer', env, timeout: SECONDS * 1000, maxBuffer: MOST_OUTPUT } as const;
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false'];
  return new Promise((done) => {
    execFile('git', ['-C', folder, ...safe, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      done({ out, err: code === null ? String(error?.message) : err.toString('utf8').trim(), code });
    });
  });
}

function fail<T>(diagnostic: Diagnostic): Checked<T> {
  return { value: null, diagnostics: [diagnostic] };
}

/** What git says when it says no, in one line. */
function reasonOf({ err }: Answer): string {
  const line = err.split('\n').find((text) => text.trim() !== '') ?? 'git says no more';
  return line.replace(/^(?:fatal|error): /, '');
}

function cannotAsk<T>(folder: string, answer: Answer): Checked<T> {
  if (answer.code === null) {
    const isMissing = /ENOENT/.test(answer.err);
    const message = isMissing ? '--from needs git, which cannot be found' : `git failed: ${reasonOf(answer)}`;
    return fail(errorAt(null, 'git', message, { hint: isMissing ? 'install git, or give two files' : null }));
  }
  if (/not a git repository/.test(answer.err))
    return fail(
      errorAt(null, 'not-a-repository', `${folder}: not in a git repository, so it has no other revision`, {
        hint: 'to compare two files, write `fencepost diff BEFORE AFTER`',
      }),
    );
  return fail(errorAt(null, 'git', `${folder}: ${reasonOf(answer)}`));
}

function linesOf({ out }: Answer): string[] {
  return out
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Whether a file is in a repository's working tree. git is not asked: a worktree and a submodule have a file of this name. */
export function isInRepository(path: string): boolean {
  const folder = dirname(resolve(path));
  if (existsSync(join(folder, '.git'))) return true;
  return dirname(folder) !== folder && isInRepository(folder);
}

/** The nearest folder of a path that is there: of a file that was removed, too. */
export function folderOf(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** The commit that `name` means in the repository around `folder`. */
export async function openRevision(folder: string, name: string): Promise<Checked<Revision>> {
  if (name === '' || name.startsWith('-'))
    return fail(errorAt(null, 'unknown-revision', `\`${name}\` cannot be a revision`));
  const top = await git(folder, ['rev-parse', '--show-toplevel']);
  if (top.code !== 0) return cannotAsk(folder, top);
  const found = await git(folder, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
  if (found.code === 0) {
    const hash = found.out.toString('utf8').trim();
    return checked({ name, hash, folder, top: top.out.toString('utf8').replace(/\r?\n$/, '') }, []);
  }
  const known = await git(folder, ['for-each-ref', '--format=%(refname:short)', '--count=1000']);
  const hint = didYouMean(name, linesOf(known)) ?? 'a branch, a tag or a commit, such as HEAD~1';
  return fail(errorAt(null, 'unknown-revision', `unknown revision \`${name}\``, { hint }));
}

/** Whether a path is a folder, or below it. */
function isWithin(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}

function nameWithin({ folder }: Revision, path: string): string {
  return `./${relative(folder, resolve(path)).split(sep).join('/')}`;
}

/** What a file is called in messages: `main:litmus/race.litmus`. */
export function nameAt({ name }: Revision, path: string): string {
  return `${name}:${path.split(sep).join('/')}`;
}

/** Links of links that are followed. */
const MOST_LINKS = 16;

/** The path that a link stood for; the path itself if it was none. Null: the link led out of the repository, or in a circle. */
async function linkedFrom(revision: Revision, path: string): Promise<string | null> {
  let at = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const listed = await git(revision.folder, [
      'ls-tree',
      '-z',
      revision.hash,
      '--',
      nameWithin(revision, at),
    ]);
    // out of the repository
    if (listed.code !== 0) return null;
    const [, hash] = /^120000 blob (\w+)\t/.exec(listed.out.toString('utf8')) ?? [];
    if (hash === undefined) return at;
    const target = await git(revision.folder, ['cat-file', 'blob', hash]);
    at = resolve(dirname(at), target.out.toString('utf8'));
  }
  return null;
}

/** The file as it was; null without diagnostics: it is not there. `path` is a path of the working tree, as given. */
export async function readAt(revision: Revision, path: string): Promise<Checked<SourceFile>> {
  const name = nameAt(revision, path);
  const target = await linkedFrom(revision, path);
  if (target === null)
    return fail(errorAt(null, 'cannot-read', `${name}: a link out of the repository, or in a circle`));
  const object = `${revision.hash}:${nameWithin(revision, target)}`;
  const kind = await git(revision.folder, ['cat-file', '-t', object]);
  if (kind.code === null) return cannotAsk(revision.folder, kind);
  if (kind.code !== 0) return { value: null, diagnostics: [] };
  if (kind.out.toString('utf8').trim() !== 'blob')
    return fail(errorAt(null, 'cannot-read', `${name}: this is a folder`));
  const size = await git(revision.folder, ['cat-file', '-s', object]);
  if (Number(size.out.toString('utf8')) > MAX_BYTES)
    return fail(errorAt(null, 'input-too-large', `${name}: larger than ${MAX_BYTES >> 20} MiB`));
  const text = await git(revision.folder, ['cat-file', 'blob', object]);
  return text.code === 0 ? decodeSource(name, text.out) : cannotAsk(revision.folder, text);
}

/** The litmus files that a folder had, as paths below it, sorted. */
export async function testsAt(revision: Revision, folder: string): Promise<Checked<readonly string[]>> {
  const listed = await git(folder, ['ls-tree', '-r', '-z', '--name-only', revision.hash]);
  if (listed.code !== 0) return cannotAsk(folder, listed);
  const names = listed.out.toString('utf8').split('\0');
  return checked(
    names
      .filter((name) => name.endsWith('.litmus'))
      .map((name) => join(folder, name))
      .sort(),
    [],
  );
}

/** Settings that take the programs away which the repository's configuration names to convert files. */
async function withoutFilters(folder: string): Promise<Readonly<Record<string, string>>> {
  const pattern = '^filter\\..*\\.(clean|smudge|process|required)$';
  const found = await git(folder, ['config', '-z', '--name-only', '--get-regexp', pattern]);
  const names = found.code === 0 ? found.out.toString('utf8').split('\0') : [];
  const settings = names
    .filter((name) => name !== '')
    .flatMap((name, i) => [[`GIT_CONFIG_KEY_${i}`, name] as const, [`GIT_CONFIG_VALUE_${i}`, ''] as const]);
  return { GIT_CONFIG_COUNT: String(settings.length / 2), ...Object.fromEntries(settings) };
}

/** Where files were that have another name now, as far as git can tell: absolute paths, the new one to the old one. */
export async function renamesSince(revision: Revision): Promise<ReadonlyMap<string, string>> {
  const args = ['diff', '--no-ext-diff', '--no-textconv', '--name-status', '-z', '-M', '--diff-filter=R'];
  const found = await git(revision.top, [...args, revision.hash, '--'], await withoutFilters(revision.top));
  const fields = found.code === 0 ? found.out.toString('utf8').split('\0') : [];
  const renames = new Map<string, string>();
  for (let i = 0; i + 2 < fields.length; i += 3)
    renames.set(resolve(revision.top, fields[i + 2]!), resolve(revision.top, fields[i + 1]!));
  return renames;
}

/** A path as people give it, for one that git gave: relative to where the command runs, if it is below. */
export function shownPath(path: string): string {
  const short = relative('.', path);
  if (short === '') return basename(path);
  return isWithin('.', path) ? short : path;
}
