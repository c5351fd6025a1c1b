/**
 * Whether all values of a skeleton's executions exist, whatever is read: no division, no shift by what is read, no arithmetic on
 * what may be an address, and no address that is read.
 *
 * An execution in which a value does not exist leaves the search incomplete, and so has to be found even if it could end in no new
 * state. Where there can be none, what ends in known states can be left out. Errs on the side of "may not exist".
 */
import type { BinaryOp } from '../program/ir.js';
import { isLocation } from '../program/value.js';
import type { SymbolicValue } from '../unfold/symbol.js';
import type { Skeleton } from './skeleton.js';

/** Walks longer than this are not made. */
const LARGE = 200;

const partial: ReadonlySet<BinaryOp> = new Set(['/', '%', '<<', '>>']);

class Walk {
  hasAddress = false;
  hasArithmetic = false;
  mayLackValue = false;
  private steps = 0;

  see(symbol: SymbolicValue): void {
    if (
      ++this.steps > LARGE * 50 ||
      (symbol.kind !== 'const' && symbol.kind !== 'read' && symbol.size > LARGE)
    ) {
      this.mayLackValue = true;
      return;
    }
    switch (symbol.kind) {
      case 'const':
        if (isLocation(symbol.value)) this.hasAddress = true;
        return;
      case 'read':
        return;
      case 'unary':
        if (symbol.op !== '!') this.hasArithmetic = true;
        this.see(symbol.operand);
        return;
      case 'convert':
        this.see(symbol.operand);
        return;
      case 'binary':
        if (partial.has(symbol.op)) this.mayLackValue = true;
        if (symbol.op !== '==' && symbol.op !== '!=') this.hasArithmetic = true;
        this.see(symbol.left);
        this.see(symbol.right);
        return;
      case 'select':
        this.see(symbol.condition);
        this.see(symbol.then);
        this.see(symbol.otherwise);
    }
  }
}

export function allValuesExist({ program, resolved, source, constraints, traces }: Skeleton): boolean {
  if (!resolved) return false;
  const walk = new Walk();
  walk.hasAddress = program.locations.some(({ initial }) => isLocation(initial));
  for (const event of source) if (event?.kind === 'write' && event.value !== null) walk.see(event.value);
  for (const { symbol } of constraints) walk.see(symbol);
  for (const o of program.observed) {
    const symbol = o.kind === 'location' ? undefined : traces[o.thread]?.registers.get(o.name);
    if (symbol !== undefined) walk.see(symbol);
  }
  return !walk.mayLackValue && !(walk.hasAddress && walk.hasArithmetic);
}
