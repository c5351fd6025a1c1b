/** The built command in a process of its own, to be killed, for tests. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';

/**
 * When: as soon as the journal has so many results, or standard output that text, or after so much time of its own on the processors,
 * which says how far the process has come on a busy machine, too, as the clock does not.
 */
export type Kill = { readonly results: number } | { readonly shown: RegExp } | { readonly cpuMs: number };

export interface Ended {
  /** Null: it was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A file of a process that runs: it may be renamed or removed between any two looks at it, so only the read tells. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const TICK_MS = 10;

/** What a process has used of the processors; null: the system does not say so in this way, or it has ended. */
function cpuMsOf(pid: number | undefined): number | null {
  const stat = read(`/proc/${pid}/stat`);
  // proc_pid_stat(5): user and system time are fields 14 and 15; the second field, a name, may have blanks
  const [user, system] =
    stat
      ?.slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13) ?? [];
  return stat === null ? null : (Number(user) + Number(system)) * TICK_MS;
}

/** What a report's journal has done: its whole lines with a result. */
export function journalled(report: string): readonly string[] {
  const lines = (read(`${report}.journal`) ?? '').split('\n').slice(0, -1);
  return lines.filter((line) => /^\{"key":"[^"]/.test(line));
}

/** Runs a command until it ends. `command`: the script and its arguments. */
export function runProcess(
  command: readonly string[],
  kill: Kill | null = null,
  report = '',
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<Ended & { readonly seen: ReadonlySet<string> }> {
  const child = spawn(process.execPath, command);
  onTestFinished(() => void child.kill('SIGKILL'));
  let [out, err, isSent] = ['', '', false];
  const end = (): void => {
    if (!isSent) child.kill(signal);
    isSent = true;
  };
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    if (kill !== null && 'shown' in kill && kill.shown.test(out)) end();
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const seen = new Set<string>();
  const start = performance.now();
  const looking = setInterval(() => {
    if (kill === null) return;
    const text = read(report);
    if (text !== null) seen.add(text);
    if ('results' in kill && journalled(report).length >= kill.results) end();
    if ('cpuMs' in kill && (cpuMsOf(child.pid) ?? performance.now() - start) >= kill.cpuMs) end();
  }, 2);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(looking);
      resolve({ code, out, err, seen });
    });
  });
}

/** From the start to the end of a run of some tens of small tests, about. */
const SMALL_RUN_MS = 1000;

/** Kills at any points of a run with so many results, one behind the other: some runs of some kills each. */
export function killsAt(most: number, seed: number, runs = 3): readonly (readonly Kill[])[] {
  const when = fc.oneof(
    fc.integer({ min: 1, max: most }).map((results) => ({ results })),
    fc.integer({ min: 1, max: SMALL_RUN_MS }).map((cpuMs) => ({ cpuMs })),
  );
  return fc.sample(fc.array(when, { minLength: 1, maxLength: 3 }), { seed, numRuns: runs });
}
