/** The worker's side of a fuzz run: batches of inputs, and what is wrong with them. Plain data in and out. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { now } from '../../io/clock.js';
import { createGraphvizDrawer } from '../../io/graphviz.js';
import type { Desk } from '../../io/worker-pool.js';
import { type CheckSettings, checkInput, type End, FuzzFault } from './check.js';
import { type Corpus, type FuzzInput, type FuzzKind, fuzzInput } from './inputs.js';
import { minimise } from './minimise.js';

export interface FuzzSetup {
  readonly seed: number;
  readonly kinds: readonly FuzzKind[];
  readonly corpus: Corpus;
  readonly seconds: number;
  readonly megabytes: number;
  /** One input in so many is drawn, explained and made a page of, too. */
  readonly thoroughEvery: number;
}

export interface FuzzJob {
  /** Inputs from this number on. */
  readonly from: number;
  readonly count: number;
  /** Not these, which took a worker with them. */
  readonly skip: readonly number[];
}

export interface Finding {
  readonly index: number;
  readonly kind: FuzzKind;
  /** What is wrong, in a line. */
  readonly what: string;
  readonly stack: string | null;
  readonly text: string;
  /** A smaller text with the same fault; null: none was looked for. */
  readonly small: string | null;
}

export interface FuzzBatch {
  /** How many came to which end, by kind. */
  readonly ends: Readonly<Partial<Record<FuzzKind, Readonly<Partial<Record<End, number>>>>>>;
  readonly findings: readonly Finding[];
  /** The longest that one input took, and its number. */
  readonly slowest: { readonly seconds: number; readonly index: number };
  /** Live heap of the worker, after a collection: megabytes. */
  readonly heap: number;
  /** How many inputs this worker has done by now. */
  readonly served: number;
}

export function settingsFor(setup: FuzzSetup, index: number): CheckSettings {
  const { seconds, megabytes, thoroughEvery } = setup;
  const thorough = index % thoroughEvery === thoroughEvery - 1;
  return { seconds, megabytes, thorough, drawer: thorough ? drawer : null };
}

const drawer = createGraphvizDrawer();

/** What distinguishes a fault from others: without the numbers and names of one input. */
export function faultOf(error: unknown): string {
  if (error instanceof FuzzFault) return error.message;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.split('\n')[0]!.slice(0, 200);
}

/** With numbers and quoted names as one, so that the fault of a smaller text is known again. */
export function faultFamily(what: string): string {
  return what.replace(/\d+/g, '0').replace(/`[^`]*`|"[^"]*"/g, '_');
}

async function fault(
  input: FuzzInput,
  settings: CheckSettings,
): Promise<{ what: string; stack: string | null } | End> {
  try {
    return await checkInput(input, settings);
  } catch (error) {
    return { what: faultOf(error), stack: error instanceof Error ? (error.stack ?? null) : null };
  }
}

const TRIES = 600;
/** Seconds for a smaller text. */
const PATIENCE = 20;

async function smaller(input: FuzzInput, what: string, settings: CheckSettings): Promise<string> {
  const end = now() + PATIENCE * 1000;
  const fails = async (text: string): Promise<boolean> => {
    if (now() > end) return false;
    const found = await fault({ ...input, text }, settings);
    return typeof found !== 'string' && faultFamily(found.what) === faultFamily(what);
  };
  return minimise(input.text, fails, TRIES);
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** The runner of a worker thread. */
export function fuzzRunner(setup: FuzzSetup, desk: Desk<never>): (job: FuzzJob) => Promise<FuzzBatch> {
  const collect = collector();
  const minimised = new Map<string, number>();
  let served = 0;
  return async ({ from, count, skip }) => {
    const ends: Partial<Record<FuzzKind, Partial<Record<End, number>>>> = {};
    const findings: Finding[] = [];
    let slowest = { seconds: 0, index: from };
    for (let index = from; index < from + count && !desk.isStopping(); index++) {
      if (skip.includes(index)) continue;
      desk.begin(String(index));
      const input = fuzzInput(setup.seed, index, setup.kinds, setup.corpus);
      const settings = settingsFor(setup, index);
      const start = now();
      const found = await fault(input, settings);
      const seconds = (now() - start) / 1000;
      served++;
      if (seconds > slowest.seconds) slowest = { seconds, index };
      if (typeof found === 'string') {
        const counts = ends[input.kind] ?? {};
        ends[input.kind] = { ...counts, [found]: (counts[found] ?? 0) + 1 };
        continue;
      }
      const known = minimised.get(faultFamily(found.what)) ?? 0;
      minimised.set(faultFamily(found.what), known + 1);
      desk.begin(`${index} smaller`);
      const small = known < 3 ? await smaller(input, found.what, settings) : null;
      findings.push({ index, kind: input.kind, ...found, text: input.text, small });
    }
    collect();
    return { ends, findings, slowest, heap: getHeapStatistics().used_heap_size / 2 ** 20, served };
  };
}
