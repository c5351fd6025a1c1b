/**
 * The memory of an assembly test: cells and arrays, by the names that symbols and places have.
 *
 * An element is called `a[1]`; the name of an array stands for its first element, whose address is the array's. Cells are
 * declared by being named, arrays by a type with a length in the init block.
 */

import { type CellRow, INT32, INT64, type IntType, type Location, NOT_A_CELL } from '../program/value.js';
import type { AsmLitmus } from '../syntax/asm-tree.js';
import type { InitValue, PlaceTree, TypeTree } from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { asmType } from './asm-types.js';

/** What the init block declares a name as. */
interface Declared {
  readonly type: IntType;
  /** Null: no array. */
  readonly length: number | null;
}

/** As many as an array of kernel C may take when it is compiled. */
const LONGEST_ARRAY = 4096;

/** The types of cells and arrays; untyped cells that hold addresses are pointers. */
export function declaredTypes(litmus: AsmLitmus, diagnostics: Diagnostic[]): Map<string, Declared> {
  const types = new Map<string, Declared>();
  for (const { target, type, value } of litmus.init) {
    if (target.kind !== 'place' || target.root === null) continue;
    if (type !== null) {
      const declared = declaredAs(type, value, diagnostics);
      if (declared !== null) types.set(target.root, declared);
    } else if (target.path.length === 0 && value !== null && value.kind !== 'number' && value.kind !== 'list')
      types.set(target.root, { type: INT64, length: null });
  }
  return types;
}

function declaredAs(type: TypeTree, value: InitValue | null, diagnostics: Diagnostic[]): Declared | null {
  const declared = asmType(type);
  if (declared === null) {
    const message = `unsupported: the type \`${type.words.join(' ')}\``;
    diagnostics.push(errorAt(type.span, 'unsupported-type', message));
    return null;
  }
  const length = type.array === 0 && value?.kind === 'list' ? value.items.length : type.array;
  if (length === null || (length >= 1 && length <= LONGEST_ARRAY)) return { type: declared, length };
  const message =
    length === 0 ? 'an array needs its length here' : `an array of ${length} elements is too long`;
  diagnostics.push(errorAt(type.span, 'array-length', message));
  return null;
}

/** The name of a place: `x`, `a[1]`; null after a report. */
export function placeName(place: PlaceTree, diagnostics: Diagnostic[]): string | null {
  const [step, ...more] = place.path;
  if (place.root !== null && step === undefined) return place.root;
  if (place.root !== null && step?.kind === 'index' && more.length === 0)
    return `${place.root}[${step.index}]`;
  diagnostics.push(errorAt(place.span, 'unsupported-place', 'unsupported: fields in assembly tests'));
  return null;
}

/** Collects cells in the order in which the file names them. */
export class Cells {
  readonly locations = new Map<string, Location>();
  /** Cells whose type nobody says, with the number that they are initialised to. */
  readonly untyped = new Map<Location, bigint>();

  constructor(
    private readonly known: ReadonlyMap<string, Location> | null,
    private readonly declared: ReadonlyMap<string, Declared>,
  ) {
    if (known !== null) for (const [name, location] of known) this.locations.set(name, location);
  }

  /** The cell of a name, made if need be; null: an element that the array does not have. */
  cell(name: string): Location | null {
    const found = this.find(name);
    if (found !== null) return found;
    const element = /^(.*)\[\d+\]$/.exec(name);
    if (element !== null || this.lengthOf(name) !== null) {
      const array = element?.[1] ?? name;
      if (this.lengthOf(array) === null || this.locations.has(`${array}[0]`)) return null;
      this.makeRow(array);
      return this.find(name);
    }
    const declared = this.declared.get(name);
    const cell = this.makeCell(name, declared?.type ?? INT32, undefined);
    if (declared === undefined) this.untyped.set(cell, 0n);
    this.locations.set(name, cell);
    return cell;
  }

  /** The address of a name: of a cell, or the end of an array. */
  address(name: string): Location | null {
    const cell = this.cell(name);
    const [, array = '', index] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
    if (cell !== null || Number(index) !== this.lengthOf(array)) return cell;
    return this.cell(array)?.inRow?.row.end ?? null;
  }

  /** The cell of a name that is known by now. */
  find(name: string): Location | null {
    return this.locations.get(name) ?? this.locations.get(`${name}[0]`) ?? null;
  }

  lengthOf(name: string): number | null {
    return this.declared.get(name)?.length ?? null;
  }

  /** Cells that were given from outside keep their initial values. */
  isGiven(name: string): boolean {
    return this.known !== null && (this.known.has(name) || this.lengthOf(name) !== null);
  }

  private makeCell(name: string, type: IntType, inRow: Location['inRow']): Location {
    const index = this.locations.size;
    const cell: Location = { kind: 'location', index, name, type, role: 'int', initial: 0 };
    return inRow === undefined ? cell : { ...cell, inRow };
  }

  private makeRow(name: string): void {
    const { type, length } = this.declared.get(name)!;
    const elements: Location[] = [];
    const end: { -readonly [K in keyof Location]: Location[K] } = {
      ...this.makeCell(`${name}[${length}]`, type, undefined),
      index: NOT_A_CELL,
    };
    const row: CellRow = { elements, stride: type.bits / 8, end };
    end.inRow = { row, position: length! };
    for (let position = 0; position < length!; position++) {
      const element = this.makeCell(`${name}[${position}]`, type, { row, position });
      elements.push(element);
      this.locations.set(element.name, element);
    }
  }
}
