/** The built command in a process of its own, to be killed, for tests. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** When: as soon as the journal has so many results, or after a time. */
export type Kill = { readonly results: number } | { readonly ms: number };

export interface Ended {
  /** Null: it was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** What a report's journal has done: its whole lines with a result. */
export function journalled(report: string): readonly string[] {
  const lines = read(`${report}.journal`).split('\n').slice(0, -1);
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
    if ('results' in kill && journalled(report).length >= kill.results) end();
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
