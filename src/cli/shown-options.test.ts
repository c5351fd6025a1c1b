import { expect, it } from 'vitest';
import { shownOptions } from './shown-options.js';

it('options are shown as they are given, and what is no option or not given is left out', () => {
  const request = {
    model: 'sc',
    conf: null,
    bell: null,
    includes: ['a', 'b'],
    variants: [],
    compileTo: 'x86',
  };
  const display = { width: 80, unicode: false, colours: true };
  const techniques = { symmetry: false, bounds: true };
  const setup = { request, mode: 'count', unroll: null, timeout: 0.5, explain: true, techniques, display };
  expect(shownOptions(['run', setup])).toEqual({
    '--model': 'sc',
    '--include': 'a b',
    '--compile-to': 'x86',
    '--mode': 'count',
    '--timeout': '0.5',
    '--explain': 'given',
    '--no-symmetry': 'given',
  });
});
