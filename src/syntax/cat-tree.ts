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
    }
  | {
      readonly kind: 'if';
      readonly condition: CatCondition;
      readonly then: CatExpr;
      readonly otherwise: CatExpr;
      readonly span: Span;
    }
  /** `try body with otherwise` */
  | { readonly kind: 'try'; readonly body: CatExpr; readonly otherwise: CatExpr; readonly span: Span }
  /** `match subject with || 'a -> e || _ -> e end` */
  | {
      readonly kind: 'match-tag';
      readonly subject: CatExpr;
      readonly clauses: readonly TagClause<CatExpr>[];
      readonly span: Span;
    }
  /**
   * `match subject with || {} -> empty || element ++ rest -> body end`; `before` is a in the clause `a | element ++ rest`, which splits
   * the set into what comes before the element and what comes after, else null.
   */
  | {
      readonly kind: 'match-set';
      readonly subject: CatExpr;
      readonly empty: CatExpr;
      readonly before: BoundName | null;
      readonly element: BoundName;
      readonly rest: BoundName;
      readonly body: CatExpr;
      readonly span: Span;
    };

/** One alternative of a match on tags; `tag` is null for `_`, which every tag matches. */
export interface TagClause<T> {
  readonly tag: string | null;
  readonly tagSpan: Span;
  readonly body: T;
}

/** What `if` asks. */
export type CatCondition =
  /** `"name"`: whether the variant of this name is chosen. */
  | { readonly kind: 'variant'; readonly name: string; readonly span: Span }
  | { readonly kind: 'not'; readonly operand: CatCondition; readonly span: Span }
  | {
      readonly kind: 'and' | 'or';
      readonly left: CatCondition;
      readonly right: CatCondition;
      readonly span: Span;
    }
  /** `e = e`, `e subset e`, `e in e` (an element of a set) */
  | {
      readonly kind: 'compare';
      readonly op: '=' | 'subset' | 'in';
      readonly left: CatExpr;
      readonly right: CatExpr;
      readonly span: Span;
    };

/** `pattern = value`; `f(x) = e` is the name `f` bound to a function. */
export interface Binding {
  readonly pattern: Pattern;
  readonly value: CatExpr;
  readonly span: Span;
}

export type TestKind = 'acyclic' | 'irreflexive' | 'empty';

/**
 * What a check is for: to forbid executions, to raise a flag, to say that the program is undefined where it fails, or to be true of every
 * execution that gets there.
 */
export type CheckRole = 'check' | 'flag' | 'undefined_unless' | 'assert';

/** `acyclic e as name` and relatives. */
export interface CatCheck {
  readonly kind: 'check';
  readonly role: CheckRole;
  readonly test: TestKind;
  readonly negated: boolean;
  readonly operand: CatExpr;
  readonly name: string | null;
  readonly span: Span;
}

export type CatStatement =
  | {
      readonly kind: 'let';
      readonly recursive: boolean;
      readonly bindings: readonly Binding[];
      /** `let rec ... when acyclic r`: a check on the fixpoint. */
      readonly when: CatCheck | null;
      readonly span: Span;
    }
  | CatCheck
  | { readonly kind: 'include'; readonly path: string; readonly span: Span }
  /** What herd draws; no influence on the model's meaning. */
  | {
      readonly kind: 'show';
      readonly hide: boolean;
      readonly operands: readonly CatExpr[];
      readonly name: string | null;
      readonly span: Span;
    }
  /** `with bound from domain` */
  | { readonly kind: 'with'; readonly bound: BoundName; readonly domain: CatExpr; readonly span: Span }
  /** `forall bound in domain do body end` */
  | {
      readonly kind: 'forall';
      readonly bound: BoundName;
      readonly domain: CatExpr;
      readonly body: readonly CatStatement[];
      readonly span: Span;
    }
  | {
      readonly kind: 'procedure';
      readonly name: BoundName;
      readonly recursive: boolean;
      readonly parameters: Pattern;
      readonly body: readonly CatStatement[];
      readonly span: Span;
    }
  /** `call callee argument as name` */
  | {
      readonly kind: 'call';
      readonly callee: BoundName;
      readonly argument: CatExpr;
      readonly name: string | null;
      readonly span: Span;
    }
  /** `if "variant" then ... else ... end` */
  | {
      readonly kind: 'if';
      readonly condition: CatCondition;
      readonly then: readonly CatStatement[];
      readonly otherwise: readonly CatStatement[];
      readonly span: Span;
    }
  | {
      readonly kind: 'match-tag';
      readonly subject: CatExpr;
      readonly clauses: readonly TagClause<readonly CatStatement[]>[];
      readonly span: Span;
    }
  /** `enum name = 'a || 'b` */
  | {
      readonly kind: 'enum';
      readonly name: BoundName;
      readonly tags: readonly CatTag[];
      readonly span: Span;
    }
  /** `instructions R[{'once, 'acquire}, ...]` or `default R[...]`: the annotations that an instruction may have, or has when it has none. */
  | {
      readonly kind: 'instructions' | 'default';
      readonly name: BoundName;
      readonly tags: readonly CatExpr[];
      readonly span: Span;
    }
  /** `debug e`; no influence on the model's meaning. */
  | { readonly kind: 'debug'; readonly operand: CatExpr; readonly span: Span };

export interface CatTag {
  readonly name: string;
  readonly span: Span;
}

export interface CatTree {
  readonly source: SourceFile;
  readonly title: string | null;
  /** The word before the title, or the title if it is a word: an architecture, in many models. */
  readonly architecture: CatTag | null;
  /** Words such as `catdep` after the title. */
  readonly options: readonly CatTag[];
  readonly statements: readonly CatStatement[];
}
