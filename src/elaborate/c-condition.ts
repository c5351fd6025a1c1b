/**
 * Resolves `locations`, `filter` and the condition of a kernel-C test against its cells and locals.
 *
 * State lines list registers by thread and name, then memory by name, each once. On the left of `=` a name is a cell; on the
 * right it is a constant, or an object's address.
 */

import { showCondition } from '../program/condition-text.js';
import type { Condition, Observable, Operand, Proposition } from '../program/ir.js';
import { canonical, type Value, wrapTo } from '../program/value.js';
import type { CLitmus } from '../syntax/c-tree.js';
import type { ConditionOperand, PlaceTree, PropositionTree, RegisterTree } from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { elementAt, threadIndex, unknownThread } from './c-frame.js';
import { type CType, lockKind, showType, storageOf } from './c-type.js';
import { kernelConstants } from './kernel-names.js';
import type { Locals } from './locals.js';
import type { SharedObject, SharedObjects } from './shared-objects.js';

interface Observed {
  readonly observable: Observable;
  readonly type: CType;
}

export interface Question {
  readonly observed: readonly Observable[];
  readonly condition: Condition;
  readonly filter: Proposition | null;
}

const ZERO: Operand = { kind: 'value', value: 0 };

class ConditionReader {
  private readonly found = new Map<string, Observed>();
  private keys: string[] = [];

  constructor(
    private readonly tree: CLitmus,
    private readonly objects: SharedObjects,
    private readonly locals: readonly Locals[],
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {}

  read(): Question {
    const { locations, filter, condition } = this.tree;
    for (const place of locations) this.observe(place);
    if (condition !== null) this.observeAll(condition.proposition);
    if (filter !== null) this.observeAll(filter);
    const observed = this.order();
    const quantifier = condition?.quantifier ?? 'forall';
    const proposition: Proposition =
      condition === null ? { kind: 'constant', value: true } : this.resolve(condition.proposition);
    return {
      observed,
      condition: { quantifier, proposition, text: showCondition(quantifier, proposition, observed) },
      filter: filter === null ? null : this.resolve(filter),
    };
  }

  private order(): Observable[] {
    const rank = ({ observable: o }: Observed): number =>
      o.kind === 'register' ? o.thread : this.tree.threads.length;
    const entries = [...this.found].sort(([, a], [, b]) => {
      const [x, y] = [a.observable.display, b.observable.display];
      return rank(a) - rank(b) || (x < y ? -1 : x > y ? 1 : 0);
    });
    this.keys = entries.map(([key]) => key);
    return entries.map(([, { observable }]) => observable);
  }

  private observeAll(tree: PropositionTree): void {
    if (tree.kind === 'constant') return;
    if (tree.kind === 'not') this.observeAll(tree.operand);
    else if (tree.kind === 'compare') {
      const [left, right] = sidesOf(tree);
      this.observe(left);
      if (right.kind === 'register' || (right.kind === 'place' && right.bracketed)) this.observe(right);
    } else {
      this.observeAll(tree.left);
      this.observeAll(tree.right);
    }
  }

  private observe(tree: ConditionOperand): void {
    const found = this.observed(tree);
    if (found === null) return;
    this.found.set(keyOf(found.observable), found);
  }

  /** Null after a report, or if the operand is a value. */
  private observed(tree: ConditionOperand): Observed | null {
    if (tree.kind === 'register') return this.register(tree);
    return tree.kind === 'place' ? this.cell(tree) : null;
  }

  private register(tree: RegisterTree): Observed | null {
    const { threads } = this.tree;
    const thread = threadIndex(threads, tree.thread);
    if (thread < 0) {
      this.report(unknownThread(threads, tree));
      return null;
    }
    const { name } = tree;
    const local = this.locals[thread]!.all.get(name);
    if (local === undefined) {
      this.unknownRegister(tree, thread);
      return null;
    }
    const other = this.locals[thread]!.ambiguous.get(name);
    if (other !== undefined) {
      const message = `${threads[thread]!.name} has several locals \`${name}\`: which one is meant?`;
      const notes = [local.span, other].map((span) => ({ message: 'one is here', span }));
      this.report(errorAt(tree.span, 'ambiguous-register', message, { notes, hint: 'rename one of them' }));
      return null;
    }
    return {
      observable: { kind: 'register', thread, name, display: `${thread}:${name}` },
      type: local.type,
    };
  }

  private unknownRegister({ name, span }: RegisterTree, thread: number): void {
    const { threads } = this.tree;
    const label = threads[thread]!.name;
    if (threads[thread]!.parameters.some((p) => p.name === name)) {
      const hint = `the shared object is written \`${name}\`, without a thread`;
      this.report(
        errorAt(span, 'unknown-register', `\`${name}\` is a parameter of ${label}, not a local`, { hint }),
      );
      return;
    }
    const other = this.locals.findIndex((locals) => locals.all.has(name));
    const hint =
      didYouMean(name, this.locals[thread]!.all.keys()) ??
      (other < 0 ? null : `${threads[other]!.name} has a \`${name}\`: \`${other}:${name}\``);
    this.report(errorAt(span, 'unknown-register', `${label} has no local \`${name}\``, { hint }));
  }

  private cell(tree: PlaceTree): Observed | null {
    const object = this.object(tree);
    if (object === null) return null;
    const { type } = object;
    const isCell =
      type.kind === 'int' || type.kind === 'pointer' || type.kind === 'atomic' || lockKind(type) !== null;
    if (!isCell) {
      const message = `\`${object.name}\` is ${showType(type)}, which has no value as a whole`;
      const hint = type.kind === 'array' ? `name an element: \`${object.name}[0]\`` : null;
      if (type.kind !== 'error') this.report(errorAt(tree.span, 'not-a-value', message, { hint }));
      return null;
    }
    const location = this.objects.cell(object);
    return { observable: { kind: 'location', location, display: location.name }, type };
  }

  private object(tree: PlaceTree): SharedObject | null {
    const root = tree.root ?? '';
    let object: SharedObject | null = this.objects.roots.get(root) ?? null;
    if (object === null) {
      this.report(
        errorAt(tree.span, 'unknown-name', `unknown name \`${root}\``, { hint: this.hintFor(root) }),
      );
      return null;
    }
    for (const step of tree.path) {
      if (step.kind === 'index') {
        object = elementAt(this.objects, object, step.index, tree.span, this.report);
        if (object === null) return null;
        continue;
      }
      const { type } = object;
      if (type.kind === 'struct' && this.objects.types.find(type.tag) !== null) {
        object = this.objects.field(object, step.name, '->', tree.span);
        continue;
      }
      const field: SharedObject | undefined = object.fields.get(step.name);
      if (field === undefined) {
        const hint = didYouMean(step.name, object.fields.keys());
        const message =
          object.type.kind === 'struct'
            ? `nothing in this test uses a field \`${step.name}\` of \`${object.name}\``
            : `\`${object.name}\` is ${showType(object.type)}, not a struct`;
        this.report(errorAt(tree.span, 'unknown-field', message, { hint }));
        return null;
      }
      object = field;
    }
    return object;
  }

  private hintFor(root: string): string | null {
    const near = didYouMean(root, [...this.objects.roots.keys(), ...kernelConstants.keys()]);
    const owner = this.locals.findIndex((locals) => locals.all.has(root));
    return owner < 0
      ? near
      : `the local of ${this.tree.threads[owner]!.name} is written \`${owner}:${root}\``;
  }

  private resolve(tree: PropositionTree): Proposition {
    switch (tree.kind) {
      case 'constant':
        return { kind: 'constant', value: tree.value };
      case 'not':
        return { kind: 'not', operand: this.resolve(tree.operand) };
      case 'compare': {
        const [left, right] = sidesOf(tree);
        const known = this.known(left);
        if (known === null)
          return {
            kind: 'compare',
            op: tree.op,
            left: this.value(left, null),
            right: this.value(right, null),
          };
        return { kind: 'compare', op: tree.op, left: known.operand, right: this.value(right, known.type) };
      }
      case 'and':
      case 'or':
      case 'implies':
        return { kind: tree.kind, left: this.resolve(tree.left), right: this.resolve(tree.right) };
    }
  }

  /** An operand that is observed; what was reported before is not reported again. */
  private known(tree: ConditionOperand): { readonly operand: Operand; readonly type: CType } | null {
    const key = this.keyFor(tree);
    const found = key === null ? undefined : this.found.get(key);
    if (key === null || found === undefined) return null;
    return { operand: { kind: 'observable', index: this.keys.indexOf(key) }, type: found.type };
  }

  private keyFor(tree: ConditionOperand): string | null {
    if (tree.kind === 'register') return `${threadIndex(this.tree.threads, tree.thread)}:${tree.name}`;
    if (tree.kind !== 'place') return null;
    let object = this.objects.roots.get(tree.root ?? '');
    for (const step of tree.path) {
      if (object === undefined) break;
      object =
        step.kind === 'field' ? object.fields.get(step.name) : this.objects.elementsOf(object)[step.index];
    }
    return object === undefined ? null : `[${object.name}]`;
  }

  /** What an observable of type `type` is compared with; `type` null: something that was reported already. */
  private value(tree: ConditionOperand, type: CType | null): Operand {
    switch (tree.kind) {
      case 'number':
        return this.number(canonical(tree.value), type, tree.span);
      case 'register':
        return this.known(tree)?.operand ?? ZERO;
      case 'address':
        return this.address(tree.place, type);
      // The parser refuses it.
      case 'label':
        return ZERO;
      case 'list':
        this.report(errorAt(tree.span, 'not-a-value', 'a list of values: compare the elements one by one'));
        return ZERO;
      case 'place': {
        if (tree.bracketed) return this.known(tree)?.operand ?? ZERO;
        const constant = tree.path.length === 0 ? kernelConstants.get(tree.root ?? '') : undefined;
        if (constant !== undefined && !this.objects.roots.has(tree.root ?? ''))
          return this.number(constant, type, tree.span);
        if (type === null) return ZERO;
        if (tree.path.length === 0) return this.address(tree, type);
        this.report(
          errorAt(tree.span, 'not-a-constant', 'the right side of a comparison is a value', {
            hint: 'write `&` in front for the address, or compare with a register',
          }),
        );
        return ZERO;
      }
    }
  }

  private number(value: number | bigint, type: CType | null, span: Span): Operand {
    if (type === null || type.kind === 'error' || type.kind === 'auto') return { kind: 'value', value };
    const { bits } = storageOf(type);
    if (type.kind === 'pointer' && value !== 0 && value !== -1)
      this.report(
        warningAt(span, 'pointer-comparison', `${showType(type)} is compared with a number`, {
          hint: 'compare with `&object` or NULL',
        }),
      );
    else if (BigInt(value) < -(2n ** BigInt(bits - 1)) || BigInt(value) >= 2n ** BigInt(bits)) {
      this.report(
        warningAt(span, 'out-of-range', `${value} is no value of ${showType(type)}: this never holds`),
      );
      return { kind: 'value', value };
    }
    return { kind: 'value', value: wrapTo(value, storageOf(type)) };
  }

  private address(place: PlaceTree, type: CType | null): Operand {
    const object = this.object(place);
    if (object === null) return ZERO;
    const value: Value = this.objects.cell(object);
    const holdsAddresses =
      type === null || type.kind === 'pointer' || type.kind === 'error' || storageOf(type).bits === 64;
    if (!holdsAddresses)
      this.report(
        errorAt(
          place.span,
          'address-of-name',
          `${showType(type)} is compared with the address of \`${object.name}\``,
          {
            hint: 'the right side of a comparison is a number, a constant, a register or an address',
          },
        ),
      );
    return { kind: 'value', value };
  }
}

/** Numbers and addresses to the right. */
function sidesOf(tree: PropositionTree & { kind: 'compare' }): readonly [ConditionOperand, ConditionOperand] {
  const { left, right } = tree;
  const isValue = (side: ConditionOperand): boolean =>
    side.kind === 'number' ||
    side.kind === 'address' ||
    (side.kind === 'place' && side.path.length === 0 && kernelConstants.has(side.root ?? ''));
  return isValue(left) && !isValue(right) ? [right, left] : [left, right];
}

function keyOf(observable: Observable): string {
  return observable.kind === 'register' ? observable.display : `[${observable.display}]`;
}

/** What a test asks, resolved. */
export function readQuestion(
  tree: CLitmus,
  objects: SharedObjects,
  locals: readonly Locals[],
  report: (diagnostic: Diagnostic) => void,
): Question {
  return new ConditionReader(tree, objects, locals, report).read();
}
