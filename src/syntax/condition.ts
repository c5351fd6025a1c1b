/**
 * Parses what all litmus dialects share: the init block, `locations`, `filter` and the condition.
 *
 * Text -> trees of condition-tree.ts. Source of the notation: the herd tools' litmus format, as the kernel's
 * tools/memory-model uses it. Per-model expectations after `final ... with` are read and dropped, as herd7 does.
 */
import type { ActionDict, Node } from 'ohm-js';
import { grammar } from '../../grammar/condition.ohm';
import { type Diagnostic, errorAt, hasErrors } from '../text/diagnostic.js';
import { joinSpans, type SourceFile, type Span, spanOf } from '../text/source.js';
import { explainInit, explainTail } from './condition-failure.js';
import type {
  ConditionOperand,
  ConditionTree,
  InitTree,
  InitValue,
  LabelTree,
  LitmusFrame,
  LocationTree,
  NumberTree,
  PlaceStep,
  PlaceTree,
  PropositionTree,
  TypeTree,
} from './condition-tree.js';
import type { Layout, Range } from './layout.js';
import { matchTree } from './match-tree.js';
import { contextOf, matchSection, nodeSpan, reportAt, type TreeContext, treeOf } from './section.js';

/** What the tail of a litmus file says. */
export type TailTree = Pick<LitmusFrame, 'locations' | 'filter' | 'condition'>;

type TailPart =
  | {
      readonly kind: 'locations';
      readonly places: readonly LocationTree[];
      readonly span: Span;
    }
  | { readonly kind: 'filter'; readonly proposition: PropositionTree; readonly span: Span }
  | { readonly kind: 'condition'; readonly condition: ConditionTree; readonly span: Span };

function treesOf<T>(node: Node, context: TreeContext): T[] {
  return node.children.map((child) => treeOf<T>(child, context));
}

/** The trees of the present optional children of a list's slots. */
function slots<T>(list: Node, context: TreeContext): T[] {
  const items = list.asIteration().children;
  return items.flatMap((slot) => treeOf<T[]>(slot, context));
}

function leftAssociative(kind: 'and' | 'or', first: Node, rest: Node, context: TreeContext): PropositionTree {
  let left = treeOf<PropositionTree>(first, context);
  for (const child of rest.children) {
    const right = treeOf<PropositionTree>(child, context);
    left = { kind, left, right, span: joinSpans(left.span, right.span) };
  }
  return left;
}

/** Leading zeros mean octal in C and decimal in herd's conditions: refuse rather than choose. */
function numberTree(node: Node, context: TreeContext): NumberTree {
  const span = nodeSpan(context, node);
  const text = node.sourceString.replace(/[uUlL]+$/, '');
  const digits = text.replace(/^[-+]/, '');
  if (/^0\d/.test(digits))
    reportAt(
      context,
      span,
      'ambiguous-number',
      `\`${digits}\` is octal in C and decimal in other litmus tools`,
      {
        hint: `write ${BigInt(digits)} or 0x${(/^[0-7]+$/.test(digits) ? BigInt(`0o${digits}`) : BigInt(digits)).toString(16)}`,
      },
    );
  return { kind: 'number', value: text.startsWith('-') ? -BigInt(digits) : BigInt(digits), span };
}

function initTree(
  context: TreeContext,
  span: Span,
  type: TypeTree | null,
  target: Node,
  value: Node,
): InitTree {
  // Brackets say nothing here: `[x]=1` is `x=1`.
  const { bracketed: _, ...tree } = treeOf<PlaceTree>(target, context);
  return {
    target: tree,
    type,
    value: value.children[0] === undefined ? null : treeOf<InitValue>(value.children[0], context),
    span,
  };
}

/** What the dialect allows. */
interface FrameContext extends TreeContext {
  readonly hasCodeAddresses: boolean;
}

function labelTree(node: Node, thread: Node, name: Node): LabelTree {
  const context = contextOf(node) as FrameContext;
  const span = nodeSpan(context, node);
  if (!context.hasCodeAddresses)
    reportAt(context, span, 'unsupported', 'unsupported: addresses of code outside of AArch64');
  return { kind: 'label', thread: thread.sourceString, name: name.sourceString, span };
}

export const actions: ActionDict<unknown> = {
  Tail(parts) {
    return treesOf<TailPart>(parts, contextOf(this));
  },
  Locations(_word, _open, list, _close) {
    const context = contextOf(this);
    return { kind: 'locations', places: slots(list, context), span: nodeSpan(context, this) };
  },
  LocationSlot(location) {
    return treesOf(location, contextOf(this));
  },
  Location(place, type) {
    const context = contextOf(this);
    const tree = treeOf<LocationTree>(place, context);
    return type.children[0] === undefined ? tree : { ...tree, type: treeOf(type.children[0], context) };
  },
  LocationType(words, stars) {
    const span = nodeSpan(contextOf(this), this);
    const texts = words.children.map((word) => word.sourceString);
    return { words: texts, struct: null, pointers: stars.children.length, array: null, span };
  },
  Filter(_word, proposition) {
    const context = contextOf(this);
    return { kind: 'filter', proposition: treeOf(proposition, context), span: nodeSpan(context, this) };
  },
  Condition(quantifier, proposition, _ends, _expectations) {
    const context = contextOf(this);
    const tree = treeOf<PropositionTree>(proposition, context);
    const span = joinSpans(nodeSpan(context, quantifier), tree.span);
    const condition = { quantifier: treeOf(quantifier, context), proposition: tree, span };
    return { kind: 'condition', condition, span };
  },
  Quantifier_notExists(_not, _word) {
    return '~exists';
  },
  Quantifier_exists(_word) {
    return 'exists';
  },
  Quantifier_forall(_word) {
    return 'forall';
  },
  Quantifier_final(_word) {
    return 'exists';
  },
  Proposition(left, _arrow, right) {
    const context = contextOf(this);
    const first = treeOf<PropositionTree>(left, context);
    if (right.children[0] === undefined) return first;
    const second = treeOf<PropositionTree>(right.children[0], context);
    return { kind: 'implies', left: first, right: second, span: joinSpans(first.span, second.span) };
  },
  Disjunction(first, _ops, rest) {
    return leftAssociative('or', first, rest, contextOf(this));
  },
  Conjunction(first, _ops, rest) {
    return leftAssociative('and', first, rest, contextOf(this));
  },
  Negation_not(_not, operand) {
    const context = contextOf(this);
    return { kind: 'not', operand: treeOf(operand, context), span: nodeSpan(context, this) };
  },
  Negation_group(_open, proposition, _close) {
    const context = contextOf(this);
    return { ...treeOf<PropositionTree>(proposition, context), span: nodeSpan(context, this) };
  },
  Negation_constant(word) {
    return { kind: 'constant', value: word.sourceString === 'true', span: nodeSpan(contextOf(this), this) };
  },
  Comparison(left, op, right) {
    const context = contextOf(this);
    return {
      kind: 'compare',
      op: op.sourceString === '!=' ? '!=' : '=',
      left: treeOf<ConditionOperand>(left, context),
      right: treeOf<ConditionOperand>(right, context),
      span: nodeSpan(context, this),
    };
  },
  OperandList(_open, list, _close) {
    const context = contextOf(this);
    const values = list.asIteration().children;
    const items = values.map((item) => ({ field: null, value: treeOf<InitValue>(item, context) }));
    return { kind: 'list', items, span: nodeSpan(context, this) };
  },
  Operand_address(_amp, place) {
    const context = contextOf(this);
    return { kind: 'address', place: treeOf(place, context), span: nodeSpan(context, this) };
  },
  Place_brackets(_open, place, _close) {
    const context = contextOf(this);
    return { ...treeOf<PlaceTree>(place, context), bracketed: true, span: nodeSpan(context, this) };
  },
  Place_star(_star, place) {
    const context = contextOf(this);
    return { ...treeOf<PlaceTree>(place, context), starred: true, span: nodeSpan(context, this) };
  },
  BarePlace_rooted(root, steps) {
    const context = contextOf(this);
    const path = steps.children.length === 0 ? [] : treesOf<PlaceStep>(steps, context);
    return { kind: 'place', root: root.sourceString, path, span: nodeSpan(context, this) };
  },
  BarePlace_shared(_arrow, name, steps) {
    const context = contextOf(this);
    const first: PlaceStep = { kind: 'field', name: name.sourceString };
    const path = [first, ...treesOf<PlaceStep>(steps, context)];
    return { kind: 'place', root: null, path, span: nodeSpan(context, this) };
  },
  Step_arrow(_arrow, name) {
    return { kind: 'field', name: name.sourceString };
  },
  Step_dot(_dot, name) {
    return { kind: 'field', name: name.sourceString };
  },
  Step_index(_open, index, _close) {
    const { value, span } = numberTree(index, contextOf(this));
    if (value < 0n || value > 1_000_000n)
      reportAt(contextOf(this), span, 'array-index', 'this is not an index of an array');
    return { kind: 'index', index: Number(value) };
  },
  Init(list) {
    return slots<InitTree>(list, contextOf(this));
  },
  InitSlot(entry) {
    return treesOf<InitTree[]>(entry, contextOf(this)).flat();
  },
  InitEntry_typed(type, first, _commas, rest) {
    const context = contextOf(this);
    const base = treeOf<TypeTree>(type, context);
    return [first, ...rest.children].map((declarator, index) => {
      const tree = treeOf<InitTree>(declarator, context);
      const span = index === 0 ? joinSpans(base.span, tree.span) : tree.span;
      return {
        ...tree,
        type: { ...tree.type!, words: base.words, struct: base.struct, span: base.span },
        span,
      };
    });
  },
  InitDeclarator(stars, target, open, name, _close, _equals, value) {
    const context = contextOf(this);
    const span = nodeSpan(context, this);
    // Without a name as long as its list: 0 here.
    const array = open.children.length === 0 ? null : 0;
    const lengthName = name.children[0]?.children[0]?.sourceString;
    const type: TypeTree = {
      ...{ words: [], struct: null, pointers: stars.children.length, array, span },
      ...(lengthName === undefined ? {} : { lengthName }),
    };
    return initTree(context, span, type, target, value);
  },
  InitEntry_untyped(target, _equals, value) {
    const context = contextOf(this);
    return [initTree(context, nodeSpan(context, this), null, target, value)];
  },
  InitValue_list(_open, list, _comma, _close) {
    const context = contextOf(this);
    const items = list.asIteration().children.map((item) => treeOf(item, context));
    return { kind: 'list', items, span: nodeSpan(context, this) };
  },
  InitItem(item) {
    return item.ctorName === 'InitItem_field'
      ? treeOf(item, contextOf(this))
      : { field: null, value: treeOf(item, contextOf(this)) };
  },
  InitItem_field(_dot, name, _equals, value) {
    return { field: name.sourceString, value: treeOf(value, contextOf(this)) };
  },
  InitValue_macro(_name, _open, number, _close) {
    return numberTree(number, contextOf(this));
  },
  InitValue_address(_amp, place) {
    const context = contextOf(this);
    return { kind: 'address', place: treeOf(place, context), span: nodeSpan(context, this) };
  },
  Type_struct(_struct, name) {
    const span = nodeSpan(contextOf(this), this);
    return { words: [], struct: name.sourceString, pointers: 0, array: null, span };
  },
  Type_words(words) {
    const span = nodeSpan(contextOf(this), this);
    const texts = words.children.map((word) => word.sourceString);
    return { words: texts, struct: null, pointers: 0, array: null, span };
  },
  register(thread, _before, _colon, _after, _percent, name) {
    return {
      kind: 'register',
      thread: thread.sourceString,
      name: name.sourceString,
      span: nodeSpan(contextOf(this), this),
    };
  },
  quotedLabel(_word, _1, _colon, _2, _open, _3, thread, _4, _inner, _5, name, _6, _close) {
    return labelTree(this, thread, name);
  },
  threadLabel(thread, _before, _colon, _after, name) {
    return labelTree(this, thread, name);
  },
  number(_sign, _digits, _suffix) {
    return numberTree(this, contextOf(this));
  },
};

/** `int x[2]` declares an array: the index is a length and belongs to the type. */
function withArrayLength(entry: InitTree): InitTree {
  const { target, type } = entry;
  if (type === null || target.kind !== 'place') return entry;
  const last = target.path.at(-1);
  if (last?.kind !== 'index' || type.array !== null) return entry;
  const place = { ...target, path: target.path.slice(0, -1) };
  return { ...entry, target: place, type: { ...type, array: last.index } };
}

/** The entries of an init block, or null after reporting why not. `text` has its comments blanked. */
export function parseInit(
  source: SourceFile,
  text: string,
  range: Range,
  hasCodeAddresses: boolean,
  diagnostics: Diagnostic[],
): readonly InitTree[] | null {
  // Most tests start from zeros alone.
  if (text.slice(range.start, range.end).trim() === '') return [];
  const task = {
    grammar,
    rule: 'Init',
    source,
    text,
    range,
    what: 'the init block',
    explainers: [explainInit],
  };
  return matchSection(task, diagnostics, (result, context) => {
    const frameContext: FrameContext = { ...context, hasCodeAddresses };
    return treeOf<InitTree[]>(matchTree(result, actions), frameContext).map(withArrayLength);
  });
}

function refuseRepeated(parts: readonly TailPart[], context: TreeContext): void {
  let seen: TailPart | null = null;
  for (const part of parts) {
    if (seen !== null && seen.kind !== 'locations' && seen.kind === part.kind)
      reportAt(context, part.span, `repeated-${part.kind}`, `a test has one ${part.kind}`, {
        notes: [{ message: 'the first one is here', span: seen.span }],
        hint:
          part.kind === 'condition'
            ? 'combine them with `/\\` or `\\/`, or split the test'
            : 'combine them with `/\\`',
      });
    else if (seen?.kind === 'condition')
      reportAt(context, part.span, 'misplaced-section', `\`${part.kind}\` stands before the condition`);
    seen = part;
  }
}

function joinParts(parts: readonly TailPart[]): TailTree {
  return {
    locations: parts.flatMap((part) => (part.kind === 'locations' ? part.places : [])),
    filter: parts.find((part) => part.kind === 'filter')?.proposition ?? null,
    condition: parts.find((part) => part.kind === 'condition')?.condition ?? null,
  };
}

/** `locations`, `filter` and condition, or null after reporting why not. `text` has its comments blanked. */
export function parseTail(
  source: SourceFile,
  text: string,
  range: Range,
  hasCodeAddresses: boolean,
  diagnostics: Diagnostic[],
): TailTree | null {
  const task = {
    grammar,
    rule: 'Tail',
    source,
    text,
    range,
    what: 'the condition',
    explainers: [explainTail],
  };
  return matchSection(task, diagnostics, (result, context) => {
    const frameContext: FrameContext = { ...context, hasCodeAddresses };
    const parts = treeOf<TailPart[]>(matchTree(result, actions), frameContext);
    refuseRepeated(parts, context);
    return joinParts(parts);
  });
}

/** herd7 takes a test without a question for `forall (true)`; more likely its end is missing. */
function askNothing(layout: Layout): Diagnostic {
  const { source, text, body } = layout;
  const end = Math.max(1, body.start + text.slice(body.start, body.end).trimEnd().length);
  return errorAt(
    spanOf(source, end - 1, end),
    'missing-condition',
    'expected a condition after the threads',
    {
      hint: 'end the test with `exists (...)`, `~exists (...)`, `forall (...)` or `locations [...]`',
    },
  );
}

/** Everything of a litmus file but its threads; null if something of it is wrong. */
export function parseFrame(layout: Layout, diagnostics: Diagnostic[]): LitmusFrame | null {
  const { source, text, name, nameSpan, comment } = layout;
  const hasCodeAddresses = layout.dialect === 'AArch64';
  const init = parseInit(source, text, layout.init, hasCodeAddresses, diagnostics);
  const tail = parseTail(source, text, layout.tail, hasCodeAddresses, diagnostics);
  if (init === null || tail === null) return null;
  if (tail.condition === null && tail.locations.length === 0) {
    if (!hasErrors(diagnostics)) diagnostics.push(askNothing(layout));
    return null;
  }
  return { name, nameSpan, comment, init, ...tail };
}
