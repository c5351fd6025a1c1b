/** x86's comparisons and multiplications: what writes flags alone, or a register from two operands. Source: Intel SDM volume 2. */

import type { Expr } from '../program/ir.js';
import type { RegisterOperand } from '../syntax/asm-tree.js';
import { isRegister } from './asm-access.js';
import { binary, constant } from './asm-thread.js';
import { type Flags, logicFlags, subtractionFlags } from './x86-flags.js';
import { isPlace, isSource, type Place, type Source, type X86Instruction } from './x86-operands.js';

/** `cmp` and `test`: in AT&T order `cmp b,a` is `a - b`. */
export function compare(x: X86Instruction): void {
  const operands = x.pair();
  if (operands === null) return;
  const { bits, type } = x;
  const right = x.value(operands.source);
  const left = x.value(operands.target);
  x.setFlags(
    x.base === 'cmp'
      ? subtractionFlags(left, right, null, bits)
      : logicFlags(binary('&', left, right, type), bits),
  );
}

/** CF and OF of a product: whether its upper half says more than the lower; the others are undefined. */
function productFlags(overflow: Expr): Flags {
  return { cf: overflow, of: overflow, zf: 'undefined', sf: 'undefined', pf: 'undefined' };
}

/** Whether the upper half of a signed product is not the sign of its lower half. */
function exceeds(x: X86Instruction, left: Expr, right: Expr): Expr {
  const { signed, bits } = x;
  const sign = binary('>>', binary('*', left, right, signed), constant(bits - 1), signed);
  return binary('!=', binary('mulh', left, right, signed), sign, signed);
}

interface Factors {
  readonly left: Place;
  readonly right: Source;
  readonly target: RegisterOperand;
}

/** The factors of `imul` with two operands, or with a constant and two; null: it has others. */
function factorsOf({ operands, base, bits }: X86Instruction): Factors | null {
  const [right, left, third, ...more] = operands;
  if (more.length > 0 || base === 'mul' || bits === 8 || !isSource(right)) return null;
  if (third === undefined) return isRegister(left) ? { left, right, target: left } : null;
  return right.kind === 'immediate' && isPlace(left) && isRegister(third)
    ? { left, right, target: third }
    : null;
}

/** `imul` and `mul`: with one operand the accumulator is the other, and rdx gets the upper half. */
export function multiply(x: X86Instruction): void {
  const [only] = x.operands;
  if (x.operands.length === 1 && isPlace(only)) {
    multiplyAccumulator(x, only);
    return;
  }
  const factors = factorsOf(x);
  if (factors === null) {
    x.bad(x.base === 'mul' ? 'one register or memory' : 'a source and a register of at least 16 bits');
    return;
  }
  const left = x.value(factors.left);
  const right = x.value(factors.right);
  x.setFlags(productFlags(exceeds(x, left, right)));
  x.builder.write(factors.target, binary('*', left, right, x.type));
}

function multiplyAccumulator(x: X86Instruction, place: Place): void {
  const { builder, bits } = x;
  const type = x.base === 'imul' ? x.signed : x.unsigned;
  const rax = x.register('rax', bits);
  const left = x.snapshot('.left', builder.view(rax));
  const right = x.snapshot('.right', x.exact(place));
  const high = binary('mulh', left, right, type);
  x.setFlags(
    productFlags(x.base === 'imul' ? exceeds(x, left, right) : binary('!=', high, constant(0), type)),
  );
  const low = binary('*', left, right, type);
  if (bits > 8) {
    builder.write(rax, low);
    builder.write(x.register('rdx', bits), high);
  } else {
    const wide = (operand: Expr): Expr => ({ kind: 'convert', operand, type });
    builder.write(
      x.register('rax', 16),
      binary('*', wide(left), wide(right), { bits: 16, signed: type.signed }),
    );
  }
}
