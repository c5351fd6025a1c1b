/**
 * Whether the places for barriers that were found are all that matter: with a full one in each, every path of a thread from one access
 * of memory to the next crosses one.
 *
 * Asked of the elaborated program at its strongest, so that it rests on no idea of how slots are found, and holds for all languages.
 * Then nothing orders more: between any two accesses of a thread there is a full barrier already, and all are marked, as a barrier does
 * not keep a compiler from splitting or inventing a plain one. Accesses of one instruction have no place between them.
 */
import type { Instruction, Program, Thread } from '../program/ir.js';

const FULL = /^(?:Mb|MFENCE|D[MS]B\.(?:SY|ISH|OSH))$/;

function isAccess({ kind }: Instruction): boolean {
  return kind === 'load' || kind === 'store' || kind === 'rmw' || kind === 'store-exclusive';
}

function isPlain(instruction: Instruction): boolean {
  if (instruction.kind === 'rmw')
    return [...instruction.readTags, ...instruction.writeTags].includes('Plain');
  return isAccess(instruction) && 'tags' in instruction && instruction.tags.includes('Plain');
}

function isFull(instruction: Instruction): boolean {
  return instruction.kind === 'fence' && instruction.tags.some((tag) => FULL.test(tag));
}

/** What may run after an instruction; the end of the code is an index like any other. */
export function nextOf(code: readonly Instruction[], index: number): readonly number[] {
  const instruction = code[index]!;
  if (instruction.kind === 'jump') return [instruction.target];
  if (instruction.kind !== 'branch') return [index + 1];
  const { condition, target } = instruction;
  if (condition.kind !== 'const') return [index + 1, target];
  return condition.value === 0n || condition.value === 0 ? [index + 1] : [target];
}

/** Whether two accesses are of one instruction; in kernel C there is no telling. */
function isOneInstruction(a: Instruction, b: Instruction, dialect: Program['dialect']): boolean {
  const [from, to] = [a.source.span, b.source.span];
  return dialect !== 'lkmm' && from.start === to.start && from.end === to.end;
}

/** The accesses that may come next after one, with no full barrier before them. */
function nextAccesses(code: readonly Instruction[], from: number): readonly number[] {
  const found: number[] = [];
  const seen = new Set<number>();
  const open = [...nextOf(code, from)];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const instruction = code[index];
    if (instruction === undefined || seen.has(index) || isFull(instruction)) continue;
    seen.add(index);
    if (isAccess(instruction)) found.push(index);
    else open.push(...nextOf(code, index));
  }
  return found;
}

function isCovered({ code }: Thread, dialect: Program['dialect']): boolean {
  return code.every((instruction, i) => {
    if (!isAccess(instruction)) return true;
    if (dialect === 'lkmm' && isPlain(instruction)) return false;
    return nextAccesses(code, i).every((j) => j > i && isOneInstruction(instruction, code[j]!, dialect));
  });
}

/** The threads that could have order where no slot is. */
export function uncoveredThreads({ threads, dialect }: Program): readonly string[] {
  return threads.filter((thread) => !isCovered(thread, dialect)).map(({ name }) => name);
}
