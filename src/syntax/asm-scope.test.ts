/** Tests of other variants are refused by the name of what they use, once, where it stands. */
import { describe, expect, it } from 'vitest';
import { spanText } from '../text/source.js';
import { parseLitmus } from './parse.js';

interface Parts {
  readonly header?: string;
  readonly init?: string;
  readonly head?: string;
  readonly code?: string;
  readonly tail?: string;
}

function answer({
  header = '',
  init = '',
  head = 'P0',
  code = 'NOP',
  tail = 'exists (0:X0=1)',
}: Parts): string {
  const text = `AArch64 t\n${header}{${init}}\n${head};\n${code};\n${tail}\n`;
  const { diagnostics } = parseLitmus({ name: 't', text });
  return diagnostics.map((d) => `${d.message} at ${spanText(d.span!)}`).join('; ');
}

describe('what is out of scope', () => {
  const refused: readonly (readonly [Parts, string, string])[] = [
    [{ header: 'Variant=mixed,vmsa\n' }, 'page tables', 'vmsa'],
    [{ header: 'Variant = memtag,async\n', init: '0:X1=x:red;' }, 'memory tagging', 'memtag'],
    [{ header: 'Variant=morello\n' }, 'capabilities', 'morello'],
    [{ header: 'Variant=fatal\n' }, 'faults', 'fatal'],
    [{ header: 'Variant=NV2\n' }, 'nested virtualisation', 'NV2'],
    [{ header: 'Variant=ifetch\n' }, 'instruction fetch', 'ifetch'],
    [{ header: 'Variant=wibble\n' }, 'variants', 'wibble'],
    [{ header: 'TTHM=HA HD\n' }, 'page tables', 'TTHM=HA HD'],
    [{ header: 'EL0=P0\n' }, 'exception levels', 'EL0=P0'],
    [{ head: 'P0 | P0.F' }, 'exception handlers', 'P0.F'],
    [{ init: '[x]=1; [PTE(x)]=(oa:PA(x),valid:0);' }, 'page tables', 'PTE(x)'],
    [{ init: '0:X4 = TTD(x,S1,LV2);' }, 'page tables', 'TTD(x,S1,LV2)'],
    [{ init: 'pteval_t 0:X1=0;' }, 'page tables', 'pteval_t'],
    [{ tail: 'exists (0:X1=(oa:PA(x), valid:0))' }, 'page tables', 'oa:'],
    [{ init: '[tag(x)]=:green;' }, 'memory tagging', 'tag(x)'],
    [{ init: '0:X2={:red};' }, 'memory tagging', ':red'],
    [{ tail: 'exists (0:X1=x : green)' }, 'memory tagging', 'x : green'],
    [{ init: '0:X0=0xffffc0000:x:1;' }, 'capabilities', '0xffffc0000:x:1'],
    [{ init: '__uint128 x=0;' }, 'values of 128 bits', '__uint128'],
    [{ code: 'LDR C0,[C1]' }, 'capabilities', 'C0'],
    [{ init: '0:X0=instr:"ADR X1,.+0";' }, 'instruction fetch', 'instr:"ADR X1,.+0"'],
    [{ init: '0:X0=pac(x,da,1);' }, 'pointer authentication', 'pac(x,da,1)'],
    [{ tail: 'forall (not (fault(P0:L0,x)))' }, 'faults', 'fault(P0:L0,x)'],
    [{ tail: 'locations [Fault(P0,x);]' }, 'faults', 'Fault(P0,x)'],
    [{ init: '0:V0.4S={1,2,3,4};' }, 'vector registers', '0:V0.4S'],
    [{ code: 'LD1 {V0.B}[2],[X0]' }, 'vector registers', 'V0.B'],
    [{ code: 'ld1w { z0.s },p0/z,[x0]' }, 'vector registers', 'z0.s'],
    [{ code: 'STP D0,D1,[X0],#-8' }, 'vector registers', 'D0'],
    [{ tail: 'scopes: (device (cta 0))\nexists (0:X0=1)' }, 'scopes', 'scopes:'],
  ];
  it.each(refused)('%j', (parts, subject, shown) => {
    expect(answer(parts)).toBe(`unsupported: ${subject}: \`${shown}\` at ${shown}`);
  });

  const accepted: readonly Parts[] = [
    {
      header:
        'Variant=mixed,neon\nPrefetch=0:x=F,1:y=W\nCom=Rf Fr\nOrig=PodWW Rfe\nStable=X0\n"a note: PTE(x)"\n',
    },
    // Labels may have the names of registers and colours.
    { code: 'B S1; S1: NOP; C0: B C0' },
    { init: '0:X1=P0:red; 0:X2=label:"P0:green";', code: 'red: NOP; green: NOP' },
    { init: 'PA=1; fault=2; tag=3;', tail: 'exists (PA=1 /\\ fault=2)' },
  ];
  it.each(accepted)('but not %j', (parts) => {
    expect(answer(parts)).toBe('');
  });
});
