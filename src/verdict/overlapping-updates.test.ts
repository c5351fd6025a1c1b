/** Read-modify-writes of one thread that overlap: the search finds what the enumerator does. */
import { expect, test } from 'vitest';
import { defaultLowerOptions } from '../lower/lower.js';
import { loadShippedModel } from '../model/shipped.js';
import { enumerateNaively } from '../oracle/reference.js';
import { showValue } from '../program/value.js';
import type { SearchResult } from '../search/execution.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { dialectFor } from './model-choice.js';
import { prepareTest, programIn } from './prepare-test.js';

/** A swap, or a compare-and-swap, between an exclusive pair, all of which want to find 0. */
const testWith = (between: string) => `AArch64 between
{ 0:X1=x; 1:X1=x; }
 P0             | P1          ;
 MOV W5,#1      | MOV W5,#3   ;
 MOV W6,#2      | STR W5,[X1] ;
 LDXR W0,[X1]   |             ;
 CBNZ W0,L0     |             ;
 ${between}     |             ;
 CBNZ W2,L0     |             ;
 STXR W3,W6,[X1]|             ;
 L0:            |             ;
exists (0:X0=0 /\\ 0:X2=0 /\\ 0:X3=0 /\\ x=3)`;

const statesOf = ({ states }: SearchResult) => states.map(({ values }) => values.map(showValue).join(' '));

test.each(['SWP W5,W2,[X1]', 'CAS W2,W5,[X1]'])('%s between an exclusive pair', (between) => {
  const prepared = prepareTest({ name: 'between', text: testWith(between) }).value!;
  for (const name of ['arm64', 'sc'] as const) {
    const program = programIn(prepared, dialectFor(name, prepared.language), defaultLowerOptions).value!;
    const model = loadShippedModel(name);
    const naive = enumerateNaively(program, model, defaultSearchOptions);
    expect(naive.satisfying).toBeGreaterThan(0);
    for (const coherence of [true, false]) {
      const found = searchProgram(program, model, { ...defaultSearchOptions, techniques: { coherence } });
      expect(statesOf(found)).toEqual(statesOf(naive));
    }
  }
});
