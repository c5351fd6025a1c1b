/**
 * Mistyped assembly tests: whatever is wrong with a file, it is answered with located diagnostics, or with a program that holds
 * together and that the search can run; and what parses can be formatted without loss.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../assemble/assemble.js';
import type { Program } from '../program/ir.js';
import { tags } from '../program/vocabulary.js';
import { parseAssembly } from '../syntax/assembly.js';
import { formatLitmus } from '../syntax/format.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { defaultRunOptions, runTest } from './run-test.js';

const arm64 = [
  `AArch64 addresses
"PodWW Rfe"
Prefetch=0:x=F,1:y=W
{ int64_t a[3]={1,-1,x}; int8_t b=-1; uint16_t c[2]; int *p=x; [y]=0x10; 0:X1=a; 0:X2=a[1]; 0:X3=b; 0:X4=c; uint64_t 0:X0; 0:SP=x; }
 P0 ;
 LDR X0,[X1,#8]! ; LDR X5,[X1],#-8 ; STUR X5,[X2,#-8] ; LDRSB W6,[X3] ;
 STRH W6,[X4,#2] ; LDR W7,[SP] ; MOV W8,#1 ; LDR X9,[X1,W8,SXTW #3] ; STR XZR,[X1,X8,LSL #3] ;
locations [a; 0:X0; 0:X9 int*; c[1] short]
exists (a={0,1,2} /\\ 0:X0=0:X5 \\/ ~(p=[y]) /\\ b=-1)`,
  `AArch64 code
{ 0:X1=P1:f; 1:X0=label:"P0:L0"; ins_t *q=P0:.end; 0:X4=q; }
 P0            | P1           ;
 BLR X1        | B end        ;
 L0: ADR X2,L0 | f: MOV W5,#1 ;
 ADD X2,X2,#8  | ADDS W5,W5,#1; B.VS .+8 ;
 LDR X3,[X4]   | RET          ;
 BR X3         | end: BL g    ;
 CBZ W0,.-4    | g: TBNZ W5,#1,g ;
 .end: RET X2  |              ;
locations [0:X5; 0:X30]
forall (0:X2=label:"0:.end" => 1:X5 != 2)`,
  `AArch64 atomics
{ x=1; 0:X1=x; 1:X1=x; 0:X3=y; 1:X3=y; }
 P0                | P1                   ;
 MOV W0,#1         | LDAXR W0,[X1]        ;
 CASAL W0,W2,[X1]  | STLXR W4,W2,[X1]     ;
 LDADDA W0,W4,[X3] | CBNZ W4,Fail         ;
 STADDL W0,[X3]    | DMB ISHLD            ;
 SWP W0,WZR,[X1]   | LDAPR W5,[X3]        ;
 DSB ST            | EOR W6,W5,W5         ;
 ISB               | LDR W7,[X1,W6,SXTW]  ;
 CSEL W5,W4,W0,EQ  | Fail: CMP W7,W5, LSL #1 ;
 MOVK W5,#3,LSL #16 | B.LS Fail ;
filter (0:X2=1)
exists (1:X0=1 /\\ 1:X7=0 /\\ x=2); with aarch64: exists; default: ~exists;`,
];

const x86 = [
  `X86_64 plain
{ uint64_t a[2]={1,2}; uint8_t z; x=1; 0:rax=a; int 0:rbx; }
 P0                   | P1                    ;
 movl $1,(x)          | lock cmpxchgl %ecx,(y) ;
 movq 8(%rax),%rbx    | L: xaddl %eax,(x)     ;
 mfence               | jne L                 ;
 xchgl %ecx,(y)       | movzbl (z),%edx       ;
 incl %ecx            | setne %al             ;
locations [a[1]; 0:rbx] exists (0:rcx=1 /\\ 1:rax=0)`,
  `X86 old
{ x=0; y=0; 0:EBX=1; }
 P0          | P1          ;
 MOV [x],$1  | MOV EAX,[y] ;
 MFENCE      | CMP EAX,$1  ;
 MOV EAX,[y] | JNE out     ;
 LOCK INC [z] | XCHG [x],EAX ;
             | out:        ;
exists (0:EAX=0 /\\ 1:EAX=0)`,
];

const token = /(?:0x[0-9a-f]+|[.\w]+|\/\\|\\\/|[=!<>~]{2}|\S)\s*/gi;
const words = [
  'X31',
  'W5',
  'X5',
  '#4',
  '#-8',
  '[X1]',
  '[X1',
  ']!',
  'LSL #2',
  'L9',
  '.+4',
  '-1',
  '0x',
  '"',
  'P1:L0',
];

/** Most keep a test readable. */
const hows = [
  'digit',
  'digit',
  'digit',
  'case',
  'like',
  'like',
  'like',
  'drop',
  'double',
  'swap',
  'insert',
] as const;

/** The tokens that stand where this one could: words for words, signs for signs. */
function alike(tokens: readonly string[], token: string): readonly string[] {
  return tokens.filter((other) => /^\w/.test(other) === /^\w/.test(token));
}

const mistyped = fc
  .record({
    text: fc.constantFrom(...arm64, ...arm64, ...x86),
    edits: fc.array(
      fc.record({
        at: fc.nat(),
        from: fc.nat(),
        word: fc.constantFrom(...words),
        how: fc.constantFrom(...hows),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ text, edits }) => {
    const tokens = text.match(token)!;
    const head = tokens.findIndex((part) => part.startsWith('{'));
    for (const { at, from, word, how } of edits) {
      const i = head + (at % (tokens.length - head - 1));
      const old = tokens[i]!;
      if (how === 'drop') tokens.splice(i, 1);
      else if (how === 'double') tokens.splice(i, 0, old);
      else if (how === 'swap') [tokens[i], tokens[i + 1]] = [tokens[i + 1]!, old];
      else if (how === 'like') {
        const others = alike(tokens.slice(head), old);
        tokens[i] = others[from % others.length]!;
      } else if (how === 'insert') tokens.splice(i, 0, `${word} `);
      else if (how === 'case') tokens[i] = old === old.toUpperCase() ? old.toLowerCase() : old.toUpperCase();
      else tokens[i] = old.replace(/\d+/, (n) => String((Number(n) * 7 + from) % 33));
    }
    return tokens.join('');
  });

function checkDiagnostics(diagnostics: readonly Diagnostic[], text: string): void {
  for (const { span, severity } of diagnostics)
    if (severity === 'error') {
      expect(span).not.toBeNull();
      expect(span!.start).toBeGreaterThanOrEqual(0);
      expect(span!.end).toBeLessThanOrEqual(text.length);
      expect(span!.start).toBeLessThanOrEqual(span!.end);
    }
}

function checkProgram({ threads, locations, dialect }: Program): void {
  expect(locations.map((location) => location.index)).toEqual(locations.map((_, i) => i));
  for (const { code, registers } of threads) {
    const names = new Set(registers.map((register) => register.name));
    for (const instruction of code) {
      if (instruction.kind === 'jump' || instruction.kind === 'branch') {
        expect(instruction.target).toBeGreaterThanOrEqual(0);
        expect(instruction.target).toBeLessThanOrEqual(code.length);
      }
      if ('dst' in instruction && instruction.dst !== null) expect(names).toContain(instruction.dst);
      if ('tags' in instruction) expect(tags[dialect]).toEqual(expect.arrayContaining([...instruction.tags]));
    }
  }
}

const good = [...arm64, ...x86].map((text) => [/\w+ \w+/.exec(text)![0], text] as const);

describe('mistyped assembly tests', () => {
  it.each(good)('start from %s, which is good', (_name, text) => {
    const { value, diagnostics } = parseAssembly({ name: 't', text });
    expect(diagnostics).toEqual([]);
    expect(assemble(value!).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each(good)('are the same printed as compiled ones are: %s', (_name, text) => {
    const tree = parseAssembly({ name: 't', text }).value!;
    const again = parseAssembly({ name: 't', text: printAssembly(tree) });
    expect(again.diagnostics).toEqual([]);
    const code = ({ threads, observed, condition }: Program) => ({
      code: threads.map((thread) => thread.code.map(({ source: _, ...instruction }) => instruction)),
      registers: threads.map(({ registers }) => registers),
      question: [observed, condition.text],
    });
    expect(code(assemble(again.value!).value!)).toEqual(code(assemble(tree).value!));
  });

  it('are answered', () => {
    const seen = { unread: 0, refused: 0, run: 0 };
    fc.assert(
      fc.property(mistyped, (text) => {
        const source = { name: 't', text };
        const { value: tree, diagnostics } = parseAssembly(source);
        expect(tree === null).toBe(hasErrors(diagnostics));
        checkDiagnostics(diagnostics, text);
        if (tree === null) {
          seen.unread++;
          return;
        }
        expect(formatLitmus(source).diagnostics.filter(({ code }) => code === 'cannot-format')).toEqual([]);
        const program = assemble(tree);
        expect(program.value === null).toBe(hasErrors(program.diagnostics));
        checkDiagnostics(program.diagnostics, text);
        seen[program.value === null ? 'refused' : 'run']++;
        if (program.value === null) return;
        checkProgram(program.value);
        let steps = 0;
        const expiry = () => () => steps++ > 200;
        runTest(source, { ...defaultRunOptions, models: 'own', unroll: 2, expiry });
      }),
      { seed: 20261122, numRuns: 400 },
    );
    expect(Math.min(seen.unread, seen.refused, seen.run)).toBeGreaterThan(30);
  });
});
