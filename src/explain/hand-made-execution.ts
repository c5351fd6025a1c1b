/**
 * Test support: executions written down as text, for tests of explanations and pictures.
 *
 * One line per thread, statements between `|`:
 *
 *     P0: lock p->l | W x=1 | smp_wmb | W y=1 release | unlock p->l
 *     P1: R y=1 acquire | R x=0
 *
 * Every read takes the first write of its value (the initial write for 0, unless a thread writes 0); coherence is the order
 * in which the writes are written down; a lock reads the last unlock of the lock above it, or the initial write. `edges` adds
 * dependencies between positions `thread.statement`: `addr 1.0>1.1`. Dialect `arm64` gives the same statements as
 * instructions.
 */
import type { Dialect, Program, SourceRef } from '../program/ir.js';
import { INT32, type Location } from '../program/value.js';
import { dependencies, tags as vocabulary } from '../program/vocabulary.js';
import { EventSet, Relation } from '../relation/relation.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { invariant } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';

interface Statement {
  readonly thread: number;
  readonly text: string;
  readonly span: { readonly start: number; readonly end: number };
}

const fenceTags: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  lkmm: {
    smp_mb: 'Mb',
    smp_wmb: 'Wmb',
    smp_rmb: 'Rmb',
    rcu_read_lock: 'Rcu-lock',
    rcu_read_unlock: 'Rcu-unlock',
    synchronize_rcu: 'Sync-rcu',
  },
  arm64: { smp_mb: 'DMB.ISH', smp_wmb: 'DMB.ISHST', smp_rmb: 'DMB.ISHLD' },
  x86: { smp_mb: 'MFENCE' },
};

const accessTags: Readonly<Record<Dialect, Readonly<Record<string, readonly string[]>>>> = {
  lkmm: { once: ['Once'], acquire: ['Acquire'], release: ['Release'], plain: ['Plain'] },
  arm64: { once: [], acquire: ['A'], release: ['L'], plain: [] },
  x86: { once: [], acquire: [], release: [], plain: [] },
};

/** Builds the execution of the notation above; `name` is the program's. */
export function handMadeExecution(
  text: string,
  { name = 'hand-made', dialect = 'lkmm' as Dialect, edges = '' } = {},
): Execution {
  const file: SourceFile = { name: `${name}.litmus`, text };
  const builder = new Builder(file, dialect);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let offset = 0;
  for (const [thread, line] of lines.entries()) {
    const start = text.indexOf(line, offset);
    offset = start + line.length;
    const colon = line.indexOf(':');
    builder.threadNames.push(line.slice(0, colon).trim());
    let at = start + colon + 1;
    for (const part of line.slice(colon + 1).split('|')) {
      builder.addStatement({ thread, text: part.trim(), span: { start: at, end: at + part.length } });
      at += part.length + 1;
    }
  }
  return builder.finish(name, edges);
}

class Builder {
  readonly threadNames: string[] = [];
  private readonly locations = new Map<string, Location>();
  private readonly events: ExecutionEvent[] = [];
  private readonly rmw: [ExecutionEvent, ExecutionEvent][] = [];
  private readonly positions = new Map<string, ExecutionEvent[]>();
  private readonly counts = new Map<number, number>();

  constructor(
    readonly file: SourceFile,
    readonly dialect: Dialect,
  ) {}

  addStatement({ thread, text, span }: Statement): void {
    const instruction = this.counts.get(thread) ?? 0;
    this.counts.set(thread, instruction + 1);
    const { start, end } = span;
    const made = this.eventsOf(text).map((event): ExecutionEvent => {
      const source: SourceRef = {
        text: event.text,
        span: spanOf(this.file, start, end),
        primitive: event.primitive,
        instruction: this.dialect === 'lkmm' ? null : event.instruction,
      };
      const { kind, location, value, tags } = event;
      return { id: -1, thread, kind, location, value, tags, source, instruction };
    });
    const [read, write] = made;
    if (read !== undefined && write !== undefined) this.rmw.push([read, write]);
    this.positions.set(`${thread}.${instruction}`, made);
    this.events.push(...made);
  }

  private eventsOf(text: string) {
    const arm = this.dialect === 'arm64';
    const [, verb, rest = ''] = text.match(/^(\w+)\s*(.*)$/) ?? [];
    invariant(verb !== undefined, `hand-made statement \`${text}\``);
    if (verb === 'lock') {
      const location = this.location(rest, 'spinlock');
      const base = {
        location,
        text: `spin_lock(&${rest})`,
        primitive: 'spin_lock',
        instruction: 'casa w0, w1, [x2]',
      };
      return [
        { ...base, kind: 'read' as const, value: 0, tags: arm ? ['A'] : ['LKR'] },
        { ...base, kind: 'write' as const, value: 1, tags: arm ? [] : ['LKW'] },
      ];
    }
    if (verb === 'unlock') {
      const location = this.location(rest, 'spinlock');
      const tags = arm ? ['L'] : ['UL'];
      const base = { location, text: `spin_unlock(&${rest})`, primitive: 'spin_unlock' };
      return [{ ...base, kind: 'write' as const, value: 0, tags, instruction: 'stlr wzr, [x2]' }];
    }
    if (verb !== 'R' && verb !== 'W') {
      const tag = fenceTags[this.dialect][verb];
      invariant(tag !== undefined, `hand-made fence \`${verb}\``);
      const instruction = tag.toLowerCase().replace('.', ' ');
      return [
        {
          kind: 'fence' as const,
          location: null,
          value: null,
          tags: [tag],
          text: `${verb}()`,
          primitive: verb,
          instruction,
        },
      ];
    }
    return [this.access(verb, rest)];
  }

  private access(verb: 'R' | 'W', rest: string) {
    const [, name = '', number = '', tag = 'once'] = rest.match(/^(\S+)=(\d+)(?: (\w+))?$/) ?? [];
    const location = this.location(name, 'int');
    const value = Number(number);
    const tags = accessTags[this.dialect][tag];
    invariant(tags !== undefined, `hand-made tag \`${tag}\``);
    const primitive =
      {
        once: ['READ_ONCE', 'WRITE_ONCE'],
        acquire: ['smp_load_acquire', ''],
        release: ['', 'smp_store_release'],
        plain: ['', ''],
      }[tag]?.[verb === 'R' ? 0 : 1] ?? '';
    const text = verb === 'R' ? `r = ${primitive}(${name})` : `${primitive}(${name}, ${value})`;
    const instruction = verb === 'R' ? 'ldr w1, [x0]' : 'str w1, [x0]';
    return {
      kind: verb === 'R' ? ('read' as const) : ('write' as const),
      location,
      value,
      tags,
      text,
      primitive: primitive || null,
      instruction,
    };
  }

  private location(name: string, role: 'int' | 'spinlock'): Location {
    let location = this.locations.get(name);
    if (location === undefined) {
      location = { kind: 'location', index: this.locations.size, name, type: INT32, role, initial: 0 };
      this.locations.set(name, location);
    }
    return location;
  }

  finish(name: string, edges: string): Execution {
    const initial = [...this.locations.values()].map(
      (location): ExecutionEvent => ({
        id: -1,
        thread: -1,
        kind: 'write',
        location,
        value: location.initial,
        tags: [],
        source: null,
        instruction: -1,
      }),
    );
    const events = [...initial, ...this.events].map((event, id) => ({ ...event, id }));
    const idOf = new Map(this.events.map((event, at) => [event, initial.length + at]));
    const base = relationsOf(events);
    for (const [read, write] of this.rmw)
      for (const relation of ['rmw', 'amo']) base.get(relation)!.add(idOf.get(read)!, idOf.get(write)!);
    for (const [, kind, from, to] of edges.matchAll(/(\w+) (\d+\.\d+)>(\d+\.\d+)/g)) {
      const [a, b] = [this.positions.get(from!)?.at(0), this.positions.get(to!)?.at(-1)];
      invariant(a !== undefined && b !== undefined, `no position ${from} or ${to}`);
      base.get(kind!)!.add(idOf.get(a)!, idOf.get(b)!);
    }
    return {
      program: this.program(name, events),
      events,
      base,
      sets: this.setsOf(events),
      finals: finalsOf(events),
      chosen: [],
    };
  }

  private setsOf(events: readonly ExecutionEvent[]): Map<string, EventSet> {
    const { length } = events;
    const where = (test: (event: ExecutionEvent) => boolean): EventSet =>
      EventSet.of(
        length,
        events.filter(test).map((event) => event.id),
      );
    const sets = new Map([
      ['R', where((e) => e.kind === 'read')],
      ['W', where((e) => e.kind === 'write')],
      ['M', where((e) => e.kind !== 'fence')],
      ['F', where((e) => e.kind === 'fence')],
      ['IW', where((e) => e.thread < 0)],
      [
        'RMW',
        where((e) =>
          this.rmw.flat().some((half) => half.thread === e.thread && half.instruction === e.instruction),
        ),
      ],
    ]);
    for (const tag of vocabulary[this.dialect])
      sets.set(
        tag,
        where((e) => e.tags.includes(tag)),
      );
    return sets;
  }

  /** The registers observed are the reads, `r0`, `r1` ... of each thread. */
  private program(name: string, events: readonly ExecutionEvent[]): Program {
    const reads = events.filter((e) => e.kind === 'read' && e.location?.role === 'int');
    const observed = reads.map((read) => {
      const number = reads.filter((r) => r.thread === read.thread && r.id < read.id).length;
      const register = `r${number}`;
      return {
        kind: 'register' as const,
        thread: read.thread,
        name: register,
        display: `${read.thread}:${register}`,
      };
    });
    return {
      name,
      dialect: this.dialect,
      locations: [...this.locations.values()],
      threads: this.threadNames.map((thread, index) => ({
        index,
        name: thread,
        label: null,
        registers: [],
        code: [],
      })),
      observed,
      condition: {
        quantifier: 'exists',
        proposition: { kind: 'constant', value: true },
        text: 'exists (true)',
      },
      filter: null,
    };
  }
}

function finalsOf(events: readonly ExecutionEvent[]) {
  return events.filter((e) => e.kind === 'read' && e.location?.role === 'int').map((e) => e.value ?? 0);
}

function relationsOf(events: readonly ExecutionEvent[]): Map<string, Relation> {
  const n = events.length;
  const where = (test: (a: ExecutionEvent, b: ExecutionEvent) => boolean): Relation =>
    Relation.of(
      n,
      events.flatMap((a) => events.filter((b) => test(a, b)).map((b) => [a.id, b.id] as const)),
    );
  const isWrite = (e: ExecutionEvent): boolean => e.kind === 'write';
  const rf = new Relation(n);
  for (const read of events) if (read.kind === 'read') rf.add(sourceOf(read, events), read.id);
  const base = new Map([
    ['po', where((a, b) => a.thread >= 0 && a.thread === b.thread && a.id < b.id)],
    ['rf', rf],
    ['co', where((a, b) => isWrite(a) && isWrite(b) && a.location === b.location && a.id < b.id)],
    ['loc', where((a, b) => a.location !== null && a.location === b.location)],
    ['int', where((a, b) => a.thread >= 0 && a.thread === b.thread)],
    ['ext', where((a, b) => a.thread !== b.thread)],
    ['id', where((a, b) => a === b)],
    ['different-value', where((a, b) => a.value !== null && b.value !== null && a.value !== b.value)],
  ]);
  for (const name of [...dependencies, 'rmw', 'amo', 'lxsx', 'sca-class']) base.set(name, new Relation(n));
  return base;
}

function sourceOf(read: ExecutionEvent, events: readonly ExecutionEvent[]): number {
  const writes = events.filter(
    (e) => e.kind === 'write' && e.location === read.location && e.value === read.value,
  );
  const isLock = read.location?.role === 'spinlock';
  const source = isLock
    ? writes.filter((w) => w.id < read.id).at(-1)
    : (writes.find((w) => w.thread >= 0) ?? writes[0]);
  invariant(source !== undefined, 'a hand-made read without a write');
  return source.id;
}
