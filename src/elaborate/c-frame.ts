/**
 * What a kernel-C test declares: shared objects, from the parameters of its threads and from the init block, and initial values.
 *
 * A parameter `T *name` names the shared object `name` of type T, in every thread that has it.
 */

import { canonical, type IntType, isLocation, type Value, wrapTo } from '../program/value.js';
import type { CFunction, CLitmus, CParameter } from '../syntax/c-tree.js';
import type {
  AddressTree,
  InitTree,
  InitValue,
  ListTree,
  PlaceTree,
  RegisterTree,
  TypeTree,
} from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import {
  type CType,
  cError,
  cInt,
  cLong,
  lockKind,
  roleOf,
  showType,
  storageOf,
  typeFromTree,
} from './c-type.js';
import { FieldTypes } from './infer-fields.js';
import { kernelConstants, kernelField } from './kernel-names.js';
import type { PrimitiveTable } from './primitive-table.js';
import { type SharedObject, SharedObjects } from './shared-objects.js';
import { StructTypes } from './struct-types.js';

/** `0:r1 = 5`. */
export interface InitialRegister {
  readonly value: Value;
  readonly span: Span;
}

export interface CFrame {
  readonly objects: SharedObjects;
  /** By thread. */
  readonly registers: readonly ReadonlyMap<string, InitialRegister>[];
}

type Report = (diagnostic: Diagnostic) => void;

/** The index of the thread that a condition calls `0`, `P0` or by its name; -1 if there is none. */
export function threadIndex(threads: readonly { readonly name: string }[], name: string): number {
  const byName = threads.findIndex((thread) => thread.name === name);
  if (byName >= 0) return byName;
  const number = /^P?(\d+)$/.exec(name);
  return number !== null && Number(number[1]) < threads.length ? Number(number[1]) : -1;
}

export function unknownThread(threads: readonly { readonly name: string }[], tree: RegisterTree): Diagnostic {
  const names = threads.map((thread) => `\`${thread.name}\``).join(', ');
  return errorAt(tree.span, 'unknown-thread', `there is no thread \`${tree.thread}\``, {
    hint: `the threads are ${names}`,
  });
}

/** What a parameter points to. */
function pointedTo(parameter: CParameter, report: Report): CType {
  const type = typeFromTree(parameter.type, report);
  if (type.kind === 'pointer' && type.to.kind !== 'void') return type.to;
  if (type.kind === 'array') return type;
  if (type.kind !== 'error')
    report(
      errorAt(parameter.span, 'parameter-type', `the parameter \`${parameter.name}\` is ${showType(type)}`, {
        hint: `parameters point to shared objects: \`${type.kind === 'pointer' ? 'int' : showType(type)} *${parameter.name}\``,
      }),
    );
  return cError;
}

class FrameReader {
  readonly objects: SharedObjects;
  readonly registers: Map<string, InitialRegister>[];
  private readonly seen = new Map<string, Span>();

  constructor(
    private readonly tree: CLitmus,
    functions: ReadonlyMap<string, CFunction>,
    primitives: PrimitiveTable,
    private readonly report: Report,
  ) {
    this.registers = tree.threads.map(() => new Map());
    // Field types depend on what is declared, and fields are made only after that.
    const types = new StructTypes(tree.definitions, report);
    let fields = new FieldTypes(new Map(), types, primitives);
    this.objects = new SharedObjects((tag, field) => fields.typeOf(tag, field), report, types);
    this.declareParameters();
    this.declareInit();
    const roots = new Map([...this.objects.roots].map(([name, object]) => [name, object.type]));
    fields = new FieldTypes(roots, types, primitives);
    fields.scan(tree, functions);
  }

  private declareParameters(): void {
    for (const thread of this.tree.threads) {
      const names = new Map<string, Span>();
      for (const parameter of thread.parameters) {
        const other = names.get(parameter.name);
        if (other !== undefined)
          this.report(
            errorAt(parameter.span, 'redeclared', `two parameters are named \`${parameter.name}\``, {
              notes: [{ message: 'the other one is here', span: other }],
            }),
          );
        names.set(parameter.name, parameter.span);
        const type = pointedTo(parameter, this.report);
        this.objects.declare(parameter.name, type, parameter.span, cError);
      }
    }
  }

  /** Declares the objects that the init block names, by their declarations or by pointing to them. */
  private declareInit(): void {
    const parameters = [...this.objects.roots.keys()];
    for (const { target, type, value } of this.tree.init) {
      if (target.kind === 'register') continue;
      const name = target.root ?? '';
      const isPointer = value !== null && this.isAddress(value);
      if (type !== null) {
        const declared = typeFromTree(withLength(type, value), this.report);
        this.objects.declare(name, target.path.length === 0 ? declared : null, target.span, declared);
      } else if (!this.objects.roots.has(name) && target.path.length === 0) {
        const isTarget = this.tree.init.some((entry) => entry.value !== null && rootOf(entry.value) === name);
        if (isTarget) this.objects.declare(name, null, target.span, isPointer ? cLong : cInt);
      }
      if (type !== null && target.path.length > 0) this.refuseFieldType(target);
    }
    for (const { target, value } of this.tree.init) {
      if (value === null || !this.isAddress(value)) continue;
      const root = rootOf(value)!;
      if (this.objects.roots.has(root)) continue;
      const to = looksLikeConstant(root) ? null : this.targetType(target);
      if (to !== null) this.objects.declare(root, null, value.span, to);
      else
        this.report(
          errorAt(value.span, 'unknown-name', `unknown name \`${root}\``, {
            hint: didYouMean(root, [...parameters, ...kernelConstants.keys()]),
          }),
        );
    }
  }

  private refuseFieldType(target: PlaceTree): void {
    this.report(
      errorAt(
        target.span,
        'field-type',
        'the types of fields are those of the kernel or follow from their use',
        {
          hint: 'leave the type out',
        },
      ),
    );
  }

  /** What a cell that is initialised with an address points to; null if it cannot hold one. */
  private targetType(target: PlaceTree | RegisterTree): CType | null {
    if (target.kind === 'register') return cInt;
    const step = target.path[0];
    if (step !== undefined) {
      const root = this.objects.roots.get(target.root ?? '')?.type;
      if (root?.kind === 'array') return pointee(root.of);
      const known =
        root?.kind === 'struct' && step.kind === 'field' && target.path.length === 1
          ? this.knownField(root.tag, step.name)
          : null;
      return known?.kind === 'pointer' ? known.to : null;
    }
    const type = this.objects.roots.get(target.root ?? '')?.type;
    if (type?.kind === 'pointer') return type.to;
    if (type?.kind === 'int' && storageOf(type).bits === 64) return type;
    return type === undefined ? cInt : null;
  }

  private knownField(tag: string, field: string): CType | null {
    const struct = this.objects.types.find(tag);
    return struct === null ? kernelField(tag, field) : (struct.fields.get(field) ?? null);
  }

  private isAddress(value: InitValue): value is PlaceTree | AddressTree {
    if (value.kind === 'address') return true;
    return value.kind === 'place' && !(value.path.length === 0 && kernelConstants.has(value.root ?? ''));
  }

  readValues(): void {
    for (const entry of this.tree.init) {
      if (entry.target.kind === 'register') this.initRegister(entry, entry.target);
      else this.initPlace(entry, entry.target);
    }
    for (const object of this.objects.roots.values()) if (isStored(object.type)) this.objects.cell(object);
  }

  private once(key: string, span: Span): void {
    const before = this.seen.get(key);
    if (before === undefined) this.seen.set(key, span);
    else
      this.report(
        errorAt(span, 'duplicate-init', `\`${key}\` is initialised twice`, {
          notes: [{ message: 'the first one is here', span: before }],
        }),
      );
  }

  private initRegister(entry: InitTree, target: RegisterTree): void {
    const index = threadIndex(this.tree.threads, target.thread);
    if (index < 0) {
      this.report(unknownThread(this.tree.threads, target));
      return;
    }
    this.once(`${index}:${target.name}`, entry.span);
    const value = entry.value === null ? 0 : this.value(entry.value);
    if (value !== null) this.registers[index]!.set(target.name, { value, span: target.span });
  }

  private initPlace(entry: InitTree, target: PlaceTree): void {
    const object = this.resolve(target);
    if (object === null) return;
    const { value } = entry;
    if (value?.kind === 'list') {
      this.once(object.name, entry.span);
      this.initList(object, value);
      return;
    }
    this.once(object.name, entry.span);
    if (object.type.kind === 'error' || (value === null && !isStored(object.type))) return;
    if (value !== null && isWhole(object.type)) {
      this.refuseWhole(object, entry.span);
      return;
    }
    const cell = this.objects.cell(object);
    if (value !== null) this.setInitial(object, cell.type, value);
  }

  private initList(object: SharedObject, list: ListTree): void {
    if (object.type.kind === 'error') return;
    let position = 0;
    for (const { field, value } of list.items) {
      const part = this.partOf(object, field, position, value.span);
      position = field === null ? position + 1 : this.fieldPosition(object, field) + 1;
      if (part === null || part.type.kind === 'error') return;
      this.once(part.name, value.span);
      if (value.kind === 'list') this.initList(part, value);
      else if (isWhole(part.type)) this.refuseWhole(part, value.span);
      else this.setInitial(part, this.objects.cell(part).type, value);
    }
  }

  private fieldPosition({ type }: SharedObject, field: string): number {
    const struct = type.kind === 'struct' ? this.objects.types.find(type.tag) : null;
    return struct === null ? -1 : [...struct.fields.keys()].indexOf(field);
  }

  /** What an item of a list initialises; null after a report. */
  private partOf(
    object: SharedObject,
    field: string | null,
    position: number,
    span: Span,
  ): SharedObject | null {
    const { type, name } = object;
    const refuse = (message: string, hint: string | null): null => {
      this.report(errorAt(span, 'init-list', message, { hint }));
      return null;
    };
    if (type.kind === 'array') {
      if (field !== null)
        return refuse(`\`${name}\` is ${showType(type)}: it has no fields`, 'write `{ 0, 1 }`');
      const found = this.objects.elementsOf(object)[position];
      const message = `\`${name}\` has ${type.length} element${type.length === 1 ? '' : 's'}, but the list has more`;
      return found ?? refuse(message, null);
    }
    if (type.kind !== 'struct' || lockKind(type) === 'spin')
      return refuse(
        `\`${name}\` is ${showType(type)}, which is not initialised by a list`,
        'write the value',
      );
    if (field !== null) return this.objects.field(object, field, '->', span);
    const struct = this.objects.types.find(type.tag);
    if (struct === null) return refuse(`which field of \`${name}\` is this?`, 'name it: `{ .field = 0 }`');
    const next = [...struct.fields.keys()][position];
    if (next !== undefined) return this.objects.field(object, next, '->', span);
    const count = `${struct.fields.size} field${struct.fields.size === 1 ? '' : 's'}`;
    return refuse(`${showType(type)} has ${count}, but the list has more`, null);
  }

  private refuseWhole(object: SharedObject, span: Span): void {
    const { name, type } = object;
    const hint =
      type.kind === 'array'
        ? `initialise it by a list, \`{ 0, 1 }\`, or by elements: \`${name}[0] = 0;\``
        : `initialise its fields: \`${name}->field = 0;\``;
    this.report(errorAt(span, 'not-a-value', `\`${name}\` is ${showType(type)}`, { hint }));
  }

  private setInitial(object: SharedObject, type: IntType, tree: InitValue): void {
    const value = this.value(tree);
    if (value === null) return;
    const cell = this.objects.cell(object);
    if (isLocation(value)) {
      if (roleOf(object.type) === 'pointer' || type.bits === 64) cell.initial = value;
      else
        this.report(
          errorAt(
            tree.span,
            'pointer-to-int',
            `\`${object.name}\` is ${showType(object.type)} and cannot hold an address`,
          ),
        );
      return;
    }
    if (lockKind(object.type) !== null && value !== 0)
      this.report(
        errorAt(tree.span, 'lock-init', 'a lock is free at the start', { hint: 'leave the value out' }),
      );
    cell.initial = wrapTo(value, type);
    if (value < -(2n ** BigInt(type.bits - 1)) || value >= 2n ** BigInt(type.bits))
      this.report(
        warningAt(
          tree.span,
          'out-of-range',
          `${value} does not fit into ${showType(object.type)}: it becomes ${String(cell.initial)}`,
        ),
      );
  }

  /** An initial value; null after a report. */
  private value(tree: InitValue): Value | null {
    if (tree.kind === 'number') return canonical(tree.value);
    // The parser refuses labels.
    if (tree.kind === 'list' || tree.kind === 'label') return null;
    if (tree.kind === 'place') {
      const constant = tree.path.length === 0 ? kernelConstants.get(tree.root ?? '') : undefined;
      if (constant !== undefined) return constant;
      if (tree.path.length > 0) {
        const object = this.objects.roots.has(tree.root ?? '') ? this.resolve(tree) : null;
        if (object?.type.kind === 'array') return this.objects.cell(object);
        this.report(
          errorAt(tree.span, 'not-a-constant', 'an initial value is a number or an address', {
            hint: 'write `&` in front for the address',
          }),
        );
        return null;
      }
    }
    const place = tree.kind === 'address' ? tree.place : tree;
    if (!this.objects.roots.has(place.root ?? '')) return null;
    const object = this.resolve(place);
    return object === null ? null : this.objects.cell(object);
  }

  private resolve(place: PlaceTree): SharedObject | null {
    const root = place.root ?? '';
    let object: SharedObject | null = this.objects.roots.get(root) ?? null;
    if (object === null) {
      this.report(
        errorAt(place.span, 'unknown-name', `no thread has a parameter \`${root}\``, {
          hint:
            didYouMean(root, this.objects.roots.keys()) ??
            (place.path.length === 0
              ? `to declare it all the same, give its type: \`int ${root} = ...\``
              : null),
        }),
      );
      return null;
    }
    for (const step of place.path) {
      if (step.kind === 'index') {
        object = elementAt(this.objects, object, step.index, place.span, this.report);
        if (object === null) return null;
        continue;
      }
      if (object.type.kind !== 'struct') {
        if (object.type.kind !== 'error')
          this.report(
            errorAt(
              place.span,
              'not-a-struct',
              `\`${object.name}\` is ${showType(object.type)}, not a struct`,
            ),
          );
        return null;
      }
      object = this.objects.field(object, step.name, '->', place.span);
    }
    return object;
  }
}

/** An element that a condition or the init block names; null after a report. */
export function elementAt(
  objects: SharedObjects,
  object: SharedObject,
  index: number,
  span: Span,
  report: Report,
): SharedObject | null {
  const { type, name } = object;
  const found = objects.elementsOf(object)[index];
  if (found !== undefined || type.kind === 'error') return found ?? null;
  if (type.kind !== 'array') {
    const hint =
      type.kind === 'pointer' || type.kind === 'struct'
        ? null
        : `declare it as \`${showType(type)} ${name}[${index + 1}];\``;
    report(errorAt(span, 'not-an-array', `\`${name}\` is ${showType(type)}, not an array`, { hint }));
  } else {
    const hint = `the last one is \`${name}[${type.length - 1}]\``;
    const message = `\`${name}\` has ${type.length} elements: there is no \`${name}[${index}]\``;
    report(errorAt(span, 'out-of-bounds', message, { hint }));
  }
  return null;
}

function pointee(type: CType): CType | null {
  return type.kind === 'pointer' ? type.to : null;
}

/** Whether objects of the type have cells from the start: a struct's fields get them when they are named. */
function isStored(type: CType): boolean {
  return type.kind === 'array' ? isStored(type.of) : type.kind !== 'struct' && type.kind !== 'error';
}

/** Types without a value of their own. */
function isWhole(type: CType): boolean {
  return type.kind === 'array' || (type.kind === 'struct' && lockKind(type) === null);
}

/** `int a[] = { 1, 2 }` has the length of its list. */
function withLength(type: TypeTree, value: InitValue | null): TypeTree {
  return type.array === 0 && type.lengthName === undefined && value?.kind === 'list'
    ? { ...type, array: value.items.length }
    : type;
}

function looksLikeConstant(name: string): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(name);
}

function rootOf(value: InitValue): string | null {
  if (value.kind === 'address') return value.place.root ?? '';
  return value.kind === 'place' ? (value.root ?? '') : null;
}

/** Reads the declarations of a test and the initial values of its cells. */
export function readCFrame(
  tree: CLitmus,
  functions: ReadonlyMap<string, CFunction>,
  primitives: PrimitiveTable,
  report: Report,
): CFrame {
  const reader = new FrameReader(tree, functions, primitives, report);
  reader.readValues();
  return { objects: reader.objects, registers: reader.registers };
}
