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
import { type Checked, checked, type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { positionAt, type SourceFile } from '../text/source.js';
import { type Judge, judgedDialect, judgeName } from '../verdict/judge.js';
import { type PreparedTest, prepareTest } from '../verdict/prepare-test.js';
import { defaultRunOptions, expectationsFor, type RunOptions, selectModels } from '../verdict/run-test.js';
import { barrierName } from './barrier-name.js';
import {
  combineExpectations,
  type FileExpectations,
  isOwnModel,
  noExpectations,
  placeOf,
} from './expected.js';
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
  extends Pick<
    RunOptions,
    'ofMany' | 'unroll' | 'atomics' | 'macros' | 'techniques' | 'begin' | 'expiry' | 'given'
  > {
  /** Of which those count that something is expected of. */
  readonly models: readonly Judge[] | 'all';
  /** Whether READ_ONCE() and WRITE_ONCE() are made plain accesses, too. */
  readonly plain: boolean;
  /** What is expected of the test beside what its comment says. */
  readonly expectations: FileExpectations;
}

export const defaultMutateOptions: MutateOptions = {
  models: 'all',
  plain: false,
  unroll: null,
  atomics: 'lse',
  macros: null,
  expiry: () => null,
  expectations: noExpectations,
};

export interface MutateResult {
  /** Null: it is no test, or cannot be brought to a model that something is expected of. */
  readonly test: MutatedTest | null;
  readonly diagnostics: readonly Diagnostic[];
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

/** By the comment, the project file and the baseline. */
function answersFor(
  test: PreparedTest,
  models: readonly Judge[],
  { project, baseline }: FileExpectations,
): Checked<ExpectedAnswers> {
  const { byModel: comment, diagnostics } = expectationsFor(test, models);
  const asked = models.map((judge) => {
    const model = judgeName(judge);
    return { model, isOwn: isOwnModel(model, judgedDialect(judge, test.language), test.language) };
  });
  const { byModel } = combineExpectations(comment, asked, project);
  const answers = new Map<string, ExpectedAnswer>();
  for (const { model } of asked) {
    const expectation = byModel.get(model) ?? null;
    const outcomes = baseline?.outcomes.find((each) => each.model === model) ?? null;
    if (expectation !== null || outcomes !== null) answers.set(model, { expectation, outcomes });
  }
  return checked(answers, diagnostics);
}

/** Weakens the barriers of the test in a file. */
export function mutateTest(source: SourceFile, options: MutateOptions = defaultMutateOptions): MutateResult {
  const { macros, plain } = options;
  const prepared = prepareTest(source, macros === null ? {} : { macros });
  const test = prepared.value;
  const sites = findSites(source, { ...defaultSiteOptions(macros), plain }).value;
  if (test === null || sites === null) return { test: null, diagnostics: prepared.diagnostics };
  const { models, diagnostics: misfits } = selectModels(test, options.models, options.ofMany);
  const expected = answersFor(test, models, options.expectations);
  const declared = readUnguarded(source, sites);
  const diagnostics = [...prepared.diagnostics, ...misfits, ...expected.diagnostics, ...declared.diagnostics];
  if (models.length === 0 || hasErrors(diagnostics) || expected.value === null)
    return { test: null, diagnostics };
  const judge = new MutantJudge({ ...defaultRunOptions, ...options });
  const mutation = new Mutation(test, judge, models, expected.value, macros);
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
