/**
 * JUnit's XML as CI servers read it: what the schemas of Maven Surefire 3.0 (each `testsuite`) and of Jenkins' xUnit plugin
 * (junit-10.xsd, the whole) both allow.
 *
 * A suite is a test's file, a test case a model; what is about the test under all models is a case of its own. A case has at most one
 * `failure` (differs from what is expected) or `error` (could not be judged), with all that was found in its text, for Jenkins shows
 * no second. Warnings are its `system-out`. The class name is the path with dots, which Jenkins makes folders of. What nobody expects
 * anything of is `skipped`: judged, but not checked.
 */
import type { CheckSummary, Finding, FindingKind, Reporter, TestCheck } from '../check-report.js';
import { findingText, otherFindingText } from './finding-text.js';
import { openText } from './reporter-setup.js';
import { visibleLine, visibleText } from './visible-text.js';

interface Case {
  readonly name: string;
  readonly className: string;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  readonly isSkipped: boolean;
  readonly textOf: (finding: Finding) => string;
}

interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly Case[];
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // `]]>` must not stand in text
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return visibleText(text).replace(/[&<>"]/g, (character) => escapes[character]!);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  // A parser turns line breaks in attributes to spaces.
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(visibleLine(String(value)))}"`)
    .join('');
}

function className(file: string): string {
  const parts = file.replace(/\.litmus$/, '').split('/');
  return parts
    .filter((part) => part !== '' && part !== '.')
    .map((part) => part.replaceAll('.', '_'))
    .join('.');
}

const couldNotJudge: readonly FindingKind[] = ['limit', 'input', 'internal'];

/** What decides a case: its errors. A difference is told before what could not be judged. */
function deciding({ findings }: Case): { readonly tag: 'failure' | 'error'; readonly first: Finding } | null {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const failure = errors.find(({ kind }) => !couldNotJudge.includes(kind));
  if (failure !== undefined) return { tag: 'failure', first: failure };
  return errors[0] === undefined ? null : { tag: 'error', first: errors[0] };
}

function texts({ findings, textOf }: Case, severity: Finding['severity']): string {
  return findings
    .filter((finding) => finding.severity === severity)
    .map((finding) => textOf(finding))
    .join('\n\n');
}

function caseXml(of: Case): string {
  const start = attributes({ name: of.name, classname: of.className, time: of.seconds.toFixed(3) });
  const decided = deciding(of);
  const warnings = texts(of, 'warning');
  const inner = [
    ...(decided === null
      ? []
      : [
          `      <${decided.tag}${attributes({ message: decided.first.message, type: decided.first.kind })}>` +
            `${escaped(texts(of, 'error'))}</${decided.tag}>\n`,
        ]),
    ...(of.isSkipped && decided === null ? [`      <skipped message="nothing is expected"/>\n`] : []),
    ...(warnings === '' ? [] : [`      <system-out>${escaped(warnings)}</system-out>\n`]),
  ].join('');
  return inner === '' ? `    <testcase${start}/>\n` : `    <testcase${start}>\n${inner}    </testcase>\n`;
}

function countsOf(cases: readonly Case[]) {
  const decided = cases.map((each) => deciding(each)?.tag ?? null);
  return {
    tests: cases.length,
    failures: decided.filter((tag) => tag === 'failure').length,
    errors: decided.filter((tag) => tag === 'error').length,
    skipped: cases.filter((each, i) => each.isSkipped && decided[i] === null).length,
  };
}

function suiteXml({ name, seconds, cases }: Suite): string {
  const start = attributes({ name, ...countsOf(cases), time: seconds.toFixed(3) });
  return `  <testsuite${start}>\n${cases.map(caseXml).join('')}  </testsuite>\n`;
}

function suiteOf(check: TestCheck): Suite {
  const { file, test, status, findings, models, seconds } = check;
  const names = models.map(({ model }) => model);
  const common = {
    className: className(file),
    isSkipped: status === 'nothing-expected',
    textOf: (finding: Finding) => findingText(check, finding),
  };
  const modelsOf = ({ model, models }: Finding): readonly (string | null)[] => models ?? [model];
  // A model's findings go to its first case; those of several models to the case of each, which differs.
  const cases = models.map(({ model, seconds: time }, i) => ({
    ...common,
    name: model,
    seconds: time,
    findings:
      names.indexOf(model) === i ? findings.filter((finding) => modelsOf(finding).includes(model)) : [],
  }));
  const others = findings.filter((finding) =>
    modelsOf(finding).every((model) => model === null || !names.includes(model)),
  );
  const whole = { ...common, name: test ?? file, seconds: 0, findings: others };
  return { name: file, seconds, cases: others.length > 0 || cases.length === 0 ? [whole, ...cases] : cases };
}

/** What is about no test that was run. */
function otherCases(summary: CheckSummary): Case[] {
  const common = {
    className: 'fencepost',
    seconds: 0,
    isSkipped: false,
    textOf: (finding: Finding) => otherFindingText(finding),
  };
  const cases = summary.findings.map((finding) => ({
    ...common,
    name: finding.message,
    findings: [finding],
  }));
  const open = openText(summary);
  if (open === null) return cases;
  const finding: Finding = {
    kind: 'limit',
    severity: 'error',
    model: null,
    message: open,
    expected: null,
    found: null,
    by: null,
    place: null,
    picture: null,
    hint: null,
  };
  return [...cases, { ...common, name: 'interrupted', findings: [finding] }];
}

export function junitReporter(): Reporter {
  const suites: Suite[] = [];
  return {
    begin: () => '',
    test(check) {
      suites.push(suiteOf(check));
      return '';
    },
    end(summary) {
      const others = otherCases(summary);
      if (others.length > 0) suites.push({ name: 'fencepost', seconds: 0, cases: others });
      const { tests, failures, errors } = countsOf(suites.flatMap(({ cases }) => cases));
      const time = summary.seconds.toFixed(3);
      const start = attributes({ name: 'fencepost check', tests, failures, errors, time });
      return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${start}>\n${suites.map(suiteXml).join('')}</testsuites>\n`;
    },
  };
}
