/**
 * The slots of plain accesses in kernel C: each can be marked, which is what the compiler and the race checker ask for, and ordered
 * besides.
 *
 * A mark comes first among the options: a release orders what WRITE_ONCE() does, and more. Only what one primitive can stand for is
 * marked: `*x = 1`, `r = *x`, `if (p->f)`; not `(*x)++`.
 */
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import { expressionsOf, partsOf, statementsOf } from '../syntax/c-children.js';
import type { CExpression, CStatement } from '../syntax/c-tree.js';
import type { Span } from '../text/source.js';
import { nameOf, type Slot, type SlotOption } from './slot.js';
import { insertAt, type TextEdit } from './text-edit.js';

function isSharedPlace(tree: CExpression): boolean {
  if (tree.parenthesised === true) return false;
  if (tree.kind === 'unary') return tree.op === '*';
  return tree.kind === 'index' || (tree.kind === 'field' && tree.arrow);
}

/** The place as an address, with something in front. */
function addressOf(place: CExpression, head: string): TextEdit {
  const { start } = place.span;
  if (place.kind !== 'unary') return insertAt(start, `${head}&`);
  return { start, end: place.operand.span.start, text: head };
}

class PlainSlots {
  readonly slots: Slot[] = [];

  constructor(
    private readonly thread: string,
    private readonly table: PrimitiveTable,
  ) {}

  private option(name: string, order: string | null, span: Span, edits: readonly TextEdit[]): SlotOption[] {
    if (this.table.get(name) === undefined) return [];
    const what = `${name}() for ${nameOf(this.thread, span)}`;
    const option = {
      to: `${name}()`,
      what,
      orders: new Set(order === null ? ['mark'] : ['mark', order]),
      edits,
    };
    return [order === null ? { ...option, mark: true } : option];
  }

  private add(offset: number, options: readonly SlotOption[]): void {
    if (options.length > 0) this.slots.push({ thread: this.thread, offset, options });
  }

  private write(target: CExpression, value: CExpression, span: Span): void {
    const between = { start: target.span.end, end: value.span.start, text: ', ' };
    const rest = [between, insertAt(value.span.end, ')')];
    this.add(target.span.start, [
      ...this.option('WRITE_ONCE', null, span, [insertAt(target.span.start, 'WRITE_ONCE('), ...rest]),
      ...this.option('smp_store_release', 'release', span, [
        addressOf(target, 'smp_store_release('),
        ...rest,
      ]),
    ]);
  }

  private read(place: CExpression, span: Span): void {
    const { start, end } = place.span;
    const rest = insertAt(end, ')');
    this.add(start, [
      ...this.option('READ_ONCE', null, span, [insertAt(start, 'READ_ONCE('), rest]),
      ...this.option('smp_load_acquire', 'acquire', span, [addressOf(place, 'smp_load_acquire('), rest]),
    ]);
  }

  private call(tree: CExpression & { readonly kind: 'call' }, shown: Span | null): void {
    const parameters = this.table.get(tree.callee)?.parameters ?? [];
    for (const [i, part] of tree.arguments.entries()) if (parameters[i] === 'value') this.value(part, shown);
  }

  /** What an expression reads. `shown`: the statement that names it; null: itself. */
  private value(tree: CExpression, shown: Span | null): void {
    if (isSharedPlace(tree)) this.read(tree, shown ?? tree.span);
    else if (tree.kind === 'call') this.call(tree, shown);
    else if (tree.kind === 'assign') {
      const isMarkable = tree.op === null && isSharedPlace(tree.target);
      if (isMarkable && tree.parenthesised !== true) this.write(tree.target, tree.value, shown ?? tree.span);
      this.value(tree.value, shown);
    } else if (tree.kind === 'unary' && tree.op === '&') return;
    else if (tree.kind !== 'step' && tree.kind !== 'sizeof')
      for (const part of partsOf(tree)) this.value(part, shown);
  }

  list(statements: readonly CStatement[]): void {
    for (const tree of statements) {
      const shown = tree.kind === 'expression' || tree.kind === 'declaration' ? tree.span : null;
      if (tree.kind !== 'guard') for (const part of expressionsOf(tree)) this.value(part, shown);
      this.list(statementsOf(tree));
    }
  }
}

/** Marks and ordered accesses for what has no mark, in the statements of a thread, a function or a sketch's column. */
export function plainSlots(statements: readonly CStatement[], thread: string, table: PrimitiveTable): Slot[] {
  const finder = new PlainSlots(thread, table);
  finder.list(statements);
  return finder.slots;
}
