/**
 * The exhaustive case analysis of a claim that an outcome never happens: every candidate execution that ends in the outcome,
 * whatever the model, and for each the argument that refutes it, in few groups.
 *
 * A candidate is a path of every thread, a source for every read and an order of the writes to every location, with consistent
 * values. Those that the laws about single locations refute (coherence, atomicity: what search/recognise.ts recognises) are many,
 * tell nothing about ordering and are only counted, unless there are no others. The others are gone through twice: once to find
 * arguments, once to learn which of them refute which candidates (carry-argument.ts). Then arguments are taken greedily,
 * the one that refutes most of the rest first, until nothing is left: Johnson, Approximation algorithms for combinatorial problems,
 * 1974. So the cases of the result cover every candidate, each counted at the first argument that refutes it.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import { ModelEvaluationError } from '../model/evaluation-error.js';
import type { Program, Proposition } from '../program/ir.js';
import type { Execution, SearchOptions } from '../search/execution.js';
import { recognise } from '../search/recognise.js';
import { searchProgram, visitExecutions } from '../search/search.js';
import { invariant } from '../text/diagnostic.js';
import {
  type CarriedArgument,
  carriedArgument,
  isFactOf,
  type PlacedCandidate,
  placeCandidate,
  refutes,
} from './carry-argument.js';
import type { Cycle, CycleEdge } from './cycle.js';
import { compareRanks } from './forbidden.js';
import { evaluateExecution } from './refused-execution.js';
import { explainViolations, isAboutOneLocation } from './violated.js';

/** What an argument supposes of reads-from and coherence. */
export interface Premise {
  readonly edge: CycleEdge;
  /** It holds in every listed candidate: the outcome asks for it. */
  readonly always: boolean;
}

/** The candidates that one argument refutes. */
export interface ProofCase {
  /** One of them. */
  readonly execution: Execution;
  readonly check: Check;
  readonly cycle: Cycle;
  readonly premises: readonly Premise[];
  /** How many there are that no earlier case has. */
  readonly count: number;
  /** How many there are in all. */
  readonly refuted: number;
}

/** Candidates that one law about single locations refutes, and no law before it. */
export interface SetApart {
  readonly check: Check;
  /** Null: too many to count. */
  readonly count: number | null;
}

export interface CaseAnalysis {
  /** Candidates with the outcome, whatever the model; null: too many to count. */
  readonly total: number | null;
  /** Of candidates that a law about single locations refutes, which law, and how many no law before it refutes. */
  readonly setApart: readonly SetApart[];
  /** The candidates that are gone through one by one: all others. */
  readonly listed: number;
  /** They cover all that is listed. */
  readonly cases: readonly ProofCase[];
}

export interface CaseOptions {
  readonly search: Omit<SearchOptions, 'mode'>;
  /** How many candidates are gone through at most. */
  readonly most: number;
}

/** `too-many`: more than `most`. `limit`: of the search. `allowed`: the model has the outcome, so there is nothing to prove. */
export type CaseResult =
  | { readonly kind: 'analysis'; readonly analysis: CaseAnalysis }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'limit'; readonly limit: string }
  | { readonly kind: 'allowed'; readonly execution: Execution };

/** Candidates whose own arguments are all looked for; of later ones, only if no argument so far refutes them. */
const EXPLAINED = 100;

/** How often a count may ask whether to go on: a limit that does not depend on the machine. */
const COUNTING = 2_000;

export function analyseCases(
  program: Program,
  goal: Proposition,
  model: CompiledModel,
  options: CaseOptions,
): CaseResult {
  const filter: Proposition =
    program.filter === null ? goal : { kind: 'and', left: program.filter, right: goal };
  const question: Question = { program, filter, model, options };
  const { satisfied } = recognise(model);
  const laws = model.checks.filter((check) => satisfied.has(check));
  const counts = laws.map((_, at) => countCandidates(question, laws.slice(0, at)));
  const rest = countCandidates(question, laws);
  const total = laws.length === 0 ? rest : counts[0]!;
  // if the laws leave nothing, they are all there is to say
  const isAllThereIs = rest === 0 && total !== null && total <= options.most;
  const setApart = (isAllThereIs ? [] : laws).map((check, at) => {
    const [before, after] = [counts[at]!, at + 1 < laws.length ? counts[at + 1]! : rest];
    return { check, count: before === null || after === null ? null : before - after };
  });
  return new Listing(question, isAllThereIs ? [] : laws).analyse(total, setApart);
}

interface Question {
  readonly program: Program;
  /** What candidates end in. */
  readonly filter: Proposition;
  readonly model: CompiledModel;
  readonly options: CaseOptions;
}

/** The candidates that satisfy these checks; null: too many to count. */
function countCandidates(
  { program, filter, model, options }: Question,
  checks: readonly Check[],
): number | null {
  const { expired } = options.search;
  let asked = 0;
  const result = searchProgram(
    { ...program, filter },
    { ...model, checks },
    {
      ...options.search,
      mode: 'count',
      expired: (share) => ++asked > COUNTING || (expired?.(share) ?? false),
    },
  );
  return result.limit === null ? result.positive! + result.negative! : null;
}

/** Goes through the candidates that satisfy the laws. */
class Listing {
  private readonly known = new Map<string, CarriedArgument>();

  constructor(
    private readonly question: Question,
    private readonly laws: readonly Check[],
  ) {}

  analyse(total: number | null, setApart: readonly SetApart[]): CaseResult {
    const end = this.visit((candidate, at) => this.findArguments(candidate, at));
    if (end !== null) return end;
    const tally = new Tally([...this.known.values()]);
    const again = this.visit((candidate) => tally.add(candidate));
    if (again !== null) return again;
    const analysis = { total, setApart, listed: tally.listed, cases: tally.cases() };
    return { kind: 'analysis', analysis };
  }

  /** Calls `each` with every candidate, by number from 0; what ends it early, or null. */
  private visit(each: (candidate: PlacedCandidate, at: number) => void): CaseResult | null {
    const { program, filter, model, options } = this.question;
    let end: CaseResult | null = null;
    let at = 0;
    try {
      const { search } = options;
      const limit = visitExecutions(
        { ...program, filter },
        { ...model, checks: this.laws },
        search,
        (found) => {
          const execution = { ...found, program };
          const candidate = placeCandidate(execution, evaluateExecution(execution, model), model);
          if (candidate.evaluation.failed.length === 0) end = { kind: 'allowed', execution };
          else if (at >= options.most) end = { kind: 'too-many' };
          else each(candidate, at++);
          return end === null;
        },
      );
      return end ?? (limit === null ? null : { kind: 'limit', limit });
    } catch (error) {
      if (error instanceof ModelEvaluationError) return { kind: 'limit', limit: error.message };
      throw error;
    }
  }

  private findArguments(candidate: PlacedCandidate, at: number): void {
    const { execution, evaluation } = candidate;
    if (at >= EXPLAINED && [...this.known.values()].some((argument) => refutes(argument, candidate))) return;
    const cycles = explainViolations(execution, this.question.model, evaluation);
    for (const [index, cycle] of cycles.entries()) {
      const argument = carriedArgument(evaluation.failed[index]!, cycle, execution);
      if (!this.known.has(argument.key)) this.known.set(argument.key, argument);
    }
  }
}

/** Which arguments refute which candidates, and which arguments are enough. */
class Tally {
  listed = 0;
  /** How many candidates the same arguments refute, by the numbers of these. */
  private readonly groups = new Map<string, { readonly by: ReadonlySet<number>; count: number }>();
  /** By argument: its premises that were facts of all candidates so far. */
  private readonly always: Set<CycleEdge>[];

  constructor(private readonly all: readonly CarriedArgument[]) {
    this.always = all.map(({ cycle }) => new Set(cycle.edges.filter(isPremise)));
  }

  add(candidate: PlacedCandidate): void {
    this.listed++;
    const by = this.all.flatMap((argument, at) => (refutes(argument, candidate) ? [at] : []));
    invariant(by.length > 0, 'every candidate has the argument that was found for it');
    const group = this.groups.get(by.join()) ?? { by: new Set(by), count: 0 };
    group.count++;
    this.groups.set(by.join(), group);
    for (const [at, argument] of this.all.entries())
      for (const edge of this.always[at]!)
        if (!isFactOf(argument, edge, candidate)) this.always[at]!.delete(edge);
  }

  cases(): readonly ProofCase[] {
    const cases: ProofCase[] = [];
    let open = [...this.groups.values()];
    while (open.length > 0) {
      const at = this.best(open);
      const isRefuted = ({ by }: { readonly by: ReadonlySet<number> }): boolean => by.has(at);
      cases.push(
        this.proofCase(at, sum(open.filter(isRefuted)), sum([...this.groups.values()].filter(isRefuted))),
      );
      open = open.filter((group) => !isRefuted(group));
    }
    return cases;
  }

  /** The argument that refutes most of what is open; of several, the one that is easiest to follow. */
  private best(open: readonly { readonly by: ReadonlySet<number>; readonly count: number }[]): number {
    const rankOf = (at: number): readonly number[] => {
      const { cycle, execution } = this.all[at]!;
      return [
        -sum(open.filter(({ by }) => by.has(at))),
        isAboutOneLocation(cycle, execution) ? 1 : 0,
        cycle.edges.length,
        at,
      ];
    };
    return [...this.all.keys()].map(rankOf).sort(compareRanks)[0]!.at(-1)!;
  }

  private proofCase(at: number, count: number, refuted: number): ProofCase {
    const { check, cycle, execution } = this.all[at]!;
    const premises = cycle.edges
      .filter(isPremise)
      .map((edge) => ({ edge, always: this.always[at]!.has(edge) }));
    return { execution, check, cycle, premises, count, refuted };
  }
}

function sum(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}

function isPremise({ kind }: CycleEdge): boolean {
  return kind === 'rf' || kind === 'co' || kind === 'fr';
}
