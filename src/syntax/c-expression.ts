/**
 * Builds C expressions from the grammar's flat lists: words become names and numbers, operators nest by precedence.
 *
 * Part of the syntax stage, used by litmus-c.ts. Source: C11 6.4.4.1 (numbers), 6.5.5 to 6.5.16 (operators).
 */
import { joinSpans, type Span } from '../text/source.js';
import type { CBinaryOp, CExpression } from './c-tree.js';
import { reportAt, type TreeContext } from './section.js';

/** Higher binds tighter; all of them associate to the left. */
export const precedence: Readonly<Record<CBinaryOp, number>> = {
  '*': 10,
  '/': 10,
  '%': 10,
  '+': 9,
  '-': 9,
  '<<': 8,
  '>>': 8,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '==': 6,
  '!=': 6,
  '&': 5,
  '^': 4,
  '|': 3,
  '&&': 2,
  '||': 1,
};

const reserved = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if inline int long register restrict ' +
    'return short signed sizeof static struct switch typedef union unsigned void volatile while'
  ).split(' '),
);

/** Those of C's words that are types. */
export const typeWords: ReadonlySet<string> = new Set(
  'char double float int long short signed unsigned void volatile'.split(' '),
);

export function isReserved(word: string): boolean {
  return reserved.has(word);
}

export function isAssignment(op: string): boolean {
  return !(op in precedence);
}

/** `x`, `p->f`, `a[i]`, `*p`: what may be assigned to. */
export function requirePlace(target: CExpression, context: TreeContext, what: string): void {
  const { kind } = target;
  if (kind === 'name' || kind === 'field' || kind === 'index' || (kind === 'unary' && target.op === '*'))
    return;
  const hint =
    kind === 'call' && target.callee === 'READ_ONCE'
      ? 'write to memory with `WRITE_ONCE(x, value)`'
      : 'only a variable, a field, an element or `*pointer` can';
  reportAt(context, target.span, 'not-assignable', `this cannot be ${what}`, { hint });
}

/** Left-associative operators by precedence; there is one operator less than operands. */
function nestBinary(operands: readonly CExpression[], ops: readonly CBinaryOp[]): CExpression {
  const values: CExpression[] = [operands[0]!];
  const pending: CBinaryOp[] = [];
  const reduce = (): void => {
    const right = values.pop()!;
    const left = values.pop()!;
    const span = joinSpans(left.span, right.span);
    values.push({ kind: 'binary', op: pending.pop()!, left, right, span });
  };
  ops.forEach((op, index) => {
    while (pending.length > 0 && precedence[pending.at(-1)!] >= precedence[op]) reduce();
    pending.push(op);
    values.push(operands[index + 1]!);
  });
  while (pending.length > 0) reduce();
  return values[0]!;
}

/** What follows `?`, with the operators of `otherwise` as written. */
export interface ConditionalRest {
  readonly second: CExpression;
  readonly otherwise: CExpression;
  readonly otherwiseAssigns: boolean;
}

function withConditional(
  condition: CExpression,
  rest: ConditionalRest | null,
  context: TreeContext,
): CExpression {
  if (rest === null) return condition;
  const { second, otherwise, otherwiseAssigns } = rest;
  if (otherwiseAssigns)
    reportAt(context, otherwise.span, 'not-assignable', 'an assignment after `:` needs parentheses', {
      hint: 'C reads this as an assignment to the whole `?:`',
    });
  const span = joinSpans(condition.span, otherwise.span);
  return { kind: 'conditional', condition, then: second, otherwise, span };
}

/** `operands[0] ops[0] operands[1] ...`, then `? second : otherwise` if there is a rest. */
export function nestOperators(
  operands: readonly CExpression[],
  ops: readonly string[],
  rest: ConditionalRest | null,
  context: TreeContext,
): CExpression {
  const assignment = ops.findIndex(isAssignment);
  if (assignment < 0) return withConditional(nestBinary(operands, ops as CBinaryOp[]), rest, context);
  const left = operands.slice(0, assignment + 1);
  const target = nestBinary(left, ops.slice(0, assignment) as CBinaryOp[]);
  requirePlace(target, context, 'assigned to');
  const value = nestOperators(operands.slice(assignment + 1), ops.slice(assignment + 1), rest, context);
  const written = ops[assignment]!;
  const op = written === '=' ? null : (written.slice(0, -1) as CBinaryOp);
  return { kind: 'assign', op, target, value, span: joinSpans(target.span, value.span) };
}

/** A name, or zero after a report. */
export function nameTree(name: string, span: Span, context: TreeContext): CExpression {
  if (reserved.has(name))
    reportAt(context, span, 'reserved-word', `\`${name}\` is a word of C and cannot be used as a value`);
  return { kind: 'name', name, span };
}

const number = /^(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)$/;

/** A number, or zero after a report. */
export function numberTree(text: string, span: Span, context: TreeContext): CExpression {
  const [, digits = '', suffix = ''] = number.exec(text) ?? [];
  const octal = /^0\d/.test(digits);
  if (digits === '' || !/^(?:[uU]?(?:l|L|ll|LL)?|(?:l|L|ll|LL)[uU])$/.test(suffix)) {
    const hint = /^0b[01]+$/i.test(text)
      ? `write 0x${BigInt(text).toString(16)}`
      : 'a name starts with a letter, a number has digits only';
    reportAt(context, span, 'bad-number', `\`${text}\` is not a number`, { hint });
  } else if (octal && /[89]/.test(digits)) {
    reportAt(context, span, 'bad-number', `\`${digits}\` is not an octal number`, {
      hint: `a leading zero means octal in C; write ${BigInt(digits)} for the decimal number`,
    });
  } else if (BigInt(octal ? `0o${digits.slice(1)}` : digits) >= 1n << 64n) {
    const shown = digits.length > 30 ? `${digits.slice(0, 30)}...` : digits;
    reportAt(context, span, 'bad-number', `\`${shown}\` does not fit into 64 bits`);
  } else {
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    if (octal) return { kind: 'number', value, suffix, radix: 8, span };
    return { kind: 'number', value, suffix, ...(/^0[xX]/.test(digits) ? { radix: 16 } : {}), span };
  }
  return { kind: 'number', value: 0n, suffix: '', span };
}

const escapes: Readonly<Record<string, number>> = {
  ...{ n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27 },
  ...{ '\\': 92, "'": 39, '"': 34, '?': 63 },
};

/** The value of what stands between the quotes; null if it is not one character of ASCII. */
function characterValue(text: string): number | null {
  const octal = /^\\([0-7]{1,3})$/.exec(text);
  const hex = /^\\x([0-9a-fA-F]{1,2})$/.exec(text);
  const value =
    octal !== null
      ? Number.parseInt(octal[1]!, 8)
      : hex !== null
        ? Number.parseInt(hex[1]!, 16)
        : /^\\.$/.test(text)
          ? (escapes[text[1]!] ?? null)
          : text.length === 1
            ? text.charCodeAt(0)
            : null;
  return value !== null && value < 256 && (value < 128 || text.length > 1) ? value : null;
}

/** `'a'`, which is an int, or zero after a report. */
export function characterTree(text: string, span: Span, context: TreeContext): CExpression {
  const value = characterValue(text.slice(1, -1));
  if (value === null)
    reportAt(context, span, 'bad-character', `${text} is not one character`, { hint: 'write its number' });
  return { kind: 'number', value: BigInt(value ?? 0), suffix: '', span };
}
