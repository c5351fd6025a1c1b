import { describe, expect, it } from 'vitest';
import { compileModel } from '../model/compile.js';
import { loadShippedModel } from '../model/shipped.js';
import { renderDiagnostics } from '../text/render.js';
import { planFor } from './plan-for.js';

function onlyForbid(text: string): boolean {
  const { value, diagnostics } = compileModel({ name: 'm.cat', text }, () => null, ['arm64']);
  if (value === null) throw new Error(renderDiagnostics(diagnostics));
  return planFor(value).dependenciesOnlyForbid;
}

describe('dependencies', () => {
  it('only forbid under the shipped models of processors; the data races of lkmm vanish with some', () => {
    const names = ['sc', 'x86', 'arm64', 'lkmm'] as const;
    const only = names.map((name) => planFor(loadShippedModel(name)).dependenciesOnlyForbid);
    expect(only).toEqual([true, true, true, false]);
  });

  it.each([
    ['acyclic (addr | data) ; rfe', true],
    ['empty po \\ ~rf', true],
    ['let rec ob = addr | (ob ; ob) irreflexive ob', true],
    ['flag ~empty rf as talks', true],
    ['acyclic po \\ ctrl', false],
    ['empty ~(addr | po)', false],
    ['~empty data', false],
    ['flag ~empty pick-data as picks', false],
    ['let rec r = addr | (po \\ r) acyclic r', false],
    ['let rec a = addr | b and b = po \\ a acyclic b', false],
    ['let rec a = po | (po \\ a) acyclic a | addr', false],
    ['with order from linearisations(W, co0 | (data & (W * W))) acyclic order', false],
  ])('%s: %s', (text, wanted) => {
    expect(onlyForbid(`"m" ${text}`)).toBe(wanted);
  });
});
