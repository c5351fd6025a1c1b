/** Builds a thread's flat code: instructions with symbolic labels, registers and temporaries, joins at the end. */

import type { Expr, Instruction, RegisterDeclaration, SourceRef } from '../program/ir.js';
import type { IntType, Value } from '../program/value.js';
import { invariant } from '../text/diagnostic.js';
import { immediatePostdominators } from './joins.js';

/** A place in the code, to be set once. */
export interface Label {
  index: number | null;
}

type Unfinished =
  | { readonly kind: 'instruction'; readonly instruction: Instruction }
  | { readonly kind: 'jump'; readonly target: Label; readonly source: SourceRef }
  | {
      readonly kind: 'branch';
      readonly condition: Expr;
      readonly target: Label;
      /** The end of the statement whose legs it chooses between; null: it does not choose between legs. */
      readonly end: Label | null;
      readonly source: SourceRef;
    };

/** An instruction without its source, which the builder adds. */
type Sourceless<T> = T extends Instruction ? Omit<T, 'source'> : never;

export class CodeBuilder {
  private readonly code: Unfinished[] = [];
  private readonly declared = new Map<string, RegisterDeclaration>();
  private temporaries = 0;
  /** The end of the thread. */
  readonly exit: Label = { index: null };

  /** The statement being lowered; `primitive` is added to what a primitive emits. */
  constructor(public source: SourceRef) {}

  get length(): number {
    return this.code.length;
  }

  emit(instruction: Sourceless<Instruction>, primitive: string | null = null): void {
    const source = { ...this.source, primitive };
    this.code.push({ kind: 'instruction', instruction: { ...instruction, source } });
  }

  jump(target: Label): void {
    this.code.push({ kind: 'jump', target, source: this.source });
  }

  /** `end`: the end of the statement whose legs it chooses between, if it does. */
  branch(condition: Expr, target: Label, end: Label | null = null): void {
    this.code.push({ kind: 'branch', condition, target, end, source: this.source });
  }

  newLabel(): Label {
    return { index: null };
  }

  mark(label: Label): void {
    invariant(label.index === null, 'a label is marked once');
    label.index = this.code.length;
  }

  declare(name: string, type: IntType, initial: Value): void {
    this.declared.set(name, { name, type, initial });
  }

  isDeclared(name: string): boolean {
    return this.declared.has(name);
  }

  /** A new register that no C name can clash with. */
  temporary(type: IntType): string {
    const name = `.${++this.temporaries}`;
    this.declare(name, type, 0);
    return name;
  }

  get registers(): readonly RegisterDeclaration[] {
    return [...this.declared.values()];
  }

  /**
   * The code with its labels and joins, once. Unreachable code and jumps to the next instruction are left out; `position` maps indices from
   * the time of building to those of the code, and `isReached` tells whether a path leads to one.
   */
  finish(): {
    readonly code: Instruction[];
    readonly position: readonly number[];
    readonly isReached: (index: number) => boolean;
  } {
    this.mark(this.exit);
    const reached = this.reachable();
    const { kept, position } = this.pruned(reached);
    const targetOf = (label: Label): number => {
      invariant(label.index !== null, 'every label is marked');
      return position[label.index]!;
    };
    const joins = immediatePostdominators(
      kept.map((item, i) => {
        if (item.kind === 'instruction') return [i + 1];
        return item.kind === 'jump' ? [targetOf(item.target)] : [i + 1, targetOf(item.target)];
      }),
    );
    const code = kept.map((item, i): Instruction => {
      if (item.kind === 'instruction') return item.instruction;
      const target = targetOf(item.target);
      const { source } = item;
      if (item.kind === 'jump') return { kind: 'jump', target, source };
      let join = joins[i]!;
      // If one leg leads nowhere but round a loop, the other one postdominates: its statements are controlled all the same.
      const end = item.end === null ? 0 : targetOf(item.end);
      while (join !== null && join > i && join < end) join = joins[join]!;
      return { kind: 'branch', condition: item.condition, target, join, source };
    });
    return { code, position, isReached: (index) => reached.has(index) };
  }

  /** Which instructions some path reaches; the length of the code is the end. */
  private reachable(): ReadonlySet<number> {
    const seen = new Set<number>();
    const pending = [0];
    for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
      if (seen.has(i)) continue;
      seen.add(i);
      const item = this.code[i];
      if (item === undefined) continue;
      if (item.kind !== 'jump') pending.push(i + 1);
      if (item.kind !== 'instruction') pending.push(item.target.index!);
    }
    return seen;
  }

  /** What remains without unreachable code and jumps to the next instruction; `position` maps old indices to new ones. */
  private pruned(reached: ReadonlySet<number>): { kept: Unfinished[]; position: number[] } {
    const kept = new Set([...reached].filter((index) => index < this.code.length));
    for (;;) {
      let next = 0;
      const position = Array.from({ length: this.code.length + 1 }, (_, i) => (kept.has(i) ? next++ : next));
      const count = kept.size;
      for (const i of [...kept]) {
        const item = this.code[i]!;
        if (item.kind === 'jump' && position[item.target.index!] === position[i]! + 1) kept.delete(i);
      }
      if (kept.size === count) return { kept: this.code.filter((_, i) => kept.has(i)), position };
    }
  }
}
