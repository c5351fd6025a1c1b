/**
 * Where we and the reference tool answer differently on the public collections, why, and which side is right. The goal is an
 * empty table: a difference without a row here fails the comparison (conformance.ts), and so does a row without a difference.
 *
 * Files are named as in the collections, with the collection's folder in front.
 */
import type { DifferenceKind } from './difference.js';

export interface KnownDifference {
  readonly files: readonly string[];
  readonly kinds: readonly DifferenceKind[];
  /** `scope`: what the test is about is none of ours, and it is refused by name. */
  readonly right: 'fencepost' | 'reference' | 'unknown' | 'scope';
  readonly reason: string;
}

const everything: readonly DifferenceKind[] = ['states', 'observation', 'counts'];

export const knownDifferences: readonly KnownDifference[] = [
  {
    files: [
      'x86/MP+mfence-rmw+rmw-mfence.litmus',
      'x86/MP+mfence-rmw+rmw-po.litmus',
      'x86/MP+po+rmw-mfence.litmus',
      'x86/MP+po-rmw+rmw-po.litmus',
      'x86/S+mfence-rmw+po-rmw.litmus',
      'x86/S+po+po-rmw.litmus',
      'x86/S+po+rmw-po.litmus',
      'x86/S+po-rmw+rmw-po.litmus',
    ],
    kinds: everything,
    right: 'fencepost',
    reason:
      "herd7's locked instructions have no program order between their read and their write, so it lets XCHG read a write that comes " +
      "after XCHG's own in coherence order. Locked instructions are atomic (Intel SDM vol. 3A, 9.1). Nothing else differs: " +
      'x86-reference.test.ts.',
  },
  {
    files: ['aarch64/herdtools/AArch64/A265.litmus'],
    kinds: everything,
    right: 'fencepost',
    reason: 'EON of a register with itself is all ones (Arm ARM C6.2), as the test asks; herd7 says 0.',
  },
  {
    files: ['aarch64/herdtools/AArch64/A219.litmus'],
    kinds: ['unfinished'],
    right: 'fencepost',
    reason:
      'An execution loads from an address that is a number, not a location. herd7 drops it without a word; we say that not all was explored.',
  },
  {
    files: [
      'aarch64/herdtools/aarch64-mixed/tests/CoRR+amo.swph0h0-posh0a.w0+w0.litmus',
      'aarch64/herdtools/aarch64-mixed/tests/CoRR+rmwh0h0-posh0a.w0+w0.litmus',
    ],
    kinds: ['refused'],
    right: 'scope',
    reason: 'Mixed-size accesses.',
  },
  {
    files: [
      'aarch64/herdtools/AArch64/A248.litmus',
      'aarch64/herdtools/AArch64/L051.litmus',
      'aarch64/herdtools/AArch64/L086.litmus',
    ],
    kinds: ['refused'],
    right: 'scope',
    reason: 'Instruction fetch: code that is read as data.',
  },
  {
    files: [
      'aarch64/herdtools/aarch64-oban/aarch-24876/tests/coRR+posw0h2+BBM.litmus',
      'aarch64/herdtools/aarch64-oban/aarch-24987/tests/MP+dmb.st+poplv0-pola.litmus',
      'aarch64/herdtools/aarch64-oban/aarch-24989/tests/MP+tlbi-sync.ishaptev1p+poa.litmus',
      'aarch64/herdtools/aarch64-readers-guide/tests/coRR-pte9-mod.litmus',
    ],
    kinds: ['refused'],
    right: 'scope',
    reason: 'Page tables.',
  },
  {
    files: ['aarch64/herdtools/AArch64/W003.litmus'],
    kinds: ['refused'],
    right: 'scope',
    reason: 'Memory tagging.',
  },
  {
    files: ['aarch64/herdtools/AArch64/W008.litmus'],
    kinds: ['refused'],
    right: 'scope',
    reason: 'Faults.',
  },
  {
    files: ['aarch64/herdtools/AArch64/A235.litmus'],
    kinds: ['refused'],
    right: 'scope',
    reason: 'Capabilities.',
  },
  {
    files: ['aarch64/herdtools/AArch64/A256.litmus'],
    kinds: ['refused'],
    right: 'scope',
    reason: 'Nested virtualisation.',
  },
];

export function isKnown(row: KnownDifference, file: string): boolean {
  return row.files.includes(file);
}
