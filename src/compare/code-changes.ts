/**
 * What was changed in the code of a test, change by change, and the test with some of the changes only.
 *
 * A change is what a person makes in one go: a statement that went, came, was moved or became another; the ends of a critical section
 * together, for a lock without its unlock is no change that anybody means. Changes are differences between the syntax trees, so
 * comments and layout are none.
 */
import { kernelPrimitives, type PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Site } from '../regress/site.js';
import { defaultSiteOptions, sitesOf } from '../regress/sites.js';
import { oneLine } from '../regress/text-edit.js';
import type { CLitmus } from '../syntax/c-tree.js';
import type { LitmusTree } from '../syntax/parse.js';
import { type Span, spanText } from '../text/source.js';
import { alignStatements, type Edit, editsOf, isDeclaration, mixed, type Part } from './align-statements.js';
import { type Code, codesOfAsm, codesOfC, codesOfSketch } from './statements.js';

/** A statement of one of the two versions, without its tree. */
export interface Written {
  readonly span: Span;
  readonly text: string;
  readonly key: string;
  readonly calls: readonly string[];
}

export interface CodeChange {
  /** The thread, or the function that threads call. */
  readonly thread: string;
  readonly kind: 'removed' | 'added' | 'changed' | 'moved';
  /** In the order of the text; `before` is empty of what was added, `after` of what was removed. */
  readonly before: readonly Written[];
  readonly after: readonly Written[];
  /** Whether what orders memory is concerned: a barrier, a lock, an ordered access. */
  readonly isOrdering: boolean;
}

export interface CodeComparison {
  readonly changes: readonly CodeChange[];
  /** The later test with these of the changes made in its code; with all of them, it is the later test. */
  readonly mix: (made: (change: CodeChange) => boolean) => LitmusTree;
  /** What differs beside the statements: `the initial values`, for people. */
  readonly otherwise: readonly string[];
}

/** An edit that knows what to call itself; `T` is not told, for the changes of all languages are alike. */
interface Found {
  readonly thread: string;
  readonly edit: { readonly before: Written | null; readonly after: Written | null };
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** The sites of one version, to be asked about statements. */
class Sites {
  constructor(private readonly all: readonly Site[]) {}

  orders({ span }: Written): boolean {
    return this.all.some((site) => [site.span, ...site.ends].some((part) => isWithin(part, span)));
  }

  /** Which critical section the statement begins or ends; -1: none. */
  sectionOf({ span }: Written): number {
    return this.all.findIndex(
      ({ span: first, ends }) => ends.length > 0 && [first, ...ends].some((part) => isWithin(part, span)),
    );
  }
}

class Grouping {
  constructor(
    private readonly before: Sites,
    private readonly after: Sites,
    private readonly primitives: PrimitiveTable,
  ) {}

  /** What removes or adds the ends of one section belongs together; null: it is a change of its own. */
  private sectionKey({ edit: { before, after } }: Found): string | null {
    const old = before === null ? -1 : this.before.sectionOf(before);
    const fresh = after === null ? -1 : this.after.sectionOf(after);
    if (before !== null && after !== null) return old < 0 || fresh < 0 ? null : `${old} ${fresh}`;
    if (before !== null) return old < 0 ? null : `${old} gone`;
    return fresh < 0 ? null : `new ${fresh}`;
  }

  private isOrdering(edits: readonly Found[]): boolean {
    return edits.some(({ edit: { before, after } }) => {
      const orders =
        (before !== null && this.before.orders(before)) || (after !== null && this.after.orders(after));
      const named = (written: Written | null): string =>
        written === null
          ? ''
          : written.calls.filter((name) => this.primitives.get(name) !== undefined).join(' ');
      return orders || (before !== null && after !== null && named(before) !== named(after));
    });
  }

  private change(edits: readonly Found[], kind: CodeChange['kind']): CodeChange {
    const side = (key: 'before' | 'after'): Written[] => edits.flatMap(({ edit }) => edit[key] ?? []);
    return {
      thread: edits[0]!.thread,
      kind,
      before: side('before'),
      after: side('after'),
      isOrdering: this.isOrdering(edits),
    };
  }

  /** Removed here and added there, in the same thread. */
  private moves(found: readonly Found[]): Map<Found, Found> {
    const moves = new Map<Found, Found>();
    const taken = new Set<Found>();
    for (const gone of found) {
      const { before, after } = gone.edit;
      if (before === null || after !== null) continue;
      const come = found.find(
        (other) =>
          !taken.has(other) &&
          other.edit.before === null &&
          other.thread === gone.thread &&
          other.edit.after?.key === before.key,
      );
      if (come === undefined) continue;
      taken.add(come);
      moves.set(gone, come);
    }
    return moves;
  }

  group(found: readonly Found[]): { readonly change: CodeChange; readonly edits: readonly Found[] }[] {
    const moves = this.moves(found);
    const arrived = new Set(moves.values());
    const groups: { edits: Found[]; key: string | null; isMove: boolean }[] = [];
    for (const each of found) {
      if (arrived.has(each)) continue;
      const target = moves.get(each);
      if (target !== undefined) {
        groups.push({ edits: [each, target], key: null, isMove: true });
        continue;
      }
      const key = this.sectionKey(each);
      const known = key === null ? undefined : groups.find((group) => group.key === key);
      if (known === undefined) groups.push({ edits: [each], key, isMove: false });
      else known.edits.push(each);
    }
    return groups.map(({ edits, isMove }) => {
      const { before, after } = edits[0]!.edit;
      const kind = isMove ? 'moved' : before === null ? 'added' : after === null ? 'removed' : 'changed';
      return { change: this.change(edits, kind), edits };
    });
  }
}

/** The code of both versions, thread by thread; null if they have not the same threads. */
interface Aligned<T> {
  readonly name: string;
  readonly isThread: boolean;
  readonly parts: readonly Part<T>[];
}

function alignCodes<T>(before: readonly Code<T>[], after: readonly Code<T>[]): Aligned<T>[] {
  return after.map(({ name, isThread, statements }) => {
    const old = before.find((code) => code.name === name && code.isThread === isThread);
    return { name, isThread, parts: alignStatements(old?.statements ?? [], statements) };
  });
}

interface Compared {
  readonly found: readonly Found[];
  readonly hasDeclarations: boolean;
  readonly mix: (chosen: (edit: Found['edit']) => boolean) => LitmusTree;
}

function comparedWith<T>(
  before: readonly Code<T>[],
  after: readonly Code<T>[],
  rebuild: (bodyOf: (name: string, isThread: boolean) => readonly T[]) => LitmusTree,
): Compared {
  const aligned = alignCodes(before, after);
  const all = aligned.flatMap(({ name, parts }) => editsOf(parts).map((edit) => ({ thread: name, edit })));
  return {
    found: all.filter(({ edit }) => !isDeclaration(edit)),
    hasDeclarations: all.some(({ edit }) => isDeclaration(edit)),
    mix: (chosen) =>
      rebuild((name, isThread) => {
        const code = aligned.find((each) => each.name === name && each.isThread === isThread);
        return code === undefined ? [] : mixed(code.parts, (edit: Edit<T>) => chosen(edit));
      }),
  };
}

/** Null: the two are in different languages. */
function compareTrees(before: LitmusTree, after: LitmusTree): Compared | null {
  if (before.dialect === 'C' && after.dialect === 'C')
    return comparedWith(codesOfC(before), codesOfC(after), (body) => ({
      ...after,
      definitions: after.definitions.map((tree) =>
        tree.kind === 'function' ? { ...tree, body: body(tree.name, false) } : tree,
      ),
      threads: after.threads.map((tree) => ({ ...tree, body: body(tree.name, true) })),
    }));
  if (before.dialect === 'Sketch' && after.dialect === 'Sketch')
    return comparedWith(codesOfSketch(before), codesOfSketch(after), (body) => ({
      ...after,
      threads: after.threads.map((tree) => ({ ...tree, statements: body(tree.name, true) })),
    }));
  if (before.dialect === 'C' || before.dialect === 'Sketch') return null;
  if (after.dialect === 'C' || after.dialect === 'Sketch' || before.dialect !== after.dialect) return null;
  return comparedWith(codesOfAsm(before), codesOfAsm(after), (body) => ({
    ...after,
    threads: after.threads.map((tree) => ({ ...tree, lines: body(tree.name, true) })),
  }));
}

function textsOf(items: readonly { readonly span: Span }[]): string {
  return items.map(({ span }) => oneLine(spanText(span))).join('; ');
}

function otherDefinitions({ definitions, threads }: CLitmus): string {
  const heads = threads.map((thread) => `${thread.name}(${textsOf(thread.parameters)})`);
  return [textsOf(definitions.filter(({ kind }) => kind !== 'function')), ...heads].join('\n');
}

function filterOf({ filter }: LitmusTree): string {
  return filter === null ? '' : textsOf([filter]);
}

function otherwise(before: LitmusTree, after: LitmusTree): string[] {
  const threads = (tree: LitmusTree): string => tree.threads.map(({ name }) => name).join(' ');
  const definitions = (tree: LitmusTree): string => (tree.dialect === 'C' ? otherDefinitions(tree) : '');
  const parts: (string | null)[] = [
    textsOf(before.init) === textsOf(after.init) ? null : 'the initial values',
    filterOf(before) === filterOf(after) ? null : 'the filter',
    threads(before) === threads(after) ? null : 'the threads',
    threads(before) !== threads(after) || definitions(before) === definitions(after)
      ? null
      : 'what is declared outside of the code',
  ];
  return parts.filter((part) => part !== null);
}

/** What differs between two versions of a test; null if they are in different languages. */
export function compareCode(
  before: LitmusTree,
  after: LitmusTree,
  macros: PrimitiveTable | null,
): CodeComparison | null {
  const compared = compareTrees(before, after);
  if (compared === null) return null;
  const options = defaultSiteOptions(macros);
  const grouping = new Grouping(
    new Sites(sitesOf(before, options)),
    new Sites(sitesOf(after, options)),
    macros ?? kernelPrimitives(),
  );
  const groups = grouping.group(compared.found);
  const changeOf = new Map(groups.flatMap(({ change, edits }) => edits.map(({ edit }) => [edit, change])));
  return {
    changes: groups.map(({ change }) => change),
    mix: (made) =>
      compared.mix((edit) => {
        const change = changeOf.get(edit);
        return change === undefined || made(change);
      }),
    otherwise: [...(compared.hasDeclarations ? ['local variables'] : []), ...otherwise(before, after)],
  };
}
