/**
 * The verdicts that a test itself expects, in its comment: ` * Result: Sometimes` for the model of the test's own
 * language (lkmm for C, as in the kernel's tests) and ` * Result(arm64): Never` for a named one; and how a run differs from them.
 *
 * Read as the kernel's judgelitmus.sh reads them: `DEADLOCK` expects that no execution completes, `Maybe` that some do, and
 * `DATARACE` behind the verdict expects the flag. A flag that is raised and not announced is a difference too, as is one that is
 * announced and not raised; where it is raised, another verdict is forgiven, for a program that races has none to rely on. A deadlock
 * is never forgiven. The kernel's script takes the first `Result:` line of the file, wherever it stands: so do we.
 *
 * `Result(x86, sc): Never` names several. A line that looks like an expectation and is none is a warning, for a typo must not switch
 * a check off. Which lines they are: result-lines.ts.
 */
import { type Diagnostic, warningAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanText } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { type Expectation, expectedVerdicts, type ModelRun } from './report.js';
import { findResultLines, readExpectedVerdict } from './result-lines.js';

export interface Expectations {
  readonly byModel: ReadonlyMap<string, Expectation>;
  readonly diagnostics: readonly Diagnostic[];
}

function unknownVerdict(span: Span, word: string): Diagnostic {
  const message = `expected a verdict after \`Result:\`, found \`${word}\``;
  const hint = didYouMean(word, expectedVerdicts) ?? `one of ${expectedVerdicts.join(', ')}`;
  return warningAt(span, 'expectation-unknown-verdict', message, { hint });
}

/** Lines such as `Reslut: Never` or `Result[arm64]: Never`, which expect nothing, and the second expectation of a line. */
function misspelt(span: Span): Diagnostic {
  const text = spanText(span).replace(/^[*\s]+/, '');
  const isRead = /^Result[ \t]*(\([^)]*\))?[ \t]*:[ \t]*\S/.test(text);
  const message = isRead ? `\`${text}\` is more than one expectation` : `\`${text}\` is no expectation`;
  const hint = 'one is a line such as `Result: Never` or `Result(arm64): Never`';
  return warningAt(span, 'expectation-misspelt', message, { hint });
}

/**
 * Reads a test's comments. `ownModel` is what a plain `Result:` is about; `knownModels` are the names that may stand
 * in the brackets.
 */
export function readExpectations(
  source: SourceFile,
  ownModel: string,
  knownModels: readonly string[],
): Expectations {
  const byModel = new Map<string, Expectation>();
  const diagnostics: Diagnostic[] = [];
  const found = findResultLines(source, knownModels);
  for (const { span, names, word, rest } of found.lines) {
    const verdict = readExpectedVerdict(word);
    if (verdict === null) {
      diagnostics.push(unknownVerdict(span, word));
      continue;
    }
    const dataRace = /\bDATARACE\b/.test(rest);
    for (const name of names === null ? [ownModel] : names.split(',').map((part) => part.trim())) {
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
      } else byModel.set(name, { verdict, dataRace, span });
    }
  }
  return { byModel, diagnostics: [...diagnostics, ...found.misspelt.map(misspelt)] };
}

export const DATA_RACE = 'data-race';

/** How a run differs from what is expected of it. */
export type Mismatch =
  /** `forgiven`: the program races, and then the verdict says little. */
  | { readonly kind: 'verdict'; readonly forgiven: boolean }
  /** Raised and not expected, or expected and not raised. */
  | { readonly kind: 'data-race'; readonly raised: boolean };

/** What a limit left open is no difference: neither a verdict that is Unknown, nor a flag that may still be raised. */
export function mismatches(run: ModelRun, expectation: Expectation | undefined): readonly Mismatch[] {
  if (expectation === undefined) return [];
  const found: Mismatch[] = [];
  const raised = run.result.flags.some((flag) => flag.name === DATA_RACE);
  // verdict mode does not look for flags
  const isLooked = run.enumerated && (raised || run.result.limit === null);
  if (isLooked && raised !== expectation.dataRace) found.push({ kind: 'data-race', raised });
  const { verdict } = run;
  const isMet =
    verdict === 'Unknown' ||
    (expectation.verdict === 'Maybe' ? verdict !== 'Deadlock' : verdict === expectation.verdict);
  if (!isMet) {
    const isDeadlock = verdict === 'Deadlock' || expectation.verdict === 'Deadlock';
    found.push({ kind: 'verdict', forgiven: raised && !isDeadlock });
  }
  return found;
}

/** `expected Never`, or null where the run is as expected, or all that differs is forgiven. */
export function mismatch(run: ModelRun, expectation: Expectation | undefined): string | null {
  const wrong = mismatches(run, expectation).filter((each) => each.kind !== 'verdict' || !each.forgiven);
  const texts = wrong.map((each) => {
    if (each.kind === 'verdict') return `expected ${expectation?.verdict}`;
    return each.raised ? 'expected no data race' : 'expected a data race';
  });
  return texts.length === 0 ? null : texts.join(', ');
}

/** `expected Never, forgiven for its data race`, or null. */
export function forgiven(run: ModelRun, expectation: Expectation | undefined): string | null {
  const isForgiven = mismatches(run, expectation).some((each) => each.kind === 'verdict' && each.forgiven);
  return isForgiven ? `expected ${expectation?.verdict}, forgiven for its data race` : null;
}
