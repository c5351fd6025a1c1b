/**
 * The event vocabulary of each dialect: the predefined cat names that a model may use on programs of that dialect.
 *
 * Names are those of the published models, so that these run unmodified. Sources: linux-kernel.bell and lock.cat of the
 * kernel's tools/memory-model (lkmm); herd's AArch64 and X86 architecture descriptions.
 */
import type { Dialect } from './ir.js';

/** Pairs of accesses whose values differ: what `different-values(r)` keeps of r. */
export const DIFFERENT_VALUE = 'different-value';
/** The last writes of the locations, and what they and the initial writes say of coherence: for models that make it. */
export const FINAL_WRITES = 'FW';
export const KNOWN_ORDER = 'co0';

/** Sets that every dialect has: reads, writes, both, fences, initial writes, the events of read-modify-writes. */
export const commonSets = ['R', 'W', 'M', 'F', 'IW', 'RMW', FINAL_WRITES] as const;

/**
 * Dependencies: from a read to what its value goes into or decides. The `pick-` ones are through a selection (Arm's pick
 * dependencies); they are empty elsewhere.
 */
export const dependencies = ['addr', 'data', 'ctrl', 'pick-addr', 'pick-data', 'pick-ctrl'] as const;

/**
 * Relations that every dialect has. `sca-class` relates the accesses of a pair (LDXP, STXP, CASP) that are
 * single-copy atomic together. `rmw` pairs the read with the write of a read-modify-write; `amo` and `lxsx` are its
 * parts from single instructions and from exclusive pairs.
 */
export const commonRelations = [
  'po',
  'rf',
  'co',
  ...dependencies,
  'rmw',
  'amo',
  'lxsx',
  'sca-class',
  'loc',
  'int',
  'ext',
  'id',
  KNOWN_ORDER,
  DIFFERENT_VALUE,
] as const;

/** Tags of instructions, by dialect: each is the name of the set of the events that carry it. */
export const tags: Readonly<Record<Dialect, readonly string[]>> = {
  lkmm: [
    // accesses
    'Plain',
    'Once',
    'Acquire',
    'Release',
    'Mb',
    'Noreturn',
    // fences (Mb too)
    'Rmb',
    'Wmb',
    'Barrier',
    'Before-atomic',
    'After-atomic',
    'After-spinlock',
    'After-unlock-lock',
    'After-srcu-read-unlock',
    // RCU: fences; SRCU: a load, a store, and a fence about the object
    'Rcu-lock',
    'Rcu-unlock',
    'Sync-rcu',
    'Srcu-lock',
    'Srcu-unlock',
    'Sync-srcu',
    // locks: read and write of an acquisition, unlock, failed trylock, spin_is_locked that saw 1 or 0
    'LKR',
    'LKW',
    'UL',
    'LF',
    'RL',
    'RU',
  ],
  arm64: [
    // acquire, acquirePC, release, exclusive, the read of an atomic without a result
    'A',
    'Q',
    'L',
    'X',
    'NoRet',
    'ISB',
    ...['DMB', 'DSB'].flatMap((kind) =>
      ['ISH', 'ISHLD', 'ISHST', 'SY', 'LD', 'ST', 'NSH', 'NSHLD', 'NSHST', 'OSH', 'OSHLD', 'OSHST'].map(
        (type) => `${kind}.${type}`,
      ),
    ),
  ],
  // locked accesses, non-temporal stores, the fences
  x86: ['X', 'NT', 'MFENCE', 'SFENCE', 'LFENCE'],
};
