/**
 * The environment of processes whose start is timed: without what makes Node slow before it runs anything.
 *
 * With NODE_EXTRA_CA_CERTS, Node 20 reads the certificates of that file first: those of a usual system take longer than all the rest of
 * its start.
 */
type Environment = Readonly<Record<string, string | undefined>>;

const slowStarts: readonly string[] = ['NODE_EXTRA_CA_CERTS'];

/** The names of the variables that are set and left out. */
export function leftOut(environment: Environment): string[] {
  return slowStarts.filter((name) => (environment[name] ?? '') !== '');
}

export function plainEnvironment(environment: Environment): Record<string, string | undefined> {
  const names = leftOut(environment);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}
