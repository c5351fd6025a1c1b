/** The time that a user waits: `fencepost run FILE` as a process of its own, start-up included. */
import { spawnSync } from 'node:child_process';
import { invariant } from '../text/diagnostic.js';
import { plainEnvironment } from './plain-environment.js';

export interface Latency {
  readonly command: string;
  readonly runs: number;
  readonly medianMs: number;
  readonly minimumMs: number;
}

/** Runs `node ARGS` several times; every run must come to an end, which verdicts that nobody expected are as well. */
export function measureLatency(
  command: string,
  args: readonly string[],
  runs: number,
  now: () => number,
): Latency {
  const env = plainEnvironment(process.env);
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    times.push(now() - start);
    invariant(status !== null && status <= 3, `${command} ended with ${status}: ${stderr}`);
  }
  times.sort((a, b) => a - b);
  return {
    command,
    runs,
    medianMs: times[times.length >> 1] ?? 0,
    minimumMs: times[0] ?? 0,
  };
}
