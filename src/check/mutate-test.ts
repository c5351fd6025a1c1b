/**
 * Weakens everything in a test that orders memory, one primitive at a time and each to every weaker form, and asks whether what is
 * expected of the test notices.
 *
 * Sites and forms are those of regress/: a pair of lock and unlock is one. What the test itself does not keep as it stands is told in
 * place of its barriers, for nothing can be learnt from it.
 */
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Change, Site } from '../regress/site.js';
import { defaultSiteOptions, findSites, withChanges } from '../regress/sites.js';
import { type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { positionAt, type SourceFile, type Span } from '../text/source.js';
import { type Judge, judgeName } from '../verdict/judge.js';
import { type PreparedTest, prepareTest } from '../verdict/prepare-test.js';
import { defaultRunOptions, expectationsFor, type RunOptions, selectModels } from '../verdict/run-test.js';
import { barrierName } from './barrier-name.js';
import type { Place } from './check-report.js';
import { MutantJudge } from './mutant-judge.js';
import type {
  Answer,
  Declaration,
  ExpectedAnswer,
  ExpectedAnswers,
  MutatedBarrier,
  MutatedTest,
  Weakening,
} from './mutation.js';
import { readUnguarded, type UnguardedLine } from './unguarded-lines.js';

export interface MutateOptions
  extends Pick<RunOptions, 'unroll' | 'atomics' | 'macros' | 'techniques' | 'begin' | 'expiry' | 'given'> {
  /** Of which those count that something is expected of. */
  readonly models: readonly Judge[] | 'all';
  /** Whether READ_ONCE() and WRITE_ONCE() are made plain accesses, too. */
  readonly plain: boolean;
  /** What is expected of the test beside its comment, or in place of it; null: the comment alone. */
  readonly expected: ((comment: ExpectedAnswers) => ExpectedAnswers) | null;
}

export const defaultMutateOptions: MutateOptions = {
  models: 'all',
  plain: false,
  unroll: null,
  atomics: 'lse',
  macros: null,
  expiry: () => null,
  expected: null,
};

export interface MutateResult {
  /** Null: it is no test, or cannot be brought to a model that something is expected of. */
  readonly test: MutatedTest | null;
  readonly diagnostics: readonly Diagnostic[];
}

function placeOf({ file, start, end }: Span): Place {
  const first = positionAt(file, start);
  const last = positionAt(file, end);
  return {
    file: file.name,
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
  };
}

function declarationOf({ to, isOneForm, reason, span }: UnguardedLine): Declaration {
  return { forms: isOneForm ? [to] : null, reason, place: placeOf(span) };
}

interface Asked {
  readonly judge: Judge;
  readonly expected: ExpectedAnswer;
  /** What it says of the test as it stands. */
  readonly base: Answer;
}

class Mutation {
  readonly asked: readonly Asked[];

  constructor(
    private readonly test: PreparedTest,
    private readonly judge: MutantJudge,
    models: readonly Judge[],
    answers: ExpectedAnswers,
    private readonly macros: PrimitiveTable | null,
  ) {
    this.asked = models.flatMap((model): Asked[] => {
      const expected = answers.get(judgeName(model));
      return expected === undefined
        ? []
        : [{ judge: model, expected, base: judge.answer(test, model, expected, 'as it is') }];
    });
  }

  bases(kind: Answer['kind']): readonly Answer[] {
    return this.asked.flatMap(({ base }) => (base.kind === kind ? [base] : []));
  }

  /** A model that a limit stopped at the test as it stands has no answer to more. */
  private answers(variant: PreparedTest | null, part: string): readonly Answer[] {
    const limit = 'the changed test is not understood';
    return this.asked.map(({ judge, expected, base }) => {
      if (base.kind === 'open') return base;
      if (variant === null) return { kind: 'open', model: judgeName(judge), limit };
      return this.judge.answer(variant, judge, expected, part);
    });
  }

  private weakening(site: Site, change: Change): Weakening | null {
    const { macros } = this;
    const source = withChanges(this.test.source, [change]);
    const variant = prepareTest(source, macros === null ? {} : { macros }).value;
    // without its mark, an access may not tell the type of what it accesses
    if (variant === null && change.plain) return null;
    const part = `${positionAt(site.span.file, site.span.start).line}: ${change.to ?? 'nothing'}`;
    return { to: change.to, answers: this.answers(variant, part) };
  }

  barrier(site: Site, lines: readonly UnguardedLine[]): MutatedBarrier | null {
    const weakenings = site.weaker
      .map((change) => this.weakening(site, change))
      .filter((each) => each !== null);
    if (weakenings.length === 0) return null;
    return {
      name: barrierName(site, this.test.program),
      thread: site.thread,
      primitive: site.primitive,
      statement: site.statement.replace(/;$/, ''),
      place: placeOf(site.span),
      weakenings,
      declarations: lines.filter((line) => line.site === site).map(declarationOf),
    };
  }
}

function commentAnswers(
  test: PreparedTest,
  models: readonly Judge[],
): { readonly answers: ExpectedAnswers; readonly diagnostics: readonly Diagnostic[] } {
  const { byModel, diagnostics } = expectationsFor(test, models);
  const answers = [...byModel].map(([name, expectation]) => [name, { expectation, outcomes: null }] as const);
  return { answers: new Map(answers), diagnostics };
}

/** Weakens the barriers of the test in a file. */
export function mutateTest(source: SourceFile, options: MutateOptions = defaultMutateOptions): MutateResult {
  const { macros, plain } = options;
  const prepared = prepareTest(source, macros === null ? {} : { macros });
  const test = prepared.value;
  const sites = findSites(source, { ...defaultSiteOptions(macros), plain }).value;
  if (test === null || sites === null) return { test: null, diagnostics: prepared.diagnostics };
  const { models, diagnostics: misfits } = selectModels(test, options.models);
  const comment = commentAnswers(test, models);
  const declared = readUnguarded(source, sites);
  const diagnostics = [...prepared.diagnostics, ...misfits, ...comment.diagnostics, ...declared.diagnostics];
  if (hasErrors(diagnostics)) return { test: null, diagnostics };
  const answers = options.expected?.(comment.answers) ?? comment.answers;
  const judge = new MutantJudge({ ...defaultRunOptions, ...options });
  const mutation = new Mutation(test, judge, models, answers, macros);
  const failing = mutation.bases('noticed');
  const barriers = failing.length > 0 ? [] : sites.map((site) => mutation.barrier(site, declared.lines));
  return {
    test: {
      file: source.name,
      test: test.name,
      models: mutation.asked.map(({ judge }) => judgeName(judge)),
      failing,
      open: mutation.bases('open'),
      barriers: barriers.filter((barrier) => barrier !== null),
      searches: judge.searches,
      known: judge.known,
    },
    diagnostics,
  };
}
