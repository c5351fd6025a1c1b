/** Macro files: trees, and what is said about text that is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertNever, hasErrors } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { parseMacroFile } from './def.js';
import type { MacroExpression } from './def-tree.js';

function show(tree: MacroExpression): string {
  switch (tree.kind) {
    case 'number':
      return String(tree.value);
    case 'name':
      return tree.name;
    case 'unary':
      return `${tree.op}${show(tree.operand)}`;
    case 'binary':
      return `(${show(tree.left)} ${tree.op} ${show(tree.right)})`;
    case 'call':
      return `${tree.callee.name}(${tree.arguments.map(show).join(', ')})`;
    case 'operation': {
      const operators = tree.operators.map(({ op }) => op).join(' ');
      return `${tree.operation.name}<${tree.tag?.name ?? ''}>${operators}[${tree.arguments.map(show).join(', ')}]`;
    }
    default:
      return assertNever(tree);
  }
}

function parse(text: string): string[] {
  const { value, diagnostics } = parseMacroFile({ name: 'm.def', text });
  if (value === null) return [renderDiagnostics(diagnostics)];
  return value.macros.map(({ name, parameters, body }) => {
    const head = `${name.name}(${parameters.map((p) => p.name).join(', ')})`;
    return body.kind === 'value'
      ? `${head} = ${show(body.value)}`
      : `${head} { ${body.statements.map(show).join('; ')} }`;
  });
}

describe('macro files', () => {
  it('define values and statements', () => {
    expect(
      parse(`// a file
        load(X) __load{once}(X)
        mb() { __fence{before-atomic}; }  /* between
 // */ // /* both
        store(X,V) { __store{RELEASE}(*X,V); mb(); }
        sub_and_test(V,X) __atomic_op_return{mb}(X,-,V) == 0
        andnot(V,X) { __atomic_op{NORETURN}(X,&~,V); }
        bit(X) ((load(*X) | 0x10) & ~1) != 2 sum(X) X - 1 + 2 < 0
        lock(X) { __lock(X); } nothing() {}// end`),
    ).toEqual([
      'load(X) = __load<once>[X]',
      'mb() { __fence<before-atomic>[] }',
      'store(X, V) { __store<RELEASE>[*X, V]; mb() }',
      'sub_and_test(V, X) = (__atomic_op_return<mb>-[X, V] == 0)',
      'andnot(V, X) { __atomic_op<NORETURN>&~[X, V] }',
      'bit(X) = (((load(*X) | 16) & ~1) != 2)',
      'sum(X) = (((X - 1) + 2) < 0)',
      'lock(X) { __lock<>[X] }',
      'nothing() {  }',
    ]);
  });

  it.each([
    ['f(X) { __fence{mb} }'],
    ['#define f(X) X'],
    ['f(X) __load{once}(X'],
    ['f(X) __load{}(X)'],
    ['f(X) = X'],
    ['f X'],
    ['f(X) { __store{once}(X, ); }'],
    ['/* never closed'],
    ['f(X) X & 1 == 0'],
    ['f(X) X + 1 & 2'],
  ])('are refused where they cannot be read: %s', (text) => {
    expect(parse(text).join('\n')).toMatchSnapshot();
  });

  it('are parsed or refused, whatever they say', () => {
    const pieces = [
      'f',
      'X',
      '(',
      ')',
      '{',
      '}',
      ';',
      ',',
      '__load',
      '__atomic_op',
      '{once}',
      '*',
      '&~',
      '==',
      '-',
      '7',
      ' ',
      '\n',
      '//',
      '/*',
      '*/',
      "'",
      '0x',
      '€',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const { value, diagnostics } = parseMacroFile({ name: 'fuzz.def', text });
        expect(value === null).toBe(hasErrors(diagnostics));
        for (const { span } of diagnostics) {
          expect(span!.start).toBeGreaterThanOrEqual(0);
          expect(span!.end).toBeLessThanOrEqual(Math.max(text.length, span!.start + 1));
        }
        renderDiagnostics(diagnostics);
      }),
      { numRuns: 1500, seed: 7 },
    );
  });

  it('of great depth are refused, not overflowed', () => {
    expect(parse(`f(X) ${'('.repeat(20_000)}X${')'.repeat(20_000)}`).join()).toContain('nested too deeply');
    expect(parse(`f(X) ${'X + '.repeat(5000)}X`).join()).toContain('nested too deeply');
  });
});
