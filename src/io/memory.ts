/**
 * How much memory this thread holds, asked often and cheaply.
 *
 * V8 lets garbage pile up, so that what its heap holds is only an upper bound: when that is over the limit, a collection tells what is
 * really live. Typed arrays are counted too.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { now } from './clock.js';

const MEGABYTE = 1 << 20;
const ASK_MS = 20;
/** After a collection found room: a search that lives near its limit must not collect all the time. */
const COLLECT_MS = 500;

function bytesHeld(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** A question that turns true once more than `megabytes` are live; null for no limit. */
export function memoryLimit(megabytes: number | null): (() => boolean) | null {
  if (megabytes === null) return null;
  const most = megabytes * MEGABYTE;
  let collect: (() => void) | null = null;
  let nextLook = 0;
  let nextCollection = 0;
  return () => {
    const time = now();
    if (time < nextLook) return false;
    nextLook = time + ASK_MS;
    if (bytesHeld() <= most || time < nextCollection) return false;
    collect ??= findCollector();
    collect();
    nextCollection = now() + COLLECT_MS;
    return bytesHeld() > most;
  };
}
