/**
 * The verdicts that a test itself expects, in its comment: ` * Result: Sometimes` for the model of the test's own
 * language (lkmm for C, as in the kernel's tests) and ` * Result(arm64): Never` for a named one.
 *
 * `Result(x86, sc): Never` names several; `DATARACE` behind the verdict expects the flag too, as the kernel's scripts
 * read it. A line that looks like an expectation and is none is a warning, for a typo must not switch a check off.
 */
import { type Diagnostic, warningAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type { Expectation, ModelRun } from './report.js';
import { type Verdict, verdicts } from './verdict.js';

export interface Expectations {
  readonly byModel: ReadonlyMap<string, Expectation>;
  readonly diagnostics: readonly Diagnostic[];
}

const line = /^[ \t*]*Result(?:[ \t]*\(([^)\n]*)\))?[ \t]*:[ \t]*(\S+)([^\n]*)$/gm;

/** The place of a comment's line in the file; the comment itself has lost its positions. */
function locate(source: SourceFile, text: string): Span | null {
  const trimmed = text.trim();
  const start = source.text.indexOf(trimmed);
  return start < 0 ? null : spanOf(source, start, start + trimmed.length);
}

function readVerdict(word: string): Verdict | null {
  const plain = word.replace(/[.,;]$/, '').toLowerCase();
  return verdicts.find((verdict) => verdict.toLowerCase() === plain) ?? null;
}

/**
 * Reads a test's comment. `ownModel` is what a plain `Result:` is about; `knownModels` are the names that may stand
 * in the brackets.
 */
export function readExpectations(
  source: SourceFile,
  comment: string,
  ownModel: string,
  knownModels: readonly string[],
): Expectations {
  const byModel = new Map<string, Expectation>();
  const diagnostics: Diagnostic[] = [];
  for (const [whole, names, word = '', rest = ''] of comment.matchAll(line)) {
    const span = locate(source, whole);
    const verdict = readVerdict(word);
    if (verdict === null || verdict === 'Unknown') {
      const message = `expected a verdict after \`Result:\`, found \`${word}\``;
      const hint = didYouMean(word, verdicts) ?? 'one of Never, Sometimes, Always, Deadlock';
      diagnostics.push(warningAt(span, 'expectation-unknown-verdict', message, { hint }));
      continue;
    }
    const dataRace = /\bDATARACE\b/.test(rest);
    for (const name of names === undefined ? [ownModel] : names.split(',').map((part) => part.trim())) {
      if (!knownModels.includes(name)) {
        const hint = didYouMean(name, knownModels) ?? `the models are ${knownModels.join(', ')}`;
        diagnostics.push(
          warningAt(span, 'expectation-unknown-model', `unknown model \`${name}\` in \`Result(...)\``, {
            hint,
          }),
        );
      } else if (byModel.has(name)) {
        diagnostics.push(
          warningAt(span, 'expectation-repeated', `a second \`Result\` for ${name}; the first one counts`),
        );
      } else byModel.set(name, { verdict, dataRace });
    }
  }
  return { byModel, diagnostics };
}

/** `expected Never`, or null where the run is as expected. A limit that left the verdict open is no mismatch. */
export function mismatch(run: ModelRun, expectation: Expectation | undefined): string | null {
  if (expectation === undefined || run.verdict === 'Unknown') return null;
  if (run.verdict !== expectation.verdict) return `expected ${expectation.verdict}`;
  // verdict mode does not look for flags
  if (!run.enumerated) return null;
  const raced = run.result.flags.some((flag) => flag.name === 'data-race');
  return expectation.dataRace && !raced && run.result.limit === null ? 'expected a data race' : null;
}
