/**
 * Replaces the macros and enumerators of a kernel-C test by what they stand for: tree -> tree without either.
 *
 * First pass of the elaboration, and only of tests that define something. A node that comes from a macro's body has the span of the
 * macro's outermost use, so that what is wrong with it is reported there; `useNotes` adds where the macro is defined. Macros are
 * replaced as trees: where text would give another tree (see macro-precedence.ts), that is an error.
 *
 * Source: C11 6.10.3 (macros: arguments are expanded first, then the body), 6.7.2.2 (enumerators).
 */
import { mapParts, mapStatement } from '../syntax/c-children.js';
import type {
  CDeclarator,
  CExpression,
  CFunction,
  CMacro,
  CParameter,
  CStatement,
  CStruct,
  CThread,
} from '../syntax/c-tree.js';
import type { TypeTree } from '../syntax/condition-tree.js';
import { type Diagnostic, errorAt, type Note } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import {
  ANYTHING,
  ASSIGNMENT,
  CONDITIONAL,
  takesElse,
  tightness,
  wantedOfParts,
} from './macro-precedence.js';

/** What names stand for in the test's own text. */
export interface Meanings {
  readonly macros: ReadonlyMap<string, CMacro>;
  readonly enumerators: ReadonlyMap<string, bigint>;
  /** The value of a macro or an enumerator that is a constant; null: it is none of the test's. */
  constant(name: string, span: Span): bigint | null;
  /** The integer type of each `enum tag`, as words. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

/** Where a tree stands: in the test itself, or in the body of a macro. */
interface Place {
  /** The use of the outermost macro whose body it is in; null: in the test itself. */
  readonly site: Span | null;
  readonly active: readonly CMacro[];
  readonly values: ReadonlyMap<string, CExpression>;
}

const IN_TEST: Place = { site: null, active: [], values: new Map() };

/** More nodes than this come from no test but from an explosion; deeper trees are refused by the parser, too. */
const MOST_NODES = 100_000;
const DEEPEST = 1000;

/** So many macros are told in the notes of a diagnostic, the outermost ones. */
const MOST_NOTES = 4;

export class Expander {
  private nodes = 0;
  private depth = 0;
  private isTooLarge = false;
  /** The macros expanded at each use, by the place of the use. */
  private readonly uses = new Map<string, CMacro[]>();

  constructor(
    private readonly meanings: Meanings,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {}

  /** The diagnostic with notes on the macros that its place uses. */
  withNotes(diagnostic: Diagnostic): Diagnostic {
    const macros = diagnostic.span === null ? undefined : this.uses.get(keyOf(diagnostic.span));
    if (macros === undefined || diagnostic.code === 'recursive-macro') return diagnostic;
    const notes = macros
      .filter(({ nameSpan }) => !diagnostic.notes.some(({ span }) => span?.start === nameSpan.start))
      .slice(0, MOST_NOTES)
      .map(noteOf);
    return { ...diagnostic, notes: [...diagnostic.notes, ...notes] };
  }

  thread(tree: CThread): CThread {
    return {
      ...tree,
      parameters: tree.parameters.map((parameter) => this.parameter(parameter)),
      body: tree.body.map((statement) => this.statement(statement)),
    };
  }

  function(tree: CFunction): CFunction {
    return {
      ...tree,
      name: this.declared(tree.name, tree.nameSpan, IN_TEST),
      result: this.type(tree.result, IN_TEST),
      parameters: tree.parameters.map((parameter) => this.parameter(parameter)),
      body: tree.body.map((statement) => this.statement(statement)),
    };
  }

  struct(tree: CStruct): CStruct {
    return { ...tree, fields: tree.fields.map((field) => this.declarator(field, IN_TEST)) };
  }

  private parameter(tree: CParameter): CParameter {
    return {
      ...tree,
      type: this.type(tree.type, IN_TEST),
      name: this.declared(tree.name, tree.span, IN_TEST),
    };
  }

  /** The integer type that an `enum` is; other types as they are, but for a length that is a constant of the test. */
  type(written: TypeTree, place: Place = IN_TEST): TypeTree {
    const tree = this.withLength(written);
    const span = place.site ?? tree.span;
    const at = tree.words.indexOf('enum');
    if (at < 0) {
      if (tree.struct !== null) return { ...tree, struct: this.rename(tree.struct, span, place), span };
      const macro = tree.words.find(
        (word) => this.macroAt(word, span, place) !== null || place.values.has(word),
      );
      if (macro !== undefined)
        this.fail(span, 'macro-as-type', `\`${macro}\` is a macro, which cannot stand for a type`, macro);
      return span === tree.span ? tree : { ...tree, span };
    }
    const tag = tree.words[at + 1] ?? '';
    const words = this.meanings.enums.get(tag);
    if (words === undefined)
      this.report(errorAt(span, 'unknown-type', `there is no \`enum ${tag}\` in this test`));
    return { ...tree, words: [...tree.words.slice(0, at), ...(words ?? ['int'])], span };
  }

  private withLength(tree: TypeTree): TypeTree {
    const { lengthName, ...type } = tree;
    const value = lengthName === undefined ? null : this.meanings.constant(lengthName, tree.span);
    // A negative length is as wrong as none.
    return value === null ? tree : { ...type, array: Math.max(0, Number(value)) };
  }

  private fail(span: Span, code: string, message: string, name: string, hint: string | null = null): void {
    const macro = this.meanings.macros.get(name);
    const notes = macro === undefined ? [] : [noteOf(macro)];
    this.report(errorAt(span, code, message, { hint, notes }));
  }

  /** The macro that a name is where it stands: defined before it, in the test. */
  private macroAt(name: string, span: Span, { site }: Place): CMacro | null {
    const macro = this.meanings.macros.get(name);
    return macro !== undefined && macro.span.start < (site ?? span).start ? macro : null;
  }

  /** A name that is no expression, as of a field: only a name can stand for it. */
  private rename(name: string, span: Span, place: Place): string {
    const value = place.values.get(name);
    if (value !== undefined) {
      if (value.kind === 'name' && value.parenthesised === undefined) return value.name;
      this.report(errorAt(span, 'macro-as-name', `the argument \`${name}\` has to be a name here`));
      return name;
    }
    const macro = this.macroAt(name, span, place);
    if (macro === null || macro.parameters !== null || place.active.includes(macro)) return name;
    const { body } = macro;
    if (body.kind === 'expression' && body.expression.kind === 'name') {
      this.noteUse(macro, place.site ?? span);
      return this.rename(body.expression.name, span, { ...place, active: [...place.active, macro] });
    }
    this.fail(span, 'macro-as-name', `\`${name}\` is a macro and stands for no name`, name);
    return name;
  }

  /** A name that is declared here: an enumerator's would hide it. */
  private declared(name: string, span: Span, place: Place): string {
    const found = this.rename(name, span, place);
    if (this.meanings.enumerators.has(found))
      this.report(errorAt(span, 'redeclared', `\`${found}\` is an enumerator of this test already`));
    return found;
  }

  private noteUse(macro: CMacro, site: Span): void {
    const key = keyOf(site);
    const macros = this.uses.get(key) ?? [];
    if (!macros.includes(macro)) this.uses.set(key, [...macros, macro]);
  }

  statement(tree: CStatement, place: Place = IN_TEST): CStatement {
    const span = place.site ?? tree.span;
    const replaced = tree.kind === 'expression' ? this.macroStatement(tree.expression, span, place) : null;
    if (replaced !== null) return replaced;
    const wanted =
      tree.kind === 'case'
        ? CONDITIONAL
        : tree.kind === 'declaration' || tree.kind === 'guard'
          ? ASSIGNMENT
          : ANYTHING;
    const mapped = mapStatement(
      tree,
      (part) => this.expression(part, wanted, place),
      (part) => this.statement(part, place),
    );
    if (mapped.kind === 'if' && mapped.otherwise !== null && takesElse(mapped.then)) {
      const message = 'in C, the `else` belongs to the `if` that the macro here stands for';
      const hint = 'put braces around it, or the macro in `do { ... } while (0)`';
      this.report(errorAt(place.site ?? mapped.then.span, 'macro-precedence', message, { hint }));
    }
    return this.renamed(mapped, span, place);
  }

  /** The statement with its own names and spans. */
  private renamed(tree: CStatement, span: Span, place: Place): CStatement {
    const at = (own: Span): Span => place.site ?? own;
    switch (tree.kind) {
      case 'declaration':
        return { ...tree, span, declarators: tree.declarators.map((d) => this.declarator(d, place)) };
      case 'goto': {
        const label = this.rename(tree.label, tree.labelSpan, place);
        return { ...tree, span, label, labelSpan: at(tree.labelSpan) };
      }
      case 'label': {
        const name = this.rename(tree.name, tree.nameSpan, place);
        return { ...tree, span, name, nameSpan: at(tree.nameSpan) };
      }
      case 'case':
        return { ...tree, span, head: at(tree.head) };
      case 'guard': {
        const name = this.rename(tree.class, tree.classSpan, place);
        return { ...tree, span, class: name, classSpan: at(tree.classSpan) };
      }
      default:
        return { ...tree, span };
    }
  }

  private declarator(tree: CDeclarator, place: Place): CDeclarator {
    const nameSpan = place.site ?? tree.nameSpan;
    return {
      ...tree,
      name: this.declared(tree.name, nameSpan, place),
      nameSpan,
      type: this.type(tree.type, place),
    };
  }

  /** What a statement `f(x);` or `N;` is if it is a macro that stands for a statement or for nothing; else null. */
  private macroStatement(tree: CExpression, span: Span, place: Place): CStatement | null {
    const name = tree.kind === 'call' ? tree.callee : tree.kind === 'name' ? tree.name : null;
    if (name === null || place.values.has(name)) return null;
    const macro = this.macroAt(name, tree.span, place);
    if (macro === null || macro.body.kind === 'expression') return null;
    const inside = this.enter(macro, tree, place);
    if (inside === null || macro.body.kind === 'nothing') return { kind: 'empty', span };
    return this.statement(macro.body.statement, inside);
  }

  /** The place of the body of a macro that `use` uses; null after a report. */
  private enter(macro: CMacro, use: CExpression, place: Place): Place | null {
    const site = place.site ?? use.span;
    const { name, parameters } = macro;
    if (place.active.includes(macro)) {
      this.fail(site, 'recursive-macro', `the macro \`${name}\` uses itself`, name);
      return null;
    }
    this.noteUse(macro, site);
    const args = use.kind === 'call' ? use.arguments : [];
    if (parameters !== null && parameters.length !== args.length) {
      const count = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
      this.fail(site, 'argument-count', `the macro \`${name}\` takes ${count}, not ${args.length}`, name);
      return null;
    }
    const values = new Map<string, CExpression>();
    parameters?.forEach((parameter, i) => {
      values.set(parameter, this.expression(args[i]!, ANYTHING, place));
    });
    return { site, active: [...place.active, macro], values };
  }

  /** `wanted`: how tightly what comes out must bind. */
  expression(tree: CExpression, wanted: number = ANYTHING, place: Place = IN_TEST): CExpression {
    const span = place.site ?? tree.span;
    if (place.site !== null) this.nodes++;
    if (this.nodes > MOST_NODES || this.depth > DEEPEST) {
      if (!this.isTooLarge)
        this.report(errorAt(span, 'too-large', 'the macros of this test expand without end'));
      this.isTooLarge = true;
      return numberAt(0n, span);
    }
    this.depth++;
    const replaced = this.replacement(tree, place);
    const result =
      replaced === null ? this.inner(tree, span, place) : this.fitted(replaced, tree, wanted, place);
    this.depth--;
    return result;
  }

  /** The expression with its parts expanded. */
  private inner(tree: CExpression, span: Span, place: Place): CExpression {
    const parts = wantedOfParts(tree);
    let index = 0;
    const mapped = mapParts(tree, (part) => this.expression(part, parts[index++]!, place));
    switch (mapped.kind) {
      case 'field':
        return { ...mapped, span, field: this.rename(mapped.field, span, place) };
      case 'call': {
        const callee = this.rename(mapped.callee, mapped.calleeSpan, place);
        return { ...mapped, span, callee, calleeSpan: place.site ?? mapped.calleeSpan };
      }
      case 'cast':
        return { ...mapped, span, type: this.type(mapped.type, place) };
      default:
        return span === mapped.span ? mapped : { ...mapped, span };
    }
  }

  /** What a name or a call stands for; null if it is neither a parameter, a macro nor an enumerator. */
  private replacement(tree: CExpression, place: Place): CExpression | null {
    if (tree.kind === 'call') {
      const callee = place.values.has(tree.callee)
        ? this.rename(tree.callee, tree.calleeSpan, place)
        : this.renamedCallee(tree, place);
      const macro = this.macroAt(callee, tree.span, place);
      return macro === null || macro.parameters === null ? null : this.expanded(macro, tree, place);
    }
    if (tree.kind !== 'name') return null;
    const { name } = tree;
    const value = place.values.get(name);
    if (value !== undefined) return value;
    const macro = this.macroAt(name, tree.span, place);
    if (macro !== null && macro.parameters === null) return this.expanded(macro, tree, place);
    const number = this.meanings.enumerators.get(name);
    return number === undefined ? null : numberAt(number, place.site ?? tree.span);
  }

  /** `#define load READ_ONCE` renames what is called; what it renames to may be a macro in turn. */
  private renamedCallee({ callee, calleeSpan }: CExpression & { kind: 'call' }, place: Place): string {
    const macro = this.macroAt(callee, calleeSpan, place);
    return macro === null || macro.parameters !== null ? callee : this.rename(callee, calleeSpan, place);
  }

  private expanded(macro: CMacro, tree: CExpression, place: Place): CExpression {
    const { body, name } = macro;
    const inside = this.enter(macro, tree, place);
    const span = place.site ?? tree.span;
    if (inside !== null && body.kind === 'expression')
      return this.expression(body.expression, ANYTHING, inside);
    if (inside !== null) {
      const what = body.kind === 'nothing' ? 'nothing' : 'a statement';
      this.fail(span, 'macro-as-value', `the macro \`${name}\` stands for ${what}, which has no value`, name);
    }
    return numberAt(0n, span);
  }

  /** What replaces `tree`, with its parentheses. */
  private fitted(value: CExpression, tree: CExpression, wanted: number, place: Place): CExpression {
    const name = tree.kind === 'call' ? tree.callee : tree.kind === 'name' ? tree.name : '';
    const isParameter = tree.kind === 'name' && place.values.has(name);
    if (tree.parenthesised) {
      const span = isParameter ? value.span : (place.site ?? tree.span);
      return { ...value, span, parenthesised: true };
    }
    if (tightness(value) >= wanted) return value;
    const macro = isParameter ? place.active.at(-1)!.name : name;
    const message = isParameter
      ? `\`${name}\` has no parentheses in the macro \`${macro}\`, and the argument needs them`
      : `the macro \`${name}\` has no parentheses around its value, and needs them here`;
    const hint = isParameter ? `write \`(${name})\` in the definition` : 'write them in the definition';
    this.fail(place.site ?? tree.span, 'macro-parentheses', message, macro, hint);
    return value;
  }
}

function noteOf({ name, nameSpan }: CMacro): Note {
  return { message: `the macro \`${name}\` is defined here`, span: nameSpan };
}

function keyOf({ start, end }: Span): string {
  return `${start}:${end}`;
}

/** A number of C's type int, or long if it does not fit. */
export function numberAt(value: bigint, span: Span): CExpression {
  const suffix = value < -(2n ** 31n) ? 'L' : '';
  return { kind: 'number', value, suffix, span };
}
