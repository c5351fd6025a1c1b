/**
 * Which barriers of two tests are the same barrier of the code that the tests are about.
 *
 * A test is an excerpt, so that no barrier of it has a line of the real code for a name. What it has: the function that its thread
 * runs, by the comment in front of the thread (`// try_to_wake_up(p)`), the primitive, and what is beside it. Two barriers of
 * different tests are the same if
 *
 *   - their threads run a function in common. A comment that names no function (`// a reader`) is a name as a whole, within its
 *     folder;
 *   - the primitive is the same, variants of type and interrupt state aside, and so is what it is applied to: the field or variable;
 *   - for a fence, the access before it or the access after it is the same: read or write of the same field or variable; for a
 *     section, likewise the first or the last access in it.
 *
 * Asked of two at a time, never along a chain: a barrier of x and y and one of y and z are not the same because a third one has the
 * one's access before it and the other's after it. Two barriers of one test are never the same.
 */
import { kernelPrimitives } from '../elaborate/primitive-table.js';
import type { Expr, Instruction, Program } from '../program/ir.js';
import { isLocation } from '../program/value.js';
import type { Site } from '../regress/site.js';

export interface BarrierName {
  /** What the thread runs: `try_to_wake_up`; or its comment, behind the folder. */
  readonly functions: readonly string[];
  /** Without variants: `spin_lock`. */
  readonly primitive: string;
  /** `on_cpu`; null for a fence. */
  readonly target: string | null;
  /** Of a fence and of a section: `read __state`, `write on_rq`; null: there is none. Null both if its target is name enough. */
  readonly before: string | null;
  readonly after: string | null;
}

function addressed(instruction: Instruction): Expr | null {
  return 'address' in instruction ? (instruction.address ?? null) : null;
}

/** The names of the locations in an address. */
function locationNames(address: Expr): readonly string[] {
  switch (address.kind) {
    case 'const':
      return isLocation(address.value) ? [address.value.name] : [];
    case 'unary':
    case 'convert':
      return locationNames(address.operand);
    case 'binary':
      return [...locationNames(address.left), ...locationNames(address.right)];
    case 'select':
      return [...locationNames(address.then), ...locationNames(address.otherwise)];
    default:
      return [];
  }
}

/** `p->__state` is `__state`, `a[1]` is `a`: which task or element it is of, tests choose. */
function fieldOf(name: string): string {
  return name.replace(/\[[^\]]*\]/g, '').replace(/^.*(?:->|\.)/, '');
}

/** The field or variable that an instruction is about; `*`: what a pointer leads to that was read. */
function targetOf(instruction: Instruction): string | null {
  const address = addressed(instruction);
  if (address === null) return null;
  const fields = new Set(locationNames(address).map(fieldOf));
  return fields.size === 0 ? '*' : [...fields].sort().join('|');
}

const LOCKING: readonly string[] = ['lock', 'unlock', 'shared-lock', 'shared-unlock', 'srcu'];

/** Whether it begins or ends a section: the word of the lock is no data. */
function isLocking({ source: { primitive } }: Instruction): boolean {
  const row = primitive === null ? undefined : kernelPrimitives().get(primitive);
  return row !== undefined && LOCKING.includes(row.action.kind);
}

/** `read __state`; null for what is no access of data. */
function accessText(instruction: Instruction): string | null {
  if (isLocking(instruction)) return null;
  switch (instruction.kind) {
    case 'load':
      return `read ${targetOf(instruction)}`;
    case 'store':
    case 'store-exclusive':
      return `write ${targetOf(instruction)}`;
    case 'rmw':
      return `update ${targetOf(instruction)}`;
    default:
      return null;
  }
}

/** The functions that a comment names, `p->f()` and primitives aside. */
export function functionsIn(comment: string): readonly string[] {
  const names = [...comment.matchAll(/(?<![\w>.])([A-Za-z_]\w*)\s*\(/g)].map(([, name = '']) => name);
  const primitives = kernelPrimitives();
  // what is refused in a test may well be what its thread stands for: try_to_wake_up()
  const isFunction = (name: string): boolean =>
    (primitives.get(name)?.action.kind ?? 'refused') === 'refused';
  return [...new Set(names.filter(isFunction))];
}

function folderOf(file: string): string {
  return file.replace(/[^/\\]*$/, '');
}

interface Found {
  readonly functions: readonly string[];
  readonly code: readonly Instruction[];
  readonly at: number;
}

/** The instruction that a site became: in its thread, or in the first one that calls its function. */
function find(site: Site, program: Program): Found | null {
  const row = kernelPrimitives().get(site.primitive.replace(/\(\).*$/, ''));
  const { start, end } = site.span;
  const isOfSite = ({ source: { span, primitive } }: Instruction): boolean =>
    span.start < end &&
    start < span.end &&
    primitive !== null &&
    (row === undefined || primitive === row.primitive);
  for (const { name, label, code } of program.threads) {
    const at = code.findIndex(isOfSite);
    if (at < 0) continue;
    // helper functions have their own name
    if (name !== site.thread) return { functions: [site.thread], code, at };
    if (label === null) return null;
    const functions = functionsIn(label);
    const whole = `${folderOf(site.span.file.name)}: ${label}`;
    return { functions: functions.length > 0 ? functions : [whole], code, at };
  }
  return null;
}

function neighbours(site: Site, { code, at }: Found): Pick<BarrierName, 'before' | 'after'> {
  const instruction = code[at]!;
  const texts = (part: readonly Instruction[]): string[] =>
    part.map(accessText).filter((text) => text !== null);
  if (site.ends.length > 0) {
    const last = Math.max(...site.ends.map(({ start }) => start));
    const end = code.findIndex((each, i) => i > at && each.source.span.start >= last);
    const inside = texts(code.slice(at + 1, end < 0 ? code.length : end));
    return { before: inside[0] ?? null, after: inside.at(-1) ?? null };
  }
  if (instruction.kind !== 'fence') return { before: null, after: null };
  return { before: texts(code.slice(0, at)).at(-1) ?? null, after: texts(code.slice(at + 1))[0] ?? null };
}

/** The name of a barrier; null if its thread says nothing of what it runs. */
export function barrierName(site: Site, program: Program): BarrierName | null {
  const found = find(site, program);
  if (found === null) return null;
  const instruction = found.code[found.at]!;
  return {
    functions: found.functions,
    primitive: instruction.source.primitive ?? site.primitive,
    target: targetOf(instruction),
    ...neighbours(site, found),
  };
}

/** Whether barriers of different tests are the same. */
export function isSameBarrier(a: BarrierName | null, b: BarrierName | null): boolean {
  if (a === null || b === null || a.primitive !== b.primitive || a.target !== b.target) return false;
  if (!a.functions.some((name) => b.functions.includes(name))) return false;
  const isBare = (name: BarrierName): boolean => name.before === null && name.after === null;
  if (isBare(a) && isBare(b)) return true;
  return (a.before !== null && a.before === b.before) || (a.after !== null && a.after === b.after);
}
