/** Formatting: the style by examples, comments at every place, what is never lost. The public collections: src/verdict/format.test.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLitmus } from './format.js';

function format(text: string): string {
  const { value, diagnostics } = formatLitmus({ name: 't.litmus', text });
  if (value === null) throw new Error(diagnostics.map((d) => d.message).join('; '));
  return value;
}

/** The first text becomes the second, which is left alone. */
function check(text: string, expected: string): void {
  expect(format(text)).toBe(expected);
  expect(format(expected)).toBe(expected);
}

const inThread = (body: string) => `C t\n\n{}\n\nP0(int *x)\n{\n${body}}\n\nexists (x=1)\n`;

describe('C is formatted', () => {
  it('with one statement a line, tabs, and blank lines between the parts', () => {
    check(
      'C t\n{int x=0;int *y=&x;}\nvoid P0(int*x,spinlock_t * l){int r0;spin_lock(l);r0=READ_ONCE( *x );spin_unlock(l);}\nP1(void){}exists(0:r0=1/\\x=0)',
      `C t
{ int x = 0; int *y = &x; }

void P0(int *x, spinlock_t *l)
{
	int r0;

	spin_lock(l);
	r0 = READ_ONCE(*x);
	spin_unlock(l);
}

P1(void)
{
}

exists (0:r0=1 /\\ x=0)
`,
    );
  });

  it('with the lengths of arrays as they are written', () => {
    check(
      'C t\n{int a[]={1,2};int b[ N ];u8 *c[3];}\nP0(int *a){}exists(a[1]=1)',
      `C t
{ int a[] = {1,2}; int b[N]; u8 *c[3]; }

P0(int *a)
{
}

exists (a[1]=1)
`,
    );
  });

  it.each([
    ['if(r)x=1;else if(!r){f();}else g();', 'if (r)\n\tx = 1;\nelse if (!r) {\n\tf();\n} else\n\tg();\n'],
    ['while(1){break;}', 'while (1) {\n\tbreak;\n}\n'],
    ['while(1);', 'while (1)\n\t;\n'],
    ['do{x++;}while(x<3);', 'do {\n\tx++;\n} while (x < 3);\n'],
    ['do x++;while(x<3);', 'do\n\tx++;\nwhile (x < 3);\n'],
    ['for(int i=0;i<2;i++)f(i);', 'for (int i = 0; i < 2; i++)\n\tf(i);\n'],
    ['for(;;){continue;}', 'for (;;) {\n\tcontinue;\n}\n'],
    ['for(i=0,j=1;;i++,j--);', 'for (i = 0, j = 1;; i++, j--)\n\t;\n'],
    ['{f();}', '{\n\tf();\n}\n'],
    ['goto out;\nout:f();', 'goto out;\nout:\nf();\n'],
    [
      'switch(x){case 1:f();break;default:g();}',
      'switch (x) {\ncase 1:\n\tf();\n\tbreak;\ndefault:\n\tg();\n}\n',
    ],
    ['guard(mutex)(&l);', 'guard(mutex)(&l);\n'],
    ['scoped_guard(mutex,&l){f();}', 'scoped_guard (mutex, &l) {\n\tf();\n}\n'],
    ['int a=1,*b,c[2];unsigned long  d;', 'int a = 1, *b, c[2];\nunsigned long d;\n'],
    ['int *const p=x;const int q;volatile int z;', 'int *const p = x;\nconst int q;\nvolatile int z;\n'],
    ['return;', 'return;\n'],
    ['return r+1;', 'return r + 1;\n'],
    [';', ';\n'],
  ])('statement %j', (text, expected) => {
    const lines = expected.trimEnd().split('\n');
    const body = lines.map((line) => (/^(?:out:)$/.test(line) ? line : `\t${line}`)).join('\n');
    check(inThread(text), inThread(`${body}\n`));
  });

  it.each([
    ['a=b=c', 'a = b = c'],
    ['a+=1', 'a += 1'],
    ['(a+b)*c', '(a + b) * c'],
    ['((a))', '(a)'],
    ['a-(b-c)', 'a - (b - c)'],
    ['- -a', '- -a'],
    ['-(-a)', '-(-a)'],
    ['!a&&~b', '!a && ~b'],
    ['& * p', '&*p'],
    ['a?b:c?d:e', 'a ? b : c ? d : e'],
    ['(a,b)', '(a, b)'],
    ['p -> f . g [ 1 ]', 'p->f.g[1]'],
    ['f( a,& b )', 'f(a, &b)'],
    ['(int*)p', '(int *)p'],
    ['(volatile struct foo *)p', '(volatile struct foo *)p'],
    ['(u32)-1', '(u32)-1'],
    ['0x1F|010UL', '0x1F | 010UL'],
    ['a<<1&b', 'a << 1 & b'],
    ['++a', '++a'],
    ['sizeof( struct foo* )+sizeof(x)+sizeof x', 'sizeof(struct foo *) + sizeof(x) + sizeof x'],
    ["'a'+ '\\n'", "'a' + '\\n'"],
    ['a++', 'a++'],
  ])('expression %j', (text, expected) => {
    check(inThread(`f(${text});`), inThread(`\tf(${expected});\n`));
  });

  it('with its definitions, whose macros are left alone', () => {
    check(
      `C t
#include <linux/types.h>
#define A   (1+2)   // sum
#define F(a) \\
   do { a; } while (0)
enum e{X,Y=3};
static   inline int f( int *p ){return READ_ONCE(*p);}
{}
enum {
B, /* first */
C
};
struct s{int a,*b;  // two
u8 v[2];}__packed;
P0(int *x){int r;r=f(x);
#define LATE 1
F(r=A);}
exists(0:r=1)`,
      `C t

#include <linux/types.h>
#define A   (1+2)   // sum
#define F(a) \\
   do { a; } while (0)

enum e { X, Y = 3 };

static inline int f(int *p)
{
	return READ_ONCE(*p);
}

{}

enum {
	B, /* first */
	C,
};

struct s {
	int a, *b;  // two
	u8 v[2];
} __packed;

P0(int *x)
{
	int r;

	r = f(x);
#define LATE 1
	F(r = A);
}

exists (0:r=1)
`,
    );
  });
});

describe('what every file has', () => {
  it('keeps its header', () => {
    const header = '// SPDX\nC t\n"a description"  \nCom=Rf\n\n(*\n * Result: Never\n   *   as drawn\n *)\n';
    expect(format(`${header}{}\nP0(int *x) {}\nexists (x=1)`)).toBe(
      '// SPDX\nC t\n"a description"\nCom=Rf\n\n(*\n * Result: Never\n   *   as drawn\n *)\n{}\n\nP0(int *x)\n{\n}\n\nexists (x=1)\n',
    );
  });

  it('keeps the words of its init block and its tail', () => {
    check(
      'C t\n{\natomic_t v=ATOMIC_INIT( 1 );int a[2]={0,1}; [x]=0x10;p->f=&x;struct foo s={.a=1};}\nP0(int *x){}\nlocations[x;0:r0 ; a[1]]filter not(x=0)forall(x=1=>(y!=2\\/z=3)/\\true)',
      `C t
{
	atomic_t v = ATOMIC_INIT( 1 );
	int a[2] = {0,1};
	[x] = 0x10;
	p->f = &x;
	struct foo s = {.a=1};
}

P0(int *x)
{
}

locations [x; 0:r0; a[1];]
filter (~(x=0))
forall (x=1 => ((y!=2 \\/ z=3) /\\ true))
`,
    );
  });

  it('breaks long conditions', () => {
    const parts = Array.from({ length: 20 }, (_, i) => `0:r${i}=1`);
    const out = format(inThread('').replace('x=1', parts.join('/\\')));
    const lines = out.slice(out.indexOf('exists')).trimEnd().split('\n');
    expect(lines.length).toBe(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines[1]).toMatch(/^ {8}0:r/);
    expect(format(out)).toBe(out);
  });

  it('keeps what is read over behind the condition', () => {
    check(
      'AArch64 t\n{}\n P0 ;\n NOP ;\nfinal (x=1) ; with tso: ~exists; default: exists;\n',
      'AArch64 t\n{}\n P0  ;\n NOP ;\n\nfinal (x=1)\nwith tso: ~exists; default: exists;\n',
    );
  });
});

describe('comments', () => {
  it('stay with what they stand at', () => {
    const text = `C t

{
	x = 1;	/* behind */
	// before
	y = 2;
	// at the end
}

/*
 * Before a thread,
 *   on lines.
 */
P0(int *x) // behind the head
{
	int r0;	// a register

	// before a statement
	r0 = READ_ONCE(*x); /* one */ // two

	if (r0) { // behind a brace
		// in a block
		WRITE_ONCE(*x, 2);
		// at its end
	} /* behind its end */ else {
		WRITE_ONCE(*x, 3);
	}
}

// between

P1(int *x)
{
	// nothing
}

// before the question
exists (x=1) (* behind it *)
// the end
`;
    const expected = text
      .replace('P0(int *x) // behind the head\n{\n', 'P0(int *x)\n{\n\t// behind the head\n')
      .replace('\t} /* behind its end */ else {\n', '\t} else {\n\t\t/* behind its end */\n');
    check(text, expected);
  });

  it('in the middle of a statement go behind it, or before it', () => {
    check(inThread('f(a, /* one */ b);\n'), inThread('\tf(a, b); /* one */\n'));
    check(inThread('f(a, // one\nb); // two\n'), inThread('\t// one\n\t// two\n\tf(a, b);\n'));
    check(inThread('f(a, /* one\n\t  two */ b);\n'), inThread('\t/* one\n\t     two */\n\tf(a, b);\n'));
  });

  it('of a table stay at their rows', () => {
    check(
      'AArch64 t\n{0:X1=x;}\nP0|P1; (* the heads *)\n// a line\nMOV W0,#1|\nLDR W0,[X1];// a row\n(* last *)\nexists(x=1)',
      `AArch64 t
{ 0:X1=x; }
 P0        | P1          ; (* the heads *)
// a line
 MOV W0,#1 | LDR W0,[X1] ;// a row

(* last *)
exists (x=1)
`.replace(' ;// a row', ' ; // a row'),
    );
  });

  it('are never lost', () => {
    const places = [
      'C t\n',
      '{',
      'x = 1;',
      'int *y = ',
      '&x;',
      '}\n',
      'P0(int *x,',
      ' int *y)',
      '{',
      'int r0;',
      'if (',
      'READ_ONCE(*x) ==',
      ' 1)',
      '{',
      'WRITE_ONCE(*y, 1);',
      '}',
      ' else ',
      'r0 =',
      ' 2;',
      'do',
      ' { ',
      '; } while',
      ' (0);',
      '}\n',
      'P1(int *x)',
      '{',
      '}\n',
      'locations [',
      'x;',
      ' y]\n',
      'exists ',
      '(x=1 /\\ ',
      ' y=2)\n',
      '\n',
    ];
    const comment = fc.constantFrom(
      '',
      '',
      ' // c\n',
      '\n// c\n',
      '/* c */',
      '\n\n/* c\n   d */\n',
      '(* c *)',
    );
    const file = fc
      .array(comment, { minLength: places.length, maxLength: places.length })
      .map((comments) => places.map((place, i) => place + comments[i]!.replace('c', `c${i}`)).join(''));
    fc.assert(
      fc.property(file, (text) => {
        const once = format(text);
        expect(once.match(/c\d+/g)?.sort()).toEqual(text.match(/c\d+/g)?.sort());
        expect(format(once)).toBe(once);
      }),
      { seed: 7, numRuns: 120 },
    );
  });
});

describe('a sketch is formatted', () => {
  it('with its rows as they are aligned, in the words of the notation', () => {
    check(
      `Sketch t
{ p->a=0;}
CPU 0: foo() | CPU1
LOCK &p->lock|
[W.release]p->a=(r1|2)|r1=[R.acquire]->b
--|--
[RMW]p->a++ | ...
 | if(r1)smp_mb()
 r2 = (r1 | 1) | r3 = [RMW.relaxed] p->a = 2
 { f(a); g(b); } | UNLOCK
exists(CPU1:r1=1)`,
      `Sketch t
{ p->a = 0; }

 CPU0 (foo())            | CPU1                    ;
 LOCK p->lock            |                         ;
 [W.rel] p->a = (r1 | 2) | r1 = [R.acq] ->b        ;
-------------------------+-------------------------
 [RMW] p->a += 1         | ...                     ;
                         | if (r1) MB              ;
 r2 = (r1 | 1)           | r3 = [RMW.rlx] p->a = 2 ;
 { f(a); g(b); }         | UNLOCK                  ;

exists (CPU1:r1=1)
`,
    );
  });
});

describe('what is not formatted', () => {
  it('is no test', () => {
    const { value, diagnostics } = formatLitmus({
      name: 't',
      text: 'C t\n{}\nP0(int *x) { x = ; }\nexists (x=1)',
    });
    expect(value).toBeNull();
    expect(diagnostics[0]?.code).toBe('syntax');
  });

  it('would lose something', () => {
    const text = inThread('\tswitch (x) {\n\tcase 1 ... 3:\n\t\tf();\n\t}\n');
    const { value, diagnostics } = formatLitmus({ name: 't.litmus', text });
    expect(value).toBeNull();
    expect(diagnostics.at(-1)?.message).toBe('t.litmus: cannot be formatted: `f` would be lost');
  });
});
