/**
 * What weakening the barriers of tests showed, as one JSON object. Stable: fields are added, never changed.
 *
 * summary        {tests, barriers: {guarded, inPart, unguarded, open, declared}, weakenings, noticed}: `noticed` of `weakenings`
 * tests          [{file, test, models, failing, noticesNothing, barriers}]: `models` are those of which something is expected;
 *                `failing` [{model, found}] what is not as expected to begin with: there are no `barriers` then
 * barriers       [{thread, line, statement, primitive, functions, status, weakenings, declarations}]: `functions` what the thread
 *                runs, by which the barrier is known to other tests, null: it is not
 * weakenings     [{to, guard, by, limit, answers}]: `to` null for its removal; `guard` is `own`, `elsewhere` (`by`: the file of the test
 *                that notices), `open` (`limit`), `declared` or `unguarded`; `answers` {model: {noticed, found, limit}}, `noticed` null if a limit
 *                left it open
 * declarations   [{line, forms, reason, state}]: `forms` null for all; `state` is `true`, `stale` or `needless`
 * silentModels   those that notice nothing in any test
 */
import { type BarrierGuard, countsOf, type FormGuard, type MutationSummary } from './barrier-guards.js';
import type { Answer, Declaration, MutatedTest } from './mutation.js';

function answerObject(answer: Answer) {
  if (answer.kind === 'open') return { noticed: null, found: null, limit: answer.limit };
  return { noticed: answer.kind === 'noticed', found: answer.shown, limit: null };
}

function guardObject(form: FormGuard) {
  return {
    guard: form.kind,
    by: form.kind === 'elsewhere' ? form.file : null,
    limit: form.kind === 'open' ? form.limit : null,
  };
}

function barrierObject({ barrier, forms, status }: BarrierGuard, { idle }: MutationSummary) {
  const { thread, place, statement, primitive, name, weakenings, declarations } = barrier;
  const stateOf = (declaration: Declaration): string =>
    idle.find((each) => each.declaration === declaration)?.kind ?? 'true';
  return {
    thread,
    line: place.line,
    statement,
    primitive,
    functions: name?.functions ?? null,
    status,
    weakenings: weakenings.map(({ to, answers }, i) => ({
      to,
      ...guardObject(forms[i]!),
      answers: Object.fromEntries(answers.map((answer) => [answer.model, answerObject(answer)])),
    })),
    declarations: declarations.map((declaration) => ({
      line: declaration.place.line,
      forms: declaration.forms,
      reason: declaration.reason,
      state: stateOf(declaration),
    })),
  };
}

function testObject(test: MutatedTest, summary: MutationSummary) {
  return {
    file: test.file,
    test: test.test,
    models: test.models,
    failing: test.failing.map((answer) => ({
      model: answer.model,
      found: answer.kind === 'open' ? null : answer.shown,
    })),
    noticesNothing: summary.silentTests.includes(test),
    barriers: summary.guards
      .filter((guard) => guard.test === test)
      .map((guard) => barrierObject(guard, summary)),
  };
}

/** Plain data for JSON.stringify. */
export function mutationObject(summary: MutationSummary) {
  const { barriers, weakenings, noticed } = countsOf(summary);
  const { 'in-part': inPart, ...others } = barriers;
  return {
    summary: { tests: summary.tests.length, barriers: { ...others, inPart }, weakenings, noticed },
    tests: summary.tests.map((test) => testObject(test, summary)),
    silentModels: summary.silentModels,
  };
}
