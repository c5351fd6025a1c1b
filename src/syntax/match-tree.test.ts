/** Trees that are built from the match itself are those that ohm's semantics would build. */
import type { ActionDict, Grammar, Node } from 'ohm-js';
import { describe, expect, it } from 'vitest';
import { grammar as assemblyGrammar } from '../../grammar/assembly.ohm';
import { grammar as conditionGrammar } from '../../grammar/condition.ohm';
import { grammar as codeGrammar } from '../../grammar/litmus-c.ohm';
import type { Diagnostic } from '../text/diagnostic.js';
import { actions as assemblyActions } from './assembly.js';
import type { CContext } from './c-context.js';
import { tokenizeC } from './c-tokens.js';
import { actions as conditionActions } from './condition.js';
import { actions as codeActions } from './litmus-c.js';
import { matchTree } from './match-tree.js';
import { treeOf, treeOfOnlyChild } from './section.js';

/** The tree by both ways, and what they report. */
function bothTrees(
  grammar: Grammar,
  actions: ActionDict<unknown>,
  rule: string,
  text: string,
  isTokens: boolean,
): readonly (readonly [unknown, readonly Diagnostic[]])[] {
  const tokens = isTokens ? tokenizeC(text, { start: 0, end: text.length }) : null;
  const result = grammar.match(tokens?.codes ?? text, rule);
  expect(result.succeeded()).toBe(true);
  // Adding the operation checks that the actions fit the rules.
  const semantics = grammar.createSemantics();
  semantics.addOperation('tree', { _nonterminal: treeOfOnlyChild, ...actions });
  return [semantics(result) as unknown as Node, matchTree(result, actions)].map((node) => {
    const source = { name: 't', text };
    const context: CContext & { readonly dialect: string } = {
      source,
      offset: 0,
      ...(tokens === null ? {} : { tokens }),
      diagnostics: [],
      sketch: false,
      dialect: 'AArch64',
    };
    return [treeOf(node, context), context.diagnostics];
  });
}

const code = `struct s { int a, *b[2]; };
enum color { RED, BLUE = RED + 2, };
static inline struct s *f(struct s *p, const int v[2]) __must_hold(l) { return v ? p : NULL; }
void P0(int *x, void) {
	int r0 = 0, *r1, a[3]; unsigned long flags __maybe_unused;
	for (int i = 0, j = 1; i < 2; i++, --j) if (r0 == 1 && !p->f.g[1]) r1 = &x; else return;
	do { r0 += sizeof(struct s *) + sizeof r1 + 'a'; } while (READ_ONCE(*x) << 2 != (u32)-1);
	switch (r0) { case 1: case (2): break; default: goto out; }
	guard(rcu)(); scoped_guard (spinlock, &l) { x = y = a ? b : c, d; continue; }
	1x = if_; 099; f(a = 1)[2]++;
out: }`;

const assembly = `P0 | P1 ;
 L0: .text: LDR W0,[X1,W2,SXTW #2] | lock; incl 4(x) ;
 STR X0,[X1,# -8]! | movq -8(%rax,%rcx,4),%rbx ;
 B.NE .+8 | movl $x,a+4(%rip) ; MOV W0,#0x10, LSL #16 | lock ; LDR X0,[X1],#8 | mov [EAX+ECX*4-8],1 ; CAS W0,W1,[X2] ;`;

describe('trees', () => {
  it.each([
    ['of code', codeGrammar, codeActions, 'code', code, true],
    ['of assembly', assemblyGrammar, assemblyActions, 'Body', assembly, false],
    ['of an expression', codeGrammar, codeActions, 'expression', '*(char **)y + (a, b)', true],
    [
      'of an init block',
      conditionGrammar,
      conditionActions,
      'Init',
      ' int x = 1, *y = &z; 0:r1=x; struct s p = { .a = 1, .b = { 1, 2 } }; [v] = ATOMIC_INIT(3); u8 a[2]; p->f; ;',
      false,
    ],
    [
      'of a condition',
      conditionGrammar,
      conditionActions,
      'Tail',
      ' locations [x; 0:r0;] filter (x=01) ~exists (not 0:r0=0 /\\ *x=&y \\/ p->f[1].g != -1 => true)',
      false,
    ],
    ['of nothing', conditionGrammar, conditionActions, 'Init', '', false],
  ] as const)('%s', (_what, grammar, actions, rule, text, isTokens) => {
    const [byOhm, ours] = bothTrees(grammar, actions, rule, text, isTokens);
    expect(ours).toEqual(byOhm);
    expect(ours![0]).not.toBeUndefined();
  });
});
