/** The sites of a test in kernel C: its barriers, ordered accesses, read-modify-writes and critical sections, with what is weaker. */
import { guardClasses } from '../elaborate/guard-classes.js';
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { CLitmus, CStatement } from '../syntax/c-tree.js';
import { type Span, spanOf, spanText } from '../text/source.js';
import { type CallsOfCode, callsOf, type PrimitiveCall, type Section } from './c-calls.js';
import { callInstead, plainAccess, withoutCall } from './c-edits.js';
import { orderingPrimitive, ordersOthers, weakerPrimitives } from './ordering.js';
import type { Change, Site } from './site.js';
import { oneLine, removeStatement, type TextEdit } from './text-edit.js';

export interface SiteOptions {
  readonly primitives: PrimitiveTable;
  /** Whether READ_ONCE() and WRITE_ONCE() may become plain accesses. */
  readonly plain: boolean;
}

/** What people read of a call: its statement, or only itself if that is a long one. */
function shownSpan({ around, tree }: PrimitiveCall): Span {
  return around.kind === 'expression' || around.kind === 'declaration' ? around.span : tree.span;
}

function siteOf(call: PrimitiveCall, thread: string, weaker: readonly Change[]): Site {
  const span = shownSpan(call);
  return {
    thread,
    span,
    statement: oneLine(spanText(span)),
    primitive: `${call.tree.callee}()`,
    ends: [],
    weaker,
  };
}

/** `remove`: how the whole statement goes, if other than the C way. */
function callSite(
  call: PrimitiveCall,
  thread: string,
  { primitives, plain }: SiteOptions,
  remove: (call: PrimitiveCall) => TextEdit | null,
): Site | null {
  const { callee } = call.tree;
  const row = orderingPrimitive(callee, primitives);
  if (row === null || callee === 'cpu_relax') return null;
  const isFence = row.action.kind === 'fence' || row.action.kind === 'srcu';
  const weaker: Change[] = weakerPrimitives(callee, primitives).map((name) => ({
    to: `${name}()`,
    edits: callInstead(call.tree, name, primitives),
  }));
  const gone = isFence ? remove(call) : null;
  if (gone !== null) weaker.push({ to: null, edits: [gone] });
  const bare = plain ? plainAccess(call) : null;
  if (bare !== null) weaker.push({ to: 'a plain access', edits: bare, plain: true });
  if (weaker.length === 0 && !ordersOthers(row)) return null;
  return siteOf(call, thread, weaker);
}

/**
 * What stands for a call's value when it is gone: 0 for what begins a section, but that of a trylock is the section's own business; and
 * for a fence in an expression, which has none.
 */
function valueInstead({ action }: PrimitiveCall): string | null {
  if (action.kind === 'srcu' || action.kind === 'fence') return '0';
  return 'result' in action && action.result === 'zero' ? '0' : null;
}

function sectionSite(
  section: Section,
  thread: string,
  isWhole: boolean,
  remove: (call: PrimitiveCall) => TextEdit | null,
): Site {
  const [lock] = section.locks;
  const edits = [...section.locks, ...section.unlocks].map((call) => remove(call));
  const isRemovable = isWhole && edits.every((edit) => edit !== null);
  const names = [lock!, ...section.unlocks.slice(0, 1)].map(({ tree }) => `${tree.callee}()`);
  const weaker = isRemovable ? [{ to: null, edits: edits.filter((edit) => edit !== null) }] : [];
  return {
    ...siteOf(lock!, thread, weaker),
    primitive: names.join(' ... '),
    ends: section.unlocks.map((call) => shownSpan(call)),
  };
}

/** A guard's statement removed; a scoped one leaves its body. */
function guardSite({ tree, isInList }: CallsOfCode['guards'][number], thread: string): Site | null {
  if (!guardClasses.has(tree.class)) return null;
  const { file, start } = tree.span;
  const head = tree.body === null ? tree.span : spanOf(file, start, tree.body.span.start);
  const gone =
    tree.body !== null || !isInList
      ? { start, end: head.end, text: tree.body === null ? ';' : '' }
      : removeStatement(tree.span);
  return {
    thread,
    span: head,
    statement: oneLine(spanText(head)),
    primitive: `${tree.body === null ? 'guard' : 'scoped_guard'}(${tree.class})`,
    ends: [],
    weaker: [{ to: null, edits: [gone] }],
  };
}

/**
 * The sites in the statements of one function. `isWhole`: all sections that begin here end here, or nowhere. `removeStatement`: how
 * a whole statement goes, if other than the C way.
 */
export function sitesOfCalls(
  found: CallsOfCode,
  thread: string,
  isWhole: boolean,
  options: SiteOptions,
  remove: ((call: PrimitiveCall) => TextEdit | null) | null = null,
): Site[] {
  const removeCall = (call: PrimitiveCall): TextEdit | null =>
    (call.statement !== null && remove !== null ? remove(call) : null) ??
    withoutCall(call, valueInstead(call));
  const calls = found.calls.map((call) => callSite(call, thread, options, removeCall));
  const sections = found.sections.map((section) =>
    sectionSite(section, thread, isWhole || section.unlocks.length > 0, removeCall),
  );
  const guards = found.guards.map((guard) => guardSite(guard, thread));
  return [...calls, ...sections, ...guards].filter((site) => site !== null);
}

interface Code {
  readonly name: string;
  readonly body: readonly CStatement[];
  readonly isThread: boolean;
}

function codeOf({ threads, definitions }: CLitmus): Code[] {
  const functions = definitions.flatMap((tree) => (tree.kind === 'function' ? [tree] : []));
  return [
    ...functions.map(({ name, body }) => ({ name, body, isThread: false })),
    ...threads.map(({ name, body }) => ({ name, body, isThread: true })),
  ];
}

/** All sites of threads and helper functions, in the order of the file. What macros stand for is left alone. */
export function cSites(tree: CLitmus, options: SiteOptions): Site[] {
  const all = codeOf(tree).map((code) => ({ ...code, found: callsOf(code.body, options.primitives) }));
  const isClosed = all.every(({ found }) => found.strayUnlocks === 0);
  return all
    .flatMap(({ name, isThread, found }) => sitesOfCalls(found, name, isThread && isClosed, options))
    .sort((a, b) => a.span.start - b.span.start);
}
