/**
 * The syntax tree of cat models, as src/syntax/cat.ts produces it and src/model/compile.ts consumes it.
 *
 * The tree keeps what was written: names are unresolved, sets and relations are not told apart. New statements and
 * expressions of the language become new variants.
 */
import type { SourceFile, Span } from '../text/source.js';

/** A name in a binding position; `name` is null for `_`, which binds nothing. */
export interface BoundName {
  readonly name: string | null;
  readonly span: Span;
}

/** What a function takes or a definition binds: one name, or a tuple of names. */
export type Pattern =
  | { readonly kind: 'name'; readonly bound: BoundName }
  | { readonly kind: 'tuple'; readonly items: readonly BoundName[]; readonly span: Span };

/**
 * Binary operators: union, intersection, difference, sequence, product, and `++` (add an element to a set).
 * `*` is here only between two operands.
 */
export type BinaryOperator = '|' | '&' | '\\' | ';' | '*' | '++';
export type PostfixOperator = '+' | '*' | '?' | '^-1';

export type CatExpr =
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  /** `0`: the empty set or the empty relation. */
  | { readonly kind: 'empty'; readonly span: Span }
  /** `_`: all events. */
  | { readonly kind: 'universe'; readonly span: Span }
  /** `'once`, without the quote. */
  | { readonly kind: 'tag'; readonly name: string; readonly span: Span }
  /** `{a, b}`; `{}` is the empty set. */
  | { readonly kind: 'set'; readonly items: readonly CatExpr[]; readonly span: Span }
  | { readonly kind: 'tuple'; readonly items: readonly CatExpr[]; readonly span: Span }
  /** `[S]` */
  | { readonly kind: 'identity'; readonly operand: CatExpr; readonly span: Span }
  | { readonly kind: 'complement'; readonly operand: CatExpr; readonly span: Span }
  | {
      readonly kind: 'postfix';
      readonly op: PostfixOperator;
      readonly operand: CatExpr;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: CatExpr;
      readonly right: CatExpr;
      readonly opSpan: Span;
      readonly span: Span;
    }
  | { readonly kind: 'apply'; readonly callee: CatExpr; readonly argument: CatExpr; readonly span: Span }
  | { readonly kind: 'function'; readonly parameter: Pattern; readonly body: CatExpr; readonly span: Span }
  | {
      readonly kind: 'let';
      readonly recursive: boolean;
      readonly bindings: readonly Binding[];
      readonly body: CatExpr;
      readonly span: Span;
    };

/** `pattern = value`; `f(x) = e` is the name `f` bound to a function. */
export interface Binding {
  readonly pattern: Pattern;
  readonly value: CatExpr;
  readonly span: Span;
}

export type TestKind = 'acyclic' | 'irreflexive' | 'empty';

export type CatStatement =
  | {
      readonly kind: 'let';
      readonly recursive: boolean;
      readonly bindings: readonly Binding[];
      readonly span: Span;
    }
  | {
      readonly kind: 'check';
      readonly test: TestKind;
      readonly negated: boolean;
      readonly flag: boolean;
      readonly operand: CatExpr;
      readonly name: string | null;
      readonly span: Span;
    }
  | { readonly kind: 'include'; readonly path: string; readonly span: Span }
  /** What herd draws; no influence on the model's meaning. */
  | {
      readonly kind: 'show';
      readonly hide: boolean;
      readonly operands: readonly CatExpr[];
      readonly name: string | null;
      readonly span: Span;
    };

export interface CatTree {
  readonly source: SourceFile;
  readonly title: string | null;
  readonly statements: readonly CatStatement[];
}
