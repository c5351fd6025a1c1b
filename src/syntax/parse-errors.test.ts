/** What people read when a test does not parse: whole rendered texts. */
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { parseLitmus } from './parse.js';

const good = `C t
{}
P0(int *x, int *y)
{
	int r0;

	WRITE_ONCE(*x, 1);
	r0 = READ_ONCE(*y);
}

P1(int *x, int *y)
{
	int r0;

	WRITE_ONCE(*y, 1);
	if (r0 == 1) {
		smp_mb();
	}
	r0 = READ_ONCE(*x);
}

exists (0:r0=0 /\\ 1:r0=0)
`;

/** The good test with one replacement, which must apply. */
function broken(from: string, to: string): string {
  expect(good).toContain(from);
  return good.replace(from, () => to);
}

function cut(before: string): string {
  return good.slice(0, good.indexOf(before));
}

function rendered(text: string): string {
  const { value, diagnostics } = parseLitmus({ name: 't.litmus', text });
  expect(value).toBeNull();
  return `\n${renderDiagnostics(diagnostics)}\n`;
}

describe('the file as a whole', () => {
  const cases: readonly (readonly [string, () => string, string])[] = [
    [
      'an empty file',
      () => '',
      `
t.litmus:1:1: error: this file is empty [empty-file]
 1 |
   | ^
  hint: a litmus test starts with a line such as \`C name-of-the-test\`
`,
    ],
    [
      'only spaces',
      () => '\n  \n',
      `
t.litmus:1:1: error: this file is empty [empty-file]
 1 |
   | ^
  hint: a litmus test starts with a line such as \`C name-of-the-test\`
`,
    ],
    [
      'only a comment',
      () => '(* x *)\n',
      `
t.litmus:1:1: error: this file has nothing but comments [empty-file]
 1 | (* x *)
   | ^
  hint: a litmus test starts with a line such as \`C name-of-the-test\`
`,
    ],
    [
      'binary junk',
      () => '\u0000ELF',
      `
t.litmus:1:1: error: this is not a text file: it contains the control character U+0000 [not-text]
 1 | ��ELF
   | ^
`,
    ],
    [
      'no header',
      () => '{}\nP0() {}',
      `
t.litmus:1:1: error: expected the header line, which names the dialect and the test [missing-header]
 1 | {}
   | ^
  hint: start the file with a line such as \`C name-of-the-test\`
`,
    ],
    [
      'a thread first',
      () => 'P0(int *x)\n{\n}\nexists (x=1)\n',
      `
t.litmus:1:1: error: expected the header line, which names the dialect and the test [missing-header]
 1 | P0(int *x)
   | ^^
  hint: start the file with a line such as \`C name-of-the-test\`
`,
    ],
    [
      'no name',
      () => 'C\n{}',
      `
t.litmus:1:1: error: expected the header line \`C name-of-the-test\` [missing-header]
 1 | C
   | ^
  hint: the first line names the dialect (C, Sketch, AArch64, X86_64) and the test
`,
    ],
    [
      'a dialect nearly right',
      () => broken('C t', 'AARch64 t'),
      `
t.litmus:1:1: error: unknown dialect \`AARch64\` [unknown-dialect]
 1 | AARch64 t
   | ^^^^^^^
  hint: did you mean \`AArch64\`?
`,
    ],
    [
      'an unknown dialect',
      () => broken('C t', 'Rust t'),
      `
t.litmus:1:1: error: unknown dialect \`Rust\` [unknown-dialect]
 1 | Rust t
   | ^^^^
  hint: the first word of the file is one of C, Sketch, AArch64, X86_64, X86
`,
    ],
    [
      'no init block',
      () => broken('{}\n', ''),
      `
t.litmus:2:1: error: expected the init block \`{ ... }\` before this [missing-init]
 2 | P0(int *x, int *y)
   | ^^^^^^^^^^^^^^^^^^
  hint: write \`{}\` between the header line and the first thread if all variables start at 0
`,
    ],
    [
      'nothing after the header',
      () => 'C t\n',
      `
t.litmus:1:3: error: the test ends after its header: expected the init block \`{ ... }\` [missing-init]
 1 | C t
   |   ^
  hint: write \`{}\` after the header line if all variables start at 0
`,
    ],
    [
      'an open init block',
      () => broken('{}', '{ x=0;'),
      `
t.litmus:2:1: error: the \`{\` of the init block is never closed [unclosed-init]
 2 | { x=0;
   | ^
  hint: add the missing \`}\`
`,
    ],
    [
      'an open comment',
      () => broken('int r0;', 'int r0; /* foo'),
      `
t.litmus:5:10: error: this comment is never closed [unclosed-comment]
 5 |         int r0; /* foo
   |                 ^^
  hint: close it with \`*/\`
`,
    ],
    [
      'an open nested comment',
      () => broken('C t', 'C t\n(* a (* b *)'),
      `
t.litmus:2:1: error: this comment is never closed [unclosed-comment]
 2 | (* a (* b *)
   | ^^
  hint: close it with \`*)\`
`,
    ],
    [
      'no threads',
      () => 'C t\n{}\nexists (x=1)\n',
      `
t.litmus:3:1: error: expected at least one thread after the init block [no-threads]
 3 | exists (x=1)
   | ^
  hint: a thread is \`P0(int *x) { ... }\`
`,
    ],
    [
      'no condition',
      () => cut('exists'),
      `
t.litmus:20:1: error: expected a condition after the threads [missing-condition]
 20 | }
    | ^
  hint: end the test with \`exists (...)\`, \`~exists (...)\`, \`forall (...)\` or \`locations [...]\`
`,
    ],
    [
      'truncated in a call',
      () => cut('_ONCE(*x);'),
      `
t.litmus:12:1: error: the file ends inside \`P1\`: its \`{\` is never closed [unclosed-brace]
 12 | {
    | ^
  hint: add the missing \`}\`
`,
    ],
    [
      'truncated after a brace',
      () => cut('\n\t\tsmp_mb'),
      `
t.litmus:12:1: error: the file ends inside \`P1\`: its \`{\` is never closed [unclosed-brace]
 12 | {
    | ^
  hint: add the missing \`}\`
`,
    ],
    [
      'truncated in the condition',
      () => cut('/\\'),
      `
t.litmus:22:8: error: this \`(\` is never closed [unclosed-parenthesis]
 22 | exists (0:r0=0
    |        ^
  hint: add the missing \`)\`
`,
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(rendered(text())).toBe(expected);
  });
});

describe('the code', () => {
  const cases: readonly (readonly [string, () => string, string])[] = [
    [
      'no semicolon',
      () => broken('(*x, 1);', '(*x, 1)'),
      `
t.litmus:7:18: error: expected \`;\` after this [missing-semicolon]
 7 |         WRITE_ONCE(*x, 1)
   |                         ^
  hint: add the missing \`;\`
`,
    ],
    [
      'no semicolon at the end',
      () => broken('(*x);', '(*x)'),
      `
t.litmus:19:19: error: expected \`;\` after this [missing-semicolon]
 19 |         r0 = READ_ONCE(*x)
    |                          ^
  hint: add the missing \`;\`
`,
    ],
    [
      'no semicolon after a declaration',
      () => broken('int r0;', 'int r0'),
      `
t.litmus:5:7: error: expected \`;\` after this [missing-semicolon]
 5 |         int r0
   |              ^
  hint: add the missing \`;\`
`,
    ],
    [
      'no brace before the next thread',
      () => broken('}\n\nP1', '\nP1'),
      `
t.litmus:4:1: error: the \`{\` of \`P0\` is never closed [unclosed-brace]
 4 | {
   | ^
  hint: add the missing \`}\` before \`P1\` in line 10
`,
    ],
    [
      'no brace before the condition',
      () => broken('}\n\nexists', '\nexists'),
      `
t.litmus:12:1: error: the \`{\` of \`P1\` is never closed [unclosed-brace]
 12 | {
    | ^
  hint: add the missing \`}\`
`,
    ],
    [
      'no inner brace',
      () => broken('smp_mb();\n\t}', 'smp_mb();'),
      `
t.litmus:12:1: error: the \`{\` of \`P1\` is never closed [unclosed-brace]
 12 | {
    | ^
  hint: add the missing \`}\`
`,
    ],
    [
      'one brace too many',
      () => broken('}\n\nP1', '}}\n\nP1'),
      `
t.litmus:9:2: error: this \`}\` closes nothing [unopened-bracket]
 9 | }}
   |  ^
  hint: remove it, or add what it should close
`,
    ],
    [
      'no closing parenthesis',
      () => broken('(*x, 1);', '(*x, 1;'),
      `
t.litmus:7:12: error: this \`(\` is never closed [unclosed-parenthesis]
 7 |         WRITE_ONCE(*x, 1;
   |                   ^
  hint: add the missing \`)\`
`,
    ],
    [
      'no opening parenthesis',
      () => broken('READ_ONCE(*y)', 'READ_ONCE *y)'),
      `
t.litmus:8:19: error: this \`)\` closes nothing [unopened-bracket]
 8 |         r0 = READ_ONCE *y);
   |                          ^
  hint: remove it, or add what it should close
`,
    ],
    [
      'an open if',
      () => broken('(r0 == 1) {', '(r0 == 1 {'),
      `
t.litmus:16:5: error: this \`(\` is never closed [unclosed-parenthesis]
 16 |         if (r0 == 1 {
    |            ^
  hint: add the missing \`)\`
`,
    ],
    [
      'a string',
      () => broken('smp_mb();', 'pr_info("x");'),
      `
t.litmus:17:11: error: strings are not supported [unsupported]
 17 |                 pr_info("x");
    |                         ^
`,
    ],
    [
      'a global variable',
      () => broken('P0', 'int z;\nP0'),
      `
t.litmus:3:6: error: unexpected \`;\`: only functions, structs and enumerations stand between the init block and the condition [syntax]
 3 | int z;
   |      ^
  hint: declare shared variables in the init block, and locals inside their thread
`,
    ],
    [
      'a prototype',
      () => broken('P1(int *x, int *y)\n{', 'P1(int *x, int *y);\n{'),
      `
t.litmus:11:19: error: unexpected \`;\`: expected the body of the function [syntax]
 11 | P1(int *x, int *y);
    |                   ^
  hint: a thread is \`P0(int *x) { ... }\`
`,
    ],
    [
      'a parameter without type',
      () => broken('int *y)', 'y)'),
      `
t.litmus:3:12: error: unexpected \`y\` in the parameters [syntax]
 3 | P0(int *x, y)
   |            ^
  hint: a parameter has a type and a name: \`int *x\`, \`spinlock_t *lock\`, \`struct task_struct *p\`
`,
    ],
    [
      'an assignment to a call',
      () => broken('r0 = READ_ONCE(*x)', 'READ_ONCE(*x) = 1'),
      `
t.litmus:19:2: error: this cannot be assigned to [not-assignable]
 19 |         READ_ONCE(*x) = 1;
    |         ^^^^^^^^^^^^^
  hint: write to memory with \`WRITE_ONCE(x, value)\`
`,
    ],
    [
      'no operand',
      () => broken('r0 == 1', 'r0 == '),
      `
t.litmus:16:12: error: unexpected \`)\`: expected an expression [syntax]
 16 |         if (r0 == ) {
    |                   ^
`,
    ],
    [
      'two operators',
      () => broken('r0 == 1', 'r0 = = 1'),
      `
t.litmus:16:11: error: unexpected \`=\`: expected an expression [syntax]
 16 |         if (r0 = = 1) {
    |                  ^
`,
    ],
    [
      'no number',
      () => broken('*x, 1', '*x, 1x'),
      `
t.litmus:7:17: error: \`1x\` is not a number [bad-number]
 7 |         WRITE_ONCE(*x, 1x);
   |                        ^^
  hint: a name starts with a letter, a number has digits only
`,
    ],
    [
      'an octal number',
      () => broken('*x, 1', '*x, 08'),
      `
t.litmus:7:17: error: \`08\` is not an octal number [bad-number]
 7 |         WRITE_ONCE(*x, 08);
   |                        ^^
  hint: a leading zero means octal in C; write 8 for the decimal number
`,
    ],
    [
      'else alone',
      () => broken('if (r0 == 1) {\n\t\tsmp_mb();\n\t}', 'else smp_mb();'),
      `
t.litmus:16:2: error: \`else\` without \`if\` [syntax]
 16 |         else smp_mb();
    |         ^^^^
`,
    ],
    [
      'a type as a value',
      () => broken('(*x, 1)', '(*x, int)'),
      `
t.litmus:7:17: error: \`int\` is a word of C and cannot be used as a value [reserved-word]
 7 |         WRITE_ONCE(*x, int);
   |                        ^^^
`,
    ],
    [
      'an arrow without object',
      () => broken('*x, 1', '->x, 1'),
      `
t.litmus:7:13: error: expected an object before \`->\` [missing-object]
 7 |         WRITE_ONCE(->x, 1);
   |                    ^^
  hint: only in a sketch does \`->field\` stand for the shared object
`,
    ],
    [
      'a wide comma',
      () => broken('*x, 1', '*x，1'),
      `
t.litmus:7:15: error: unexpected \`，\`: expected \`)\`, \`,\` or an operator [syntax]
 7 |         WRITE_ONCE(*x，1);
   |                      ^
`,
    ],
    [
      'inline assembly',
      () => broken('smp_mb();', 'asm volatile("nop");'),
      `
t.litmus:17:3: error: inline assembly is not supported [unsupported]
 17 |                 asm volatile("nop");
    |                 ^^^
  hint: write an AArch64 or X86_64 test
`,
    ],
    [
      'an assignment in the leg of a conditional',
      () => broken('r0 == 1', 'r0 ? r0 : r0 = 1'),
      `
t.litmus:16:16: error: an assignment after \`:\` needs parentheses [not-assignable]
 16 |         if (r0 ? r0 : r0 = 1) {
    |                       ^^^^^^
  hint: C reads this as an assignment to the whole \`?:\`
`,
    ],
    [
      'sizeof of nothing',
      () => broken('*x, 1', '*x, sizeof()'),
      `
t.litmus:7:24: error: unexpected \`)\` in the code [syntax]
 7 |         WRITE_ONCE(*x, sizeof());
   |                               ^
`,
    ],
    [
      'two characters in quotes',
      () => broken('*x, 1', "*x, 'ab'"),
      `
t.litmus:7:17: error: 'ab' is not one character [bad-character]
 7 |         WRITE_ONCE(*x, 'ab');
   |                        ^^^^
  hint: write its number
`,
    ],
    [
      'a field with a value',
      () => broken('P0(int *x', 'struct foo { int a = 1; };\nP0(int *x'),
      `
t.litmus:3:22: error: a definition of a struct gives no values [field-value]
 3 | struct foo { int a = 1; };
   |                      ^
  hint: give them in the init block: \`struct foo x = { .a = 1 };\`
`,
    ],
    [
      'a struct without its semicolon',
      () => broken('P0(int *x', 'struct foo { int a; }\nP0(int *x'),
      `
t.litmus:3:21: error: expected \`;\` after this [missing-semicolon]
 3 | struct foo { int a; }
   |                     ^
  hint: add the missing \`;\`
`,
    ],
    [
      'a struct without a name',
      () => broken('P0(int *x', 'struct { int a; };\nP0(int *x'),
      `
t.litmus:3:8: error: expected a name before this [syntax]
 3 | struct { int a; };
   |        ^
  hint: write \`struct foo { ... };\`
`,
    ],
    [
      'a bit field',
      () => broken('P0(int *x', 'struct foo { int a : 3; };\nP0(int *x'),
      `
t.litmus:3:20: error: bit fields are not supported [unsupported]
 3 | struct foo { int a : 3; };
   |                    ^
  hint: bits of one word are one cell: set and test them with \`&\` and \`|\`
`,
    ],
    [
      'container_of',
      () => broken('*x, 1', '*x, container_of(y, struct foo, a)->b'),
      `
t.litmus:7:17: error: \`container_of\` is not supported [unsupported]
 7 |         WRITE_ONCE(*x, container_of(y, struct foo, a)->b);
   |                        ^^^^^^^^^^^^
  hint: a pointer leads to the object that it points to, not to the one around it: keep a pointer to that
`,
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(rendered(text())).toBe(expected);
  });
});

describe('the init block and the condition', () => {
  const cases: readonly (readonly [string, () => string, string])[] = [
    [
      'no semicolon',
      () => broken('{}', '{ x=0 y=0; }'),
      `
t.litmus:2:5: error: expected \`;\` after this [missing-semicolon]
 2 | { x=0 y=0; }
   |     ^
  hint: add the missing \`;\`
`,
    ],
    [
      'no semicolon at the end of a line',
      () => broken('{}', '{\n int x=0\n int y=0;\n}'),
      `
t.litmus:3:8: error: expected \`;\` after this [missing-semicolon]
 3 |  int x=0
   |        ^
  hint: add the missing \`;\`
`,
    ],
    [
      'a sum',
      () => broken('{}', '{ x=1+1; }'),
      `
t.litmus:2:6: error: unexpected \`+\`: an initial value is a number, a name or an address [syntax]
 2 | { x=1+1; }
   |      ^
`,
    ],
    [
      'a leading zero',
      () => broken('{}', '{ x=010; }'),
      `
t.litmus:2:5: error: \`010\` is octal in C and decimal in other litmus tools [ambiguous-number]
 2 | { x=010; }
   |     ^^^
  hint: write 10 or 0x8
`,
    ],
    [
      'a label',
      () => broken('{}', '{ 0:r1=P1:L0; }'),
      `
t.litmus:2:8: error: unsupported: addresses of code outside of AArch64 [unsupported]
 2 | { 0:r1=P1:L0; }
   |        ^^^^^
`,
    ],
    [
      'a quantifier nearly right',
      () => broken('exists', 'exist'),
      `
t.litmus:22:1: error: unknown word \`exist\` where the condition should start [unknown-quantifier]
 22 | exist (0:r0=0 /\\ 1:r0=0)
    | ^^^^^
  hint: did you mean \`exists\`?
`,
    ],
    [
      'another',
      () => broken('exists', 'forrall'),
      `
t.litmus:22:1: error: unknown word \`forrall\` where the condition should start [unknown-quantifier]
 22 | forrall (0:r0=0 /\\ 1:r0=0)
    | ^^^^^^^
  hint: did you mean \`forall\`?
`,
    ],
    [
      'no quantifier',
      () => broken('exists ', ''),
      `
t.litmus:22:1: error: expected \`exists\`, \`~exists\` or \`forall\` before the condition [missing-quantifier]
 22 | (0:r0=0 /\\ 1:r0=0)
    | ^
  hint: \`exists\` asks whether an outcome is possible, \`forall\` whether it is the only one
`,
    ],
    [
      'a comma',
      () => broken('/\\', ','),
      `
t.litmus:22:16: error: unexpected \`,\` [syntax]
 22 | exists (0:r0=0 , 1:r0=0)
    |                ^
  hint: write \`/\\\` for and
`,
    ],
    [
      'and',
      () => broken('/\\', 'and'),
      `
t.litmus:22:16: error: unexpected \`and\` [syntax]
 22 | exists (0:r0=0 and 1:r0=0)
    |                ^^^
  hint: write \`/\\\` for and
`,
    ],
    [
      'half of and',
      () => broken('/\\', '/'),
      `
t.litmus:22:16: error: unexpected \`/\` [syntax]
 22 | exists (0:r0=0 / 1:r0=0)
    |                ^
  hint: \`/\\\` is and, \`\\/\` is or
`,
    ],
    [
      'or',
      () => broken('/\\', '|'),
      `
t.litmus:22:16: error: unexpected \`|\` [syntax]
 22 | exists (0:r0=0 | 1:r0=0)
    |                ^
  hint: write \`\\/\` for or
`,
    ],
    [
      'an open parenthesis',
      () => broken('=0)\n', '=0\n'),
      `
t.litmus:22:8: error: this \`(\` is never closed [unclosed-parenthesis]
 22 | exists (0:r0=0 /\\ 1:r0=0
    |        ^
  hint: add the missing \`)\`
`,
    ],
    [
      'no value',
      () => broken('=0)\n', ')\n'),
      `
t.litmus:22:22: error: expected \`=\` or \`!=\` and a value after this [syntax]
 22 | exists (0:r0=0 /\\ 1:r0)
    |                      ^
  hint: a condition compares: \`0:r1=1\`, \`x=0\`
`,
    ],
    [
      'less than',
      () => broken('=0)\n', '<1)\n'),
      `
t.litmus:22:23: error: conditions compare with \`=\` and \`!=\` only, not \`<\` [syntax]
 22 | exists (0:r0=0 /\\ 1:r0<1)
    |                       ^
  hint: name the values: \`x=1 \\/ x=2\`
`,
    ],
    [
      'nothing',
      () => broken('(0:r0=0 /\\ 1:r0=0)', ''),
      `
t.litmus:22:6: error: the condition ends here: expected a comparison [syntax]
 22 | exists
    |      ^
  hint: a condition compares: \`0:r1=1\`, \`x=0\`
`,
    ],
    [
      'parentheses alone',
      () => broken('(0:r0=0 /\\ 1:r0=0)', '()'),
      `
t.litmus:22:9: error: unexpected \`)\`: expected a comparison [syntax]
 22 | exists ()
    |         ^
  hint: a condition compares: \`0:r1=1\`, \`x=0\`
`,
    ],
    [
      'a function',
      () => broken('0:r0=0', 'fault(P0)'),
      `
t.litmus:22:9: error: \`fault(...)\` is not supported in conditions [unsupported]
 22 | exists (fault(P0) /\\ 1:r0=0)
    |         ^^^^^
  hint: a condition compares final values of registers and memory
`,
    ],
    [
      'junk after it',
      () => broken('1:r0=0)\n', '1:r0=0)\ngarbage\n'),
      `
t.litmus:23:1: error: unexpected \`garbage\` after the condition [syntax]
 23 | garbage
    | ^^^^^^^
  hint: the condition ends the file; comments may follow it
`,
    ],
    [
      'two conditions',
      () => broken('1:r0=0)\n', '1:r0=0)\nexists (x=1)\n'),
      `
t.litmus:23:1: error: a test has one condition [repeated-condition]
 23 | exists (x=1)
    | ^^^^^^^^^^^^
  note: t.litmus:22:1: the first one is here
 22 | exists (0:r0=0 /\\ 1:r0=0)
    | ^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: combine them with \`/\\\` or \`\\/\`, or split the test
`,
    ],
    [
      'a filter after it',
      () => broken('1:r0=0)\n', '1:r0=0)\nfilter (x=1)\n'),
      `
t.litmus:23:1: error: \`filter\` stands before the condition [misplaced-section]
 23 | filter (x=1)
    | ^^^^^^^^^^^^
`,
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(rendered(text())).toBe(expected);
  });
});

describe('a sketch', () => {
  const cases: readonly (readonly [string, () => string, string])[] = [
    [
      'an unknown mark',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [Q] x | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:2: error: unknown mark \`[Q]\` [sketch]
 4 |  [Q] x | MB ;
   |  ^^^
  hint: a cell is \`[R]\`, \`[W]\` or \`[RMW]\` with a place, LOCK, UNLOCK, ACQUIRE, RELEASE, MB, RMB, WMB, or a C statement
`,
    ],
    [
      'an unknown order',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [R.foo] x | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:2: error: unknown order \`.foo\` [sketch]
 4 |  [R.foo] x | MB ;
   |  ^^^^^^^
  hint: the orders are \`.acq\`, \`.rel\`, \`.rlx\` and \`.full\`
`,
    ],
    [
      'a releasing read',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [R.rel] r1 = x | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:2: error: a read cannot be a release [sketch]
 4 |  [R.rel] r1 = x | MB ;
   |  ^^^^^^^
  hint: use \`[R]\`, \`[R.acq]\` or \`[RMW.rel]\`
`,
    ],
    [
      'an acquiring write',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [W.acq] x = 1 | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:2: error: a write cannot be an acquire [sketch]
 4 |  [W.acq] x = 1 | MB ;
   |  ^^^^^^^
  hint: use \`[W]\`, \`[W.rel]\` or \`[RMW.acq]\`
`,
    ],
    [
      'a write without value',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [W] x | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:6: error: a write needs a value [sketch]
 4 |  [W] x | MB ;
   |      ^
  hint: write \`[W] place = value\`
`,
    ],
    [
      'a mark alone',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [R] | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:2: error: expected a place after \`[R]\` [sketch]
 4 |  [R] | MB ;
   |  ^^^
  hint: for instance \`r1 = [R] p->__state\` or \`[W] p->__state = 1\`
`,
    ],
    [
      'two accesses in a cell',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [R] r1 = x [R] r2 = y | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:13: error: unexpected \`[\` in this cell [sketch]
 4 |  [R] r1 = x [R] r2 = y | MB ;
   |             ^
  hint: one access stands in a cell; separate columns with \`|\`
`,
    ],
    [
      'an update as a write',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [W] x += 1 | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:6: error: a write does not read [sketch]
 4 |  [W] x += 1 | MB ;
   |      ^^^^^^
  hint: an atomic update is \`[RMW] place += value\`
`,
    ],
    [
      'a read into memory',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n p->x = [R] p->y | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:2: error: a read goes into a register [sketch]
 4 |  p->x = [R] p->y | MB ;
   |  ^^^^
  hint: a register is a plain name: \`r1 = [R] p->__state\`
`,
    ],
    [
      'too many cells',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n MB | MB | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:12: error: this row has 3 cells, but the sketch has 2 columns [sketch]
 4 |  MB | MB | MB ;
   |            ^
  hint: \`|\` separates cells; put the operators \`|\` and \`||\` in parentheses
`,
    ],
    [
      'an incomplete C statement',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n r1 = x + | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:9: error: the code ends too early: expected an expression [syntax]
 4 |  r1 = x + | MB ;
   |         ^
`,
    ],
    [
      'a write with a result',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n r1 = [W] x = 1 | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:2: error: a write has no result [sketch]
 4 |  r1 = [W] x = 1 | MB ;
   |  ^^
  hint: write \`[W] place = value\`
`,
    ],
    [
      'an update without value',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [RMW] x | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:8: error: a read-modify-write needs a new value [sketch]
 4 |  [RMW] x | MB ;
   |        ^
  hint: write \`r1 = [RMW] place = value\` to exchange, \`[RMW] place += value\` to add; for others, write the kernel primitive
`,
    ],
    [
      'an open condition',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n if (r1 [W] x = 1 | MB ;\nexists (CPU0:r1=1)\n',
      `
t.litmus:4:5: error: this \`(\` is never closed [unclosed-parenthesis]
 4 |  if (r1 [W] x = 1 | MB ;
   |     ^
  hint: add the missing \`)\`
`,
    ],
    [
      'no columns',
      () => 'Sketch s\n{}\nexists (x=1)\n',
      `
t.litmus:2:3: error: expected the columns of the sketch after the init block [no-threads]
 2 | {}
   |   ^
  hint: the first row names the columns: \`CPU0 | CPU1 ;\`
`,
    ],
    [
      'a nameless column',
      () => 'Sketch s\n{}\n CPU0 |  | CPU2 ;\n MB | MB | MB ;\nexists (x=1)\n',
      `
t.litmus:3:8: error: expected the name of a thread in this column [sketch]
 3 |  CPU0 |  | CPU2 ;
   |        ^^
  hint: the first row names the columns: \`CPU0 | CPU1 ;\`
`,
    ],
    [
      'twice the same name',
      () => 'Sketch s\n{}\n CPU0 | CPU0 ;\n MB | MB ;\nexists (x=1)\n',
      `
t.litmus:3:9: error: two threads are named \`CPU0\` [duplicate-thread]
 3 |  CPU0 | CPU0 ;
   |         ^^^^
  note: t.litmus:3:2: the other one is here
 3 |  CPU0 | CPU0 ;
   |  ^^^^
`,
    ],
    [
      'numbers that are not the places of the threads',
      () => 'Sketch s\n{}\n CPU 1 | CPU 2 ;\n MB | MB ;\nexists (x=1)\n',
      `
t.litmus:3:2: error: this is thread 0 of the test, but its name is \`CPU1\` [thread-number]
 3 |  CPU 1 | CPU 2 ;
   |  ^^^^^
  hint: threads count from 0 in the order of the file: \`CPU0\`
t.litmus:3:10: error: this is thread 1 of the test, but its name is \`CPU2\` [thread-number]
 3 |  CPU 1 | CPU 2 ;
   |          ^^^^^
  hint: threads count from 0 in the order of the file: \`CPU1\`
`,
    ],
    [
      'a mistyped operation',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n LOKC p->lock | RMBB ;\nexists (x=1)\n',
      `
t.litmus:4:2: error: unknown operation \`LOKC\` [sketch]
 4 |  LOKC p->lock | RMBB ;
   |  ^^^^^^^^^^^^
  hint: did you mean \`LOCK\`?
t.litmus:4:17: error: unknown operation \`RMBB\` [sketch]
 4 |  LOKC p->lock | RMBB ;
   |                 ^^^^
  hint: did you mean \`RMB\`?
`,
    ],
    [
      'a mark in small letters',
      () => 'Sketch s\n{}\n CPU0 | CPU1 ;\n [w] x = 1 | r1 = [r] x ;\nexists (x=1)\n',
      `
t.litmus:4:2: error: unknown mark \`[w]\` [sketch]
 4 |  [w] x = 1 | r1 = [r] x ;
   |  ^^^^^^^^^
  hint: did you mean \`[W]\`?
t.litmus:4:14: error: unknown mark \`[r]\` [sketch]
 4 |  [w] x = 1 | r1 = [r] x ;
   |              ^^^^^^^^^^
  hint: did you mean \`[R]\`?
`,
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(rendered(text())).toBe(expected);
  });
});

it('parses what the broken files were made of', () => {
  expect(parseLitmus({ name: 't.litmus', text: good }).diagnostics).toEqual([]);
});
