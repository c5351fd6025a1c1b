/** Rows in processes of their own: the benchmark starts itself again for each. */
import { spawnSync } from 'node:child_process';
import { invariant } from '../text/diagnostic.js';
import { type Measured, measure, type RowRequest } from './measure.js';

/** The first argument of a process that measures a row; the second is the request. */
export const ROW_ARGUMENT = '--row';

/** Why there is nothing measured: killed long after the limit, or dead, most likely of a full memory. */
export type Lost = 'time' | 'crash';

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The child's side. */
export function serveRow(request: string): void {
  process.stdout.write(JSON.stringify(measure(JSON.parse(request) as RowRequest, cpuSeconds)));
}

/** Searches look at the clock now and then; one that does not is ended after three times its limit, and some seconds to start. */
function patienceMs(limit: number): number {
  return (limit * 3 + 10) * 1000;
}

export function measureInProcess(script: string, request: RowRequest): Measured | Lost {
  const args = [script, ROW_ARGUMENT, JSON.stringify(request)];
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: patienceMs(request.limit),
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  });
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') return 'time';
  if (signal !== null || status === 134) return 'crash';
  invariant(
    status === 0,
    `${request.family} ${request.size} ${request.mode} ended with ${status}: ${stderr}`,
  );
  return JSON.parse(stdout) as Measured;
}
