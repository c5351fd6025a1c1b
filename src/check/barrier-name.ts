/**
 * Which barriers of two tests are the same barrier of the code that the tests are about.
 *
 * A test is an excerpt, so that no barrier of it has a line of the real code for a name. What it has: the function that its thread
 * runs, by the comment in front of the thread (`// try_to_wake_up(p)`), the primitive, and what is beside it. Two barriers of
 * different tests are the same if
 *
 *   - the functions that the one's thread runs are among those of the other's: one test shows a larger piece of the code. One in common
 *     would be too little: a lock that only the other function takes would pass for that of the first. A comment that names no
 *     function (`// a reader`) is a name as a whole, within its folder;
 *   - the primitive is the same, variants of type and interrupt state aside, and so is what it is applied to: the field or variable;
 *   - for a fence, the access before it or the access after it is the same: read or write of the same field or variable; for a
 *     section, likewise the first or the last access in it. Before and behind are along the paths of the code, and where it branches, one
 *     access in common is enough.
 *
 * Asked of two at a time, never along a chain: a barrier of x and y and one of y and z are not the same because a third one has the
 * one's access before it and the other's after it. Two barriers of one test are never the same.
 */
import { kernelPrimitives } from '../elaborate/primitive-table.js';
import type { Expr, Instruction, Program } from '../program/ir.js';
import { isLocation } from '../program/value.js';
import { nextOf } from '../regress/coverage.js';
import type { Site } from '../regress/site.js';
import type { Span } from '../text/source.js';

export interface BarrierName {
  readonly kind: 'fence' | 'section' | 'access';
  /** What the thread runs: `try_to_wake_up`; or its comment, behind the folder. */
  readonly functions: readonly string[];
  /** Without variants: `spin_lock`. */
  readonly primitive: string;
  /** What it is applied to, `on_cpu`; null: nothing. */
  readonly target: string | null;
  /**
   * Of a fence, the accesses that may be the last before it, and the first behind it; of a section, those that may be the first and the
   * last in it: `read __state`. More than one where the code branches; empty for an access.
   */
  readonly before: readonly string[];
  readonly after: readonly string[];
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

const KEYWORDS: readonly string[] = ['if', 'while', 'for', 'switch', 'return', 'sizeof'];

/** The functions that a comment names, `p->f()` and primitives aside. */
export function functionsIn(comment: string): readonly string[] {
  const names = [...comment.matchAll(/(?<![\w>.])([A-Za-z_]\w*)\s*\(/g)].map(([, name = '']) => name);
  const primitives = kernelPrimitives();
  // what is refused in a test may well be what its thread stands for: try_to_wake_up()
  const isFunction = (name: string): boolean =>
    !KEYWORDS.includes(name) && (primitives.get(name)?.action.kind ?? 'refused') === 'refused';
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

/** The accesses that are reached first along `next` from an instruction; those that `isEnd` are in the way. */
function reached(
  code: readonly Instruction[],
  from: number,
  next: (index: number) => readonly number[],
  isEnd: (instruction: Instruction) => boolean,
): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<number>();
  const open = [...next(from)];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const instruction = code[index];
    if (instruction === undefined || seen.has(index) || isEnd(instruction)) continue;
    seen.add(index);
    const text = accessText(instruction);
    if (text === null) open.push(...next(index));
    else found.add(text);
  }
  return [...found].sort();
}

function neighbours(
  site: Site,
  kind: BarrierName['kind'],
  { code, at }: Found,
): Pick<BarrierName, 'before' | 'after'> {
  if (kind === 'access') return { before: [], after: [] };
  const forwards = (index: number): readonly number[] => (index < code.length ? nextOf(code, index) : []);
  const sources = code.map((_, to) =>
    code.flatMap((__, from) => (nextOf(code, from).includes(to) ? [from] : [])),
  );
  const backwards = (index: number): readonly number[] => sources[index] ?? [];
  if (kind === 'fence')
    return {
      before: reached(code, at, backwards, () => false),
      after: reached(code, at, forwards, () => false),
    };
  const isIn = (span: Span, { source }: Instruction): boolean =>
    source.span.start < span.end && span.start < source.span.end;
  const ends = code.flatMap((instruction, i) =>
    i !== at && site.ends.some((span) => isIn(span, instruction)) ? [i] : [],
  );
  const isEnd = (instruction: Instruction): boolean => ends.some((end) => code[end] === instruction);
  const last = ends.flatMap((end) => reached(code, end, backwards, (each) => each === code[at]));
  return { before: reached(code, at, forwards, isEnd), after: [...new Set(last)].sort() };
}

function kindOf(site: Site, instruction: Instruction): BarrierName['kind'] {
  if (isLocking(instruction) || site.ends.length > 0) return 'section';
  return instruction.kind === 'fence' ? 'fence' : 'access';
}

/** The name of a barrier; null if its thread says nothing of what it runs. */
export function barrierName(site: Site, program: Program): BarrierName | null {
  const found = find(site, program);
  if (found === null) return null;
  const instruction = found.code[found.at]!;
  const kind = kindOf(site, instruction);
  return {
    kind,
    functions: found.functions,
    primitive: instruction.source.primitive ?? site.primitive,
    target: targetOf(instruction),
    ...neighbours(site, kind, found),
  };
}

function share(a: readonly string[], b: readonly string[]): boolean {
  return a.some((each) => b.includes(each));
}

function isPart(a: readonly string[], b: readonly string[]): boolean {
  return a.every((each) => b.includes(each));
}

/** Whether barriers of different tests are the same. */
export function isSameBarrier(a: BarrierName | null, b: BarrierName | null): boolean {
  if (a === null || b === null) return false;
  if (a.kind !== b.kind || a.primitive !== b.primitive || a.target !== b.target) return false;
  if (!isPart(a.functions, b.functions) && !isPart(b.functions, a.functions)) return false;
  return a.kind === 'access' || share(a.before, b.before) || share(a.after, b.after);
}
