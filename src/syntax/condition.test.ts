/** Init blocks and conditions: the shape of their trees. */
import { describe, expect, it } from 'vitest';
import { spanText } from '../text/source.js';
import type {
  ConditionOperand,
  InitTree,
  InitValue,
  LitmusFrame,
  PlaceTree,
  PropositionTree,
} from './condition-tree.js';
import { parseLitmus } from './parse.js';

function showPlace(place: PlaceTree): string {
  const steps = place.path.map((step) => (step.kind === 'field' ? `.${step.name}` : `[${step.index}]`));
  return `${place.starred === true ? '*' : ''}${place.root ?? '<shared>'}${steps.join('')}`;
}

function showOperand(operand: ConditionOperand | InitValue): string {
  switch (operand.kind) {
    case 'place':
      return showPlace(operand);
    case 'register':
      return `${operand.thread}:${operand.name}`;
    case 'number':
      return String(operand.value);
    case 'address':
      return `&${showPlace(operand.place)}`;
    case 'label':
      return `label ${operand.thread}:${operand.name}`;
    case 'list':
      return `{${operand.items.map((i) => `${i.field ?? ''}:${showOperand(i.value)}`).join(' ')}}`;
  }
}

function showProposition(p: PropositionTree): string {
  switch (p.kind) {
    case 'constant':
      return String(p.value);
    case 'compare':
      return `${showOperand(p.left)}${p.op}${showOperand(p.right)}`;
    case 'not':
      return `~${showProposition(p.operand)}`;
    default:
      return `(${showProposition(p.left)} ${p.kind} ${showProposition(p.right)})`;
  }
}

function showInit({ target, type, value }: InitTree): string {
  const stars =
    type === null ? '' : `${'*'.repeat(type.pointers)}${type.array === null ? '' : `[${type.array}]`}`;
  const base = type === null ? '' : `<${[...type.words, type.struct ?? ''].join(' ').trim()}${stars}> `;
  return `${base}${showOperand(target)}${value === null ? '' : `=${showOperand(value)}`}`;
}

function parse(init: string, tail: string): LitmusFrame {
  const text = `C t\n{${init}}\nP0(int *x) { }\n${tail}`;
  const { value, diagnostics } = parseLitmus({ name: 't.litmus', text });
  expect(diagnostics).toEqual([]);
  return value!;
}

describe('conditions', () => {
  it.each([
    ['exists (x=1)', 'exists x=1'],
    ['~exists (x=1)', '~exists x=1'],
    ['~ exists x=1;', '~exists x=1'],
    ['not exists (x=1)', '~exists x=1'],
    ['forall x!=1 \\/ y==1 /\\ z=1', 'forall (x!=1 or (y=1 and z=1))'],
    ['exists (a=1 => b=1 => ~c=1)', 'exists (a=1 implies (b=1 implies ~c=1))'],
    ['exists (a=1 /\\ b=1 /\\ c=1)', 'exists ((a=1 and b=1) and c=1)'],
    ['exists not (a=1 \\/ true) /\\ false', 'exists (~(a=1 or true) and false)'],
    ['exists a=1 && b=1 || !c=1', 'exists ((a=1 and b=1) or ~c=1)'],
    ['exists (0:r0=-1 /\\ P1:r1=0x10 /\\ CPU2:r2=&y)', 'exists ((0:r0=-1 and P1:r1=16) and CPU2:r2=&y)'],
    ['exists (0:r0=1:r1)', 'exists 0:r0=1:r1'],
    ['exists ([x]=1 /\\ *y=2 /\\ p->f.g=NULL)', 'exists ((x=1 and *y=2) and p.f.g=NULL)'],
    ['exists (*x=1 /\\ a[1]=2)', 'exists (*x=1 and a[1]=2)'],
    ['final (x=1); with tso: ~exists; default: exists;', 'exists x=1'],
    ['forall (x=1)\n<<\nshow 3\n>>\n<<\n', 'forall x=1'],
  ])('%s', (text, expected) => {
    const { condition } = parse('', text);
    expect(`${condition!.quantifier} ${showProposition(condition!.proposition)}`).toBe(expected);
  });

  it('have exact spans', () => {
    const { condition } = parse('', 'exists  (x=1 /\\ (0:r0 = 2))  ');
    expect(spanText(condition!.span)).toBe('exists  (x=1 /\\ (0:r0 = 2))');
    const { proposition } = condition!;
    expect(spanText(proposition.span)).toBe('(x=1 /\\ (0:r0 = 2))');
    expect(proposition.kind === 'and' && spanText(proposition.right.span)).toBe('(0:r0 = 2)');
  });

  it('may have locations and a filter, and locations may stand alone', () => {
    const all = parse('', 'locations [x; 0:r0; p->f;]\nfilter (x=1)\nexists (y=1)');
    expect(all.locations.map(showOperand)).toEqual(['x', '0:r0', 'p.f']);
    expect(showProposition(all.filter!)).toBe('x=1');
    expect(parse('', 'locations [x]').condition).toBeNull();
  });
});

describe('init blocks', () => {
  it.each([
    ['', []],
    ['x=0; y=1', ['x=0', 'y=1']],
    [' int x; int *y = &x; ', ['<int> x', '<int*> y=&x']],
    ['int x = 0, *y = x;', ['<int> x=0', '<int*> y=x']],
    ['unsigned long x = 0x10;', ['<unsigned long> x=16']],
    ['spinlock_t l; atomic_t v = ATOMIC_INIT(3);', ['<spinlock_t> l', '<atomic_t> v=3']],
    ['struct task_struct p = { .state = 1, .on = NULL };', ['<task_struct> p={state:1 on:NULL}']],
    ['int a[2] = {1,2}; a[1]=3;', ['<int[2]> a={:1 :2}', 'a[1]=3']],
    ['0:X1=x; 1: X2 = -1; uint64_t 0:X0;', ['0:X1=x', '1:X2=-1', '<uint64_t> 0:X0']],
    ['[x]=1; *y=2; p->blocked_on = lock; ->f = 1', ['x=1', '*y=2', 'p.blocked_on=lock', '<shared>.f=1']],
  ])('%s', (text, expected) => {
    expect(parse(text, 'exists (x=1)').init.map(showInit)).toEqual(expected);
  });
});
