/** What the progress line of `fencepost run` says: files done, what is being worked on, and how long it may still take. */
import { now } from '../io/clock.js';
import { showShare } from '../verdict/partial.js';
import type { RunNote } from './search-limits.js';

/** 75 s -> `75 s`, 3 h -> `3 h`. */
function showTime(seconds: number): string {
  if (seconds < 120) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 360_000 ? `${Math.round(seconds / 3600)} h` : 'days';
}

/** Below this share an estimate of the time left is a guess at best. */
const LEAST_SHARE = 0.005;

/** Seconds left of a search, or null if that is not known. */
export function secondsLeft({ seconds, share }: RunNote): number | null {
  return share < LEAST_SHARE ? null : (seconds * (1 - share)) / share;
}

/** `race.litmus: lkmm 12 s, about 37 % searched, 20 s left`. */
export function describeWork(path: string, note: RunNote | null): string {
  if (note === null) return path;
  const left = secondsLeft(note);
  const searched = note.share > 0 ? `, ${showShare(note.share)} searched` : '';
  const rest = left === null ? '' : `, ${showTime(left)} left`;
  return `${path}: ${note.model} ${note.seconds.toFixed(0)} s${searched}${rest}`;
}

interface Work {
  readonly path: string;
  readonly since: number;
  note: RunNote | null;
}

/** The state of a run over many files. */
export class RunProgress {
  private readonly start = now();
  private readonly working = new Map<number, Work>();
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly before: number,
  ) {}

  begin(index: number, path: string): void {
    this.working.set(index, { path, since: now(), note: null });
  }

  note(index: number, note: RunNote): void {
    const work = this.working.get(index);
    if (work !== undefined) work.note = note;
  }

  finish(index: number): void {
    this.working.delete(index);
    this.done++;
  }

  /** What is being worked on, the longest first: its index, and how far it is. */
  get atWork(): readonly (readonly [index: number, text: string])[] {
    const all = [...this.working].sort(([, a], [, b]) => a.since - b.since);
    return all.map(([index, { path, note }]) => [index, describeWork(path, note)]);
  }

  /** The file that is being worked on for the longest is the one to wonder about. */
  get line(): string {
    const oldest = [...this.working.values()].reduce<Work | null>(
      (old, work) => (old === null || work.since < old.since ? work : old),
      null,
    );
    const work = oldest === null ? '' : describeWork(oldest.path, oldest.note);
    if (this.total === 1) return work;
    const left = this.secondsLeft();
    const rest = left === null ? '' : `, ${showTime(left)} left`;
    return `${this.before + this.done} of ${this.total} done${rest}; ${work}`;
  }

  /** By what the files took so far, and by what the searches say that are at work; null if one of them cannot tell. */
  private secondsLeft(): number | null {
    const seconds = (now() - this.start) / 1000;
    if (this.done === 0 || seconds < 1) return null;
    let left = (seconds / this.done) * (this.total - this.before - this.done);
    for (const { note } of this.working.values()) {
      if (note === null) continue;
      const own = secondsLeft(note);
      if (own === null) return null;
      left = Math.max(left, own);
    }
    return left;
  }
}
