/**
 * Translates a sketch into kernel C: LOCK and ACQUIRE become spin_lock(), UNLOCK and RELEASE spin_unlock(), MB smp_mb(), [R]
 * READ_ONCE(), [W] WRITE_ONCE(), and so on. Spans stay those of the sketch, so people read their own words in graphs.
 *
 * Pipeline: SketchLitmus -> CLitmus -> elaborate.ts. Choices:
 * - A bare LOCK or ACQUIRE is an ordering only: it takes a lock that no other thread has. A bare UNLOCK or RELEASE releases what the
 *   thread took last, or is a store-release to a cell of its own if it holds nothing.
 * - `[RMW]` without a suffix is the kernel's unsuffixed primitive: fully ordered, as xchg() and atomic_fetch_add(); but
 *   unordered if it returns nothing and is no exchange, as atomic_add().
 * - Registers have the type of what is first assigned to them.
 */
import { mapParts, mapStatement } from '../syntax/c-children.js';
import type { CExpression, CLitmus, CParameter, CStatement, CThread } from '../syntax/c-tree.js';
import type { SketchLitmus, SketchStatement, SketchThread } from '../syntax/sketch-tree.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { kernelConstants } from './kernel-names.js';
import { kernelPrimitives } from './primitive-table.js';
import type { Parameter } from './primitives.js';
import { SketchNames } from './sketch-names.js';
import { withNamedValues } from './sketch-values.js';

const SUFFIXES = { acquire: '_acquire', release: '_release', relaxed: '_relaxed', full: '' } as const;
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['+', 'add'],
  ['-', 'sub'],
  ['&', 'and'],
  ['|', 'or'],
  ['^', 'xor'],
]);
/** Parameters that take an address. */
const POINTERS: ReadonlySet<Parameter> = new Set<Parameter>(['pointer', 'bits', 'lock', 'domain']);
const FENCES = { MB: 'smp_mb', RMB: 'smp_rmb', WMB: 'smp_wmb' } as const;

function call(callee: string, span: Span, ...args: readonly CExpression[]): CExpression {
  return { kind: 'call', callee, calleeSpan: span, arguments: args, span };
}

function nameAt(name: string, span: Span): CExpression {
  return { kind: 'name', name, span };
}

/** A lock that a thread holds: the named place, or its own. */
interface Held {
  readonly lock: CExpression;
  readonly bare: boolean;
}

class ThreadConverter {
  /** Parameters by name, in the order in which the thread first names them. */
  private readonly parameters = new Map<string, CParameter>();
  private readonly held: Held[] = [];
  private own = 0;

  constructor(
    private readonly thread: SketchThread,
    private readonly index: number,
    private readonly names: SketchNames,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {}

  convert(): CThread {
    const { name, nameSpan, label, span, statements } = this.thread;
    const body = statements.map((statement) => this.statement(statement));
    const declarations = [...this.names.registers[this.index]!].map(
      ([register, at]): CStatement => ({
        kind: 'declaration',
        declarators: [
          {
            name: register,
            nameSpan: at,
            type: { words: ['__auto_type'], struct: null, pointers: 0, array: null, span: at },
            initialiser: null,
          },
        ],
        span: at,
      }),
    );
    return {
      name,
      nameSpan,
      label,
      parameters: [...this.parameters.values()],
      body: [...declarations, ...body],
      span,
    };
  }

  private parameter(name: string, span: Span, words: readonly string[] | null = null): void {
    if (this.parameters.has(name)) return;
    const type =
      words === null
        ? this.names.typeOf(name, span)
        : { words, struct: null, pointers: 1, array: null, span };
    this.parameters.set(name, { type, name, span });
  }

  /** A name as a value: a register, a constant, what is in a cell, or the address of an object. */
  private nameValue(tree: CExpression & { kind: 'name' }): CExpression {
    const { name, span } = tree;
    const meaning = this.names.meaning(name, this.index);
    if (meaning === 'register' || (meaning === null && (kernelConstants.has(name) || name === 'VAL')))
      return tree;
    if (meaning === null && this.looksMistyped(tree)) return { kind: 'number', value: 0n, suffix: '', span };
    this.parameter(name, span);
    if (meaning === 'cell') return { kind: 'unary', op: '*', operand: tree, span };
    return tree;
  }

  /** A name that is used only as a value is an object of that name, unless it resembles something that is known. */
  private looksMistyped({ name, span }: CExpression & { kind: 'name' }): boolean {
    const known = [
      ...this.names.registers[this.index]!.keys(),
      ...this.names.declared[this.index]!,
      ...kernelConstants.keys(),
    ];
    const hint = didYouMean(name, known);
    const isRegister = /^r\d+$/.test(name);
    if (hint === null && !isRegister && !/^[A-Z0-9_]+$/.test(name)) return false;
    const message = isRegister
      ? `nothing is read into \`${name}\` in ${this.thread.name}`
      : `unknown name \`${name}\``;
    this.report(errorAt(span, 'unknown-name', message, { hint }));
    return true;
  }

  /** The place of an access. */
  private place(tree: CExpression): CExpression {
    if (tree.kind === 'name') {
      if (this.names.meaning(tree.name, this.index) === 'register') return tree;
      this.parameter(tree.name, tree.span);
      return { kind: 'unary', op: '*', operand: tree, span: tree.span };
    }
    if (tree.kind === 'unary' && tree.op === '*' && tree.operand.kind === 'name') {
      if (this.names.meaning(tree.operand.name, this.index) !== 'register')
        this.parameter(tree.operand.name, tree.operand.span);
      return tree;
    }
    return this.expression(tree);
  }

  private address(place: CExpression): CExpression {
    const tree = this.place(place);
    if (tree.kind === 'unary' && tree.op === '*') return tree.operand;
    return { kind: 'unary', op: '&', operand: tree, span: tree.span };
  }

  private expression(tree: CExpression): CExpression {
    switch (tree.kind) {
      case 'number':
        return tree;
      case 'name':
        return this.nameValue(tree);
      case 'unary':
        if (tree.op === '&' && tree.operand.kind === 'name') return this.object(tree.operand);
        if (tree.op === '*' && tree.operand.kind === 'name') return this.place(tree);
        return mapParts(tree, (part) => this.expression(part));
      case 'field':
        return {
          ...tree,
          object: tree.object.kind === 'name' ? this.object(tree.object) : this.expression(tree.object),
        };
      case 'call':
        return this.call(tree);
      case 'assign':
        return { ...tree, target: this.place(tree.target), value: this.expression(tree.value) };
      case 'step':
        return { ...tree, target: this.place(tree.target) };
      default:
        return mapParts(tree, (part) => this.expression(part));
    }
  }

  /** A name before `->` or after `&`. */
  private object(tree: CExpression & { kind: 'name' }): CExpression {
    if (this.names.meaning(tree.name, this.index) !== 'register') this.parameter(tree.name, tree.span);
    return tree;
  }

  private call(tree: CExpression & { kind: 'call' }): CExpression {
    const row = kernelPrimitives().get(tree.callee);
    const argument = (part: CExpression, i: number): CExpression => {
      const parameter = row?.parameters[i];
      if (parameter === 'place') return this.place(part);
      const isPointer = parameter !== undefined && POINTERS.has(parameter);
      return isPointer && part.kind === 'name' ? this.object(part) : this.expression(part);
    };
    return { ...tree, arguments: tree.arguments.map(argument) };
  }

  private statement(tree: SketchStatement): CStatement {
    const { span } = tree;
    const run = (expression: CExpression): CStatement => ({ kind: 'expression', expression, span });
    switch (tree.kind) {
      case 'lock':
        return run(this.lock(tree));
      case 'fence':
        return run(call(FENCES[tree.word], span));
      case 'read':
        return run(this.withResult(tree, this.read(tree)));
      case 'write':
        return run(this.write(tree));
      case 'rmw':
        return run(this.withResult(tree, this.readModifyWrite(tree)));
      case 'if': {
        const condition = this.expression(tree.condition);
        return { kind: 'if', condition, then: this.statement(tree.then), otherwise: null, span };
      }
      case 'c':
        return this.cStatement(tree.statement);
    }
  }

  private withResult(
    { result, span }: Extract<SketchStatement, { kind: 'read' | 'rmw' }>,
    value: CExpression,
  ): CExpression {
    if (result === null) return value;
    return { kind: 'assign', op: null, target: nameAt(result.name, result.span), value, span };
  }

  private read({ order, place, span }: SketchStatement & { kind: 'read' }): CExpression {
    if (order === 'acquire') return call('smp_load_acquire', span, this.address(place));
    if (order === 'full')
      this.report(
        errorAt(span, 'sketch-order', 'a read is not a full barrier', {
          hint: 'write MB in a row of its own',
        }),
      );
    return call('READ_ONCE', span, this.place(place));
  }

  private write({ order, place, value, span }: SketchStatement & { kind: 'write' }): CExpression {
    const stored = this.expression(value);
    if (order === 'release') return call('smp_store_release', span, this.address(place), stored);
    return call(order === 'full' ? 'smp_store_mb' : 'WRITE_ONCE', span, this.place(place), stored);
  }

  private readModifyWrite(tree: SketchStatement & { kind: 'rmw' }): CExpression {
    const { order, place, op, value, span, result } = tree;
    const operand = this.expression(value);
    const suffix = SUFFIXES[order ?? 'full'];
    if (op === null) return call(`xchg${suffix}`, span, this.address(place), operand);
    const operation = OPERATIONS.get(op);
    if (operation === undefined) {
      const hint = 'the operators are += -= &= |= ^=; for others write the kernel primitive';
      this.report(errorAt(span, 'sketch-operator', `there is no atomic operation for \`${op}=\``, { hint }));
    }
    const name =
      result === null && order === null ? `atomic_${operation}` : `atomic_fetch_${operation}${suffix}`;
    return call(operation === undefined ? 'atomic_add' : name, span, operand, this.address(place));
  }

  private lock(tree: SketchStatement & { kind: 'lock' }): CExpression {
    const { word, lock, span } = tree;
    const takes = word === 'LOCK' || word === 'ACQUIRE';
    if (takes) {
      const taken = lock === null ? this.ownCell('lock', span, 'spinlock_t') : this.lockAddress(lock);
      this.held.push({ lock: taken, bare: lock === null });
      return call('spin_lock', span, taken);
    }
    if (lock !== null) {
      const address = this.lockAddress(lock);
      const at = this.held.findLastIndex((held) => sameTree(held.lock, address));
      if (at >= 0) this.held.splice(at, 1);
      return call('spin_unlock', span, address);
    }
    const last = this.held.pop();
    if (last !== undefined) return call('spin_unlock', span, last.lock);
    const cell = this.ownCell('release', span, 'int');
    return call('smp_store_release', span, cell, { kind: 'number', value: 1n, suffix: '', span });
  }

  private lockAddress(lock: CExpression): CExpression {
    if (lock.kind === 'name') return this.object(lock);
    return { kind: 'unary', op: '&', operand: this.expression(lock), span: lock.span };
  }

  /** An object that no other thread has. */
  private ownCell(what: string, span: Span, type: string): CExpression {
    const name = `${this.thread.name}.${what}${this.own++ || ''}`;
    this.parameter(name, span, [type]);
    return nameAt(name, span);
  }

  private cStatement(tree: CStatement): CStatement {
    return mapStatement(
      tree,
      (part) => this.expression(part),
      (part) => this.cStatement(part),
    );
  }
}

function sameTree(a: CExpression, b: CExpression): boolean {
  if (a.kind === 'name') return b.kind === 'name' && a.name === b.name;
  if (a.kind === 'unary') return b.kind === 'unary' && a.op === b.op && sameTree(a.operand, b.operand);
  if (a.kind === 'field') return b.kind === 'field' && a.field === b.field && sameTree(a.object, b.object);
  return false;
}

/** The kernel C that a sketch stands for. */
export function sketchToC(written: SketchLitmus): Checked<CLitmus> {
  const diagnostics: Diagnostic[] = [];
  const sketch = withNamedValues(written, diagnostics);
  const names = new SketchNames(sketch);
  const threads = sketch.threads.map((thread, i) =>
    new ThreadConverter(thread, i, names, (diagnostic) => void diagnostics.push(diagnostic)).convert(),
  );
  const { name, nameSpan, comment, init, locations, filter, condition } = sketch;
  return checked(
    { dialect: 'C', name, nameSpan, comment, init, locations, filter, condition, definitions: [], threads },
    diagnostics,
  );
}
