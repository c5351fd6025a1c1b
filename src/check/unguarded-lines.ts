/**
 * The barriers that a test itself declares unguarded, in its comment:
 *
 *    * Unguarded: P1 smp_mb(): shown to be no help; the lock does it
 *    * Unguarded: P0 smp_mb() -> smp_wmb(): this question is about the stores alone
 *    * Unguarded: P0 raw_spin_lock(&p->blocked_lock) #2: what is done under it is not asked for
 *
 * Thread, statement and reason. Without `->` it is about every weaker form, `-> nothing` about the removal; `#2` tells alike statements
 * of one thread apart. The reason may go on in the next lines, up to an empty one or one that begins with a word and a colon. A line
 * that names no statement is a warning, for a typo must not leave a barrier without its reason, nor one that is gone with it.
 */
import type { Site } from '../regress/site.js';
import { oneLine } from '../regress/text-edit.js';
import { type Diagnostic, warningAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import { didYouMean, nearestName } from '../text/suggest.js';

export interface UnguardedLine {
  readonly site: Site;
  readonly to: string | null;
  /** Whether it is about the form `to` alone: null is then the removal. */
  readonly isOneForm: boolean;
  readonly reason: string;
  readonly span: Span;
}

export interface UnguardedLines {
  readonly lines: readonly UnguardedLine[];
  readonly diagnostics: readonly Diagnostic[];
}

const WORD = 'Unguarded';
/** Characters of a declaration; the time to take one apart grows with their square. */
const LONGEST = 2000;
const FORM = 'write `Unguarded: P1 smp_mb(): why nothing needs it`';

interface Written {
  readonly text: string;
  readonly span: Span;
}

/** The lines of comments in the text of the file that begin with the word, or nearly, each with those that continue it. */
function writtenLines(source: SourceFile): { readonly found: Written[]; readonly misspelt: Written[] } {
  const found: Written[] = [];
  const misspelt: Written[] = [];
  const begin = /^[ \t]*\*[ \t]*([A-Za-z]+)[ \t]*:[ \t]*(.*)$/gm;
  for (const match of source.text.matchAll(begin)) {
    const [whole, word = '', first = ''] = match;
    const isWord = word === WORD;
    const isNear = nearestName(word, [WORD]) !== null && /^[A-Za-z]+\d+ \S/.test(first);
    if (!isWord && !isNear) continue;
    const start = match.index + whole.search(/[A-Za-z]/);
    const span = spanOf(source, start, match.index + whole.trimEnd().length);
    const more = continuation(source.text, match.index + whole.length + 1);
    (isWord ? found : misspelt).push({ text: oneLine([first, ...more].join(' ')), span });
  }
  return { found, misspelt };
}

/** The lines from `start` on that go on with what stands before them. */
function continuation(text: string, start: number): string[] {
  const lines: string[] = [];
  let length = 0;
  for (let at = start; at < text.length && length <= LONGEST; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    const isMore = /^[ \t]*\*[ \t]+[^\s)]/.test(line) && !/^[ \t*]*[A-Z]\w*(?:\([^)]*\))?:/.test(line);
    // the last line of a text has no comment's end behind it
    if (end < 0 || !isMore) break;
    lines.push(line.replace(/^[ \t]*\*/, ''));
    length += line.length;
    at = end + 1;
  }
  return lines;
}

/** A statement or a form without what layout adds. */
function plainText(text: string): string {
  return text.replace(/\s+/g, '').replace(/;$/, '');
}

function shownStatement({ thread, statement }: Site): string {
  return `${thread} ${statement.replace(/;$/, '')}`;
}

/** The sites that are meant by a statement: those that are it, or else those of which it is a part. */
function sitesNamed(sites: readonly Site[], thread: string, text: string): readonly Site[] {
  const mine = sites.filter((site) => site.thread === thread);
  const wanted = plainText(text);
  const exact = mine.filter(({ statement }) => plainText(statement) === wanted);
  return exact.length > 0 ? exact : mine.filter(({ statement }) => plainText(statement).includes(wanted));
}

function readLine({ text, span }: Written, sites: readonly Site[]): UnguardedLine | Diagnostic {
  const form = /^(\S+) (.+?)(?: #(\d+))?(?: -> (.+?))?\s*:(?:\s+(.*))?$/;
  const parts = text.length > LONGEST ? null : form.exec(text);
  if (parts === null) {
    const message = 'expected a thread, its statement, a colon and a reason behind `Unguarded:`';
    return warningAt(span, 'unguarded-unreadable', message, { hint: FORM });
  }
  const [, thread = '', statement = '', number, to, reason = ''] = parts;
  if (reason === '')
    return warningAt(span, 'unguarded-no-reason', 'expected a reason behind the statement', { hint: FORM });
  const named = sitesNamed(sites, thread, statement);
  if (named.length === 0) {
    const message = `${thread} has no barrier, lock or ordered access \`${statement}\``;
    const all = sites.map(shownStatement);
    const hint =
      didYouMean(`${thread} ${statement}`, all) ?? `those that can be weaker: ${all.join(', ') || 'none'}`;
    return warningAt(span, 'unguarded-no-such-statement', message, { hint });
  }
  const site = named[Number(number ?? '1') - 1];
  if (site === undefined || (number === undefined && named.length > 1)) {
    const message = `${thread} has \`${statement}\` ${named.length === 1 ? 'once' : `${named.length} times`}`;
    const hint = named.length === 1 ? 'leave the number out' : `say which one: \`${thread} ${statement} #1\``;
    return warningAt(span, 'unguarded-ambiguous', message, { hint });
  }
  if (to === undefined) return { site, to: null, isOneForm: false, reason, span };
  const weaker = site.weaker.find((change) => plainText(change.to ?? 'nothing') === plainText(to));
  if (weaker === undefined) {
    const forms = site.weaker.map((change) => change.to ?? 'nothing');
    const message = `\`${to}\` is no weaker form of \`${statement}\``;
    return warningAt(span, 'unguarded-no-such-form', message, { hint: `these are: ${forms.join(', ')}` });
  }
  return { site, to: weaker.to, isOneForm: true, reason, span };
}

/** What a test's text declares of its sites. */
export function readUnguarded(source: SourceFile, sites: readonly Site[]): UnguardedLines {
  const weakened = sites.filter(({ weaker }) => weaker.length > 0);
  const { found, misspelt } = writtenLines(source);
  const read = found.map((written) => readLine(written, weakened));
  return {
    lines: read.filter((each) => 'site' in each),
    diagnostics: [
      ...read.filter((each) => 'code' in each),
      ...misspelt.map(({ span }) =>
        warningAt(
          span,
          'unguarded-misspelt',
          'this declares no barrier unguarded: such a line begins with `Unguarded:`',
          { hint: FORM },
        ),
      ),
    ],
  };
}
