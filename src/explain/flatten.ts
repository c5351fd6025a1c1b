/**
 * A derivation as a path: the facts that lead from its first event to its last, with the tests made on the way.
 *
 * Intersections contribute their most telling side (the other side's tests are kept), rf read backwards and then co is
 * put together to fr, and each step remembers the definition that singles it out (`po-loc`, `acq-po`).
 */
import type { Derivation } from './derive.js';

export interface Step {
  readonly from: number;
  readonly to: number;
  /** The base relation (or `fr`); null if the step is no fact but a product, an absence or unexplained. */
  readonly fact: string | null;
  /** The fact is the pair (to, from). */
  readonly reversed: boolean;
  /** The innermost named definition that asks for more than the bare fact. */
  readonly why: string | null;
  /** Predefined sets that the model tested the ends for. */
  readonly fromSets: readonly string[];
  readonly toSets: readonly string[];
}

/** Stands for what a model has no name for. */
export const UNNAMED = '(...)';

interface Test {
  readonly event: number;
  readonly sets: readonly string[];
}

type Item = { readonly step: Step } | { readonly test: Test };

/** Where a definition's name stands while its body is walked: `pending` until something narrows it. */
interface Context {
  readonly pending: string | null;
  readonly why: string | null;
  readonly reversed: boolean;
}

const symmetric = new Set(['loc', 'int', 'ext', 'id']);

/** The facts of a derivation in order, from its `from` to its `to`; empty if these are the same event. */
export function flatten(derivation: Derivation): Step[] {
  return joinFromReads(attachTests(walk(derivation, { pending: null, why: null, reversed: false })));
}

/** Definitions, of our models and of the kernel's, that a reader knows better than what they are made of. */
const known = new Set(['rcu-section', 'srcu-section', 'rcu-rscs', 'srcu-rscs']);

function walk(derivation: Derivation, outer: Context): Item[] {
  const { name } = derivation;
  if (name !== null && known.has(name) && derivation.rule !== 'absence')
    return [{ step: makeStep(derivation, name, { ...outer, why: null }) }];
  const context = derivation.name === null ? outer : { ...outer, pending: derivation.name };
  const { parts } = derivation;
  switch (derivation.rule) {
    case 'fact':
      return [{ step: makeStep(derivation, derivation.fact, context) }];
    case 'test':
      return [{ test: { event: derivation.from, sets: derivation.sets } }];
    case 'either':
      return parts.flatMap((part) => walk(part, context));
    case 'reverse':
      return parts.flatMap((part) => walk(part, { ...context, reversed: !context.reversed }));
    case 'sequence': {
      const inner =
        countSteps(derivation) === 1 ? narrowed(context) : { ...context, pending: null, why: null };
      const items = parts.map((part) => walk(part, inner));
      return (context.reversed ? items.reverse() : items).flat();
    }
    case 'both':
    case 'except':
      return walkBoth(derivation, narrowed(context));
    case 'ends':
      return walkBoth(
        { ...derivation, parts: [] },
        context,
        [{ step: makeStep(derivation, null, { ...context, why: derivation.name ?? context.why }) }],
        parts.flatMap(testsOf),
      );
    case 'same':
      return [];
    case 'absence':
      return [{ step: makeStep(derivation, null, { ...context, why: `not ${shortName(derivation)}` }) }];
    case 'unexplained':
      return [{ step: makeStep(derivation, null, { ...context, why: derivation.name }) }];
  }
}

/** Expressions are too long for a label; what stands in for them is no name that a model can give. */
function shortName({ name }: Derivation): string {
  return name !== null && /^[\w.-]+$/.test(name) ? name : UNNAMED;
}

/** The first part's items between the tests that the other parts make of the two ends. */
function walkBoth(
  derivation: Derivation,
  context: Context,
  items: Item[] = derivation.parts.slice(0, 1).flatMap((part) => walk(part, context)),
  tests: readonly Test[] = derivation.parts.slice(1).flatMap(testsOf),
): Item[] {
  const [first, last] = context.reversed
    ? [derivation.to, derivation.from]
    : [derivation.from, derivation.to];
  const at = (event: number): Item[] => tests.filter((t) => t.event === event).map((test) => ({ test }));
  return [...at(first), ...items, ...at(last)];
}

function testsOf(derivation: Derivation): Test[] {
  if (derivation.rule === 'test') return [{ event: derivation.from, sets: derivation.sets }];
  return derivation.rule === 'absence' ? [] : derivation.parts.flatMap(testsOf);
}

/** How many steps a derivation flattens to; a sequence of one step and tests narrows that step. */
function countSteps({ rule, parts }: Derivation): number {
  if (rule === 'test' || rule === 'same') return 0;
  if (rule === 'sequence') return parts.reduce((sum, part) => sum + countSteps(part), 0);
  const first = parts[0];
  return first === undefined || rule === 'ends' ? 1 : countSteps(first);
}

function narrowed(context: Context): Context {
  return { ...context, pending: null, why: context.pending ?? context.why };
}

function makeStep(derivation: Derivation, fact: string | null, context: Context): Step {
  const turned = context.reversed;
  return {
    from: turned ? derivation.to : derivation.from,
    to: turned ? derivation.from : derivation.to,
    fact,
    reversed: turned && !(fact !== null && symmetric.has(fact)),
    why: context.why,
    fromSets: [],
    toSets: [],
  };
}

/** A test between two steps belongs to the end of the one and to the start of the other. */
function attachTests(items: readonly Item[]): Step[] {
  const steps: Step[] = [];
  let before: string[] = [];
  for (const item of items) {
    if ('step' in item) {
      steps.push({ ...item.step, fromSets: before });
      before = [];
      continue;
    }
    before = [...before, ...item.test.sets];
    const last = steps.pop();
    if (last !== undefined) steps.push({ ...last, toSets: [...last.toSets, ...item.test.sets] });
  }
  return steps;
}

/** rf backwards, then co: fr; and co backwards, then rf: fr backwards. */
function joinFromReads(steps: readonly Step[]): Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const last = joined.at(-1);
    const pair = last === undefined ? '' : `${arrow(last)} ${arrow(step)}`;
    if (last === undefined || (pair !== 'rf^-1 co' && pair !== 'co^-1 rf')) joined.push(step);
    else {
      joined.pop();
      const reversed = pair === 'co^-1 rf';
      joined.push({
        ...last,
        to: step.to,
        fact: 'fr',
        reversed,
        why: reversed ? last.why : step.why,
        toSets: step.toSets,
      });
    }
  }
  return joined;
}

function arrow({ fact, reversed }: Step): string {
  return reversed ? `${fact}^-1` : `${fact}`;
}
