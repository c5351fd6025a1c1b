/**
 * The condition of an assembly test, its filter and `locations`: what they observe, and the proposition over it.
 *
 * Registers are observed in their declared type, `int` if there is none, as the herd tools show them.
 */

import type { Observable, Operand, Proposition } from '../program/ir.js';
import { canonical, INT32, INT64, type IntType, type Value, wrapTo } from '../program/value.js';
import { finalName, parseRegister, registerRank } from '../syntax/asm-registers.js';
import type { AsmLitmus } from '../syntax/asm-tree.js';
import type {
  ConditionOperand,
  LabelTree,
  LocationTree,
  NumberTree,
  PlaceTree,
  PropositionTree,
  RegisterTree,
  TypeTree,
} from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { placeName } from './asm-cells.js';
import type { AsmFrame } from './asm-frame.js';
import { resolveRegister, resolveThread, threadIndex, unknownLabel } from './asm-names.js';
import { asmType } from './asm-types.js';
import type { AskedRegister } from './asm-unwritten.js';

/** An observable and what the condition needs to know of it. */
interface Observed {
  readonly observable: Observable;
  readonly type: IntType;
}

/** The pseudo-register that holds an observed register's final value in its declared type. */
export function finalRegister(name: string): string {
  return `.final.${name}`;
}

type Comparison = Extract<PropositionTree, { readonly kind: 'compare' }>;

/** Where something has been reported. */
const NOTHING: Operand = { kind: 'value', value: 0 };

/** Whether an operand on the right stands for what a register or a cell holds: `1:X0`, `[y]`, `*y`; `y` is an address. */
function isContent(tree: ConditionOperand): boolean {
  if (tree.kind === 'place') return tree.bracketed === true || tree.starred === true;
  return tree.kind === 'register';
}

function showType({ bits, signed }: IntType): string {
  return `${signed ? '' : 'u'}int${bits}_t`;
}

/** Resolves the condition; register observables name `finalRegister`s. */
export class ConditionReader {
  private readonly found = new Map<string, Observed>();
  private readonly mentions = new Map<string, AskedRegister>();
  /** Keys in the order of the state line, once `finish` is called. */
  private keys: string[] = [];

  constructor(
    private readonly litmus: AsmLitmus,
    private readonly frame: AsmFrame,
    private readonly diagnostics: Diagnostic[],
  ) {}

  /** Notes what `locations` mentions: a register in the type that is written there if none is declared; all elements of an array. */
  observeLocation(tree: LocationTree): void {
    if (tree.kind === 'register') {
      if (tree.type !== undefined) this.declare(tree, tree.type);
      this.register(tree);
    } else for (const place of this.elementsOf(tree) ?? [tree]) this.cell(place);
  }

  private declare(tree: RegisterTree, type: TypeTree): void {
    const view = parseRegister(this.litmus.dialect, tree.name);
    const thread = threadIndex(this.litmus.threads, tree.thread);
    const types = this.frame.types[thread];
    const declared = asmType(type);
    if (view === null || types === undefined || types.has(view.name)) return;
    if (declared !== null) types.set(view.name, declared);
    else this.report(tree.span, 'unsupported-type', `unsupported type \`${type.words.join(' ')}\``);
  }

  private report(span: Span, code: string, message: string, hint: string | null = null): void {
    this.diagnostics.push(errorAt(span, code, message, { hint }));
  }

  /** The elements of a whole array; null if the place is something else. */
  private elementsOf(tree: PlaceTree): PlaceTree[] | null {
    const first = tree.path.length > 0 ? undefined : this.frame.locations.get(`${tree.root}[0]`);
    const elements = first?.inRow?.row.elements;
    return elements?.map((_, index) => ({ ...tree, path: [{ kind: 'index', index }] })) ?? null;
  }

  /** An array that is compared with a list, as the comparisons of its elements; null after a report. */
  private expanded(tree: Comparison): PropositionTree | null {
    const { left, right, span } = tree;
    if (right.kind !== 'list') return tree;
    const elements = left.kind === 'place' ? this.elementsOf(left) : null;
    if (elements === null || elements.length !== right.items.length) {
      const message =
        elements === null
          ? 'only an array is compared with a list'
          : `the array has ${elements.length} elements, the list ${right.items.length}`;
      this.report(span, 'not-an-array', message);
      return null;
    }
    const all = elements
      .map((element, i): PropositionTree => {
        const { value } = right.items[i]!;
        return { kind: 'compare', op: '=', left: element, right: value, span };
      })
      .reduce((left, right) => ({ kind: 'and', left, right, span }));
    return tree.op === '=' ? all : { kind: 'not', operand: all, span };
  }

  private observe(operand: ConditionOperand): void {
    const tree = this.labelOr(operand);
    if (tree.kind === 'place') this.cell(tree);
    else if (tree.kind === 'register') this.mention(tree);
  }

  private mention(tree: RegisterTree): void {
    const key = this.register(tree);
    const thread = threadIndex(this.litmus.threads, tree.thread);
    const name = parseRegister(this.litmus.dialect, tree.name)?.name;
    if (key === null || name === undefined || this.mentions.has(key)) return;
    this.mentions.set(key, { thread, name, span: tree.span });
  }

  observeAll(proposition: PropositionTree): void {
    if (proposition.kind === 'not') this.observeAll(proposition.operand);
    else if (proposition.kind === 'compare') {
      const expanded = this.expanded(proposition);
      if (expanded !== null && expanded !== proposition) this.observeAll(expanded);
      if (expanded !== proposition) return;
      this.observe(proposition.left);
      if (isContent(proposition.right)) this.observe(proposition.right);
    } else if (proposition.kind !== 'constant') {
      this.observeAll(proposition.left);
      this.observeAll(proposition.right);
    }
  }

  /** What is observed, in the order of the state line. */
  finish(): readonly Observable[] {
    const rank = ({ observable }: Observed): readonly [number, number, string] =>
      observable.kind === 'register'
        ? [observable.thread, registerRank(observable.name), observable.display]
        : [this.litmus.threads.length, 0, observable.display];
    const entries = [...this.found].sort(([, a], [, b]) => {
      const [x, y] = [rank(a), rank(b)];
      return x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : 1);
    });
    this.keys = entries.map(([key]) => key);
    return entries.map(([, { observable }]) => observable);
  }

  /** The registers that the condition and the filter name, where they do so first. */
  get asked(): readonly AskedRegister[] {
    return [...this.mentions.values()];
  }

  private register(tree: RegisterTree): string | null {
    const found = resolveRegister(this.litmus, tree, this.diagnostics);
    if (found === null) return null;
    const { thread, name } = found;
    const key = `${thread}:${name}`;
    const display = `${thread}:${finalName(this.litmus.dialect, name)}`;
    const type = this.frame.types[thread]!.get(name) ?? INT32;
    this.found.set(key, {
      observable: { kind: 'register', thread, name: finalRegister(name), display },
      type,
    });
    return key;
  }

  private cell(tree: PlaceTree): string | null {
    const name = placeName(tree, this.diagnostics);
    if (name === null) return null;
    const location = this.frame.locations.get(name);
    if (location === undefined) {
      const hint = this.frame.locations.has(`${name}[0]`)
        ? `it is an array: name an element, \`${name}[0]\``
        : didYouMean(name, this.frame.locations.keys());
      this.diagnostics.push(errorAt(tree.span, 'unknown-name', `unknown location \`${name}\``, { hint }));
      return null;
    }
    this.found.set(name, {
      observable: { kind: 'location', location, display: location.name },
      type: location.type,
    });
    return name;
  }

  /** `P0:L0` looks like a register: it is a label if no register but a label has that name. */
  private labelOr(tree: ConditionOperand): ConditionOperand {
    if (tree.kind !== 'register' || parseRegister(this.litmus.dialect, tree.name) !== null) return tree;
    const thread = threadIndex(this.litmus.threads, tree.thread);
    const isLabel = thread >= 0 && this.frame.code.label(thread, tree.name) !== null;
    return isLabel ? { ...tree, kind: 'label' } : tree;
  }

  /** A label that does not exist is a warning: nothing equals it. */
  private label(tree: LabelTree): Value {
    const { code } = this.frame;
    const thread = resolveThread(this.litmus, tree, this.diagnostics);
    if (thread === null) return 0;
    const address = code.label(thread, tree.name);
    if (address === null) this.diagnostics.push(unknownLabel(this.litmus, code, thread, tree, warningAt));
    return address ?? code.unknownLabel(thread, tree.name);
  }

  /** A number in the type of what it is compared with: an `int` may be -1 or 0xffffffff, as tests write it both ways. */
  private number({ value, span }: NumberTree, type: IntType): Value {
    const { bits } = type;
    if (BigInt.asUintN(bits, value) === value || BigInt.asIntN(bits, value) === value)
      return wrapTo(canonical(value), type);
    const message = `this never holds: what is compared is shown as ${showType(type)}`;
    const hint = 'declare another type in the init block: `uint64_t 0:X0;`';
    this.diagnostics.push(warningAt(span, 'out-of-range', message, { hint }));
    return canonical(value);
  }

  private operand(written: ConditionOperand, type: IntType): Operand {
    const tree = this.labelOr(written);
    if (tree.kind === 'number') return { kind: 'value', value: this.number(tree, type) };
    if (tree.kind === 'register' || (tree.kind === 'place' && isContent(tree))) {
      const key = tree.kind === 'register' ? this.register(tree) : this.cell(tree);
      return key === null ? NOTHING : { kind: 'observable', index: this.keys.indexOf(key) };
    }
    if (tree.kind === 'address' || tree.kind === 'place') {
      const name = placeName(tree.kind === 'address' ? tree.place : tree, this.diagnostics);
      const { locations } = this.frame;
      const location = name === null ? undefined : (locations.get(name) ?? locations.get(`${name}[0]`));
      if (location !== undefined) return { kind: 'value', value: location };
      const hint = name === null ? null : didYouMean(name, this.frame.locations.keys());
      if (name !== null)
        this.diagnostics.push(errorAt(tree.span, 'unknown-name', `unknown location \`${name}\``, { hint }));
      return NOTHING;
    }
    return tree.kind === 'label' ? { kind: 'value', value: this.label(tree) } : NOTHING;
  }

  private observed(written: ConditionOperand): { readonly operand: Operand; readonly type: IntType } {
    const tree = this.labelOr(written);
    const key =
      tree.kind === 'place' ? this.cell(tree) : tree.kind === 'register' ? this.register(tree) : null;
    if (key === null) return { operand: this.operand(tree, INT64), type: INT64 };
    return {
      operand: { kind: 'observable', index: this.keys.indexOf(key) },
      type: this.found.get(key)!.type,
    };
  }

  /** The proposition; call it after `finish`. */
  resolve(tree: PropositionTree): Proposition {
    switch (tree.kind) {
      case 'constant':
        return { kind: 'constant', value: tree.value };
      case 'not':
        return { kind: 'not', operand: this.resolve(tree.operand) };
      case 'compare': {
        const expanded = this.expanded(tree);
        if (expanded === null) return { kind: 'constant', value: true };
        if (expanded !== tree) return this.resolve(expanded);
        const { operand: left, type } = this.observed(tree.left);
        return { kind: 'compare', op: tree.op, left, right: this.operand(tree.right, type) };
      }
      case 'and':
      case 'or':
      case 'implies':
        return { kind: tree.kind, left: this.resolve(tree.left), right: this.resolve(tree.right) };
    }
  }
}
