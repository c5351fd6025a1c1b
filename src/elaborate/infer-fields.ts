/**
 * Types of the fields of structs that a test uses without defining them.
 *
 * Known fields have the kernel's type (kernel-names.ts), others that of their use: a lock if a lock primitive takes them, an atomic if an
 * atomic primitive does, a pointer if pointers flow in or out, else int. A known pointer field through which no pointer
 * flows is an int as well: the test then uses numbers for objects, as `p->blocked_on = 1`.
 */

import { expressionsOf, statementsOf } from '../syntax/c-children.js';
import type { CExpression, CFunction, CLitmus, CParameter, CStatement } from '../syntax/c-tree.js';
import type { InitTree, InitValue, TypeTree } from '../syntax/condition-tree.js';
import { type CType, cInt, cSrcuDomain, cUnsignedLong, lockType, typeFromWords } from './c-type.js';
import type { CallTree } from './call-arguments.js';
import { guardClasses } from './guard-classes.js';
import { kernelConstants, kernelField, kernelFieldNames } from './kernel-names.js';
import type { PrimitiveTable } from './primitive-table.js';
import type { Parameter, Primitive } from './primitives.js';
import type { StructTypes } from './struct-types.js';

/** What is known of an expression before fields have types: a type, the field it reads, or nothing. */
type Guess =
  | { readonly type: CType }
  | { readonly field: string; readonly tag: string; readonly name: string }
  | null;

interface Uses {
  pointer: CType | null;
  /** A lock, a struct srcu_struct, or a bitmap. */
  object: CType | null;
  atomic: CType | null;
  /** Of nested structs. */
  struct: boolean;
}

export class FieldTypes {
  private readonly uses = new Map<string, Uses>();
  private functions: ReadonlyMap<string, CFunction> = new Map();
  private locals: Map<string, CType> = new Map();
  /** What was assigned to registers that have no type of their own. */
  private aliases: Map<string, Guess> = new Map();

  constructor(
    private readonly roots: ReadonlyMap<string, CType>,
    private readonly types: StructTypes,
    private readonly primitives: PrimitiveTable,
  ) {}

  /** The type of a field; call it after `scan`. */
  typeOf(tag: string, field: string): CType {
    const uses = this.uses.get(`${tag}.${field}`);
    // Another struct's field of that name says less than a primitive that takes nothing else.
    if (uses !== undefined && uses.object !== null && !kernelFieldNames(tag).includes(field))
      return uses.object;
    const known = kernelField(tag, field);
    if (known !== null && known.kind !== 'pointer') return known;
    if (known !== null) return uses !== undefined && uses.pointer !== null ? known : cInt;
    if (uses === undefined) return cInt;
    if (uses.struct) return { kind: 'struct', tag: field };
    return uses.object ?? uses.atomic ?? uses.pointer ?? cInt;
  }

  scan(tree: CLitmus, functions: ReadonlyMap<string, CFunction>): void {
    this.functions = functions;
    for (const entry of tree.init) this.scanInit(entry);
    // Twice, as pointers may be declared after what flows into them.
    for (let round = 0; round < 2; round++) {
      for (const thread of tree.threads) this.scanBody(thread.body, []);
      for (const { body, parameters } of functions.values()) this.scanBody(body, parameters);
    }
  }

  private scanBody(body: readonly CStatement[], parameters: readonly CParameter[]): void {
    this.locals = new Map();
    this.aliases = new Map();
    for (const { name, type } of parameters) this.declare(name, typeOfTree(type));
    for (const statement of body) this.statement(statement);
  }

  private declare(name: string, type: CType | null): void {
    if (type !== null) this.locals.set(name, type);
  }

  private usesOf(tag: string, field: string): Uses {
    const key = `${tag}.${field}`;
    let uses = this.uses.get(key);
    if (uses === undefined) {
      uses = { pointer: null, object: null, atomic: null, struct: false };
      this.uses.set(key, uses);
    }
    return uses;
  }

  private scanInit({ target, value }: InitTree): void {
    if (target.kind !== 'place' || value === null) return;
    const root = this.roots.get(target.root ?? '');
    const step = target.path[0];
    if (root?.kind !== 'struct') return;
    if (step?.kind === 'field') this.pointerFrom(root.tag, step.name, value);
    if (value.kind !== 'list') return;
    for (const item of value.items)
      if (item.field !== null) this.pointerFrom(root.tag, item.field, item.value);
  }

  private pointerFrom(tag: string, field: string, value: InitValue): void {
    const place = value.kind === 'address' ? value.place : value.kind === 'place' ? value : null;
    if (place === null || (value.kind === 'place' && kernelConstants.has(place.root ?? ''))) return;
    const to = this.roots.get(place.root ?? '') ?? cInt;
    this.usesOf(tag, field).pointer ??= pointerTo(to);
  }

  private statement(tree: CStatement): void {
    if (tree.kind === 'declaration') {
      for (const { name, type, initialiser } of tree.declarators) {
        const declared = typeOfTree(type);
        this.declare(name, declared);
        if (initialiser !== null && declared !== null)
          this.flow({ type: declared }, this.expression(initialiser));
      }
      return;
    }
    const guard = tree.kind === 'guard' ? guardClasses.get(tree.class) : undefined;
    if (tree.kind === 'guard' && guard !== undefined)
      this.call({
        kind: 'call',
        callee: guard.lock,
        calleeSpan: tree.classSpan,
        arguments: tree.arguments,
        span: tree.span,
      });
    else for (const part of expressionsOf(tree)) this.expression(part);
    for (const part of statementsOf(tree)) this.statement(part);
  }

  /** Two expressions that must have one type. */
  private flow(a: Guess, b: Guess): void {
    if (a === null || b === null) return;
    const [field, other] = 'field' in a ? [a, b] : 'field' in b ? [b, a] : [null, null];
    if (field === null) return;
    const type = 'type' in other ? other.type : kernelField(other.tag, other.field);
    if (type?.kind === 'pointer' && ('type' in other || this.usesOf(other.tag, other.field).pointer !== null))
      this.usesOf(field.tag, field.field).pointer ??= type;
  }

  private expression(tree: CExpression): Guess {
    switch (tree.kind) {
      case 'number':
      case 'sizeof':
        return null;
      case 'name': {
        const local = this.locals.get(tree.name);
        if (local?.kind === 'auto') return this.aliases.get(tree.name) ?? null;
        if (local !== undefined) return { type: local };
        const object = this.roots.get(tree.name);
        return object === undefined ? null : { type: pointerTo(object) };
      }
      case 'unary': {
        const operand = this.expression(tree.operand);
        if (tree.op === '&')
          return operand !== null && 'type' in operand ? { type: pointerTo(operand.type) } : operand;
        return tree.op === '*' ? elementOf(operand) : null;
      }
      case 'binary': {
        const [left, right] = [this.expression(tree.left), this.expression(tree.right)];
        if (tree.op === '==' || tree.op === '!=') this.flow(left, right);
        return tree.op === '+' || tree.op === '-' ? (elementOf(left) === null ? null : left) : null;
      }
      case 'conditional': {
        this.expression(tree.condition);
        const [then, otherwise] = [this.expression(tree.then), this.expression(tree.otherwise)];
        return then ?? otherwise;
      }
      case 'field':
        return this.field(tree);
      case 'index':
        this.expression(tree.index);
        return elementOf(this.expression(tree.array));
      case 'call':
        return this.call(tree);
      case 'cast': {
        const operand = this.expression(tree.operand);
        const type = typeOfTree(tree.type);
        if (type?.kind === 'pointer') this.flow({ type }, operand);
        return type === null ? null : { type };
      }
      case 'assign': {
        const target = this.expression(tree.target);
        const value = this.expression(tree.value);
        if (tree.op === null) this.flow(target, value);
        const { target: name } = tree;
        if (name.kind === 'name' && this.locals.get(name.name)?.kind === 'auto')
          this.aliases.set(name.name, value);
        return target;
      }
      case 'step':
        return this.expression(tree.target);
      case 'comma':
        this.expression(tree.left);
        return this.expression(tree.right);
    }
  }

  private field(tree: CExpression & { kind: 'field' }): Guess {
    const object = this.expression(tree.object);
    const name = tree.field;
    if (object === null) return null;
    if ('type' in object) {
      const { type } = object;
      const struct = tree.arrow && type.kind === 'pointer' ? type.to : type;
      if (struct.kind !== 'struct') return null;
      const defined = this.types.find(struct.tag);
      if (defined === null) return { tag: struct.tag, field: name, name };
      const declared = defined.fields.get(name);
      return declared === undefined ? null : { type: declared };
    }
    if (!tree.arrow) {
      this.usesOf(object.tag, object.field).struct = true;
      return { tag: object.field, field: name, name };
    }
    // A field that is followed is a pointer: of its known type, else to a struct of its own name.
    const known = kernelField(object.tag, object.field);
    const uses = this.usesOf(object.tag, object.field);
    uses.pointer ??= known ?? { kind: 'pointer', to: { kind: 'struct', tag: object.field } };
    const { pointer } = uses;
    const struct = pointer.kind === 'pointer' ? pointer.to : null;
    return struct?.kind === 'struct' ? { tag: struct.tag, field: name, name } : null;
  }

  /** A helper's parameters say what the fields are whose addresses or values it gets. */
  private callOf({ parameters, result }: CFunction, { arguments: args }: CallTree, guesses: Guess[]): Guess {
    parameters.forEach((parameter, i) => {
      const [type, guess, argument] = [typeOfTree(parameter.type), guesses[i] ?? null, args[i]];
      if (type === null || guess === null || argument === undefined) return;
      if (argument.kind !== 'unary' || argument.op !== '&') this.flow({ type }, guess);
      else if (type.kind === 'pointer') this.holds(guess, type.to);
    });
    const type = typeOfTree(result);
    return type === null ? null : { type };
  }

  /** A field has this type, which its address is used as. */
  private holds(guess: Guess, type: CType): void {
    if (guess === null || !('field' in guess)) return;
    const uses = this.usesOf(guess.tag, guess.field);
    if (type.kind === 'pointer') uses.pointer ??= type;
    else if (type.kind === 'atomic') uses.atomic ??= type;
    else if (type.kind !== 'void') uses.object ??= type;
  }

  private call(tree: CallTree): Guess {
    const guesses = tree.arguments.map((argument) => this.expression(argument));
    const helper = this.functions.get(tree.callee);
    if (helper !== undefined) return this.callOf(helper, tree, guesses);
    const row = this.primitives.get(tree.callee);
    if (row === undefined) return null;
    let target: Guess = null;
    row.parameters.forEach((parameter, i) => {
      const guess = guesses[i] ?? null;
      if (guess === null) return;
      const object = objectType(parameter, row);
      if ('field' in guess && object !== null) this.usesOf(guess.tag, guess.field).object ??= object;
      if (parameter === 'pointer' || parameter === 'place')
        target = pointedTo(guess, parameter === 'pointer');
      if ('field' in guess && parameter === 'pointer' && row.primitive.startsWith('atomic_'))
        this.usesOf(guess.tag, guess.field).atomic ??= typeFromWords(
          [`${/^atomic(?:_long|64)?/.exec(tree.callee)?.[0] ?? 'atomic'}_t`],
          null,
          0,
        );
    });
    row.parameters.forEach((parameter, i) => {
      if (parameter === 'value') this.flow(target, guesses[i] ?? null);
    });
    if (row.action.kind === 'same') return guesses[0] ?? null;
    const { kind } = row.action;
    return kind === 'load' || kind === 'wait' || kind === 'exchange' || kind === 'compare' ? target : null;
  }
}

function typeOfTree({ words, struct, pointers }: TypeTree): CType | null {
  return typeFromWords(words, struct, pointers);
}

/** What only the primitives of its kind access. */
function objectType(parameter: Parameter, { action }: Primitive): CType | null {
  if (parameter === 'domain') return cSrcuDomain;
  if (parameter === 'bits') return cUnsignedLong;
  return parameter === 'lock' && 'lock' in action && typeof action.lock === 'string'
    ? lockType(action.lock === 'any' ? 'spin' : action.lock)
    : null;
}

/** The value of an object's name: an array's is the address of its first element. */
function pointerTo(type: CType): CType {
  return { kind: 'pointer', to: type.kind === 'array' ? type.of : type };
}

/** What a pointer or an array leads to. */
function elementOf(guess: Guess): Guess {
  if (guess === null || !('type' in guess)) return null;
  const { type } = guess;
  return type.kind === 'pointer' ? { type: type.to } : type.kind === 'array' ? { type: type.of } : null;
}

function pointedTo(guess: Guess & object, dereference: boolean): Guess {
  if ('field' in guess || !dereference) return guess;
  return guess.type.kind === 'pointer' ? { type: guess.type.to } : null;
}
