/**
 * A thread's local variables: scopes, and which of them are read before they can have a value.
 *
 * A local is a register of its C name. Blocks that follow each other may declare the same name again, which then is the same register if
 * the type is the same. A name that hides another gets a register of its own, and no condition may name either: it could not tell
 * them apart. So do the locals of helper functions, anew at each call.
 */

import type { Instruction } from '../program/ir.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { type CType, sameType } from './c-type.js';

export interface Local {
  /** Its register. */
  readonly name: string;
  /** As the test writes it. */
  readonly written: string;
  /** `auto` until the first assignment. */
  type: CType;
  readonly span: Span;
}

/** The locals of the thread, or of one call of a helper function. */
interface Frame {
  /** Null: the thread. */
  readonly function: string | null;
  readonly scopes: Map<string, Local>[];
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
  /** Those of the thread itself, also those whose scope has ended; the first of each name. */
  readonly all = new Map<string, Local>();
  /** Where a name of the thread is declared again, as another register. */
  readonly ambiguous = new Map<string, Span>();
  private readonly frames: Frame[] = [{ function: null, scopes: [new Map()] }];
  private readonly registers = new Set<string>();
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

  private get frame(): Frame {
    return this.frames.at(-1)!;
  }

  /** The helper function being lowered; null: the thread itself. */
  get function(): string | null {
    return this.frame.function;
  }

  enter(): void {
    this.frame.scopes.push(new Map());
  }

  leave(): void {
    this.frame.scopes.pop();
  }

  enterFunction(name: string, parameters: readonly Local[]): void {
    const scope = new Map(parameters.map((local) => [local.written, local]));
    this.frames.push({ function: name, scopes: [scope] });
  }

  leaveFunction(): void {
    this.frames.pop();
  }

  find(name: string): Local | null {
    const { scopes } = this.frame;
    for (let i = scopes.length - 1; i >= 0; i--) {
      const local = scopes[i]!.get(name);
      if (local !== undefined) return local;
    }
    return null;
  }

  /** A register that no other local has. */
  private newRegister(name: string): string {
    let register = name;
    for (let n = 2; this.registers.has(register); n++) register = `${name}.${n}`;
    this.registers.add(register);
    return register;
  }

  /** A local that is in no scope yet: a parameter or the result of a helper function. */
  ofFunction(name: string, written: string, type: CType, span: Span): Local {
    return { name: this.newRegister(`${name}.${written}`), written, type, span };
  }

  /** A local that the test cannot name, in the innermost scope. */
  hide(what: string, type: CType, span: Span): Local {
    const register = this.newRegister(`.${what}`);
    const local = { name: register, written: register, type, span };
    this.frame.scopes.at(-1)!.set(register, local);
    return local;
  }

  declare(name: string, type: CType, span: Span): Local {
    const { function: helper, scopes } = this.frame;
    const scope = scopes.at(-1)!;
    const parameter = helper === null ? this.parameters.get(name) : undefined;
    const other = parameter ?? scope.get(name)?.span;
    if (other !== undefined) {
      const message =
        parameter === undefined ? `\`${name}\` is declared twice` : `\`${name}\` is a parameter already`;
      const notes = [{ message: 'the other one is here', span: other }];
      this.report(errorAt(span, 'redeclared', message, { notes }));
    }
    const local = this.local(name, type, span);
    scope.set(name, local);
    return local;
  }

  private local(name: string, type: CType, span: Span): Local {
    const { function: helper } = this.frame;
    if (helper !== null) return this.ofFunction(helper, name, type, span);
    const before = this.all.get(name);
    if (before !== undefined && this.find(name) === null && sameType(before.type, type)) return before;
    const local = { name: this.newRegister(name), written: name, type, span };
    if (before === undefined) this.all.set(name, local);
    else if (!this.ambiguous.has(name)) this.ambiguous.set(name, span);
    return local;
  }

  /** Declares a name that has no scope of its own. */
  declareForThread(name: string, type: CType, span: Span): void {
    const local = { name: this.newRegister(name), written: name, type, span };
    this.frames[0]!.scopes[0]!.set(name, local);
    this.all.set(name, local);
  }

  noteRead(local: Local, index: number, span: Span): void {
    this.uses.push({ local, index, span, own: local === this.initialising });
  }

  noteAssigned(local: Local, index: number): void {
    this.silent.set(local.name, [...(this.silent.get(local.name) ?? []), index]);
  }

  /**
   * Reports reads that no assignment reaches on any path. `position` maps the indices noted to those of `code`, and `isReached`
   * tells whether one is ever reached. Generated tests have `int r = (r == 1)` and mean 0, so that is no error.
   */
  checkAssigned(
    code: readonly Instruction[],
    position: readonly number[],
    isReached: (index: number) => boolean,
  ): void {
    const pending = this.uses.filter(
      ({ local, index }) => !this.initialised.has(local.name) && isReached(index),
    );
    if (pending.length === 0) return;
    const assigned = mayBeAssigned(code, this.silent, position);
    const told = new Set<string>();
    for (const { local, index, span, own } of pending) {
      const before = assigned[position[index]!]!;
      if (told.has(local.name) || before === null || before.has(local.name)) continue;
      told.add(local.name);
      const name = local.written;
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
