/**
 * `npm run bench -- --profile`: where the time of a small test goes, from the shell's point of view: Node, fencepost's own start,
 * and the phases of the pipeline.
 *
 * Every number is the median over runs, each in a fresh process. The phases are measured in one process, the command as a whole in
 * another; what the command takes beyond its phases is reading the command line and the file, and writing the output. V8 finds its
 * code cache warm in both.
 */
import { spawnSync } from 'node:child_process';
import { invariant } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { median } from './bench-run.js';
import { commandInProcess, phasesInProcess } from './child-process.js';
import { measureLatency } from './latency.js';
import { type PhaseName, phaseNames, type Time } from './phases.js';
import { leftOut, plainEnvironment } from './plain-environment.js';

export interface ProfiledFile {
  readonly path: string;
  readonly source: SourceFile;
}

export interface ProfileLine {
  readonly name: string;
  readonly time: Time;
}

export interface Profile {
  readonly title: string;
  readonly runs: number;
  /** In the order in which they happen; their sum is the process. */
  readonly lines: readonly ProfileLine[];
  /** Wall time of `fencepost run FILE`, start to end, as the shell sees it: no sum, but measured on its own. */
  readonly latencyMs: number;
  /** Variables of the environment that slow Node down and that it was measured without. */
  readonly leftOut: readonly string[];
}

const meanings: Readonly<Record<PhaseName, string>> = {
  parse: 'parse: text to tree',
  elaborate: 'elaborate: tree to program',
  compile: 'compile to arm64 and x86',
  model: 'models: unpack and plan',
  unfold: 'unfold: program to traces',
  search: 'search, without unfolding',
  report: 'report: results to table',
};

function medianTime(times: readonly Time[]): Time {
  return { cpu: median(times.map((t) => t.cpu)), wall: median(times.map((t) => t.wall)) };
}

/** A difference of two measurements may be below zero by chance, which no time is. */
function atLeastZero({ cpu, wall }: Time): Time {
  return { cpu: Math.max(0, cpu), wall: Math.max(0, wall) };
}

function sum(times: readonly Time[]): Time {
  return times.reduce((a, b) => ({ cpu: a.cpu + b.cpu, wall: a.wall + b.wall }), { cpu: 0, wall: 0 });
}

/** Node with an empty script: CPU by its own account, wall time by ours. */
function nodeAlone(now: () => number): Time {
  const script = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)';
  const env = plainEnvironment(process.env);
  const start = now();
  const { status, stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env });
  const wall = now() - start;
  invariant(status === 0, 'node runs');
  return { cpu: Number(stdout), wall };
}

function repeated<T>(runs: number, measureOnce: () => T): T[] {
  return Array.from({ length: runs }, measureOnce);
}

/** `command`: the script of fencepost. */
export function profileTest(
  { path, source }: ProfiledFile,
  command: string,
  runs: number,
  now: () => number,
): Profile {
  // One of each in turn, so that a machine that slows down slows all of them.
  const rounds = repeated(runs, () => ({
    node: nodeAlone(now),
    phases: phasesInProcess(source),
    whole: commandInProcess(['run', path]),
  }));
  const phases = phaseNames.map((name) => ({
    name: meanings[name],
    time: medianTime(rounds.map((round) => round.phases[name])),
  }));
  const run = medianTime(rounds.map((round) => round.whole.run));
  const inPhases = sum(phases.map(({ time }) => time));
  const rest = { cpu: run.cpu - inPhases.cpu, wall: run.wall - inPhases.wall };
  return {
    title: source.name,
    runs,
    lines: [
      { name: 'node itself', time: medianTime(rounds.map((round) => round.node)) },
      { name: 'load fencepost', time: medianTime(rounds.map((round) => round.whole.load)) },
      { name: 'command line, file, output', time: rest },
      ...phases,
    ],
    latencyMs: measureLatency('run', [command, 'run', path], runs, now).medianMs,
    leftOut: leftOut(process.env),
  };
}

/** The one in the middle by the CPU time of its phases, each measured once. */
export function medianFile(files: readonly ProfiledFile[]): ProfiledFile {
  const timed = files.map((file) => ({ file, cpu: sum(Object.values(phasesInProcess(file.source))).cpu }));
  timed.sort((a, b) => a.cpu - b.cpu);
  const middle = timed[timed.length >> 1];
  invariant(middle !== undefined, 'there are files');
  return middle.file;
}

function profileLine({ name, time }: ProfileLine, total: Time): string {
  return [
    name.padEnd(28),
    time.cpu.toFixed(1).padStart(8),
    `${((100 * time.cpu) / total.cpu).toFixed(0)} %`.padStart(6),
    time.wall.toFixed(1).padStart(9),
  ].join(' ');
}

/** A time below zero, which a difference of two measurements may be, is shown as 0. */
export function renderProfile({ title, runs, lines, latencyMs, leftOut }: Profile): string {
  const shown = lines.map(({ name, time }) => ({ name, time: atLeastZero(time) }));
  const total = sum(shown.map(({ time }) => time));
  return [
    `${title}, all models that fit, ${runs === 1 ? 'one run' : `median of ${runs} runs`}`,
    `${''.padEnd(28)} ${'CPU ms'.padStart(8)} ${'share'.padStart(6)} ${'wall ms'.padStart(9)}`,
    ...shown.map((line) => profileLine(line, total)),
    profileLine({ name: 'sum', time: total }, total),
    `fencepost run, start to end: ${latencyMs.toFixed(0)} ms`,
    ...leftOut.map((name) => `without ${name}, for which each start of Node takes longer`),
    ...(runs === 1 ? ['in one run, some milliseconds more or less are noise; --repeat N takes medians'] : []),
    '',
  ].join('\n');
}
