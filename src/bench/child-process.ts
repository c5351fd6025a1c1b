/**
 * What is measured in processes of its own: rows, phases of a test, and the command as a whole. The benchmark starts itself again
 * for each, so that neither hot code nor garbage of another helps or hurts.
 */
import { spawnSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LoadedBundle, loadBundle, loadCommand } from '../cli/load-command.js';
import { now } from '../io/clock.js';
import { invariant } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { familiesC } from './families-c.js';
import { familyId } from './family.js';
import type { Measured, RowRequest } from './measure.js';
import type { PhaseTimes, Time } from './phases.js';

/** The first argument of such a process; the second is the request as JSON. */
export const CHILD_ARGUMENT = '--child';

export type ChildRequest =
  | ({ readonly kind: 'row' } & RowRequest)
  | { readonly kind: 'phases'; readonly source: SourceFile }
  | { readonly kind: 'command'; readonly args: readonly string[] }
  | { readonly kind: 'cache'; readonly source: SourceFile };

/** What the command takes as a whole, after Node's own start-up. */
export interface CommandTimes {
  readonly load: Time;
  readonly run: Time;
}

/** Why there is nothing measured: killed long after the limit, or dead, most likely of a full memory. */
export type Lost = 'time' | 'crash';

function readClock(): Time {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1000, wall: now() };
}

const cpuSeconds = () => readClock().cpu / 1000;

function since(start: Time): Time {
  const end = readClock();
  return { cpu: end.cpu - start.cpu, wall: end.wall - start.wall };
}

function loadMeasured(): LoadedBundle & { readonly measured: typeof import('./measured.js') } {
  const loaded = loadBundle(import.meta.url, 'measured');
  return { ...loaded, measured: loaded.exports as typeof import('./measured.js') };
}

async function timeCommand(args: readonly string[]): Promise<CommandTimes> {
  const start = readClock();
  const { command } = loadCommand(import.meta.url);
  const load = since(start);
  const loaded = readClock();
  const silent = () => {};
  const code = await command.runCommandLine(args, {
    out: silent,
    err: silent,
    width: 80,
    unicode: true,
    colours: { out: false, err: false },
    interactive: false,
  });
  invariant(code <= 3, `fencepost ${args.join(' ')} ended with ${code}`);
  return { load, run: since(loaded) };
}

/** Keeps V8's code for what is measured, as the build does for the command. Other processes may be reading the last one. */
function writeCache(source: SourceFile): void {
  const { measured, script } = loadMeasured();
  measured.measurePhases(source, readClock);
  for (const family of familiesC.slice(0, 1))
    measured.measure({ family: familyId(family), size: 4, mode: 'count', limit: 10 }, cpuSeconds);
  const path = fileURLToPath(new URL('./measured.cache', import.meta.url));
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, script.createCachedData());
  renameSync(fresh, path);
}

async function answer(request: ChildRequest): Promise<unknown> {
  switch (request.kind) {
    case 'row':
      return loadMeasured().measured.measure(request, cpuSeconds);
    case 'phases':
      return loadMeasured().measured.measurePhases(request.source, readClock);
    case 'command':
      return timeCommand(request.args);
    case 'cache':
      return writeCache(request.source);
  }
}

/** The child's side. */
export async function serveChild(request: string): Promise<void> {
  const result = await answer(JSON.parse(request) as ChildRequest);
  process.stdout.write(JSON.stringify(result ?? null));
}

/** The benchmark's script starts itself. */
const script = fileURLToPath(import.meta.url);

function ask(request: ChildRequest, timeoutMs?: number): unknown {
  const args = [script, CHILD_ARGUMENT, JSON.stringify(request)];
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') return 'time' satisfies Lost;
  if (signal !== null || status === 134) return 'crash' satisfies Lost;
  invariant(status === 0, `the measurement of ${JSON.stringify(request)} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Searches look at the clock now and then; one that does not is ended after three times its limit, and some seconds to start. */
export function measureInProcess(request: RowRequest): Measured | Lost {
  return ask({ kind: 'row', ...request }, (request.limit * 3 + 10) * 1000) as Measured | Lost;
}

function certain<T>(answered: unknown): T {
  invariant(answered !== 'time' && answered !== 'crash', 'a measurement died');
  return answered as T;
}

export function phasesInProcess(source: SourceFile): PhaseTimes {
  return certain(ask({ kind: 'phases', source }));
}

export function commandInProcess(args: readonly string[]): CommandTimes {
  return certain(ask({ kind: 'command', args }));
}

/** To be called before anything is measured. The test is one that uses most of the code. */
export function prepareCache(source: SourceFile): void {
  ask({ kind: 'cache', source });
}
