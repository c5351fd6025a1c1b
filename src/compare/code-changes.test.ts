import { describe, expect, it } from 'vitest';
import { parseLitmus } from '../syntax/parse.js';
import { changeText } from './change-text.js';
import { compareCode } from './code-changes.js';

function changes(before: string, after: string): readonly string[] | null {
  const [a, b] = [before, after].map((text, i) => parseLitmus({ name: `${i}.litmus`, text }));
  if (a?.value === null || b?.value === null || a === undefined || b === undefined)
    throw new Error(JSON.stringify([a?.diagnostics, b?.diagnostics]));
  const compared = compareCode(a.value, b.value, null);
  return compared === null ? null : [...compared.changes.map(changeText), ...compared.otherwise];
}

const inC = (p0: string, p1 = 'int r0 = READ_ONCE(*x);'): string =>
  `C t\n{}\nP0(int *x, int *y, spinlock_t *l)\n{\n\t${p0.replaceAll('; ', ';\n\t')}\n}\nP1(int *x)\n{\n\t${p1}\n}\nexists (1:r0=1)\n`;

describe('what was changed in C', () => {
  it.each([
    [
      'WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);',
      'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);',
      ['P0:6: smp_wmb() was removed'],
    ],
    [
      'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);',
      'WRITE_ONCE(*x, 1); smp_mb(); WRITE_ONCE(*y, 1);',
      ['P0:6: smp_mb() was added'],
    ],
    [
      'WRITE_ONCE(*x, 1); smp_mb(); WRITE_ONCE(*y, 1);',
      'WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);',
      ['P0:6: smp_mb() became smp_wmb()'],
    ],
    ['smp_store_release(x, 1);', 'WRITE_ONCE(*x, 1);', ['P0:5: smp_store_release() became WRITE_ONCE()']],
    [
      'int r1 = smp_load_acquire(x);',
      'int r1 = READ_ONCE(*x);',
      ['P0:5: smp_load_acquire() became READ_ONCE()'],
    ],
    ['WRITE_ONCE(*x, 1);', 'WRITE_ONCE(*x, 2);', ['P0:5: WRITE_ONCE(*x, 1) became WRITE_ONCE(*x, 2)']],
    ['WRITE_ONCE(*x, 1);', '*x = 1;', ['P0:5: WRITE_ONCE(*x, 1) became *x = 1']],
    [
      'spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l);',
      'WRITE_ONCE(*x, 1);',
      ['P0:5: spin_lock(l) and spin_unlock(l) were removed'],
    ],
    [
      'WRITE_ONCE(*x, 1);',
      'spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l);',
      ['P0:5: spin_lock(l) and spin_unlock(l) were added'],
    ],
    [
      'WRITE_ONCE(*x, 1); smp_mb(); WRITE_ONCE(*y, 1);',
      'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); smp_mb();',
      ['P0:6: smp_mb() moved to line 7'],
    ],
    [
      'if (READ_ONCE(*x)) { smp_rmb(); WRITE_ONCE(*y, 1); }',
      'if (READ_ONCE(*x)) WRITE_ONCE(*y, 1);',
      ['P0:5: smp_rmb() was removed'],
    ],
    [
      'int r0 = READ_ONCE(*x); if (r0) { smp_rmb(); WRITE_ONCE(*y, 1); } else { smp_mb(); }',
      'int r0 = READ_ONCE(*x); if (r0 == 1) { WRITE_ONCE(*y, 1); } else { smp_wmb(); }',
      ['P0:6: if (r0) became if (r0 == 1)', 'P0:6: smp_rmb() was removed', 'P0:8: smp_mb() became smp_wmb()'],
    ],
    [
      'if (smp_load_acquire(x)) { WRITE_ONCE(*y, 1); }',
      'if (READ_ONCE(*x)) { WRITE_ONCE(*y, 1); }',
      ['P0:5: smp_load_acquire() became READ_ONCE()'],
    ],
    ['smp_mb(); /* why */', 'smp_mb();  // because', []],
  ])('%s -> %s', (before, after, expected) => {
    expect(changes(inC(before), inC(after))).toEqual(expected);
  });

  it('is told of every thread, and of what is beside the code', () => {
    const after = inC('smp_mb();', 'int r0 = smp_load_acquire(x);').replace('{}', '{ x=1; }');
    expect(changes(inC('smp_wmb();'), after)).toEqual([
      'P0:5: smp_wmb() became smp_mb()',
      'P1:9: READ_ONCE() became smp_load_acquire()',
      'the initial values',
    ]);
  });
});

describe('what was changed in other languages', () => {
  it('is told of sketches', () => {
    const sketch = (barrier: string, mark: string): string =>
      `Sketch s\n{ x=0; y=0; }\n CPU0        | CPU1       ;\n [W] x = 1   | r1 = ${mark} y ;\n ${barrier}  | r2 = [R] x ;\n [W] y = 1   |            ;\nexists (CPU1:r1=1 /\\ CPU1:r2=0)\n`;
    expect(changes(sketch('WMB', '[R.acq]'), sketch('   ', '[R]'))).toEqual([
      'CPU0:5: WMB was removed',
      'CPU1:4: r1 = [R.acq] y became r1 = [R] y',
    ]);
    expect(changes(sketch('WMB', '[R]'), sketch('MB', '[R]'))).toEqual(['CPU0:5: WMB became MB']);
  });

  it('is told of assembly', () => {
    const arm = (barrier: string, load: string): string =>
      `AArch64 a\n{ 0:X1=x; 0:X3=y; 1:X1=x; 1:X3=y; }\n P0          | P1          ;\n MOV W0,#1   | ${load} W0,[X3] ;\n STR W0,[X1] | LDR W2,[X1] ;\n ${barrier}  |             ;\n STR W0,[X3] |             ;\nexists (1:X0=1 /\\ 1:X2=0)\n`;
    expect(changes(arm('DMB ISH', 'LDAR'), arm('DMB ISHST', 'LDR'))).toEqual([
      'P0:6: DMB ISH became DMB ISHST',
      'P1:4: LDAR W0,[X3] became LDR W0,[X3]',
    ]);
    expect(changes(arm('DMB ISH', 'LDR'), arm('', 'LDR'))).toEqual(['P0:6: DMB ISH was removed']);
  });

  it('cannot be told of two languages', () => {
    const arm = 'AArch64 a\n{ 0:X1=x; }\n P0 ;\n LDR W0,[X1] ;\nexists (0:X0=1)\n';
    expect(changes(inC('smp_mb();'), arm)).toBeNull();
  });
});
