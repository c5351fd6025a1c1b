export interface TestCommand {
  /** Scripts for `node`. */
  readonly main: string;
  readonly herd: string;
  /** The script of worker threads. */
  readonly worker: URL;
}
export function buildTestCommand(
  folder: string,
  packed: readonly (readonly [name: string, packed: unknown])[],
): Promise<TestCommand>;
