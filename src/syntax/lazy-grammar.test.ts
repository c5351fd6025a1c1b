import * as ohm from 'ohm-js';
import { describe, expect, it } from 'vitest';
import { lazyGrammar } from './lazy-grammar.js';

function sums() {
  let built = 0;
  const grammar = lazyGrammar(() => {
    built++;
    return ohm.grammar('Sums {\n  Sum = Sum "+" number -- plus\n  | number\n  number = digit+\n}');
  });
  return { grammar, built: () => built };
}

describe('a lazy grammar', () => {
  it('is built once, at its first use', () => {
    const { grammar, built } = sums();
    const semantics = grammar.createSemantics();
    semantics
      .addOperation<number>('value', {
        Sum_plus: (left, _plus, right) => left.value() + right.value(),
        number: (digits) => Number(digits.sourceString),
      })
      .addAttribute<string>('text', {
        _nonterminal: (...children) => children.map((c) => c.sourceString).join(''),
      });
    expect(built()).toBe(0);
    const match = grammar.match('1 + 2 + 39');
    expect(match.succeeded()).toBe(true);
    expect(semantics(match).value()).toBe(42);
    expect(semantics(match).text).toBe('1 + 2 + 39');
    expect(grammar.match('1 +').failed()).toBe(true);
    expect(Object.keys(grammar.rules)).toEqual(['Sum_plus', 'Sum', 'number']);
    expect(built()).toBe(1);
  });

  it('takes definitions after its first use, too', () => {
    const { grammar } = sums();
    const semantics = grammar.createSemantics();
    const match = grammar.match('1');
    semantics.addOperation('first', { number: (_digits) => 'first', Sum: (sum) => sum.first() });
    expect(semantics(match).first()).toBe('first');
    semantics.addOperation('second', { number: (_digits) => 'second', Sum: (sum) => sum.second() });
    expect(semantics(match).second()).toBe('second');
  });
});
