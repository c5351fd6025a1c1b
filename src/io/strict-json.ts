/** JSON as programs write it, with no comments and nothing too many; what is none is told where it stops being JSON. */
import { type ParseError, printParseErrorCode, visit } from 'jsonc-parser';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';

/** `InvalidSymbol` -> `invalid symbol`. */
export function wordsOf({ error }: Pick<ParseError, 'error'>): string {
  return printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** Of the first place where the text is no JSON. */
function firstFault({ text }: SourceFile): ParseError | null {
  let first: ParseError | null = null;
  const onError = (error: ParseError['error'], offset: number, length: number): void => {
    first ??= { error, offset, length };
  };
  try {
    visit(text, { onError }, { disallowComments: true });
    return first;
  } catch (error) {
    // The library recurses, JSON.parse does not: such text is told without a place.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function faultOf(source: SourceFile, what: string, reason: string): Diagnostic {
  const { text } = source;
  const end = text.trimEnd().length;
  const start = text.search(/\S/);
  const at = (offset: number, length: number) => {
    const from = Math.min(offset, end - 1);
    return spanOf(source, from, Math.min(end, from + Math.max(1, length)));
  };
  if (text[start] !== '{' && text[start] !== '[')
    return errorAt(at(start, 1), 'not-json', `this is no JSON: expected ${what}`);
  const fault = firstFault(source);
  if (fault === null) return errorAt(null, 'not-json', `${source.name}: this is no JSON: ${reason}`);
  const words = wordsOf(fault);
  const rest = text.slice(fault.offset, end);
  // `nul`, too.
  if (words.startsWith('unexpected end') || ['true', 'false', 'null'].some((word) => word.startsWith(rest)))
    return errorAt(at(end, 1), 'not-json', `this ends in the middle of ${what}`, {
      hint: 'what was to write it was ended, or is still at work',
    });
  return errorAt(at(fault.offset, fault.length), 'not-json', `this is no JSON: ${words}`);
}

/** `null` is JSON, too. */
export interface JsonData {
  readonly data: unknown;
}

/** `what`: what the file should be, `the report of a shard`. */
export function readStrictJson(source: SourceFile, what: string): Checked<JsonData> {
  const { name, text } = source;
  if (text.trim() === '') {
    const hint = 'what was to write it has failed, or is still at work';
    const message = `${name}: this file is empty: expected ${what}`;
    return { value: null, diagnostics: [errorAt(null, 'not-json', message, { hint })] };
  }
  try {
    return checked({ data: JSON.parse(text) as unknown }, []);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { value: null, diagnostics: [faultOf(source, what, reason)] };
  }
}
