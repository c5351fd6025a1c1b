/**
 * Which barriers of a set of tests are guarded: by an expectation of their own test, or by that of another test that has the same barrier
 * (barrier-name.ts).
 *
 * Each weaker form counts for itself: an smp_mb() of which only the removal is noticed is guarded in part, for the change to
 * smp_wmb() would go unnoticed. What a limit left open is neither guarded nor unguarded. Declarations hold for their own test alone, and
 * are held against what is found: one that its own test refutes is stale.
 */
import { isSameBarrier } from './barrier-name.js';
import {
  type Answer,
  type Declaration,
  isNoticed,
  type MutatedBarrier,
  type MutatedTest,
  openLimit,
  type Weakening,
} from './mutation.js';

/** What became of one weaker form of one barrier. */
export type FormGuard =
  | { readonly kind: 'own' }
  /** `file`: the first test with the same barrier that notices. */
  | { readonly kind: 'elsewhere'; readonly file: string }
  | { readonly kind: 'open'; readonly limit: string }
  | { readonly kind: 'declared'; readonly declaration: Declaration }
  | { readonly kind: 'unguarded' };

/** `in-part`: of some forms the loss is not noticed. The worst of its forms: unguarded, open, declared, guarded. */
export type BarrierStatus = 'guarded' | 'in-part' | 'unguarded' | 'open' | 'declared';

export interface BarrierGuard {
  readonly test: MutatedTest;
  readonly barrier: MutatedBarrier;
  /** One for each of its weakenings. */
  readonly forms: readonly FormGuard[];
  readonly status: BarrierStatus;
}

/** A declaration that is not true, or that nothing depends on. */
export interface IdleDeclaration {
  readonly test: MutatedTest;
  readonly barrier: MutatedBarrier;
  readonly declaration: Declaration;
  /** `stale`: its own test notices. `needless`: another test does, of all that it is about. */
  readonly kind: 'stale' | 'needless';
  /** The form that is noticed, and by which test. */
  readonly to: string | null;
  readonly file: string;
}

export interface MutationSummary {
  /** Tests in their order, barriers in the order of the file. */
  readonly guards: readonly BarrierGuard[];
  readonly idle: readonly IdleDeclaration[];
  readonly tests: readonly MutatedTest[];
  /** Those that are not as expected to begin with. */
  readonly failing: readonly MutatedTest[];
  /** Those with something to weaken that notice nothing at all, be it for want of expectations; none of which anything is open. */
  readonly silentTests: readonly MutatedTest[];
  /** Models that were asked of some weaker form, and notice nothing in any test; none of which anything is open. */
  readonly silentModels: readonly string[];
}

interface Occurrence {
  readonly test: MutatedTest;
  readonly barrier: MutatedBarrier;
}

/** A sketch's words for the kernel's. */
const KERNEL_WORDS: ReadonlyMap<string, string> = new Map([
  ['MB', 'smp_mb()'],
  ['RMB', 'smp_rmb()'],
  ['WMB', 'smp_wmb()'],
  ['[R]', 'READ_ONCE()'],
  ['[W]', 'WRITE_ONCE()'],
]);

/** A form in the words of kernel C, to compare a sketch's with those of C. */
function formName(to: string | null): string | null {
  return to === null ? null : (KERNEL_WORDS.get(to) ?? to);
}

function covers({ forms }: Declaration, to: string | null): boolean {
  return forms === null || forms.includes(to);
}

function guardOf(
  { barrier }: Occurrence,
  weakening: Weakening,
  related: readonly Occurrence[],
  missing: string | null,
): FormGuard {
  if (isNoticed(weakening)) return { kind: 'own' };
  const { to } = weakening;
  const others = related.flatMap(({ test: { file }, barrier: { weakenings } }) =>
    weakenings.filter((other) => formName(other.to) === formName(to)).map((other) => ({ file, other })),
  );
  const found = others.find(({ other }) => isNoticed(other));
  if (found !== undefined) return { kind: 'elsewhere', file: found.file };
  const limits = [weakening, ...others.map(({ other }) => other)].map(openLimit);
  // a test that is not among those that were tried may have the same barrier, if that has a name
  const limit = limits.find((each) => each !== null) ?? (barrier.name === null ? null : missing);
  if (limit !== null) return { kind: 'open', limit };
  const declaration = barrier.declarations.find((each) => covers(each, to));
  return declaration === undefined ? { kind: 'unguarded' } : { kind: 'declared', declaration };
}

function statusOf(forms: readonly FormGuard[]): BarrierStatus {
  const has = (kind: FormGuard['kind']): boolean => forms.some((form) => form.kind === kind);
  if (has('unguarded')) return forms.every(({ kind }) => kind === 'unguarded') ? 'unguarded' : 'in-part';
  if (has('open')) return 'open';
  return has('declared') ? 'declared' : 'guarded';
}

function idleDeclarations({ test, barrier, forms }: BarrierGuard): IdleDeclaration[] {
  return barrier.declarations.flatMap((declaration): IdleDeclaration[] => {
    const about = barrier.weakenings.flatMap(({ to }, i) =>
      covers(declaration, to) ? [{ to, form: forms[i]! }] : [],
    );
    const refuting = about.find(({ form }) => form.kind === 'own');
    if (refuting !== undefined)
      return [{ test, barrier, declaration, kind: 'stale', to: refuting.to, file: test.file }];
    const needless = about.every(({ form }) => form.kind === 'elsewhere');
    const [first] = about;
    if (!needless || first?.form.kind !== 'elsewhere') return [];
    return [{ test, barrier, declaration, kind: 'needless', to: first.to, file: first.form.file }];
  });
}

function answersOf({ barriers }: MutatedTest): readonly Answer[] {
  return barriers.flatMap(({ weakenings }) => weakenings.flatMap(({ answers }) => answers));
}

/** What a limit left open may be noticed. */
function isSilent(test: MutatedTest): boolean {
  const { barriers, failing } = test;
  return (
    failing.length === 0 && barriers.length > 0 && answersOf(test).every(({ kind }) => kind === 'unnoticed')
  );
}

function silentModels(tests: readonly MutatedTest[]): readonly string[] {
  const answers = tests.flatMap(answersOf);
  const others = new Set(answers.filter(({ kind }) => kind !== 'unnoticed').map(({ model }) => model));
  return [...new Set(answers.map(({ model }) => model))].filter((model) => !others.has(model));
}

/** What a set of tests guards; each file once. `missing`: why others that may guard, too, are not among them; null: none are missing. */
export function summarize(tests: readonly MutatedTest[], missing: string | null = null): MutationSummary {
  const all: readonly Occurrence[] = tests.flatMap((test) =>
    test.barriers.map((barrier) => ({ test, barrier })),
  );
  const guards = all.map((one): BarrierGuard => {
    const { test, barrier } = one;
    const related = all.filter(
      (other) => other.test !== test && isSameBarrier(barrier.name, other.barrier.name),
    );
    const forms = barrier.weakenings.map((weakening) => guardOf(one, weakening, related, missing));
    return { test, barrier, forms, status: statusOf(forms) };
  });
  return {
    guards,
    idle: guards.flatMap(idleDeclarations),
    tests,
    failing: tests.filter(({ failing }) => failing.length > 0),
    silentTests: tests.filter(isSilent),
    silentModels: silentModels(tests),
  };
}

/** How often each status is, and how many weaker forms there are and are noticed, in the own test or another. */
export interface MutationCounts {
  readonly barriers: Readonly<Record<BarrierStatus, number>>;
  readonly weakenings: number;
  readonly noticed: number;
}

export function countsOf({ guards }: MutationSummary): MutationCounts {
  const barriers = { guarded: 0, 'in-part': 0, unguarded: 0, open: 0, declared: 0 };
  for (const { status } of guards) barriers[status]++;
  const forms = guards.flatMap((guard) => guard.forms);
  const noticed = forms.filter(({ kind }) => kind === 'own' || kind === 'elsewhere');
  return { barriers, weakenings: forms.length, noticed: noticed.length };
}
