/** Why a model keeps a pair of events in order, or that it does not: trees of sentences, to be unfolded by a reader. */
import { type Unfolding, unfold } from '../explain/derivation-text.js';
import type { Derivation } from '../explain/derive.js';
import type { PairReasons } from '../explain/relations-between.js';
import type { Speech } from '../explain/speech.js';
import type { Reason } from './page-data.js';

/** The axioms first, each with the path that it orders the pair by; then relations that have no part in those. */
export function pairReasons(
  { axioms, relations }: PairReasons,
  from: number,
  to: number,
  model: string,
  speech: Speech,
): Reason[] {
  const [a, b] = [speech.event(from), speech.event(to)];
  const ordered = axioms.map(({ check, path }) => ({
    text: `${model} keeps ${a} before ${b}, by the axiom \`${check.name}\``,
    parts: path.flatMap((step) => reasonsOf(step, speech)),
  }));
  const related = relations.flatMap(({ derivation }) => reasonsOf(derivation, speech));
  if (ordered.length > 0) return [...ordered, ...related];
  return [{ text: `No axiom of ${model} keeps ${a} before ${b}`, parts: [] }, ...related];
}

/** A derivation's definitions, down to facts. */
export function reasonsOf(derivation: Derivation, speech: Speech): Reason[] {
  return unfold(derivation, speech).map(reasonOf);
}

/** What is said twice among the parts is said once. */
function reasonOf({ text, parts }: Unfolding): Reason {
  const reasons = parts.map(reasonOf);
  const isNew = (reason: Reason, at: number): boolean =>
    reasons.findIndex((other) => other.text === reason.text) === at;
  return { text, parts: reasons.filter(isNew) };
}
