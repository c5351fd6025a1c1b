/**
 * A model that breaks off while it is evaluated on a candidate: a recursion without a fixpoint, or a function that does not
 * come to an end. The test's verdict is then Unknown, with the message as the limit that was hit.
 */
export class ModelEvaluationError extends Error {
  override readonly name = 'ModelEvaluationError';
}

/** The error of a `let rec` that is not monotone and does not settle. */
export function divergingRecursion(names: readonly string[]): ModelEvaluationError {
  return new ModelEvaluationError(
    `the recursive definition of ${names.join(', ')} does not reach a fixpoint`,
  );
}
