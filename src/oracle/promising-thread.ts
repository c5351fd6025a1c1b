/**
 * One thread of the promising machine for arm64 that runs alone, an instruction at a time. What the instructions do to its views is
 * in promising-views.ts, how threads come together in operational-arm.ts.
 *
 * Source: Pulte, Pichon-Pharabod, Kang, Lee, Hur, "Promising-ARM/RISC-V: A Simpler and Faster Operational Concurrency Model"
 * (PLDI 2019). Single-instruction atomics, which the paper does not have, are a read and a write in one step.
 */
import { convertValue, isTrue } from '../program/arithmetic.js';
import { mentionsOld } from '../program/expressions.js';
import type {
  Expr,
  LoadInstruction,
  RmwInstruction,
  StoreExclusiveInstruction,
  StoreInstruction,
  Thread,
} from '../program/ir.js';
import type { Value } from '../program/value.js';
import { assertNever, invariant } from '../text/diagnostic.js';
import { addressOf, evaluateExpr, type ThreadState } from './operational.js';
import {
  afterAtomic,
  afterFence,
  afterWrite,
  capture,
  type Memory,
  mayWrite,
  reads,
  setRegister,
  type Views,
  viewOf,
  type Written,
} from './promising-views.js';

export interface Runner extends ThreadState {
  readonly views: Views;
  /** The times of its promises that are still to be kept. */
  readonly promised: readonly number[];
  /** What it found when it started, and at the end its writes that it had not promised. */
  readonly memory: Memory;
}

/** The states one instruction ahead; none at the end, or where the thread is stuck. */
export function runnersAfter(thread: Thread, runner: Runner): readonly Runner[] {
  const { registers, views, pc } = runner;
  const instruction = thread.code[pc];
  switch (instruction?.kind) {
    case undefined:
      return [];
    case 'assign': {
      const value = evaluateExpr(instruction.value, registers);
      if (value === undefined) return [];
      return [assigned(runner, instruction.dst, value, viewOf(instruction.value, views))];
    }
    case 'jump':
      return [{ ...runner, pc: instruction.target }];
    case 'branch':
    case 'assume': {
      const condition = evaluateExpr(instruction.condition, registers);
      if (condition === undefined) return [];
      const decided = { ...runner, views: capture(views, viewOf(instruction.condition, views)) };
      if (instruction.kind === 'assume') return isTrue(condition) ? [{ ...decided, pc: pc + 1 }] : [];
      return [{ ...decided, pc: isTrue(condition) ? instruction.target : pc + 1 }];
    }
    case 'fence':
      return [{ ...runner, pc: pc + 1, views: afterFence(views, instruction.tags) }];
    case 'clear-monitor':
      return [{ ...runner, pc: pc + 1, views: { ...views, reserved: null } }];
    case 'load':
      return load(runner, instruction);
    case 'store':
      return store(thread, runner, instruction);
    case 'store-exclusive':
      return storeExclusive(thread, runner, instruction);
    case 'rmw':
      return readModifyWrite(thread, runner, instruction);
    default:
      return assertNever(instruction);
  }
}

/** After the current instruction, with an optional register assignment. */
function assigned(runner: Runner, dst: string | null, value: Value, view: number): Runner {
  const pc = runner.pc + 1;
  if (dst === null) return { ...runner, pc };
  const registers = new Map(runner.registers).set(dst, value);
  return { ...runner, pc, registers, views: setRegister(runner.views, dst, view) };
}

function load(runner: Runner, instruction: LoadInstruction): readonly Runner[] {
  const { address, tags, dst, type, exclusive, beside } = instruction;
  invariant(beside === undefined, 'a pair');
  const cell = addressOf(address, runner.registers);
  if (cell === null) return [];
  const addressView = viewOf(address, runner.views);
  return reads(runner.memory, runner.views, { cell, addressView, tags }).map((read) => {
    const { time, view } = read;
    const views = exclusive ? { ...read.views, reserved: { cell, time, view } } : read.views;
    return assigned({ ...runner, views }, dst, convertValue(read.value, type), view);
  });
}

function store(thread: Thread, runner: Runner, instruction: StoreInstruction): readonly Runner[] {
  const { address, tags, type, beside } = instruction;
  invariant(beside === undefined, 'a pair');
  const cell = addressOf(address, runner.registers);
  const value = evaluateExpr(instruction.value, runner.registers);
  if (cell === null || value === undefined) return [];
  const addressView = viewOf(address, runner.views);
  const valueView = viewOf(instruction.value, runner.views);
  const write = { cell, value: convertValue(value, type), addressView, valueView, tags, pair: null };
  return written(thread, { ...runner, pc: runner.pc + 1 }, write);
}

/**
 * May always fail; succeeds only where the thread's last load-exclusive read (the paper has it succeed elsewhere too, without
 * atomicity, which the architecture leaves open). Its status depends on nothing.
 */
function storeExclusive(
  thread: Thread,
  runner: Runner,
  instruction: StoreExclusiveInstruction,
): readonly Runner[] {
  const { address, status, tags, type, second } = instruction;
  invariant(second === undefined, 'a pair');
  const { reserved } = runner.views;
  const used = { ...runner, views: { ...runner.views, reserved: null } };
  const failed = assigned(used, status, 1, 0);
  const cell = addressOf(address, runner.registers);
  const value = evaluateExpr(instruction.value, runner.registers);
  if (cell === null || value === undefined || reserved?.cell !== cell) return [failed];
  const addressView = viewOf(address, runner.views);
  const valueView = viewOf(instruction.value, runner.views);
  const write = { cell, value: convertValue(value, type), addressView, valueView, tags, pair: reserved };
  return [failed, ...written(thread, assigned(used, status, 0, 0), write)];
}

/**
 * Always writes. One that writes on a condition would need more than this: here a write is promised by what the thread can do in the
 * memory of the moment, so what decides whether there are other writes before it must be decided too, as if by a branch.
 */
function readModifyWrite(thread: Thread, runner: Runner, instruction: RmwInstruction): readonly Runner[] {
  const { address, type, when, update, result, dst, readTags, writeTags } = instruction;
  invariant(when === null, 'a conditional read-modify-write');
  const { registers, views, memory } = runner;
  const cell = addressOf(address, registers);
  if (cell === null) return [];
  const addressView = viewOf(address, views);
  return reads(memory, views, { cell, addressView, tags: readTags }).flatMap((read) => {
    const old = convertValue(read.value, type);
    const view = (expr: Expr) => Math.max(viewOf(expr, views), mentionsOld(expr) ? read.view : 0);
    const [value, returned] = [evaluateExpr(update, registers, old), evaluateExpr(result, registers, old)];
    if (value === undefined || returned === undefined) return [];
    const after = assigned({ ...runner, views: read.views }, dst, returned, view(result));
    const write = { cell, value: convertValue(value, type), addressView, valueView: view(update) };
    const made = written(thread, after, { ...write, tags: writeTags, pair: read });
    return made.map((done) => ({ ...done, views: afterAtomic(done.views, cell, readTags, writeTags) }));
  });
}

/** The ways to make a write: as one that was promised, or as another, at the end of memory. */
function written(thread: Thread, runner: Runner, write: Written): readonly Runner[] {
  const { memory, views, promised } = runner;
  const { cell, value } = write;
  const isPromised = (time: number): boolean =>
    memory[time - 1]!.cell === cell && memory[time - 1]!.value === value;
  const end = memory.length + 1;
  const times = [...promised.filter(isPromised), end];
  return times
    .filter((time) => mayWrite(memory, thread.index, views, write, time))
    .map((time) => ({
      ...runner,
      views: afterWrite(views, write, time),
      promised: promised.filter((other) => other !== time),
      memory: time === end ? [...memory, { cell, value, thread: thread.index }] : memory,
    }));
}
