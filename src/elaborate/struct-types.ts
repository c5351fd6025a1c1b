/**
 * The structs that a test defines: the types of their fields, in order, and the sizes of all types.
 *
 * Structs without a definition take their fields from their use (infer-fields.ts). Sizes are those of the kernel's 64-bit ABIs:
 * a type is aligned to its size, a struct to its widest field (System V ABI, AAPCS64).
 */
import type { CDefinition, CStruct } from '../syntax/c-tree.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { type CType, cError, showType, storageOf, typeFromTree } from './c-type.js';

export interface StructType {
  readonly tag: string;
  readonly span: Span;
  readonly fields: ReadonlyMap<string, CType>;
}

interface Layout {
  readonly size: number;
  readonly align: number;
}

export class StructTypes {
  private readonly defined = new Map<string, StructType>();
  /** Each once: structs of two structs each, which are of two each in turn, are of fields without number. */
  private readonly layouts = new Map<StructType, Layout | null>();

  constructor(
    definitions: readonly CDefinition[],
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {
    for (const definition of definitions) if (definition.kind === 'struct') this.define(definition);
    for (const struct of this.defined.values()) this.refuseRecursion(struct);
  }

  private define(tree: CStruct): void {
    const { tag, tagSpan: span } = tree;
    const before = this.defined.get(tag);
    if (before !== undefined) {
      const notes = [{ message: 'the other definition is here', span: before.span }];
      this.report(errorAt(span, 'redefined', `struct ${tag} is defined twice`, { notes }));
      return;
    }
    const fields = new Map<string, CType>();
    for (const { name, nameSpan, type } of tree.fields) {
      if (fields.has(name))
        this.report(errorAt(nameSpan, 'redefined', `struct ${tag} has two fields \`${name}\``));
      fields.set(name, this.fieldType(typeFromTree(type, this.report), nameSpan));
    }
    this.defined.set(tag, { tag, span, fields });
  }

  private fieldType(type: CType, span: Span): CType {
    if (type.kind !== 'void' && type.kind !== 'auto') return type;
    this.report(errorAt(span, 'field-type', `a field cannot be ${showType(type)}`));
    return cError;
  }

  /** A struct cannot contain itself; one that does loses the field, so that nothing else goes round in circles. */
  private refuseRecursion(struct: StructType): void {
    const contains = (type: CType, seen: Set<string>): boolean => {
      if (type.kind === 'array') return contains(type.of, seen);
      if (type.kind !== 'struct' || seen.has(type.tag)) return false;
      if (type.tag === struct.tag) return true;
      // What was looked into once does not contain it the next time, either.
      seen.add(type.tag);
      const inner = this.defined.get(type.tag)?.fields.values() ?? [];
      return [...inner].some((field) => contains(field, seen));
    };
    const fields = struct.fields as Map<string, CType>;
    for (const [name, type] of struct.fields) {
      if (!contains(type, new Set())) continue;
      const hint = `a pointer can: \`struct ${struct.tag} *${name};\``;
      this.report(
        errorAt(struct.span, 'recursive-struct', `struct ${struct.tag} contains itself as \`${name}\``, {
          hint,
        }),
      );
      fields.set(name, cError);
    }
  }

  /** Null: the test does not define it. */
  find(tag: string): StructType | null {
    return this.defined.get(tag) ?? null;
  }

  /** In bytes; null if a struct in it is not defined. */
  sizeOf(type: CType): number | null {
    return this.layoutOf(type)?.size ?? null;
  }

  /** How far the elements of an array are apart, in bytes. Structs without a definition have a size of our own. */
  strideOf(type: CType): number {
    return this.sizeOf(type) || UNKNOWN_SIZE;
  }

  private layoutOf(type: CType): Layout | null {
    switch (type.kind) {
      case 'array': {
        const element = this.layoutOf(type.of);
        return element === null ? null : { ...element, size: element.size * type.length };
      }
      case 'struct': {
        const struct = this.defined.get(type.tag);
        return struct === undefined ? null : this.layoutOfFields(struct);
      }
      case 'void':
        // As in GNU C.
        return { size: 1, align: 1 };
      case 'error':
        return null;
      default: {
        const size = storageOf(type).bits / 8;
        return { size, align: size };
      }
    }
  }

  private layoutOfFields(struct: StructType): Layout | null {
    const known = this.layouts.get(struct);
    if (known !== undefined) return known;
    const layout = this.layOut(struct);
    this.layouts.set(struct, layout);
    return layout;
  }

  private layOut({ fields }: StructType): Layout | null {
    let end = 0;
    let align = 1;
    for (const type of fields.values()) {
      const layout = this.layoutOf(type);
      if (layout === null) return null;
      end = aligned(end, layout.align) + layout.size;
      align = Math.max(align, layout.align);
    }
    return { size: aligned(end, align), align };
  }
}

/** Larger than any field of a struct that is not defined, so that no arithmetic on parts leads to a neighbour. */
const UNKNOWN_SIZE = 64;

function aligned(offset: number, to: number): number {
  return Math.ceil(offset / to) * to;
}
