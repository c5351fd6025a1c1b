/**
 * Register liveness of a thread's flat code (backward dataflow to a fixpoint).
 *
 * Used to recognise spin loops: an iteration that changed nothing and left every live register as it was has no effect.
 */
import { sameExpr } from '../program/expressions.js';
import type { Expr, Instruction } from '../program/ir.js';

/** Stands among the registers for the exclusive monitor. */
export const MONITOR = '(monitor)';

/** `hasValue`: what gives the same whatever its operands are is no use of them; it depends on them all the same. */
function addUses(expr: Expr, hasValue: boolean, out: Set<string>): void {
  switch (expr.kind) {
    case 'const':
    case 'old':
      return;
    case 'register':
      out.add(expr.name);
      return;
    case 'unary':
    case 'convert':
      addUses(expr.operand, hasValue, out);
      return;
    case 'binary':
      // XOR EAX,EAX clears a register, whatever it holds.
      if (hasValue && (expr.op === '^' || expr.op === '-') && sameExpr(expr.left, expr.right)) return;
      addUses(expr.left, hasValue, out);
      addUses(expr.right, hasValue, out);
      return;
    case 'select':
      addUses(expr.condition, hasValue, out);
      addUses(expr.then, hasValue, out);
      addUses(expr.otherwise, hasValue, out);
      return;
  }
}

/** The expressions that an instruction evaluates. */
export function operandsOf(instruction: Instruction): readonly Expr[] {
  switch (instruction.kind) {
    case 'assign':
      return [instruction.value];
    case 'load':
      return [instruction.address];
    case 'store':
      return [instruction.address, instruction.value];
    case 'store-exclusive': {
      const { address, value, second } = instruction;
      return second === undefined ? [address, value] : [address, value, second.address, second.value];
    }
    case 'rmw': {
      const { address, update, result, when, fail, swap } = instruction;
      const second = swap?.second;
      return [
        address,
        update,
        result,
        ...(when === null ? [] : [when]),
        ...(fail === null ? [] : [fail.result]),
        ...(swap === undefined ? [] : [swap.expected]),
        ...(second === undefined ? [] : [second.address, second.when, second.expected, second.update]),
      ];
    }
    case 'branch':
    case 'assume':
      return [instruction.condition];
    case 'fence':
      return instruction.address === undefined ? [] : [instruction.address];
    case 'jump':
    case 'clear-monitor':
      return [];
  }
}

/** The register that an instruction always assigns, or null; a pair's second one is not told. */
export function definedRegister(instruction: Instruction): string | null {
  switch (instruction.kind) {
    case 'assign':
    case 'load':
    case 'rmw':
      return instruction.dst;
    case 'store-exclusive':
      return instruction.status;
    default:
      return null;
  }
}

function successorsOf(instruction: Instruction, index: number): readonly number[] {
  if (instruction.kind === 'jump') return [instruction.target];
  if (instruction.kind === 'branch') return [index + 1, instruction.target];
  return [index + 1];
}

/** The registers whose values matter before each instruction; `atEnd` are live at the end of the thread. */
export function liveRegisters(
  code: readonly Instruction[],
  atEnd: ReadonlySet<string>,
): readonly ReadonlySet<string>[] {
  return liveness(code, atEnd, true);
}

/** Likewise those of which it matters what they depend on, and the exclusive monitor. */
export function dependentRegisters(
  code: readonly Instruction[],
  atEnd: ReadonlySet<string>,
): readonly ReadonlySet<string>[] {
  return liveness(code, atEnd, false);
}

function setsMonitor(instruction: Instruction): boolean {
  if (instruction.kind === 'load') return instruction.exclusive && instruction.beside === undefined;
  return instruction.kind === 'clear-monitor';
}

function liveness(
  code: readonly Instruction[],
  atEnd: ReadonlySet<string>,
  hasValue: boolean,
): readonly ReadonlySet<string>[] {
  const live: Set<string>[] = code.map(() => new Set<string>());
  live.push(new Set(atEnd));
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = code.length - 1; i >= 0; i--) {
      const instruction = code[i]!;
      const before = new Set<string>();
      for (const next of successorsOf(instruction, i)) for (const name of live[next]!) before.add(name);
      const defined = definedRegister(instruction);
      if (defined !== null) before.delete(defined);
      if (setsMonitor(instruction)) before.delete(MONITOR);
      if (instruction.kind === 'store-exclusive' && !hasValue) before.add(MONITOR);
      for (const operand of operandsOf(instruction)) addUses(operand, hasValue, before);
      if (before.size !== live[i]!.size) {
        live[i] = before;
        changed = true;
      }
    }
  }
  return live;
}
