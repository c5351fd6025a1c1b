/** Whether an answer is open does not depend on what is asked, nor on how it is searched. */
import { expect, test } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import { compileText } from '../oracle/agreement.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { techniqueNames } from '../search/techniques.js';
import { prepareTest } from './prepare-test.js';

/** `r1` may be 0: then the quotient does not exist. The condition holds, or the filter drops, whatever that thread does. */
const division = `C division
{ y=1; }
P0(int *x, int *y, int *z) { int r0; int r1; r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); WRITE_ONCE(*z, 4 / r1); }
P1(int *y) { WRITE_ONCE(*y, 0); }
`;
const pointer = `C pointer
{ p=&x; }
P0(int **p, int *x) { int *r0; int r1; r0 = READ_ONCE(*p); r1 = READ_ONCE(*r0); }
P1(int **p) { WRITE_ONCE(*p, 0); }
exists (1:r9=0)
`;
const messages = `C messages
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;
/** The pair is complete after the loop only. */
const pairAroundLoop = `AArch64 pair
{ 0:X0=x; 0:X1=y; 1:X1=y; }
 P0              | P1          ;
 MOV W7,#0       | MOV W3,#1   ;
 LDXR W3,[X0]    | STR W3,[X1] ;
 L:              |             ;
 ADD W7,W7,#1    |             ;
 LDR W4,[X1]     |             ;
 CBZ W4,L        |             ;
 STXR W5,W7,[X0] |             ;
exists (0:X7=9)
`;

/** Its recursion has no end where two accesses of a thread are read out of order, which the check before it forbids. */
const endless = `let bad = (po | rf | co | fr)+ & id
empty bad as sequential
let rec a = bad \\ a
flag ~empty a as never`;

test.each([
  ['a division', `${division}exists (0:r0=0)`, null, 'does not exist'],
  ['a division, and a filter', `${division}filter (0:r0=0)\nexists (0:r0=0)`, null, 'does not exist'],
  ['a pointer', pointer.replace('1:r9=0', 'x=0'), null, 'does not exist'],
  ['a flag without end', messages, endless, null],
  [
    'a pair around a loop',
    pairAroundLoop,
    'acyclic po-loc | rf | co | fr empty (R & X) \\ RMW as paired',
    'unroll bound',
  ],
])('%s', (_, text, model, limit) => {
  const { value, diagnostics } = prepareTest({ name: 'test', text });
  expect(diagnostics).toEqual([]);
  const { program } = value!;
  const judge = model === null ? loadShippedModel('lkmm') : compileText(model, program.dialect);
  const switched = [{}, ...techniqueNames.map((name) => ({ [name]: false }))];
  for (const mode of ['count', 'outcomes', 'verdict'] as const)
    for (const techniques of switched)
      for (const eager of [false, true]) {
        const found = searchProgram(program, judge, { ...defaultSearchOptions, mode, techniques, eager });
        if (limit === null) expect(found.limit).toBeNull();
        else expect(found.limit).toContain(limit);
      }
});
