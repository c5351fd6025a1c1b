/**
 * The shared objects of a kernel-C test and the memory cells that they are made of.
 *
 * An object is what a thread's parameter points to; parameters of the same name in different threads point to the same one.
 * A scalar object is a cell of its own name (`x`); a struct's fields are objects in turn (`p->__state`), made when they are first
 * named. A struct gets a cell of its own only where its address is a value, to be that address. The elements of an array are objects
 * as well (`a[1]`); its address is that of the first.
 */

import type { Expr } from '../program/ir.js';
import { type CellRow, type Location, NOT_A_CELL } from '../program/value.js';
import { type Diagnostic, errorAt, invariant } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { type CType, cError, lockKind, roleOf, sameType, showType, storageOf } from './c-type.js';
import { StructTypes } from './struct-types.js';

export interface SharedObject {
  readonly name: string;
  type: CType;
  /** Where it was declared first. */
  readonly span: Span;
  /** Whether the declaration gives the type; an untyped entry of the init block does not. */
  typed: boolean;
  cell: Location | null;
  readonly fields: Map<string, SharedObject>;
  /** The array that it is an element of, and its place there. */
  readonly element?: { readonly of: SharedObject; readonly position: number };
  /** Of an array; made when they are first named. */
  elements?: readonly SharedObject[];
}

/** Types that may be declared for one object: the more precise of two, or null if they contradict each other. */
function reconcile(a: CType, b: CType): CType | null {
  if (a.kind === 'error' || sameType(a, b)) return b;
  if (b.kind === 'error') return a;
  // `int *a` is what a thread sees of `int a[4]`.
  if (a.kind === 'array' && b.kind !== 'array') return reconcile(a.of, b) === null ? null : a;
  if (b.kind === 'array' && a.kind !== 'array') return reconcile(b.of, a) === null ? null : b;
  if (lockKind(a) !== null || lockKind(b) !== null) {
    return a.kind === 'spinlock' && lockKind(a) === lockKind(b) ? a : null;
  }
  const scalar = (type: CType): boolean =>
    type.kind === 'int' || type.kind === 'atomic' || type.kind === 'pointer';
  if (!scalar(a) || !scalar(b) || storageOf(a).bits !== storageOf(b).bits) return null;
  return a.kind === 'int' ? b : a;
}

export class SharedObjects {
  readonly roots = new Map<string, SharedObject>();
  readonly locations: Location[] = [];
  /** Fields that were asked for since the set was cleared. */
  readonly used = new Set<SharedObject>();
  /** Where fields were named that a defined struct does not have. */
  private readonly refused = new Set<Span>();
  /** Objects that mutex_lock() and its kin take. */
  readonly mutexes = new Set<SharedObject>();
  /** Tasks that `current` was found to be, with the thread (its scope) where. */
  readonly runs = new Map<SharedObject, object>();

  constructor(
    /** The types of the fields of structs that are not defined. */
    private readonly inferred: (tag: string, field: string) => CType,
    private readonly report: (diagnostic: Diagnostic) => void,
    readonly types: StructTypes = new StructTypes([], report),
  ) {}

  /** `type` null: not said here. */
  declare(name: string, type: CType | null, span: Span, fallback: CType): SharedObject {
    const found = this.roots.get(name);
    if (found === undefined) {
      const object: SharedObject = {
        name,
        type: type ?? fallback,
        span,
        typed: type !== null,
        cell: null,
        fields: new Map(),
      };
      this.roots.set(name, object);
      return object;
    }
    if (type === null) return found;
    const joined = found.typed ? reconcile(found.type, type) : type;
    if (joined === null)
      this.report(
        errorAt(
          span,
          'conflicting-types',
          `\`${name}\` is declared as ${showType(type)} here and as ${showType(found.type)} elsewhere`,
          { notes: [{ message: 'the other declaration is here', span: found.span }] },
        ),
      );
    else found.type = joined;
    found.typed = true;
    return found;
  }

  field(object: SharedObject, field: string, separator: '->' | '.', span: Span): SharedObject {
    const found = object.fields.get(field);
    if (found !== undefined) {
      this.used.add(found);
      return found;
    }
    const inner = object.element !== undefined || object.name.includes('->');
    const made: SharedObject = {
      name: `${object.name}${inner ? '.' : separator}${field}`,
      type: this.fieldType(object, field, span),
      span,
      typed: true,
      cell: null,
      fields: new Map(),
    };
    object.fields.set(field, made);
    this.used.add(made);
    return made;
  }

  private fieldType({ type }: SharedObject, field: string, span: Span): CType {
    const tag = type.kind === 'struct' ? type.tag : '';
    const struct = this.types.find(tag);
    if (struct === null) return this.inferred(tag, field);
    const found = struct.fields.get(field);
    if (found !== undefined) return found;
    // A pointer that may lead to several objects asks each of them.
    if (this.refused.has(span)) return cError;
    this.refused.add(span);
    const hint = didYouMean(field, struct.fields.keys());
    const notes = [{ message: 'it is defined here', span: struct.span }];
    this.report(errorAt(span, 'unknown-field', `struct ${tag} has no field \`${field}\``, { notes, hint }));
    return cError;
  }

  /** The elements of an array; none of anything else. */
  elementsOf(object: SharedObject): readonly SharedObject[] {
    const { type } = object;
    if (type.kind !== 'array') return [];
    object.elements ??= Array.from({ length: type.length }, (_, position) => ({
      name: `${object.name}[${position}]`,
      type: type.of,
      span: object.span,
      typed: true,
      cell: null,
      fields: new Map(),
      element: { of: object, position },
    }));
    return object.elements;
  }

  /** The cell whose address is the object's. */
  cell(object: SharedObject): Location {
    if (object.cell !== null) return object.cell;
    const first = this.elementsOf(object)[0];
    if (first !== undefined) return this.cell(first);
    if (object.element !== undefined) this.makeRow(object.element.of);
    else object.cell = this.makeCell(object, undefined);
    invariant(object.cell !== null, 'a row gives each of its elements a cell');
    return object.cell;
  }

  private makeCell({ name, type }: SharedObject, inRow: Location['inRow']): Location {
    const cell: Location = {
      kind: 'location',
      index: this.locations.length,
      name,
      type: storageOf(type),
      role: roleOf(type),
      initial: 0,
      ...(inRow === undefined ? {} : { inRow }),
    };
    this.locations.push(cell);
    return cell;
  }

  /** The cells of an array, next to each other. */
  private makeRow(array: SharedObject): void {
    const objects = this.elementsOf(array);
    const of = objects[0]!.type;
    const elements: Location[] = [];
    const end: { -readonly [K in keyof Location]: Location[K] } = {
      kind: 'location',
      index: NOT_A_CELL,
      name: `${array.name}[${objects.length}]`,
      type: storageOf(of),
      role: roleOf(of),
      initial: 0,
    };
    const row: CellRow = { elements, stride: this.types.strideOf(of), end };
    end.inRow = { row, position: objects.length };
    objects.forEach((object, position) => {
      object.cell = this.makeCell(object, { row, position });
      elements.push(object.cell);
    });
  }

  address(object: SharedObject): Expr {
    return { kind: 'const', value: this.cell(object) };
  }

  /** Whether a part of the type is a struct `tag`. */
  private mayContain(type: CType, tag: string): boolean {
    if (type.kind === 'array') return this.mayContain(type.of, tag);
    if (type.kind !== 'struct') return false;
    const inner = this.types.find(type.tag)?.fields.values() ?? [];
    return type.tag === tag || [...inner].some((field) => this.mayContain(field, tag));
  }

  /** The named objects that a pointer to `struct tag` may point to. */
  structs(tag: string): SharedObject[] {
    const found: SharedObject[] = [];
    const visit = (object: SharedObject): void => {
      const { type } = object;
      if (type.kind === 'struct' && type.tag === tag) found.push(object);
      for (const element of this.elementsOf(object)) visit(element);
      if (type.kind !== 'struct') return;
      for (const [field, inner] of this.types.find(type.tag)?.fields ?? [])
        if (this.mayContain(inner, tag)) visit(this.field(object, field, '->', object.span));
    };
    for (const root of this.roots.values()) visit(root);
    return found;
  }
}
