/**
 * Hand-made executions for tests, in one line per thread: `Wx1 F:Mb Ry0`.
 *
 * An event is R or W with a one-letter location and a value, then `.Tag`s, then `<addr`, `<data` or `<ctrl` for a dependency on
 * the thread's latest read (`<ctrl` also on all that follows). `&` after a read makes the next event the write of its
 * read-modify-write. `F:Tag` is a fence. The value says the rest: coherence order is the order of values, 0 is the
 * initial write, and a read reads from the write of its value.
 */
import { EventSet, Relation } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import type { Environment } from './evaluate.js';

interface Event {
  readonly thread: number;
  readonly kind: 'R' | 'W' | 'F';
  readonly location: string;
  readonly value: number;
  readonly tags: readonly string[];
  readonly dependency: string | null;
  readonly opensRmw: boolean;
}

const accessPattern = /^([RW])([a-z])(\d+)((?:\.[A-Za-z-]+)*)(?:<(addr|data|ctrl))?(&?)$/;

function parseEvent(token: string, thread: number, untagged: readonly string[]): Event {
  if (token.startsWith('F:'))
    return {
      thread,
      kind: 'F',
      location: '',
      value: 0,
      tags: [token.slice(2)],
      dependency: null,
      opensRmw: false,
    };
  const parts = accessPattern.exec(token);
  invariant(parts !== null, `not an event: ${token}`);
  const tags = parts[4]!.split('.').slice(1);
  return {
    thread,
    kind: parts[1] as 'R' | 'W',
    location: parts[2]!,
    value: Number(parts[3]),
    tags: tags.length > 0 ? tags : untagged,
    dependency: parts[5] ?? null,
    opensRmw: parts[6] === '&',
  };
}

/** The environment of an execution; events are the initial writes by location, then the threads in order. */
export function tinyExecution(threads: readonly string[], untagged: readonly string[] = []): Environment {
  const body = threads.flatMap((line, thread) =>
    line
      .trim()
      .split(/\s+/)
      .map((token) => parseEvent(token, thread, untagged)),
  );
  const locations = [...new Set(body.map((event) => event.location))].filter((name) => name !== '').sort();
  const initial = locations.map(
    (location): Event => ({
      thread: -1,
      kind: 'W',
      location,
      value: 0,
      tags: ['IW'],
      dependency: null,
      opensRmw: false,
    }),
  );
  const events = [...initial, ...body];
  const n = events.length;
  const pairs = (holds: (a: Event, b: Event, i: number, j: number) => boolean): Relation =>
    Relation.of(
      n,
      events.flatMap((a, i) =>
        events.flatMap((b, j): [number, number][] => (holds(a, b, i, j) ? [[i, j]] : [])),
      ),
    );
  const sameThread = (a: Event, b: Event, i: number, j: number): boolean =>
    i === j || (a.thread === b.thread && a.thread >= 0);
  const sameLocation = (a: Event, b: Event): boolean => a.location !== '' && a.location === b.location;
  const latestRead = (j: number): number =>
    events.findLastIndex((a, i) => i < j && a.kind === 'R' && a.thread === events[j]!.thread);
  const dependency = (kind: string) => pairs((_a, b, i, j) => b.dependency === kind && i === latestRead(j));
  const po = pairs((a, b, i, j) => i < j && sameThread(a, b, i, j));
  const rmw = pairs((a, _b, i, j) => a.opensRmw && j === i + 1);
  const set = (holds: (event: Event, i: number) => boolean): EventSet =>
    EventSet.of(
      n,
      events.flatMap((event, i) => (holds(event, i) ? [i] : [])),
    );
  const sets = new Map<string, EventSet>([
    ['R', set(({ kind }) => kind === 'R')],
    ['W', set(({ kind }) => kind === 'W')],
    ['M', set(({ kind }) => kind !== 'F')],
    ['F', set(({ kind }) => kind === 'F')],
    ['RMW', set((event, i) => event.opensRmw || events[i - 1]?.opensRmw === true)],
    ['IW', set(({ thread }) => thread < 0)],
  ]);
  for (const { tags } of body)
    for (const tag of tags)
      sets.set(
        tag,
        set((event) => event.tags.includes(tag)),
      );
  const relations = new Map<string, Relation>([
    ['po', po],
    ['rf', pairs((a, b) => a.kind === 'W' && b.kind === 'R' && sameLocation(a, b) && a.value === b.value)],
    ['co', pairs((a, b) => a.kind === 'W' && b.kind === 'W' && sameLocation(a, b) && a.value < b.value)],
    ['addr', dependency('addr')],
    ['data', dependency('data')],
    [
      'ctrl',
      pairs((a, b, i, j) =>
        events.some(
          (e, k) => e.dependency === 'ctrl' && i === latestRead(k) && k <= j && sameThread(a, b, i, j),
        ),
      ),
    ],
    ['pick-addr', new Relation(n)],
    ['pick-data', new Relation(n)],
    ['pick-ctrl', new Relation(n)],
    ['sca-class', new Relation(n)],
    ['rmw', rmw],
    ['amo', rmw],
    ['lxsx', new Relation(n)],
    ['loc', pairs(sameLocation)],
    ['int', pairs(sameThread)],
    ['ext', pairs((a, b, i, j) => !sameThread(a, b, i, j))],
    ['id', pairs((_a, _b, i, j) => i === j)],
    ['different-value', pairs((a, b) => a.kind !== 'F' && b.kind !== 'F' && a.value !== b.value)],
  ]);
  return { n, sets, relations };
}
