/**
 * Compiles a cat model: statements in order, includes in place, to the expression graph and checks of dag.ts.
 *
 * Every model starts from the vocabulary of its dialects (predefined.ts) and the definitions of stdlib.cat.
 */
import type { Dialect } from '../program/ir.js';
import { parseCat } from '../syntax/cat.js';
import type { CatStatement, CatTree } from '../syntax/cat-tree.js';
import {
  assertNever,
  type Checked,
  checked,
  type Diagnostic,
  errorAt,
  invariant,
  type Note,
  warningAt,
} from '../text/diagnostic.js';
import { type SourceFile, type Span, spanText } from '../text/source.js';
import { DagBuilder } from './builder.js';
import type { Check, CompiledModel, NodeId } from './dag.js';
import { ExpressionCompiler } from './expressions.js';
import { allDialects, predefinedNames } from './predefined.js';
import { pruneModel, reachable } from './prune.js';
import { text as preludeText } from './stdlib.cat';
import { lookUp, type Scope } from './values.js';

/** Finds the file that `include "name"` means; null if there is none. */
export type ResolveInclude = (name: string) => SourceFile | null;

export const noIncludes: ResolveInclude = () => null;

/**
 * Compiles a model for programs of the given dialects (default: any). `value.name` is the source's name.
 * Errors are located, with the chain of includes and function calls that led there as notes.
 */
export function compileModel(
  source: SourceFile,
  resolveInclude: ResolveInclude = noIncludes,
  dialects: readonly Dialect[] = allDialects,
): Checked<CompiledModel> {
  try {
    return new ModelCompiler(resolveInclude, dialects).compile(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `${source.name}: nested too deeply, or a function that applies itself`;
    return { value: null, diagnostics: [errorAt(null, 'too-deep', message)] };
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

class ModelCompiler {
  private readonly builder = new DagBuilder();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly checks: Check[] = [];
  private names = new Map<string, NodeId>();
  /** The include statements being processed, outermost first, and the files being read, one more. */
  private readonly includes: Span[] = [];
  private readonly files: string[] = [];
  private readonly expressions: ExpressionCompiler;
  private scope: Scope | null = null;

  constructor(
    private readonly resolveInclude: ResolveInclude,
    dialects: readonly Dialect[],
  ) {
    this.expressions = new ExpressionCompiler(this.builder, predefinedNames(dialects), (diagnostic) =>
      this.report(diagnostic),
    );
  }

  compile(source: SourceFile): Checked<CompiledModel> {
    this.statements(preludeStatements());
    invariant(this.diagnostics.length === 0, 'stdlib.cat compiles');
    const preludeNames = this.names;
    this.names = new Map();
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
      choices: [],
      computations: [],
      coherence: null,
      names: this.names,
    };
    return checked(pruneModel({ ...model, names: withUsed(preludeNames, model) }), this.diagnostics);
  }

  private report(diagnostic: Diagnostic): void {
    const chain = this.includes.map((span): Note => ({ message: 'included here', span })).reverse();
    this.diagnostics.push({ ...diagnostic, notes: [...diagnostic.notes, ...chain] });
  }

  private file(source: SourceFile): CatTree | null {
    const { value, diagnostics } = parseCat(source);
    for (const diagnostic of diagnostics) this.report(diagnostic);
    this.files.push(source.name);
    this.statements(value?.statements ?? []);
    this.files.pop();
    return value;
  }

  private statements(statements: readonly CatStatement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: CatStatement): void {
    switch (statement.kind) {
      case 'let':
        this.scope = this.expressions.bind(statement.bindings, statement.recursive, this.scope);
        this.recordNames(statement);
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
      case 'forall':
      case 'procedure':
      case 'call':
      case 'if':
      case 'match-tag':
      case 'enum':
      case 'instructions':
      case 'default':
        this.report(errorAt(statement.span, 'unsupported-cat', `\`${statement.kind}\`: not supported yet`));
        return;
      default:
        assertNever(statement);
    }
  }

  private recordNames(statement: Extract<CatStatement, { kind: 'let' }>): void {
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

  private check(statement: Extract<CatStatement, { kind: 'check' }>): void {
    const { test, negated, role, operand, span } = statement;
    const flag = role === 'flag';
    if (role !== 'check' && !flag) {
      this.report(errorAt(span, 'unsupported-cat', `\`${role}\`: not supported yet`));
      return;
    }
    const value = this.expressions.compile(operand, this.scope);
    const user = `\`${test}\``;
    const node =
      test === 'empty'
        ? this.expressions.anyNode(value, operand.span, user)
        : this.expressions.nodeOf(value, 'relation', operand.span, user);
    if (node === null) return;
    const name = statement.name ?? spanText(span).replace(/\s+/g, ' ');
    this.checks.push({ kind: test, negated, flag, node, name, span });
  }

  private include(path: string, span: Span): void {
    const source = this.resolveInclude(path);
    if (source === null) {
      this.report(errorAt(span, 'include-not-found', `cannot find the included file \`${path}\``));
      return;
    }
    if (this.files.includes(source.name)) {
      this.report(errorAt(span, 'include-cycle', `\`${path}\` includes itself`));
      return;
    }
    this.includes.push(span);
    this.file(source);
    this.includes.pop();
  }
}

/** The model's names, preceded by the predefined ones whose value the model uses and whose name it does not redefine. */
function withUsed(prelude: ReadonlyMap<string, NodeId>, model: CompiledModel): ReadonlyMap<string, NodeId> {
  const used = reachable(model, [...model.checks.map((check) => check.node), ...model.names.values()]);
  const kept = [...prelude].filter(([name, id]) => used.has(id) && !model.names.has(name));
  return new Map([...kept, ...model.names]);
}
