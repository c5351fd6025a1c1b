import { describe, expect, test } from 'vitest';
import type { Dialect } from '../program/ir.js';
import type { Execution } from '../search/execution.js';
import type { CycleEdge, EdgeKind } from './cycle.js';
import { handMadeExecution } from './hand-made-execution.js';
import { sentencesFor } from './sentences.js';
import { deedOf, speechOf } from './speech.js';

/** `kind[:label] from>to[/via][~]`: the edge between two events, by position; `~` reads the fact backwards. */
function edgesFrom(text: string): CycleEdge[] {
  return text.split(' ').map((word) => {
    const [, kind, , label, from, to, via, back] =
      word.match(/^([\w-]+?)(:([\w-]+))?=(\d+)>(\d+)(?:\/(\d+))?(~?)$/) ?? [];
    return {
      from: Number(from),
      to: Number(to),
      kind: kind as EdgeKind,
      label: label ?? kind ?? '',
      via: via === undefined ? null : Number(via),
      reversed: back === '~',
    };
  });
}

function tell(threads: string, edges: string, dialect: Dialect = 'lkmm'): string[] {
  return sentencesFor(edgesFrom(edges), handMadeExecution(threads, { dialect }));
}

const messages = 'P0: W b=1 | smp_wmb | W s=1\nP1: R s=1 acquire | R b=0';

describe('a sentence for each kind of edge', () => {
  const cases: readonly [string, string, string, readonly string[], Dialect?][] = [
    [
      'a cycle names its statements in full once',
      messages,
      'fence=2>4/3 rf=4>5 po:acquire=5>6 fr=6>2',
      [
        'P0:1a WRITE_ONCE(b, 1) is before P0:1c WRITE_ONCE(s, 1) by smp_wmb() at line 1',
        'P0:1c is read by P1:2a r = smp_load_acquire(s)',
        'P1:2a is before P1:2b r = READ_ONCE(b), because P1:2a is an acquire',
        'P1:2b reads b=0, the value from before P0:1a overwrites it',
      ],
    ],
    [
      'instructions stand beside what they were compiled from',
      'P0: W b=1 | smp_wmb | W s=1 release\nP1: R s=1 acquire | R b=0',
      'fence=2>4/3 po:release=2>4',
      [
        'P0:1a WRITE_ONCE(b, 1) [str] is before P0:1c smp_store_release(s, 1) [str] by smp_wmb() at line 1 [dmb ishst]',
        'P0:1a is before P0:1c, because P0:1c is a release',
      ],
      'arm64',
    ],
    [
      'locks are handed over',
      'P0: lock l | unlock l\nP1: lock l | unlock l',
      'rf=0>1 rf=3>4 co=3>5 fr=1>5 rmw=4>5 po:unlock-lock=3>4',
      [
        'P0:1a spin_lock(&l) is the first to take l',
        'P0:1b spin_unlock(&l) hands l over to P1:2a spin_lock(&l)',
        'P0:1b gives l back before P1:2a takes it',
        'P0:1a takes l before P1:2a does',
        'P1:2a reads and writes l in one atomic access',
        'P0:1b is before P1:2a, because P0:1b gives back a lock and P1:2a takes one',
      ],
    ],
    [
      'initial values, coherence, plain program order',
      'P0: W x=1\nP1: R x=0 | W x=2',
      'rf=0>2 co=0>1 co=1>3 po=2>3 po:po-loc=2>3 po:ppo=2>3',
      [
        'P1:2a r = READ_ONCE(x) reads 0, the initial value of x',
        'P0:1 WRITE_ONCE(x, 1) overwrites the initial value of x',
        'P0:1 writes x before P1:2b WRITE_ONCE(x, 2) overwrites it',
        'P1:2a is before P1:2b in program order',
        'P1:2a is before P1:2b in program order, at the same location x',
        'P1:2a is before P1:2b in program order, which the model keeps (`ppo`)',
      ],
    ],
    [
      'dependencies',
      'P0: R x=0 | smp_rmb | W y=1',
      'addr=2>4 data=2>4 ctrl=2>4 pick-data=2>4 ctrl=2>4/3',
      [
        'P0:1c WRITE_ONCE(y, 1) accesses an address computed from what P0:1a r = READ_ONCE(x) reads',
        'P0:1c writes a value computed from what P0:1a reads',
        'P0:1c comes after a branch on what P0:1a reads',
        'P0:1c writes a value computed from what P0:1a reads through a selection',
        'P0:1c comes after a branch on what P0:1a reads, by smp_rmb() at line 1',
      ],
    ],
    [
      'sections, and what is said backwards',
      'P0: rcu_read_lock | R x=0 | rcu_read_unlock\nP1: W x=1',
      'section=3>1~ rf=2>0~ po=2>1~ other:all=2>4 other:loc=2>4',
      [
        'P0:1a rcu_read_lock() begins the read-side critical section that P0:1c rcu_read_unlock() ends',
        'P0:1b r = READ_ONCE(x) reads 0, the initial value of x',
        'P0:1a is before P0:1b in program order',
        'P0:1b is related to P1:2 WRITE_ONCE(x, 1) by `all` of the model',
        'P0:1b and P1:2 access the same location',
      ],
    ],
  ];
  test.each(cases)('%s', (_, threads, edges, expected, dialect = 'lkmm') => {
    expect(tell(threads, edges, dialect)).toEqual(expected);
  });
});

test('places are lines, with a letter where a line has several statements', () => {
  const execution = handMadeExecution('P0: W x=1\nP1: R x=1 | lock l');
  const { place, name } = speechOf(execution);
  expect(execution.events.map((event) => place(event.id))).toEqual([
    'initially',
    'initially',
    'P0:1',
    'P1:2a',
    'P1:2b',
    'P1:2b',
  ]);
  expect(name(0)).toBe('the initial x=0');
  expect(execution.events.map((event) => deedOf(event, execution))).toEqual([
    'x is initially 0',
    'l is initially 0',
    'writes 1 to x',
    'reads 1 from x',
    'takes l',
    'takes l',
  ]);
});

test('what a loop does again is told apart', () => {
  const execution = handMadeExecution('P0: R x=0 | R x=0 | R x=0');
  const events = execution.events.map((event) =>
    event.thread < 0 ? event : { ...event, instruction: 0, source: execution.events[1]!.source },
  );
  const again: Execution = { ...execution, events };
  expect([1, 2, 3].map(speechOf(again).place)).toEqual(['P0:1', 'P0:1 (2nd time)', 'P0:1 (3rd time)']);
});
