/**
 * What a thread of the promising machine for arm64 has taken note of, and what its instructions do to that.
 *
 * Source: Pulte, Pichon-Pharabod, Kang, Lee, Hur, "Promising-ARM/RISC-V: A Simpler and Faster Operational Concurrency Model"
 * (PLDI 2019), for Arm. Memory is the list of all writes; a view is a time in it: writes up to it are taken note of. The steps of a
 * thread are in promising-thread.ts, the machine is operational-arm.ts.
 *
 * Other than the paper: single-instruction atomics are a read and a write in one step, with the atomicity of a pair of exclusives;
 * load barriers leave reads without a destination alone; loads do not pass a DSB of stores; and what an acquire that reads the write of
 * an atomic waits for is what the architecture says today.
 */
import { visitLeaves } from '../program/expressions.js';
import type { Expr } from '../program/ir.js';
import type { Location, Value } from '../program/value.js';
import { replaceAt } from './operational.js';

/** A write in memory. The first has time 1; time 0 is what was there at the start. */
export interface Message {
  readonly cell: Location;
  readonly value: Value;
  readonly thread: number;
}

export type Memory = readonly Message[];

/** The thread's last write to a cell, which its own reads may take before the others see it. */
interface Forward {
  readonly time: number;
  /** What the write's address and value depend on. */
  readonly view: number;
  /** For the write of a pair of exclusives or of an atomic, what its read took note of; else 0. */
  readonly pairedView: number;
}

/** The thread's last load-exclusive. */
interface Reservation {
  readonly cell: Location;
  readonly time: number;
  readonly view: number;
}

export interface Views {
  /** By register: what its value depends on. Absent: nothing. */
  readonly registers: ReadonlyMap<string, number>;
  /** By cell: no read or write of it may be older. */
  readonly coherence: readonly number[];
  /** By cell. */
  readonly forward: readonly Forward[];
  /** All that reads have taken note of, and what of it a load barrier counts. */
  readonly readOld: number;
  readonly readCounted: number;
  /** The latest own write. */
  readonly writeOld: number;
  /** What every later read, and every later write, takes note of. */
  readonly readNew: number;
  readonly writeNew: number;
  /** What addresses and branches so far depend on. */
  readonly captured: number;
  /** The latest store-release. */
  readonly released: number;
  readonly reserved: Reservation | null;
}

const NOTHING: Forward = { time: 0, view: 0, pairedView: 0 };

export function initialViews(cells: number): Views {
  return {
    registers: new Map(),
    coherence: Array.from({ length: cells }, () => 0),
    forward: Array.from({ length: cells }, () => NOTHING),
    readOld: 0,
    readCounted: 0,
    writeOld: 0,
    readNew: 0,
    writeNew: 0,
    captured: 0,
    released: 0,
    reserved: null,
  };
}

/** What an expression depends on, whatever its value: dependencies are syntactic. */
export function viewOf(expr: Expr, views: Views): number {
  let view = 0;
  visitLeaves(expr, {
    register: (name) => {
      view = Math.max(view, views.registers.get(name) ?? 0);
    },
  });
  return view;
}

export function setRegister(views: Views, name: string, view: number): Views {
  return { ...views, registers: new Map(views.registers).set(name, view) };
}

export function capture(views: Views, view: number): Views {
  return { ...views, captured: Math.max(views.captured, view) };
}

export interface Read {
  readonly time: number;
  readonly value: Value;
  /** What the value depends on. */
  readonly view: number;
  readonly views: Views;
}

/** The ways to read a cell: any write that is not older than what the thread has taken note of. */
export function reads(
  memory: Memory,
  views: Views,
  { cell, addressView, tags }: { cell: Location; addressView: number; tags: readonly string[] },
): readonly Read[] {
  const acquires = tags.includes('A') || tags.includes('Q');
  const before = Math.max(addressView, views.readNew, tags.includes('A') ? views.released : 0);
  const bound = Math.max(before, views.coherence[cell.index]!);
  const found: Read[] = [];
  for (let time = memory.length; time >= 0; time--) {
    const message = memory[time - 1];
    if (message !== undefined && message.cell !== cell) continue;
    const view = Math.max(before, readView(views.forward[cell.index]!, time, acquires));
    const after: Views = {
      ...views,
      coherence: replaceAt(views.coherence, cell.index, Math.max(views.coherence[cell.index]!, view)),
      readOld: Math.max(views.readOld, view),
      readCounted: tags.includes('NoRet') ? views.readCounted : Math.max(views.readCounted, view),
      readNew: acquires ? Math.max(views.readNew, view) : views.readNew,
      writeNew: acquires ? Math.max(views.writeNew, view) : views.writeNew,
      captured: Math.max(views.captured, addressView),
    };
    found.push({ time, value: message === undefined ? cell.initial : message.value, view, views: after });
    // whatever is older, this write or one after it hides
    if (time <= bound) break;
  }
  return found;
}

/**
 * Own writes may be read before they are in memory. A read-acquire of the write of an atomic comes after the atomic's read, by today's
 * architecture (Arm ARM, atomic-ordered-before); in the paper, whose model is older, after the write itself.
 */
function readView(forward: Forward, time: number, acquires: boolean): number {
  if (forward.time !== time) return time;
  return acquires ? Math.max(forward.view, forward.pairedView) : forward.view;
}

export interface Written {
  readonly cell: Location;
  readonly value: Value;
  readonly addressView: number;
  readonly valueView: number;
  readonly tags: readonly string[];
  /** The read that it is atomic with: its time and view. */
  readonly pair: { readonly time: number; readonly view: number } | null;
}

/** Whether the thread may write to a cell at a time. */
export function mayWrite(
  memory: Memory,
  thread: number,
  views: Views,
  write: Written,
  time: number,
): boolean {
  const { cell, addressView, valueView, tags, pair } = write;
  const released = tags.includes('L') ? Math.max(views.readOld, views.writeOld) : 0;
  const before = Math.max(addressView, valueView, views.writeNew, views.captured, released);
  if (time <= Math.max(before, views.coherence[cell.index]!)) return false;
  const between = pair === null ? [] : memory.slice(pair.time, time - 1);
  return between.every((message) => message.cell !== cell || message.thread === thread);
}

/** The views after a write that may be. */
export function afterWrite(views: Views, write: Written, time: number): Views {
  const { cell, addressView, valueView, tags, pair } = write;
  const forward = { time, view: Math.max(addressView, valueView), pairedView: pair?.view ?? 0 };
  return {
    ...views,
    coherence: replaceAt(views.coherence, cell.index, Math.max(views.coherence[cell.index]!, time)),
    forward: replaceAt(views.forward, cell.index, forward),
    writeOld: Math.max(views.writeOld, time),
    captured: Math.max(views.captured, addressView),
    released: tags.includes('L') ? Math.max(views.released, time) : views.released,
  };
}

/** An atomic that is both acquire and release is before all that follows, with its write too. */
export function afterAtomic(
  views: Views,
  cell: Location,
  readTags: readonly string[],
  writeTags: readonly string[],
): Views {
  if (!readTags.includes('A') || !writeTags.includes('L')) return views;
  const { time } = views.forward[cell.index]!;
  return {
    ...views,
    readNew: Math.max(views.readNew, time),
    writeNew: Math.max(views.writeNew, time),
  };
}

/** In one domain, shareability makes no difference, but that non-shareable barriers order nothing for others. */
const BARRIER = /^(?<kind>DMB|DSB)\.(?<domain>SY|ISH|OSH|)(?<type>LD|ST|)$/;

export function afterFence(views: Views, tags: readonly string[]): Views {
  if (tags.includes('ISB')) return { ...views, readNew: Math.max(views.readNew, views.captured) };
  let { readNew, writeNew } = views;
  for (const tag of tags) {
    const groups = BARRIER.exec(tag)?.groups;
    if (groups === undefined) continue;
    const { kind, type } = groups;
    const before =
      type === 'LD'
        ? views.readCounted
        : type === 'ST'
          ? views.writeOld
          : Math.max(views.readOld, views.writeOld);
    writeNew = Math.max(writeNew, before);
    if (type !== 'ST' || kind === 'DSB') readNew = Math.max(readNew, before);
  }
  return { ...views, readNew, writeNew };
}

/** Everything of the views that decides the future, as text. */
export function viewsKey(views: Views): string {
  const { registers, coherence, forward, reserved } = views;
  const known = [...registers].filter(([, view]) => view > 0).map(([name, view]) => `${name}@${view}`);
  const own = forward.map(({ time, view, pairedView }) => `${time}.${view}.${pairedView}`);
  const { readOld, readCounted, writeOld, readNew, writeNew, captured, released } = views;
  const scalars = [readOld, readCounted, writeOld, readNew, writeNew, captured, released];
  const monitor = reserved === null ? '-' : `${reserved.cell.index}.${reserved.time}.${reserved.view}`;
  return [known.sort(), coherence, own, scalars, [monitor]].map((list) => list.join(',')).join(';');
}
