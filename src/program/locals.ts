/**
 * A thread's local variables: scopes, and which of them are read before they can have a value.
 *
 * A local is a register of its C name. Blocks that follow each other may declare the same name again, which then is the same register;
 * a name that hides another is refused, as the condition could not tell them apart.
 */
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { type CType, sameType, showType } from './c-type.js';
import type { Instruction } from './ir.js';

export interface Local {
  readonly name: string;
  /** `auto` until the first assignment. */
  type: CType;
  readonly span: Span;
}

/** A read of a local, before the instruction with this index. */
interface Use {
  readonly local: Local;
  readonly index: number;
  readonly span: Span;
  /** In the initialiser of the local itself. */
  readonly own: boolean;
}

export class Locals {
  /** All of the thread, also those whose scope has ended. */
  readonly all = new Map<string, Local>();
  private readonly scopes: Set<string>[] = [new Set()];
  private readonly uses: Use[] = [];
  /** The local whose initialiser is being lowered. */
  initialising: Local | null = null;
  /** Indices before which a register gets a value without an instruction of its own. */
  private readonly silent = new Map<string, number[]>();

  constructor(
    private readonly report: (diagnostic: Diagnostic) => void,
    private readonly parameters: ReadonlyMap<string, Span>,
    private readonly initialised: ReadonlySet<string>,
  ) {}

  enter(): void {
    this.scopes.push(new Set());
  }

  leave(): void {
    this.scopes.pop();
  }

  find(name: string): Local | null {
    return this.scopes.some((scope) => scope.has(name)) ? this.all.get(name)! : null;
  }

  declare(name: string, type: CType, span: Span): Local {
    const refuse = (code: string, message: string, other: Span): void =>
      this.report(
        errorAt(span, code, message, { notes: [{ message: 'the other one is here', span: other }] }),
      );
    const parameter = this.parameters.get(name);
    const before = this.all.get(name);
    if (parameter !== undefined) refuse('redeclared', `\`${name}\` is a parameter already`, parameter);
    else if (before !== undefined && this.find(name) !== null)
      refuse('redeclared', `\`${name}\` is declared twice`, before.span);
    else if (before !== undefined && !sameType(before.type, type))
      refuse(
        'redeclared',
        `\`${name}\` is ${showType(type)} here and ${showType(before.type)} in another block; the condition could not tell them apart`,
        before.span,
      );
    this.scopes.at(-1)!.add(name);
    if (before !== undefined) return before;
    const local: Local = { name, type, span };
    this.all.set(name, local);
    return local;
  }

  /** Declares a name that has no scope of its own. */
  declareForThread(name: string, type: CType, span: Span): void {
    this.scopes[0]!.add(name);
    this.all.set(name, { name, type, span });
  }

  noteRead(local: Local, index: number, span: Span): void {
    this.uses.push({ local, index, span, own: local === this.initialising });
  }

  noteAssigned(local: Local, index: number): void {
    this.silent.set(local.name, [...(this.silent.get(local.name) ?? []), index]);
  }

  /**
   * Reports reads that no assignment reaches on any path. `position` maps the indices noted to those of `code`. Generated
   * tests have `int r = (r == 1)` and mean 0, so that is no error.
   */
  checkAssigned(code: readonly Instruction[], position: readonly number[]): void {
    const pending = this.uses.filter(({ local }) => !this.initialised.has(local.name));
    if (pending.length === 0) return;
    const assigned = mayBeAssigned(code, this.silent, position);
    const told = new Set<string>();
    for (const { local, index, span, own } of pending) {
      const before = assigned[position[index]!]!;
      if (told.has(local.name) || before === null || before.has(local.name)) continue;
      told.add(local.name);
      const { name } = local;
      const notes = [{ message: 'it is declared here without a value', span: local.span }];
      const hint = 'give it an initial value';
      if (own)
        this.report(
          warningAt(span, 'unset-local', `\`${name}\` has no value in its own initialiser: 0 is taken`),
        );
      else {
        const message = `\`${name}\` is read before anything is assigned to it`;
        this.report(errorAt(span, 'unset-local', message, { notes, hint }));
      }
    }
  }
}

function successorsOf(instruction: Instruction, index: number): readonly number[] {
  if (instruction.kind === 'jump') return [instruction.target];
  return instruction.kind === 'branch' ? [index + 1, instruction.target] : [index + 1];
}

function assignedBy(instruction: Instruction): string | null {
  if (instruction.kind === 'assign' || instruction.kind === 'load' || instruction.kind === 'rmw')
    return instruction.dst;
  return null;
}

/** By instruction: the registers that some path to it assigns; null where no path leads. */
function mayBeAssigned(
  code: readonly Instruction[],
  silent: ReadonlyMap<string, readonly number[]>,
  position: readonly number[],
): (ReadonlySet<string> | null)[] {
  const before: (Set<string> | null)[] = Array.from({ length: code.length + 1 }, () => null);
  before[0] = new Set();
  const pending = [0];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    const here = before[index]!;
    for (const [name, indices] of silent) if (indices.some((i) => position[i] === index)) here.add(name);
    const instruction = code[index];
    if (instruction === undefined) continue;
    const after = new Set(here);
    const dst = assignedBy(instruction);
    if (dst !== null) after.add(dst);
    for (const next of successorsOf(instruction, index)) {
      const known = before[next] ?? null;
      const joined = new Set([...(known ?? []), ...after]);
      if (known !== null && joined.size === known.size) continue;
      before[next] = joined;
      pending.push(next);
    }
  }
  return before;
}
