import { describe, expect, it } from 'vitest';
import { readExpectedResults } from './expected-result.js';

const full = {
  kind: 'Allowed',
  observation: 'Sometimes',
  positive: 1,
  negative: 3,
  flags: [],
  states: ['0:r0=0;'],
};

function read(data: unknown) {
  return readExpectedResults({ name: 'expected.json', text: JSON.stringify(data) });
}

describe('expected results', () => {
  it('are full reports or answers alone', () => {
    const { value, diagnostics } = read({ 'a.litmus': full, 'b/c.litmus': { condition_reachable: false } });
    expect(diagnostics).toEqual([]);
    expect([...(value ?? [])]).toEqual([
      [
        'a.litmus',
        {
          kind: 'full',
          question: 'Allowed',
          observation: 'Sometimes',
          positive: 1,
          negative: 3,
          flags: [],
          states: ['0:r0=0;'],
        },
      ],
      ['b/c.litmus', { kind: 'answer', yes: false }],
    ]);
  });

  it.each<[string, unknown]>([
    ['expected an object', {}],
    ['expected an object', []],
    ['expected an object', 3],
    ['the entry of a is no result', { a: null }],
    ['the entry of a is no result', { a: { ...full, observation: 'Often' } }],
    ['the entry of a is no result', { a: { ...full, positive: -1 } }],
    ['the entry of a is no result', { a: { ...full, states: [1] } }],
    ['the entry of a is no result', { a: { condition_reachable: 'yes' } }],
  ])('%s: %j', (message, data) => {
    const { value, diagnostics } = read(data);
    expect(value).toBeNull();
    expect(diagnostics[0]?.message).toContain(message);
  });

  it('must be JSON', () => {
    const { value, diagnostics } = readExpectedResults({ name: 'expected.json', text: '{' });
    expect(value).toBeNull();
    expect(diagnostics[0]?.message).toBe('expected.json: this is not JSON');
  });
});
