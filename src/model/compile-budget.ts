/**
 * What the compilation of a model may cost. Functions are inlined, so a model of a few lines can stand for more than a machine
 * holds (`let f1 r = f0 (f0 r)`, forty times). Where the budget ends, the model's verdicts are Unknown.
 *
 * The kernel's model takes 1,049 steps and 447 nodes.
 */

/** Some seconds. */
const maxSteps = 2_000_000;

/** Each candidate execution computes a relation for each node. */
const maxNodes = 100_000;

/** The clock is asked once in so many steps. */
const stepsPerQuestion = 512;

/** Ends a compilation: `message` is the limit that was hit, for people. */
export class CompileLimit extends Error {
  override readonly name = 'CompileLimit';
}

export class CompileBudget {
  private steps = 0;

  /** `expired`: the question that ends the compilation, or null. */
  constructor(private readonly expired: (() => boolean) | null) {}

  /** For each expression that is compiled; `nodes` is how many nodes there are by now. */
  spend(nodes: number): void {
    this.steps++;
    if (this.steps > maxSteps)
      throw new CompileLimit(`the model's functions expand to more than ${maxSteps} expressions`);
    if (nodes > maxNodes) throw new CompileLimit(`the model expands to more than ${maxNodes} relations`);
    if (this.steps % stepsPerQuestion === 0) this.ask();
  }

  /** Before what takes long by itself: a file to be parsed. */
  ask(): void {
    if (this.expired?.() === true) throw new CompileLimit('time limit, while the model is compiled');
  }
}
