/**
 * The lines of a test's comments that expect a verdict, such as ` * Result: Never` and ` * Result(arm64): Never`, and those that are
 * nearly one: a typo must not switch a check off.
 *
 * Before expectation.ts, which says what the lines mean. The kernel's script takes a `Result:` line wherever it stands; so do we, in every
 * comment of the file. Between the code a plain `Result:` may well be about a value: there it counts if a verdict is all that follows.
 */
import { type Comment, removeComments } from '../syntax/comments.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import { nearestName } from '../text/suggest.js';
import { type ExpectedVerdict, expectedVerdicts } from './report.js';

/** A line that expects something: `names` are those in the brackets, null without brackets. */
export interface ResultLine {
  readonly span: Span;
  readonly names: string | null;
  readonly word: string;
  readonly rest: string;
}

export interface ResultLines {
  /** In the order of the file. */
  readonly lines: readonly ResultLine[];
  /** Lines that are meant to expect something, and do not. */
  readonly misspelt: readonly Span[];
}

const WORD = 'Result';

const form = /^[ \t*]*Result(?:[ \t]*\(([^)\n]*)\))?[ \t]*:[ \t]*(\S+)(.*)$/;
/** Anywhere in a file, in a comment or not. */
const kernelForm = /^[( ]\* Result: (\S+)([^\n]*)$/gm;
/** What lists are made with, a word that may be `Result`, and all that follows. */
const beginning = /^[ \t*+\-•#>|]*(?:\d+[.)][ \t]*)?([A-Za-z]+)(.*)$/;
/** Nothing behind a verdict but what ends a sentence or a comment. */
const nothingMore = /^[ \t]*(?:(?:DATARACE|[.,;)*])[ \t.,;)*]*)?$/;

/** `Never`, `DEADLOCK`, `Sometimes.`; null for what is none. */
export function readExpectedVerdict(word: string): ExpectedVerdict | null {
  const plain = word.replace(/[.,;]$/, '').toLowerCase();
  return expectedVerdicts.find((verdict) => verdict.toLowerCase() === plain) ?? null;
}

const LONGEST_NAME = 40;

function isNear(word: string, names: readonly string[]): boolean {
  if (word.length > LONGEST_NAME) return false;
  const isSame = names.some((name) => name.toLowerCase() === word.toLowerCase());
  return isSame || nearestName(word, names) !== null;
}

const fillers: readonly string[] = ['for', 'on', 'under', 'of', 'in', 'and', 'is', 'model'];

/** Nobody names more models before a verdict. */
const MOST_WORDS = 8;
const LONGEST_HEAD = 200;

/** What stands between `Result` and a verdict. */
interface Head {
  readonly text: string;
  readonly hasModel: boolean;
  /** Words that are no model's and none that one might write before one. */
  readonly strangers: number;
  /** The verdict as it is written, perhaps misspelt; null: there is none. */
  readonly verdict: string | null;
  /** Behind the verdict. */
  readonly rest: string;
}

function readHead(text: string, models: readonly string[]): Head {
  let hasModel = false;
  let strangers = 0;
  let words = 0;
  for (const { 0: word, index } of text.matchAll(/[\w.]+(?:-\w+)*/g)) {
    const head = text.slice(0, index);
    const ended = { text: head, hasModel, strangers, verdict: word, rest: text.slice(index + word.length) };
    if (readExpectedVerdict(word) !== null) return ended;
    if (++words > MOST_WORDS || index > LONGEST_HEAD) return { ...ended, verdict: null };
    const isBracketed = /[([{<][^)\]}>]*$/.test(head);
    if (isBracketed || isNear(word, models)) hasModel = true;
    else if (hasModel && /[:=]\s*$/.test(head) && isNear(word, expectedVerdicts)) return ended;
    else if (!fillers.includes(word.toLowerCase()) && !isNear(word, [WORD])) strangers++;
  }
  return { text, hasModel, strangers, verdict: null, rest: '' };
}

/** Whether a line that is in no form of ours was meant to be, as `Result[arm64]: Never` and `Resutl: Never` were. */
function isMeant(line: string, models: readonly string[], isInCode: boolean): boolean {
  const [, word, behind] = beginning.exec(line) ?? [];
  if (word === undefined || behind === undefined || !isNear(word, [WORD])) return false;
  const { text, hasModel, strangers, verdict, rest } = readHead(behind, models);
  const isGlued = /^[([{]/.test(behind);
  // `Result(arm64):` and no more
  if (verdict === null)
    return (
      strangers === 0 && /[:=]\s*$/.test(text) && ((isGlued && hasModel) || (word === WORD && !isInCode))
    );
  const isMarked = /[:=]/.test(text);
  // `Result aarch64: Never`, but not `Result of all that: never`
  if (strangers > (isMarked && !hasModel && /^\s*\w+\s*[:=]\s*$/.test(text) ? 1 : 0)) return false;
  if (nothingMore.test(rest)) return true;
  // not in the midst of a sentence: `the\n * result: never any other`
  const isSpelt = expectedVerdicts.includes(verdict as ExpectedVerdict) || verdict === verdict.toUpperCase();
  return isGlued || (isMarked && (hasModel || isSpelt));
}

/** Whether there is one more expectation behind that of a line: `Never; Result(x86): Always`, `Never, x86: Always`. */
function hasSecond(behind: string, models: readonly string[]): boolean {
  const rest = behind.slice(0, LONGEST_HEAD);
  if (/\bResult[ \t]*[([{:=]/i.test(rest)) return true;
  return [...rest.matchAll(/([\w.-]+)[ \t]*[)\]}]?[ \t]*[:=][ \t]*([\w.]+)/g)].some(
    ([, name = '', verdict = '']) => models.includes(name) && readExpectedVerdict(verdict) !== null,
  );
}

/** Reads the lines of comments. */
class CommentReader {
  readonly lines: ResultLine[] = [];
  readonly misspelt: Span[] = [];

  constructor(
    private readonly source: SourceFile,
    private readonly models: readonly string[],
    /** Where the code begins. */
    private readonly code: number,
  ) {}

  read({ start, text }: Comment): void {
    let at = start + '(*'.length;
    for (const line of text.split('\n')) {
      this.readLine(line.replace(/\r$/, ''), at);
      at += line.length + 1;
    }
  }

  private readLine(line: string, at: number): void {
    const trimmed = line.trim();
    const start = at + line.indexOf(trimmed);
    const span = spanOf(this.source, start, start + trimmed.length);
    const [, names, word, rest = ''] = form.exec(line) ?? [];
    const isInCode = at > this.code;
    if (word === undefined) {
      if (isMeant(line, this.models, isInCode)) this.misspelt.push(span);
      return;
    }
    const isOfVerdict = readExpectedVerdict(word) !== null && nothingMore.test(rest);
    if (names === undefined && isInCode && !isOfVerdict) return;
    this.lines.push({ span, names: names ?? null, word, rest });
    if (hasSecond(rest, this.models)) this.misspelt.push(span);
  }
}

/** `models`: the names that may stand in the brackets. */
export function findResultLines(source: SourceFile, models: readonly string[]): ResultLines {
  const { text, comments } = removeComments(source);
  const brace = text.indexOf('{');
  const reader = new CommentReader(source, models, brace < 0 ? text.length : brace);
  for (const comment of comments) reader.read(comment);
  const lineOf = ({ start }: Span): number => source.text.lastIndexOf('\n', start - 1) + 1;
  const known = new Set(reader.lines.map(({ span }) => lineOf(span)));
  const others = [...source.text.matchAll(kernelForm)].flatMap((match): ResultLine[] => {
    const [whole, word = '', rest = ''] = match;
    if (known.has(match.index)) return [];
    const span = spanOf(source, match.index + 1, match.index + whole.trimEnd().length);
    return [{ span, names: null, word, rest }];
  });
  const lines = [...reader.lines, ...others].sort((a, b) => a.span.start - b.span.start);
  return { lines, misspelt: reader.misspelt };
}
