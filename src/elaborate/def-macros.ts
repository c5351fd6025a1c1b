/**
 * The primitives of a user's macro file (`linux-kernel.def`): tree -> table of primitives.
 *
 * A macro replaces the tool's primitive of its name; what the file does not define stays. Bodies are resolved here, so that what is wrong
 * with them is reported in the macro file; calls are lowered by def-calls.ts.
 */

import { tags as vocabulary } from '../program/vocabulary.js';
import type { CExpression } from '../syntax/c-tree.js';
import { parseMacroFile } from '../syntax/def.js';
import type { Macro, MacroExpression, MacroFile } from '../syntax/def-tree.js';
import {
  assertNever,
  type Checked,
  checked,
  type Diagnostic,
  errorAt,
  warningAt,
} from '../text/diagnostic.js';
import type { SourceFile, Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { operationKind, operationNames, setOfTag } from './def-operations.js';
import { kernelConstants } from './kernel-names.js';
import { kernelPrimitives, type PrimitiveTable } from './primitive-table.js';
import type { LockKind, MacroMeaning, Parameter, Primitive } from './primitives.js';

type CallNode = MacroExpression & { kind: 'call' };
type OperationNode = MacroExpression & { kind: 'operation' };

/** The macro whose body is being read, and what that says of its parameters. */
interface Reading {
  readonly macro: Macro;
  readonly kinds: Map<string, Parameter>;
  /** Operations that a call of it comes down to. */
  size: number;
  lock: LockKind | 'any';
}

/** A macro that calls others twice, which do so in turn, grows without bound. */
const MOST_OPERATIONS = 200;

const DEEPEST = 200;

/** What an argument is if the parameter that it gives is dereferenced (`*X`) or its address is taken (`&X`). */
const POINTED: Partial<Readonly<Record<Parameter, Parameter>>> = { place: 'pointer', value: 'pointer' };

class MacroReader {
  /** By name; the operations of bodies under names that no test can write. */
  readonly rows = new Map<string, Primitive>();
  private readonly macros = new Map<string, Macro>();
  private readonly sizes = new Map<string, number>();
  private readonly active: Reading[] = [];

  constructor(
    { macros }: MacroFile,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {
    for (const macro of macros) {
      const { name, span } = macro.name;
      const other = this.macros.get(name);
      if (other === undefined) this.macros.set(name, macro);
      else {
        const notes = [{ message: 'the other one is here', span: other.name.span }];
        this.fail(span, 'redefined', `the macro \`${name}\` is defined twice`, { notes });
      }
    }
    for (const name of this.macros.keys()) this.row(name);
  }

  /** Reports, and gives what stands for the part that is wrong. */
  private fail(
    span: Span,
    code: string,
    message: string,
    extras: { hint?: string | null; notes?: Diagnostic['notes'] } = {},
  ): CExpression {
    this.report(errorAt(span, code, message, extras));
    return { kind: 'number', value: 0n, suffix: '', span };
  }

  /** What a call of a name means: a macro of the file, or a primitive of the tool. */
  private row(name: string): Primitive | undefined {
    const macro = this.macros.get(name);
    if (macro === undefined) return kernelPrimitives().get(name);
    const known = this.rows.get(name);
    if (known !== undefined) return known;
    const reading: Reading = { macro, kinds: new Map(), size: 0, lock: 'any' };
    this.active.push(reading);
    const made = this.read(reading);
    this.active.pop();
    this.rows.set(name, made);
    this.sizes.set(name, reading.size);
    return made;
  }

  private read(reading: Reading): Primitive {
    const { name, parameters, body } = reading.macro;
    parameters.forEach((parameter, i) => {
      if (parameters.findIndex((other) => other.name === parameter.name) < i)
        this.fail(parameter.span, 'redeclared', `two parameters are named \`${parameter.name}\``);
    });
    const meaning: MacroMeaning =
      body.kind === 'value'
        ? { kind: 'value', value: this.expression(body.value, 'value', reading) }
        : {
            kind: 'statements',
            statements: body.statements.map((part) => this.expression(part, 'value', reading)),
          };
    if (reading.size > MOST_OPERATIONS) {
      const message = `\`${name.name}\` comes down to more than ${MOST_OPERATIONS} operations`;
      this.fail(name.span, 'too-large', message);
      reading.size = 0;
    }
    const names = parameters.map((parameter) => parameter.name);
    return {
      parameters: names.map((parameter) => reading.kinds.get(parameter) ?? 'value'),
      primitive: primitiveOf(name.name),
      action: { kind: 'macro', parameters: names, body: meaning, lock: reading.lock },
    };
  }

  /** An expression of a body that stands where a primitive takes `kind`. */
  private expression(tree: MacroExpression, kind: Parameter, reading: Reading): CExpression {
    const { span } = tree;
    switch (tree.kind) {
      case 'number':
        return { kind: 'number', value: tree.value, suffix: '', span };
      case 'name':
        return this.name(tree.name, span, kind, reading);
      case 'unary': {
        const inner = tree.op === '*' ? (POINTED[kind] ?? 'value') : tree.op === '&' ? 'place' : 'value';
        return { kind: 'unary', op: tree.op, operand: this.expression(tree.operand, inner, reading), span };
      }
      case 'binary': {
        const left = this.expression(tree.left, 'value', reading);
        return {
          kind: 'binary',
          op: tree.op,
          left,
          right: this.expression(tree.right, 'value', reading),
          span,
        };
      }
      case 'call':
        return this.call(tree, reading);
      case 'operation':
        return this.operation(tree, reading);
      default:
        return assertNever(tree);
    }
  }

  private name(name: string, span: Span, kind: Parameter, { macro, kinds }: Reading): CExpression {
    const names = macro.parameters.map((parameter) => parameter.name);
    if (names.includes(name)) {
      if ((kinds.get(name) ?? 'value') === 'value') kinds.set(name, kind);
    } else if (!kernelConstants.has(name)) {
      const hint =
        didYouMean(name, [...names, ...kernelConstants.keys()]) ??
        (names.length === 0 ? null : `the parameters are ${names.map((n) => `\`${n}\``).join(', ')}`);
      return this.fail(span, 'unknown-name', `\`${name}\` is no parameter of \`${macro.name.name}\``, {
        hint,
      });
    }
    return { kind: 'name', name, span };
  }

  private call(tree: CallNode, reading: Reading): CExpression {
    const { callee, span } = tree;
    if (this.active.some(({ macro }) => macro.name.name === callee.name))
      return this.fail(callee.span, 'recursive-macro', `\`${callee.name}\` is defined in terms of itself`);
    if (this.active.length > DEEPEST)
      return this.fail(callee.span, 'too-deep', `more than ${DEEPEST} macros call each other in turn`);
    const row = this.row(callee.name);
    if (row === undefined) {
      const hint = didYouMean(callee.name, [...this.macros.keys(), ...kernelPrimitives().keys()]);
      return this.fail(callee.span, 'unknown-primitive', `unknown primitive \`${callee.name}\``, { hint });
    }
    const expected = row.parameters.length;
    if (tree.arguments.length !== expected) {
      const message = `\`${callee.name}\` takes ${count(expected)}, not ${tree.arguments.length}`;
      return this.fail(span, 'argument-count', message);
    }
    reading.size += this.sizes.get(callee.name) ?? 1;
    if ('lock' in row.action && typeof row.action.lock === 'string') reading.lock = row.action.lock;
    const args = tree.arguments.map((part, i) => this.expression(part, row.parameters[i]!, reading));
    return { kind: 'call', callee: callee.name, calleeSpan: callee.span, arguments: args, span };
  }

  /** A tag of the user's own is as good as any, but one that resembles ours would order nothing. */
  private warnOfTag(tag: string, span: Span): void {
    const names = vocabulary.lkmm.map((name) => name.toLowerCase());
    if (names.includes(tag.toLowerCase())) return;
    // The first letter is hardly ever mistyped, and `dmb` is meant.
    const hint = didYouMean(
      tag,
      names.filter((known) => known[0] === tag[0]!.toLowerCase()),
    );
    if (hint === null) return;
    const message = `the tag \`${tag}\` is none of the kernel's: only a model that knows it orders its events`;
    this.report(warningAt(span, 'unknown-tag', message, { hint }));
  }

  private operation(tree: OperationNode, reading: Reading): CExpression {
    const { operation, tag, operators, span } = tree;
    const { name } = operation;
    const set = tag === null ? null : setOfTag(tag.name, name);
    if (tag !== null) this.warnOfTag(tag.name, tag.span);
    const kind = operationKind(name, set);
    if (kind === null) {
      const hint = didYouMean(name, operationNames) ?? `the operations are ${operationNames.join(', ')}`;
      return this.fail(operation.span, 'unknown-operation', `unknown operation \`${name}\``, { hint });
    }
    if (tag === null && kind.tag === 'needed')
      return this.fail(operation.span, 'missing-tag', `\`${name}\` needs a tag`, {
        hint: `write \`${name}{once}\` or the like`,
      });
    if (tag !== null && kind.tag === 'none')
      return this.fail(tag.span, 'superfluous-tag', `\`${name}\` takes no tag`);
    if (operators.length !== (kind.operator ? 1 : 0)) {
      const message = kind.operator ? `\`${name}\` takes one operator` : `\`${name}\` takes no operator`;
      const hint = kind.operator ? `\`${name}(X, +, V)\`` : null;
      return this.fail(operators.at(-1)?.span ?? span, 'operator', message, { hint });
    }
    const expected = kind.parameters.length;
    if (tree.arguments.length !== expected) {
      const besides = kind.operator ? ' besides the operator' : '';
      const message = `\`${name}\` takes ${count(expected)}${besides}, not ${tree.arguments.length}`;
      return this.fail(span, 'argument-count', message);
    }
    reading.size++;
    const action = kind.action(set, operators[0]?.op ?? null);
    const isDomain = action.kind === 'srcu' && kind.parameters[0] === 'place';
    const parameters = isDomain ? kind.parameters.with(0, 'domain') : kind.parameters;
    const given = isDomain ? [addressOf(tree.arguments[0]!), ...tree.arguments.slice(1)] : tree.arguments;
    const args = given.map((part, i) => this.expression(part, parameters[i]!, reading));
    const { name: macro } = reading.macro.name;
    const key = `${macro}/${this.rows.size}`;
    this.rows.set(key, { parameters, primitive: primitiveOf(macro), action, shown: macro });
    return { kind: 'call', callee: key, calleeSpan: operation.span, arguments: args, span };
  }
}

/** An SRCU domain is given by its address, though `__load{srcu-lock}(*X)` accesses the place. */
function addressOf(tree: MacroExpression): MacroExpression {
  return tree.kind === 'unary' && tree.op === '*'
    ? tree.operand
    : { kind: 'unary', op: '&', operand: tree, span: tree.span };
}

/** The tool's primitive that a macro replaces goes by one name in all its variants. */
function primitiveOf(macro: string): string {
  return kernelPrimitives().get(macro)?.primitive ?? macro;
}

function count(n: number): string {
  return `${n} argument${n === 1 ? '' : 's'}`;
}

/** The kernel's primitives, with those of a macro file in place of those of the same name. */
export function macroTable(file: MacroFile): Checked<PrimitiveTable> {
  const diagnostics: Diagnostic[] = [];
  const { rows } = new MacroReader(file, (diagnostic) => void diagnostics.push(diagnostic));
  const kernel = kernelPrimitives();
  const names = new Set([...kernel.keys(), ...file.macros.map(({ name }) => name.name)]);
  const table: PrimitiveTable = {
    get: (name) => rows.get(name) ?? kernel.get(name),
    keys: () => names.keys(),
  };
  return checked(table, diagnostics);
}

/** The table that a macro file gives; every mistake is located in the file. */
export function readMacros(source: SourceFile): Checked<PrimitiveTable> {
  const { value, diagnostics } = parseMacroFile(source);
  return value === null ? { value, diagnostics } : macroTable(value);
}
