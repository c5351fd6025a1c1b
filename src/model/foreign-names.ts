/**
 * Names that published models find predefined and that have no meaning here, with what they are about: for error messages.
 *
 * Sources: the architectures and the predefined names of the diy manual, and the model files of its distribution.
 */
import type { Dialect } from '../program/ir.js';

interface Vocabulary {
  readonly pattern: RegExp;
  /** After "`name` is ". */
  readonly meaning: string;
}

const unread = (language: string): string => `about ${language} programs, which are not read here`;

const vocabularies: readonly Vocabulary[] = [
  { pattern: /^(Fence\.[a-z.]+|Acq|Rel|AcqRel|Sc|AQ|RL|RCsc|EX)$/, meaning: unread('RISC-V') },
  { pattern: /^(SYNC|LWSYNC|EIEIO|ISYNC)$/, meaning: unread('Power and MIPS') },
  { pattern: /^(DMB|DSB|DMB\.ST|DSB\.ST)$/, meaning: unread('32-bit Arm') },
  { pattern: /^(ACQ|REL|ACQ_REL|SC|CON|RLX|NA|ATOMIC|LS|LK|lo|asw|I)$/, meaning: unread('C11') },
  {
    pattern:
      /^(iico_[a-z]+|rf-reg|partial_po|same-instance|PoD|DATA|NDATA|ADDR|Rreg|Wreg|PRED|BCC|pick-[a-z-]+)$/,
    meaning:
      'about the events inside of instructions, which are not modelled: addr, data and ctrl are predefined',
  },
  { pattern: /^B$/, meaning: 'the set of branch events, which are not modelled: ctrl is predefined' },
  {
    pattern: /^(tag2scope|tag2level|tag2fence|scopes|regions|same-oa|same-low-order-bits)$/,
    meaning: 'not modelled',
  },
];

const architectures: ReadonlyMap<string, { readonly language: string; readonly dialect: Dialect | null }> =
  new Map([
    ['X86', { language: 'x86', dialect: 'x86' }],
    ['X86_64', { language: 'x86', dialect: 'x86' }],
    ['AArch64', { language: '64-bit Arm', dialect: 'arm64' }],
    ['ARM', { language: '32-bit Arm', dialect: null }],
    ['PPC', { language: 'Power', dialect: null }],
    ['MIPS', { language: 'MIPS', dialect: null }],
    ['RISCV', { language: 'RISC-V', dialect: null }],
    ['BPF', { language: 'BPF', dialect: null }],
  ]);

/** The dialect that a model with this architecture in its title is about; null if it names none of ours. */
export function dialectOfArchitecture(architecture: string): Dialect | null {
  return architectures.get(architecture)?.dialect ?? null;
}

/** What to say of a model with this architecture in its title for programs of these dialects, or null. */
export function architectureRemark(architecture: string, dialects: readonly Dialect[]): string | null {
  const known = architectures.get(architecture);
  if (known === undefined) return null;
  const { language, dialect } = known;
  if (dialect === null) return `a model of ${language} programs, which are not read here`;
  return dialects.includes(dialect)
    ? null
    : `a model of ${language} programs, for ${dialects.join(' or ')} programs`;
}

/** What a name is about that fencepost does not have, or null. */
export function foreignMeaning(name: string): string | null {
  const vocabulary = vocabularies.find(({ pattern }) => pattern.test(name));
  return vocabulary === undefined ? null : `\`${name}\` is ${vocabulary.meaning}`;
}
