/**
 * Compiles a cat model: statements in order, includes in place, to the expression graph and checks of dag.ts.
 *
 * Every model starts from the vocabulary of its dialects (predefined.ts) and the definitions of stdlib.cat.
 *
 * Longer than a file should be: every kind of statement reads and changes the one scope, and which files are open; expressions, loops
 * and orders have files of their own.
 */
import type { Dialect } from '../program/ir.js';
import { KNOWN_ORDER } from '../program/vocabulary.js';
import { parseCat } from '../syntax/cat.js';
import type { CatCheck, CatStatement, CatTag, CatTree, Pattern } from '../syntax/cat-tree.js';
import {
  assertNever,
  type Checked,
  checked,
  type Diagnostic,
  errorAt,
  hasErrors,
  invariant,
  type Note,
  warningAt,
} from '../text/diagnostic.js';
import type { SourceFile, Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { DagBuilder } from './builder.js';
import { checkName, raisedIfFalse } from './check-roles.js';
import { CompileBudget, CompileLimit } from './compile-budget.js';
import type { Check, CompiledModel, NodeId, NodeType } from './dag.js';
import { ExpressionCompiler } from './expressions.js';
import { architectureRemark } from './foreign-names.js';
import { libraryFile } from './library/library.js';
import { eachLoopCheck } from './loop-statements.js';
import { type LoopStep, loopNode } from './loops.js';
import { allDialects, isTagName, predefinedAliases, predefinedNames, tagSets } from './predefined.js';
import { pruneModel, reachable } from './prune.js';
import { text as preludeText } from './stdlib.cat';
import { Tags } from './tags.js';
import { describe, emptyValue, lookUp, type Scope, type Value } from './values.js';

/** A file that is not to be read, and why: a whole sentence, and what to do about it. */
export interface RefusedInclude {
  readonly refused: string;
  readonly hint: string | null;
}

/** Finds the file that `include "name"` in the file `from` means; null if there is none. */
export type ResolveInclude = (name: string, from: string) => SourceFile | RefusedInclude | null;

export const noIncludes: ResolveInclude = () => null;

export interface CompileOptions {
  /** The file that declares the tags of the language; its statements run before the model's. */
  readonly bell?: SourceFile;
  /** The variants that `if "name"` finds chosen. */
  readonly variants?: readonly string[];
}

export interface Compilation extends Checked<CompiledModel> {
  /** What ended the compilation early, if something did: `value` is null then, and there is no diagnostic. */
  readonly limit: string | null;
}

/**
 * Compiles a model for programs of the given dialects (default: any). `value.name` is the source's name.
 * Errors are located, with the chain of includes and function calls that led there as notes. `expired` is asked now and then.
 */
export function compileModel(
  source: SourceFile,
  resolveInclude: ResolveInclude = noIncludes,
  dialects: readonly Dialect[] = allDialects,
  options: CompileOptions = {},
  expired: (() => boolean) | null = null,
): Compilation {
  const budget = new CompileBudget(expired);
  const compiler = new ModelCompiler(resolveInclude, dialects, options, budget);
  try {
    return { ...compiler.compile(source), limit: null };
  } catch (error) {
    if (error instanceof CompileLimit) return { value: null, diagnostics: [], limit: error.message };
    if (!(error instanceof RangeError)) throw error;
    const message = 'this is nested too deeply, or has a function that applies itself';
    const diagnostic = errorAt(compiler.place, 'too-deep', message);
    return { value: null, diagnostics: [diagnostic], limit: null };
  }
}

let prelude: readonly CatStatement[] | null = null;

/** The statements of stdlib.cat, parsed once. */
function preludeStatements(): readonly CatStatement[] {
  if (prelude === null) {
    const { value } = parseCat({ name: 'stdlib.cat', text: preludeText });
    invariant(value !== null, 'stdlib.cat parses');
    prelude = value.statements;
  }
  return prelude;
}

/** The elements of a loop, by a name that no model can define. */
const loopDomain = ' 0';

/** The deepest nesting of procedure calls. */
const deepestCall = 100;

/** A link to a folder above it makes paths to a file without end. */
const MOST_NESTED_FILES = 30;

/** Files that include others twice, which do so in turn, come to more than could be read. */
const MOST_INCLUDES = 1000;

/** Nobody reads more, and a file that is included without end repeats its own. */
const MOST_DIAGNOSTICS = 1000;

export interface Procedure {
  readonly parameters: Pattern;
  readonly body: readonly CatStatement[];
  readonly scope: Scope | null;
  /** The procedures in force where it was defined, itself included if it is recursive. */
  procedures: Procedures | null;
}

/** Procedures by name, innermost first. */
export interface Procedures {
  readonly name: string;
  readonly procedure: Procedure;
  readonly outer: Procedures | null;
}

class ModelCompiler {
  private readonly builder = new DagBuilder();
  private readonly diagnostics: Diagnostic[] = [];
  /** Messages about names that are not defined. */
  private readonly unknown = new Set<string>();
  private readonly checks: Check[] = [];
  private names = new Map<string, NodeId>();
  /** The include and call statements being processed, outermost first. */
  private readonly path: Note[] = [];
  /** The files being read, outermost first. */
  private readonly files: string[] = [];
  private readonly expressions: ExpressionCompiler;
  private readonly tags: Tags;
  private readonly predefined: ReadonlyMap<string, NodeType>;
  private inclusions = 0;
  /** The statement that is being compiled, or was the last one. */
  place: Span | null = null;
  /** Whether an included file was not found: names that are not defined may be defined there. */
  private incomplete = false;
  private scope: Scope | null = null;
  private procedures: Procedures | null = null;
  /** How many procedure calls and loops the statements run in: their definitions are local. */
  private depth = 0;

  constructor(
    private readonly resolveInclude: ResolveInclude,
    private readonly dialects: readonly Dialect[],
    private readonly options: CompileOptions,
    private readonly budget: CompileBudget,
  ) {
    this.predefined = predefinedNames(dialects);
    this.tags = new Tags(tagSets(dialects));
    this.expressions = new ExpressionCompiler(
      this.builder,
      this.predefined,
      this.tags,
      new Set(options.variants),
      budget,
      (diagnostic) => this.report(diagnostic),
    );
  }

  compile(source: SourceFile): Checked<CompiledModel> {
    this.statements(preludeStatements());
    invariant(this.diagnostics.length === 0, 'stdlib.cat compiles');
    const preludeNames = this.names;
    this.names = new Map();
    this.defineAliases();
    if (this.options.bell !== undefined) this.file(this.options.bell);
    const tree = this.file(source);
    if (this.checks.every(({ flag }) => flag) && this.diagnostics.length === 0)
      this.report(
        warningAt(null, 'no-checks', `${source.name}: the model checks nothing, so it allows everything`),
      );
    const model: CompiledModel = {
      name: source.name,
      title: tree?.title ?? source.name,
      nodes: this.builder.nodes,
      groups: this.builder.groups,
      checks: this.checks,
      choices: this.expressions.deferrals.choices,
      computations: this.expressions.deferrals.computations,
      coherence: this.ownCoherence(),
      names: this.names,
    };
    return checked(pruneModel({ ...model, names: withUsed(preludeNames, model) }), this.diagnostics);
  }

  private defineAliases(): void {
    const accesses = this.builder.base('M', 'set');
    const identity = this.builder.identity(accesses);
    for (const [name, meaning] of predefinedAliases(this.dialects)) {
      const id = meaning === 'accesses' ? accesses : identity;
      this.scope = { name, value: meaning === null ? emptyValue : { kind: 'node', id }, outer: this.scope };
    }
  }

  private report(diagnostic: Diagnostic): void {
    const isEnough = this.diagnostics.length >= MOST_DIAGNOSTICS;
    if (isEnough && (diagnostic.severity === 'warning' || hasErrors(this.diagnostics))) return;
    let { hint } = diagnostic;
    if (diagnostic.code === 'unknown-name') {
      // Once is enough for each name.
      if (this.incomplete || this.unknown.has(diagnostic.message)) return;
      this.unknown.add(diagnostic.message);
      // Sets are what bell files define.
      const isSet = /^`[A-Z]/.test(diagnostic.message);
      if (isSet && this.options.bell === undefined) hint ??= 'if a bell file defines it: `--bell FILE.bell`';
    }
    this.diagnostics.push({ ...diagnostic, hint, notes: [...diagnostic.notes, ...[...this.path].reverse()] });
  }

  private file(source: SourceFile): CatTree | null {
    const { value, diagnostics } = parseCat(source);
    for (const diagnostic of diagnostics) this.report(diagnostic);
    this.checkArchitecture(value?.architecture ?? null);
    this.files.push(source.name);
    this.statements(value?.statements ?? []);
    this.files.pop();
    return value;
  }

  /** Such a model finds none of its fences, and may take that (`try fencerel(SYNC) with 0`) for programs without any. */
  private checkArchitecture(architecture: CatTag | null): void {
    if (architecture === null) return;
    const remark = architectureRemark(architecture.name, this.dialects);
    if (remark !== null) this.report(warningAt(architecture.span, 'other-architecture', remark));
  }

  private statements(statements: readonly CatStatement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: CatStatement): void {
    this.place = statement.span;
    this.budget.spend(this.builder.nodes.length);
    switch (statement.kind) {
      case 'let':
        this.scope = this.expressions.bind(statement.bindings, statement.recursive, this.scope);
        this.recordNames(statement);
        if (statement.when !== null) this.check(statement.when);
        return;
      case 'check':
        this.check(statement);
        return;
      case 'include':
        this.include(statement.path, statement.span);
        return;
      case 'show':
      case 'debug':
        return;
      case 'with':
        this.choose(statement);
        return;
      case 'forall':
        this.forall(statement);
        return;
      case 'procedure':
        this.procedure(statement);
        return;
      case 'call':
        this.call(statement);
        return;
      case 'if':
        this.branch(statement);
        return;
      case 'match-tag': {
        const subject = this.expressions.compile(statement.subject, this.scope);
        this.statements(
          this.expressions.chosenClause(statement.clauses, subject, statement.subject.span) ?? [],
        );
        return;
      }
      case 'enum':
        this.enumeration(statement);
        return;
      case 'instructions':
      case 'default':
        this.annotations(statement);
        return;
      default:
        assertNever(statement);
    }
  }

  /** `with bound from domain`. */
  private choose(statement: Extract<CatStatement, { kind: 'with' }>): void {
    const { bound, domain } = statement;
    const value = this.expressions.compile(domain, this.scope);
    const node = this.expressions.deferrals.choose(bound.name ?? '_', value, domain.span);
    const chosen: Value = node === null ? { kind: 'error' } : { kind: 'node', id: node };
    if (bound.name === null) return;
    this.scope = { name: bound.name, value: chosen, outer: this.scope };
    if (this.depth > 0) return;
    this.names.delete(bound.name);
    if (node !== null) this.names.set(bound.name, node);
  }

  /** The final value of `co`, if the model makes it and does not look at the predefined one; else null. */
  private ownCoherence(): NodeId | null {
    const value = lookUp(this.scope, 'co');
    if (value?.kind !== 'node') return null;
    const { builder, checks } = this;
    const { choices } = this.expressions.deferrals;
    const roots = [...checks, ...choices].map(({ node }) => node);
    const used = reachable({ nodes: builder.nodes, groups: builder.groups }, [...roots, value.id]);
    return used.has(builder.base('co', 'relation')) ? null : value.id;
  }

  private recordNames(statement: Extract<CatStatement, { kind: 'let' }>): void {
    if (this.depth > 0) return;
    for (const { pattern } of statement.bindings) {
      for (const { name } of pattern.kind === 'name' ? [pattern.bound] : pattern.items) {
        if (name === null) continue;
        this.names.delete(name);
        const value = lookUp(this.scope, name);
        if (value?.kind === 'node') this.names.set(name, value.id);
        if (value?.kind === 'empty') this.names.set(name, this.builder.empty('relation'));
      }
    }
  }

  private check(statement: CatCheck): void {
    const { test, negated, role, operand, span } = statement;
    const value = this.expressions.compile(operand, this.scope);
    const user = `\`${test}\``;
    const node =
      test === 'empty'
        ? this.expressions.anyNode(value, operand.span, user)
        : this.expressions.nodeOf(value, 'relation', operand.span, user);
    if (node === null) return;
    const name = checkName(statement);
    this.checks.push({
      kind: test,
      negated: negated !== raisedIfFalse(role),
      flag: role !== 'check',
      node,
      name,
      span,
    });
  }

  /** A check in a loop over the elements of `domain`, which only an execution determines. */
  private checkInLoop(statement: CatCheck, steps: readonly LoopStep[], scope: Scope | null): void {
    const { test, negated, role, operand, span } = statement;
    const flag = role !== 'check';
    const counts = flag !== (negated !== raisedIfFalse(role));
    const node = loopNode(this.expressions.deferrals, { test, counts, steps, operand, scope });
    if (node === null) return;
    this.checks.push({ kind: 'empty', negated: flag, flag, node, name: checkName(statement), span });
  }

  private forall(statement: Extract<CatStatement, { kind: 'forall' }>): void {
    const { bound, domain, body } = statement;
    const value = this.expressions.compile(domain, this.scope);
    if (value.kind === 'error' || value.kind === 'empty') return;
    if (value.kind !== 'tags' && value.kind !== 'tag') {
      const scope: Scope = { name: loopDomain, value, outer: this.scope };
      const step: LoopStep = {
        kind: 'each',
        bound,
        domain: { kind: 'name', name: loopDomain, span: domain.span },
      };
      eachLoopCheck(body, [step], this.procedures, {
        variant: (name) => this.options.variants?.includes(name) === true,
        called: (call, procedures) => this.called(call, procedures),
        report: (diagnostic) => this.report(diagnostic),
        check: (check, steps) => this.checkInLoop(check, steps, scope),
      });
      return;
    }
    const names = value.kind === 'tag' ? [value.name] : value.names;
    for (const name of names) {
      const tag: Value = { kind: 'tag', name };
      const scope = bound.name === null ? this.scope : { name: bound.name, value: tag, outer: this.scope };
      this.locally(scope, this.procedures, body);
    }
  }

  /** Runs statements whose definitions end with them. */
  private locally(scope: Scope | null, procedures: Procedures | null, body: readonly CatStatement[]): void {
    const [outerScope, outerProcedures] = [this.scope, this.procedures];
    this.scope = scope;
    this.procedures = procedures;
    this.depth++;
    this.statements(body);
    this.depth--;
    this.scope = outerScope;
    this.procedures = outerProcedures;
  }

  private procedure(statement: Extract<CatStatement, { kind: 'procedure' }>): void {
    const { name, recursive, parameters, body } = statement;
    const { scope, procedures: outer } = this;
    const procedure: Procedure = { parameters, body, scope, procedures: outer };
    this.procedures = { name: name.name ?? '_', procedure, outer };
    if (recursive) procedure.procedures = this.procedures;
  }

  private call(statement: Extract<CatStatement, { kind: 'call' }>): void {
    const { callee, argument, span } = statement;
    const argumentValue = this.expressions.compile(argument, this.scope);
    const found = this.called(statement, this.procedures);
    if (found === null) return;
    if (this.depth >= deepestCall) {
      this.report(errorAt(span, 'too-deep', `more than ${deepestCall} procedure calls in each other`));
      return;
    }
    const { parameters, body, scope, procedures } = found;
    const inner = this.expressions.bindArguments(parameters, argumentValue, scope, argument.span);
    if (inner === undefined) return;
    this.path.push({ message: `in this call of \`${callee.name}\``, span });
    this.locally(inner, procedures, body);
    this.path.pop();
  }

  /** The procedure that a statement calls, or null if an error was reported. */
  private called(
    { callee }: Extract<CatStatement, { kind: 'call' }>,
    procedures: Procedures | null,
  ): Procedure | null {
    const known: string[] = [];
    let found = procedures;
    for (; found !== null && found.name !== callee.name; found = found.outer) known.push(found.name);
    if (found === null) {
      const isFunction = lookUp(this.scope, callee.name ?? '_') !== null;
      const hint = isFunction
        ? 'it is a value; `call` runs a procedure'
        : didYouMean(callee.name ?? '_', known);
      const message = `\`${callee.name}\` is not a procedure`;
      this.report(errorAt(callee.span, 'unknown-name', message, { hint }));
      return null;
    }
    return found.procedure;
  }

  private branch(statement: Extract<CatStatement, { kind: 'if' }>): void {
    const { condition, then, otherwise } = statement;
    const holds = this.expressions.condition(condition, this.scope);
    if (holds === 'error') return;
    if (holds === 'open') {
      const message = 'statements that depend on the execution: not supported';
      const hint = 'put the `if` into the expressions';
      this.report(errorAt(condition.span, 'unsupported-cat', message, { hint }));
      return;
    }
    this.statements(holds ? then : otherwise);
  }

  /** Declares tags: the enumeration's name is the set of them, and each names the set of the events that carry it. */
  private enumeration(statement: Extract<CatStatement, { kind: 'enum' }>): void {
    this.tags.declare(statement.tags.map(({ name }) => name));
    for (const { name, span } of statement.tags) {
      const setName = Tags.setName(name);
      if (this.predefined.has(setName) && !isTagName(setName)) {
        const message = `the set of the events with the tag \`'${name}\` would be \`${setName}\`, which is predefined`;
        this.report(errorAt(span, 'tag-name', message));
      } else if (lookUp(this.scope, setName) === null) {
        const value: Value = { kind: 'node', id: this.builder.base(this.tags.baseName(name), 'set') };
        this.scope = { name: setName, value, outer: this.scope };
      }
    }
    const names = [...new Set(statement.tags.map(({ name }) => name))];
    if (statement.name.name !== null)
      this.scope = { name: statement.name.name, value: { kind: 'tags', names }, outer: this.scope };
  }

  /** The annotations that instructions may have; the programs are not checked against them here. */
  private annotations(statement: Extract<CatStatement, { kind: 'instructions' | 'default' }>): void {
    for (const expr of statement.tags) {
      const value = this.expressions.compile(expr, this.scope);
      if (value.kind === 'tags' || value.kind === 'tag' || value.kind === 'error') continue;
      const message = `\`${statement.kind}\` takes sets of tags, not ${describe(value)}`;
      this.report(errorAt(expr.span, 'kind-mismatch', message, { hint: "write {'a, 'b}" }));
    }
  }

  /** Whether the model has redefined what a coherence order is made from. */
  private makesCoherence(): boolean {
    const isBase = (name: string, type: NodeType): boolean => {
      const value = lookUp(this.scope, name);
      return value === null || (value.kind === 'node' && value.id === this.builder.base(name, type));
    };
    return !(isBase('W', 'set') && isBase(KNOWN_ORDER, 'relation') && isBase('co', 'relation'));
  }

  private include(path: string, span: Span): void {
    if (++this.inclusions > MOST_INCLUDES)
      throw new CompileLimit(`the model includes more than ${MOST_INCLUDES} files`);
    this.budget.ask();
    const source =
      this.resolveInclude(path, this.files.at(-1) ?? '') ?? libraryFile(path, this.makesCoherence());
    if (source === null || 'refused' in source) {
      this.incomplete = true;
      const missing = `cannot find the included file \`${path}\``;
      const { refused, hint } = source ?? { refused: missing, hint: null };
      this.report(errorAt(span, 'include-not-found', refused, { hint }));
      return;
    }
    if (this.files.includes(source.name)) {
      this.report(errorAt(span, 'include-cycle', `\`${path}\` includes itself`));
      return;
    }
    if (this.files.length >= MOST_NESTED_FILES) {
      const message = `files include each other more than ${MOST_NESTED_FILES} deep`;
      this.report(errorAt(span, 'include-cycle', message));
      return;
    }
    this.path.push({ message: 'included here', span });
    this.file(source);
    this.path.pop();
  }
}

/** The model's names, preceded by the predefined ones whose value the model uses and whose name it does not redefine. */
function withUsed(prelude: ReadonlyMap<string, NodeId>, model: CompiledModel): ReadonlyMap<string, NodeId> {
  const roots = [...model.checks, ...model.choices].map(({ node }) => node);
  const used = reachable(model, [...roots, ...model.names.values()]);
  const kept = [...prelude].filter(([name, id]) => used.has(id) && !model.names.has(name));
  return new Map([...kept, ...model.names]);
}
