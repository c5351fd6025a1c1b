import { describe, expect, it } from 'vitest';
import { callWithin } from './bounded-call.js';

describe('a call with an end', () => {
  it('gives what the function gives', () => {
    expect(callWithin(60_000, () => 7)).toEqual({ kind: 'done', value: 7 });
    expect(() =>
      callWithin(60_000, () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
  });

  it('comes back from a loop without end', () => {
    const endless = (): never => {
      for (;;);
    };
    expect(callWithin(30, endless)).toEqual({ kind: 'timeout' });
    expect(callWithin(60_000, () => 'usable again')).toEqual({ kind: 'done', value: 'usable again' });
  });
});
