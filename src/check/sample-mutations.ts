/** Small tests in kernel C whose barriers are weakened, for tests. */
import type { SourceFile } from '../text/source.js';
import { defaultMutateOptions, type MutateOptions, mutateTest } from './mutate-test.js';
import type { MutatedTest } from './mutation.js';

export interface Sample {
  readonly file?: string;
  /** Lines of the comment. */
  readonly comment: readonly string[];
  readonly threads: readonly { readonly label: string | null; readonly code: readonly string[] }[];
  readonly question: string;
}

export function sampleSource({ file, comment, threads, question }: Sample): SourceFile {
  const bodies = threads.map(({ label, code }, i) => {
    const head = label === null ? '' : `// ${label}\n`;
    const lines = code.map((line) => `\t${line}\n`).join('');
    return `${head}P${i}(int *x, int *y, int *z, spinlock_t *l)\n{\n${lines}}\n`;
  });
  const text = `C sample\n\n(*\n${comment.map((line) => ` * ${line}\n`).join('')} *)\n\n{}\n\n${bodies.join('\n')}\nexists (${question})\n`;
  return { name: file ?? 'litmus/sample.litmus', text };
}

/** Message passing of x and y with these barriers. */
export function messagePassing(
  write: string,
  read: string,
  comment: readonly string[],
  labels: readonly [string | null, string | null] = ['publish()', 'consume()'],
): Sample {
  return {
    comment,
    threads: [
      { label: labels[0], code: ['WRITE_ONCE(*x, 1);', write, 'WRITE_ONCE(*y, 1);'] },
      { label: labels[1], code: ['int r0;', 'int r1;', 'r0 = READ_ONCE(*y);', read, 'r1 = READ_ONCE(*x);'] },
    ],
    question: '1:r0=1 /\\ 1:r1=0',
  };
}

export function mutatedSample(sample: Sample, options: Partial<MutateOptions> = {}): MutatedTest {
  const source = sampleSource(sample);
  const { test, diagnostics } = mutateTest(source, { ...defaultMutateOptions, ...options });
  if (test === null) throw new Error(`${diagnostics.map((each) => each.message).join('\n')}\n${source.text}`);
  return test;
}
