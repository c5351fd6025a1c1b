/**
 * Explanations of public tests (../shared/conformance, data that stays outside of this repository), audited: a fixed share of them;
 * all of them by `npm run conformance -- --explain DIR`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultSearchOptions } from '../search/search.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { auditRun } from './audit-run.js';
import { explainRun } from './explain-run.js';
import { explanationJson } from './explanation-json.js';
import { explanationText } from './explanation-text.js';

const shared = new URL('../../../shared/conformance/', import.meta.url);
const isAbsent = !existsSync(shared);
if (isAbsent) console.warn(`skipped: the conformance data is not there (${shared.pathname})`);

interface Share {
  readonly folder: string;
  /** Of so many tests one. */
  readonly of: number;
  /** Explanations of each kind, at least. */
  readonly allowed: number;
  readonly forbidden: number;
}

const shares: readonly Share[] = [
  { folder: 'lkmm', of: 30, allowed: 5, forbidden: 5 },
  { folder: 'aarch64', of: 20, allowed: 10, forbidden: 10 },
  { folder: 'x86', of: 7, allowed: 1, forbidden: 5 },
];

function litmusFiles(folder: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, shared), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.litmus')).sort();
}

describe.skipIf(isAbsent)('every explanation passes its audit', () => {
  it.each(shares)('$folder', ({ folder, of, allowed, forbidden }) => {
    const kinds = new Map<string, number>();
    for (const [index, file] of litmusFiles(folder).entries()) {
      if (index % of !== 0) continue;
      const text = readFileSync(
        new URL(`${folder}/${encodeURIComponent(file).replaceAll('%2F', '/')}`, shared),
        'utf8',
      );
      const report = runTest({ name: file, text }, { ...defaultRunOptions, models: 'own' });
      if (report.kind !== 'test') continue;
      for (const run of report.models.filter(isRun)) {
        const explanation = explainRun(run, { search: defaultSearchOptions, arguments: 2 });
        const { facts, faults } = auditRun(explanation, run);
        expect([file, ...faults]).toEqual([file]);
        expect(facts).toBeGreaterThan(0);
        expect(explanationText(explanation)).toContain(`${explanation.test} under ${run.model}`);
        expect(JSON.parse(JSON.stringify(explanationJson(explanation)))).toHaveProperty('outcome');
        const { kind } = explanation.explained;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    }
    expect(kinds.get('allowed') ?? 0).toBeGreaterThanOrEqual(allowed);
    expect(kinds.get('forbidden') ?? 0).toBeGreaterThanOrEqual(forbidden);
  });
});
