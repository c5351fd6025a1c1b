/** Kernel C as text: what the benchmark families in C are written with. */

export interface CThreadText {
  readonly parameters: readonly string[];
  readonly lines: readonly string[];
}

export function litmusC(name: string, threads: readonly CThreadText[], condition: string): string {
  const bodies = threads.map(
    ({ parameters, lines }, i) =>
      `P${i}(${parameters.join(', ')})\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`,
  );
  return `C ${name}\n\n{}\n\n${bodies.join('\n')}\n${condition}\n`;
}

export function exists(parts: readonly string[]): string {
  return `exists (${parts.join(' /\\ ')})`;
}
