/** The built command in a process of its own, to be killed, for tests. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** When: as soon as the journal has so many lines, or after a time. */
export type Kill = { readonly lines: number } | { readonly ms: number };

export interface Ended {
  /** Null: it was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** How many lines a journal has, the last one included if it is whole. */
export function journalLines(report: string): number {
  return read(`${report}.journal`).split('\n').length - 1;
}

/** Runs a command until it ends. `command`: the script and its arguments. */
export function runProcess(
  command: readonly string[],
  kill: Kill | null = null,
  report = '',
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<Ended & { readonly seen: ReadonlySet<string> }> {
  const child = spawn(process.execPath, command);
  let [out, err, isSent] = ['', '', false];
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const seen = new Set<string>();
  const end = (): void => {
    if (!isSent) child.kill(signal);
    isSent = true;
  };
  const looking = setInterval(() => {
    if (kill === null) return;
    if (existsSync(report)) seen.add(read(report));
    if ('lines' in kill && journalLines(report) >= kill.lines) end();
  }, 2);
  const ending = kill !== null && 'ms' in kill ? setTimeout(end, kill.ms) : undefined;
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(looking);
      clearTimeout(ending);
      resolve({ code, out, err, seen });
    });
  });
}
