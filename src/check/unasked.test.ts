import { describe, expect, it } from 'vitest';
import { type Judge, userModel } from '../verdict/judge.js';
import type { TestReport } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { checkTest } from './check-test.js';
import { noExpectations, type ProjectExpectation } from './expected.js';
import { leftOutModels } from './unasked.js';

const c = (comment: string) => `C t
(*
${comment}
 *)
{ }
P0(int *x)
{
\tWRITE_ONCE(*x, 1);
}
exists (x=1)
`;

const expectIt = (
  of: ProjectExpectation['of'],
  verdict: ProjectExpectation['verdict'],
): ProjectExpectation => ({
  of,
  verdict,
  dataRace: false,
  place: null,
});

function leftOut(
  text: string,
  models: readonly Judge[],
  project: readonly ProjectExpectation[] = [],
  recorded: readonly string[] = [],
) {
  const report = runTest({ name: 't.litmus', text }, { ...defaultRunOptions, models });
  const modelLines = new Map(recorded.map((model, at) => [model, at]));
  const baseline = { outcomes: [], line: 1, modelLines, stateLines: new Map() };
  return leftOutModels(report as TestReport, { project, baseline }).join(' ');
}

describe('what the command line leaves out', () => {
  it('is counted, whoever expects it', () => {
    expect(leftOut(c(' * Result: Never\n * Result(x86): Never'), ['sc'])).toBe('lkmm x86');
    expect(leftOut(c(' * Result(sc): Never'), ['sc'])).toBe('');
    expect(leftOut(c(''), ['sc'], [expectIt({ model: 'arm64' }, 'Never')])).toBe('arm64');
    expect(leftOut(c(' * Result: Never'), ['sc'], [expectIt('all', null)])).toBe('');
    expect(leftOut(c(' * Result: Never'), ['sc'], [], ['sc', 'arm64', 'lkmm'])).toBe('arm64 lkmm');
  });
});

function check(
  text: string,
  models: readonly Judge[] | 'all',
  project: readonly ProjectExpectation[] = [],
  isNarrowed = false,
) {
  const report = runTest({ name: 't.litmus', text }, { ...defaultRunOptions, models });
  const options = { requireExpectations: false, isNarrowed, pictureSearch: () => null };
  const { status, findings } = checkTest(report, { ...noExpectations, project }, options);
  const said = findings.filter(({ kind }) => kind === 'no-such-model').map(({ message }) => message);
  return [status, ...said];
}

describe('an expectation about a model that is not asked', () => {
  it('is said of comments, and a mistake of the project file', () => {
    expect(check(c(' * Result: Never'), ['arm64'])).toEqual([
      'nothing-expected',
      'the comment expects Never under lkmm, which is not among the models that are asked',
    ]);
    expect(check(c(' * Result(arm64, x86): Always'), ['arm64'])).toEqual([
      'same',
      'the comment expects Always under x86, which is not among the models that are asked',
    ]);
    for (const of of ['own', { model: 'lkmm' }] as const)
      expect(check(c(''), ['arm64'], [expectIt(of, 'Never')])).toEqual([
        'different',
        'the project file expects Never under lkmm, which is not among the models that are asked',
      ]);
  });

  it('is none if it is taken back', () => {
    const text = c(' * Result: Never\n * Result(x86): Never');
    expect(check(text, ['arm64'], [expectIt('all', null)])).toEqual(['nothing-expected']);
    const both = [expectIt({ model: 'lkmm' }, null), expectIt({ model: 'x86' }, null)];
    expect(check(text, ['arm64'], both)).toEqual(['nothing-expected']);
  });

  it('is no news where the command line asks fewer models', () => {
    expect(check(c(' * Result: Never'), ['arm64'], [], true)).toEqual(['nothing-expected']);
  });

  it("is none of a model of the user's that judges what the plain line is about", () => {
    const source = { name: 'my.cat', text: '(* nothing is forbidden *)\nacyclic po as in-order\n' };
    const own = userModel({ name: 'my.cat', source, resolveInclude: () => null, options: {}, target: null });
    expect(check(c(' * Result: Always'), [own])).toEqual(['same']);
  });

  it('is one of a model that does not fit the language', () => {
    const assembly = (comment: string) => `X86_64 t
(* ${comment} *)
{ }
 P0 ;
 MOVL $1,(x) ;
exists (x=1)
`;
    expect(check(assembly('Result: Always'), 'all')).toEqual(['same']);
    expect(check(assembly('Result(lkmm): Never'), 'all')).toEqual([
      'different',
      'the comment expects Never under lkmm, which does not judge tests in this language',
    ]);
  });
});
