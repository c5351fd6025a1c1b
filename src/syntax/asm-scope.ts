/**
 * Features of the litmus format that no assembly test here may use, refused by their name before the grammars stumble over their
 * notation: one error, at the first place that shows the feature.
 *
 * Source of the notation: the herd tools' variants for AArch64 (faults, page tables, memory tagging, capabilities, vectors,
 * instruction fetch). What only an instruction shows is refused where instructions get their meaning.
 */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { spanOf } from '../text/source.js';
import type { Layout, Range } from './layout.js';

interface Feature {
  readonly subject: string;
  /** Global; the match, or its first group, is what the error shows. */
  readonly pattern: RegExp;
  readonly sections: readonly Section[];
}

type Section = 'header' | 'init' | 'body' | 'tail';

const PAGE_TABLES = 'page tables';
const TAGGING = 'memory tagging';
const CAPABILITIES = 'capabilities';
const VECTORS = 'vector registers';
const FETCH = 'instruction fetch';
const AUTHENTICATION = 'pointer authentication';
const FAULTS = 'faults';

/** What herd's variants switch on. A variant that is not here changes something unknown. */
const VARIANTS: ReadonlyMap<string, string> = new Map([
  ...['vmsa', 'kvm', 'mlpt', 'ets', 'ets2', 'ets3', 'exs', 'eis', 'bbm'].map(
    (name) => [name, PAGE_TABLES] as const,
  ),
  ...['memtag', 'mte', 'sync', 'async', 'asymmetric'].map((name) => [name, TAGGING] as const),
  ['morello', CAPABILITIES],
  ...['ifetch', 'self'].map((name) => [name, FETCH] as const),
  ...['pac', 'const-pac-field', 'fpac'].map((name) => [name, AUTHENTICATION] as const),
  ...['fatal', 'handled', 'skip', 'precise', 'imprecise', 'faulttoend'].map(
    (name) => [name, FAULTS] as const,
  ),
  ['nv2', 'nested virtualisation'],
]);

/** Variants without a meaning of their own: what they allow is refused where a test uses it. */
const HARMLESS = new Set(['mixed', 'fullmixed', 'neon', 'sve', 'sme']);

const COLOURS = 'green|red|blue|black|white|cyan|yellow|magenta';

const FEATURES: readonly Feature[] = [
  { subject: PAGE_TABLES, pattern: /^[ \t]*(TTHM[ \t]*=.*)/gim, sections: ['header'] },
  { subject: 'exception levels', pattern: /^[ \t]*(EL[0-3][ \t]*=.*)/gim, sections: ['header'] },
  { subject: 'exception handlers', pattern: /\bP\d+\.F\b/g, sections: ['body'] },
  {
    subject: PAGE_TABLES,
    pattern: /\b(?:(?:PTE|PA|TTD|PTD|PMD|PUD|PGD)\s*\([^()]*\)|pteval_t\b|parel1_t\b|oa\s*:)/g,
    sections: ['init', 'tail'],
  },
  {
    subject: TAGGING,
    // A label may be called `red`, but follows a thread.
    pattern: new RegExp(
      `\\btag\\s*\\([^()]*\\)|(?<!\\bP?\\d+\\s*)(?!P?\\d+\\s*:)(?:\\b\\w+\\s*)?:\\s*(?:${COLOURS})\\b`,
      'g',
    ),
    sections: ['init', 'tail'],
  },
  {
    subject: CAPABILITIES,
    pattern: /\b0x[0-9a-f]+:\w+:\d+|\b\d+\s*:\s*C(?:[12]?\d|30)\b/gi,
    sections: ['init', 'tail'],
  },
  { subject: 'values of 128 bits', pattern: /\b(?:__)?u?int128(?:_t)?\b/g, sections: ['init', 'tail'] },
  { subject: FETCH, pattern: /\binstr\s*:\s*"[^"\n]*"?/g, sections: ['init', 'tail'] },
  { subject: AUTHENTICATION, pattern: /\bpac[a-z]*\s*\([^()]*\)/g, sections: ['init', 'tail'] },
  { subject: FAULTS, pattern: /\b[Ff]ault\s*\([^()]*\)/g, sections: ['tail'] },
  {
    subject: VECTORS,
    pattern: /\b\d+\s*:\s*[VZQDSHB](?:[12]?\d|3[01])(?:\.\w+)?\b/g,
    sections: ['init', 'tail'],
  },
  {
    subject: VECTORS,
    pattern:
      /[\s,{[]((?:[VZQDSHB](?:[12]?\d|3[01])|P(?:\d|1[0-5])\/[MZ])(?:\.\d*[BHSDQ])?)(?=[\s,;|[\]}/]|$)/gi,
    sections: ['body'],
  },
  { subject: CAPABILITIES, pattern: /[\s,[](C(?:[12]?\d|30|SP))(?=[\s,;|\]]|$)/g, sections: ['body'] },
];

const SCOPES: Feature = { subject: 'scopes', pattern: /^[ \t]*scopes[ \t]*:/gim, sections: ['body', 'tail'] };

interface Found {
  readonly subject: string;
  readonly range: Range;
}

/** The first variant in the header that is out of scope. */
function findVariant({ text }: Layout, header: Range): Found | null {
  const pattern = /^[ \t]*Variant[ \t]*=/gim;
  const line = pattern.exec(text.slice(header.start, header.end));
  if (line === null) return null;
  const word = /[^\s,]+/g;
  word.lastIndex = header.start + line.index + line[0].length;
  const end = /\n|$/.exec(text.slice(word.lastIndex))!.index + word.lastIndex;
  for (let m = word.exec(text); m !== null && m.index < end; m = word.exec(text)) {
    const name = m[0].toLowerCase();
    if (!HARMLESS.has(name))
      return {
        subject: VARIANTS.get(name) ?? 'variants',
        range: { start: m.index, end: m.index + m[0].length },
      };
  }
  return null;
}

/** The words that are labels: these name no register. */
function labelsOf(text: string, { start, end }: Range): ReadonlySet<string> {
  const labels = text.slice(start, end).matchAll(/([\w.]+)\s*:/g);
  return new Set([...labels].map(([, name]) => name!));
}

function findIn(
  { subject, pattern }: Feature,
  text: string,
  range: Range,
  labels: ReadonlySet<string>,
): Found | null {
  const section = text.slice(range.start, range.end);
  for (const match of section.matchAll(pattern)) {
    const shown = (match[1] ?? match[0]).trimStart();
    if (labels.has(shown)) continue;
    const start = range.start + match.index + match[0].lastIndexOf(shown);
    return { subject, range: { start, end: start + shown.trimEnd().length } };
  }
  return null;
}

/** The refusal of the first feature in the file that is out of scope; null if there is none. */
export function refuseFeatures(layout: Layout): Diagnostic | null {
  const { source, text, init, body, tail, nameSpan } = layout;
  const sections = { header: { start: nameSpan.end, end: init.start - 1 }, init, body, tail } as const;
  const isArm = layout.dialect === 'AArch64';
  const labels = labelsOf(text, body);
  const none: ReadonlySet<string> = new Set();
  const found = [isArm ? findVariant(layout, sections.header) : null];
  for (const feature of isArm ? [...FEATURES, SCOPES] : [SCOPES])
    for (const section of feature.sections)
      found.push(findIn(feature, text, sections[section], section === 'body' ? labels : none));
  const first = found.reduce(
    (a, b) => (a === null || (b !== null && b.range.start < a.range.start) ? b : a),
    null,
  );
  if (first === null) return null;
  const { subject, range } = first;
  const shown = text.slice(range.start, range.end).replace(/\s+/g, ' ');
  return errorAt(
    spanOf(source, range.start, range.end),
    'unsupported',
    `unsupported: ${subject}: \`${shown}\``,
  );
}
