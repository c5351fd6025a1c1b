/**
 * The shared objects of a kernel-C test and the memory cells that they are made of.
 *
 * An object is what a thread's parameter points to; parameters of the same name in different threads point to the same one.
 * A scalar object is a cell of its own name (`x`); a struct's fields are objects in turn (`p->__state`), made when they are first
 * named. A struct gets a cell of its own only where its address is a value, to be that address.
 */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { type CType, lockKind, roleOf, sameType, showType, storageOf } from './c-type.js';
import type { Expr } from './ir.js';
import type { Location } from './value.js';

export interface SharedObject {
  readonly name: string;
  type: CType;
  /** Where it was declared first. */
  readonly span: Span;
  /** Whether the declaration gives the type; an untyped entry of the init block does not. */
  typed: boolean;
  cell: Location | null;
  readonly fields: Map<string, SharedObject>;
}

/** Types that may be declared for one object: the more precise of two, or null if they contradict each other. */
function reconcile(a: CType, b: CType): CType | null {
  if (a.kind === 'error' || sameType(a, b)) return b;
  if (b.kind === 'error') return a;
  if (lockKind(a) !== null || lockKind(b) !== null) {
    return a.kind === 'spinlock' && b.kind === 'spinlock' ? a : null;
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
  /** Objects that mutex_lock() and its kin take. */
  readonly mutexes = new Set<SharedObject>();

  constructor(
    private readonly fieldType: (tag: string, field: string) => CType,
    private readonly report: (diagnostic: Diagnostic) => void,
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
    const tag = object.type.kind === 'struct' ? object.type.tag : '';
    const made: SharedObject = {
      name: `${object.name}${separator}${field}`,
      type: this.fieldType(tag, field),
      span,
      typed: true,
      cell: null,
      fields: new Map(),
    };
    object.fields.set(field, made);
    this.used.add(made);
    return made;
  }

  cell(object: SharedObject): Location {
    if (object.cell !== null) return object.cell;
    const { name, type } = object;
    const cell: Location = {
      kind: 'location',
      index: this.locations.length,
      name,
      type: storageOf(type),
      role: roleOf(type),
      initial: 0,
    };
    this.locations.push(cell);
    object.cell = cell;
    return cell;
  }

  address(object: SharedObject): Expr {
    return { kind: 'const', value: this.cell(object) };
  }

  /** The named objects that a pointer to `struct tag` may point to. */
  structs(tag: string): SharedObject[] {
    return [...this.roots.values()].filter(({ type }) => type.kind === 'struct' && type.tag === tag);
  }
}
