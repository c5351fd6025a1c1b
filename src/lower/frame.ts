/** The parts of a lowered test around its threads: init block, `locations`, filter and condition, in assembly names. */

import type { Observable, Operand, Program, Proposition } from '../program/ir.js';
import { type CellRow, type IntType, isLocation, type Location, type Value } from '../program/value.js';
import { finalName } from '../syntax/asm-registers.js';
import type { AsmDialect, AsmThread } from '../syntax/asm-tree.js';
import type {
  ConditionOperand,
  InitTree,
  NumberTree,
  PlaceTree,
  PropositionTree,
  RegisterTree,
  TypeTree,
} from '../syntax/condition-tree.js';
import type { Span } from '../text/source.js';
import { granuleOf } from './names.js';

/** What a thread's lowering says about its registers. */
export interface LoweredRegisters {
  /** C register to assembly register. */
  readonly homes: ReadonlyMap<string, string>;
  /** Registers that hold addresses from the start. */
  readonly addresses: ReadonlyMap<Location, string>;
}

export class FrameWriter {
  /** Symbols that instructions name. */
  private readonly named: ReadonlySet<string>;

  constructor(
    private readonly program: Program,
    private readonly dialect: AsmDialect,
    private readonly symbols: ReadonlyMap<Location, string>,
    private readonly threads: readonly LoweredRegisters[],
    code: readonly AsmThread[],
    private readonly span: Span,
  ) {
    const operands = code.flatMap(({ lines }) =>
      lines.flatMap((l) => (l.kind === 'label' ? [] : l.operands)),
    );
    this.named = new Set(
      operands.flatMap((o) => (o.kind === 'memory' && o.symbol !== null ? [o.symbol] : [])),
    );
  }

  private place(location: Location): PlaceTree {
    const [, root = '', index] = /^(.*?)(?:\[(\d+)\])?$/.exec(this.symbols.get(location)!)!;
    const path = index === undefined ? [] : [{ kind: 'index', index: Number(index) } as const];
    return { kind: 'place', root, path, span: this.span };
  }

  /** The name of an array alone is its address. */
  private address(location: Location): PlaceTree {
    const place = this.place(location);
    return location.inRow?.position === 0 ? { ...place, path: [] } : place;
  }

  private number(value: number | bigint): NumberTree {
    return { kind: 'number', value: BigInt(value), span: this.span };
  }

  private value(value: Value): NumberTree | PlaceTree {
    return isLocation(value) ? this.address(value) : this.number(value);
  }

  private register(thread: number, name: string): RegisterTree {
    return { kind: 'register', thread: String(thread), name: finalName(this.dialect, name), span: this.span };
  }

  /** Null for `int`, which is what an undeclared name is. */
  private type(type: IntType): TypeTree | null {
    if (type.bits === 32 && type.signed) return null;
    const word = `${type.signed ? '' : 'u'}int${type.bits}_t`;
    return { words: [word], struct: null, pointers: 0, array: null, span: this.span };
  }

  private entry(target: InitTree['target'], type: TypeTree | null, value: InitTree['value']): InitTree {
    return { target, type, value, span: this.span };
  }

  init(): InitTree[] {
    const cells = this.program.locations.flatMap((location): InitTree[] => {
      const { initial, inRow } = location;
      if (inRow !== undefined) return inRow.position === 0 ? [this.array(location, inRow.row)] : [];
      // A pointer needs no type: it is as wide as the address that it holds.
      const type = isLocation(initial) ? null : this.type(location.type);
      if (type === null && initial === 0)
        return this.isUnnamed(location) ? [this.entry(this.place(location), null, this.number(0))] : [];
      return [this.entry(this.place(location), type, initial === 0 ? null : this.value(initial))];
    });
    const registers = this.threads.flatMap((registers, thread) => this.initialRegisters(registers, thread));
    return [...cells, ...registers];
  }

  /** Whether the condition asks for a cell that nothing else declares: no register holds its address, no instruction names it. */
  private isUnnamed(location: Location): boolean {
    const symbol = this.symbols.get(location)!;
    if (this.threads.some(({ addresses }) => addresses.has(location)) || this.named.has(symbol)) return false;
    return this.program.observed.some((o) => o.kind === 'location' && o.location === location);
  }

  /** `int32_t a[2]={1,2};`; the value is left out if all are 0. */
  private array(first: Location, row: CellRow): InitTree {
    const { span } = this;
    const granule = granuleOf(row);
    const perElement = row.stride / granule;
    const holdsAddresses = row.elements.some(({ initial }) => isLocation(initial));
    const signed = holdsAddresses || first.type.signed;
    const words = [`${signed ? '' : 'u'}int${granule * 8}_t`];
    const array = row.elements.length * perElement;
    const type: TypeTree = { words, struct: null, pointers: 0, array, span };
    if (row.elements.every(({ initial }) => initial === 0))
      return this.entry(this.address(first), type, null);
    const items = Array.from({ length: array }, (_, i) => {
      const element = row.elements[i / perElement];
      return { field: null, value: element === undefined ? this.number(0) : this.value(element.initial) };
    });
    return this.entry(this.address(first), type, { kind: 'list', items, span });
  }

  private initialRegisters({ homes, addresses }: LoweredRegisters, thread: number): InitTree[] {
    const entries = [...addresses].map(([location, name]) =>
      this.entry(this.register(thread, name), null, this.address(location)),
    );
    for (const { name, type, initial } of this.program.threads[thread]!.registers) {
      const home = homes.get(name);
      if (home === undefined) continue;
      const declared = this.isObserved(thread, name) && !isLocation(initial) ? this.type(type) : null;
      if (declared === null && initial === 0) continue;
      entries.push(
        this.entry(this.register(thread, home), declared, initial === 0 ? null : this.value(initial)),
      );
    }
    return entries;
  }

  private isObserved(thread: number, name: string): boolean {
    return this.program.observed.some((o) => o.kind === 'register' && o.thread === thread && o.name === name);
  }

  private observable(observable: Observable): PlaceTree | RegisterTree {
    if (observable.kind === 'location') return this.place(observable.location);
    const home = this.threads[observable.thread]!.homes.get(observable.name)!;
    return this.register(observable.thread, home);
  }

  /** What is observed without being in the condition. */
  locations(): (PlaceTree | RegisterTree)[] {
    const mentioned = new Set<number>();
    collectIndices(this.program.condition.proposition, mentioned);
    return this.program.observed.flatMap((o, i) => (mentioned.has(i) ? [] : [this.observable(o)]));
  }

  private operand(operand: Operand): ConditionOperand {
    return operand.kind === 'value'
      ? this.value(operand.value)
      : this.observable(this.program.observed[operand.index]!);
  }

  proposition(proposition: Proposition): PropositionTree {
    const { span } = this;
    switch (proposition.kind) {
      case 'constant':
        return { kind: 'constant', value: proposition.value, span };
      case 'not':
        return { kind: 'not', operand: this.proposition(proposition.operand), span };
      case 'compare': {
        const left = this.operand(proposition.left);
        return { kind: 'compare', op: proposition.op, left, right: this.operand(proposition.right), span };
      }
      case 'and':
      case 'or':
      case 'implies': {
        const { kind, left, right } = proposition;
        return { kind, left: this.proposition(left), right: this.proposition(right), span };
      }
    }
  }
}

function collectIndices(proposition: Proposition, out: Set<number>): void {
  if (proposition.kind === 'not') collectIndices(proposition.operand, out);
  else if (proposition.kind === 'compare') {
    for (const operand of [proposition.left, proposition.right])
      if (operand.kind === 'observable') out.add(operand.index);
  } else if (proposition.kind !== 'constant') {
    collectIndices(proposition.left, out);
    collectIndices(proposition.right, out);
  }
}
