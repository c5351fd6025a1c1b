/** `npm run fuzz`: random and damaged inputs through the whole pipeline (see fuzzHelp). */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { now } from '../../io/clock.js';
import { onStopSignal } from '../../io/signals.js';
import { type Loss, startPool } from '../../io/worker-pool.js';
import { writeText } from '../../io/write-file.js';
import { readCorpus } from './corpus.js';
import { type FuzzRequest, fuzzHelp, readFuzzCommand } from './fuzz-options.js';
import { fuzzInput } from './inputs.js';
import type { Finding, FuzzBatch, FuzzJob, FuzzSetup } from './job.js';
import { FuzzSummary } from './summary.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const BATCH = 100;
const THOROUGH_EVERY = 40;

/**
 * Seconds for an input and all that is done with it, beyond which it hangs: some forty searches one after the other, on a machine that may
 * have other things to do.
 */
function hangLimit(seconds: number): number {
  return seconds * 200 + 60;
}

/** Times as much heap as each model may take, for the worker as a whole. */
const HEADROOM = 6;

function jobsOf({ from, count }: FuzzRequest): FuzzJob[] {
  const jobs: FuzzJob[] = [];
  for (let at = from; at < from + count; at += BATCH)
    jobs.push({ from: at, count: Math.min(BATCH, from + count - at), skip: [] });
  return jobs;
}

/** An input that took its worker with it. */
function lostInput({ cause, reason, part }: Loss, setup: FuzzSetup): Finding | null {
  const index = part === null ? null : Number.parseInt(part, 10);
  if (index === null) return null;
  const { kind, text } = fuzzInput(setup.seed, index, setup.kinds, setup.corpus);
  const what = cause === 'time' ? 'hangs' : cause === 'memory' ? 'out of memory' : `crash: ${reason}`;
  return { index, kind, what, stack: null, text, small: null };
}

async function writeFinding(finding: Finding, { seed, out, kinds }: FuzzRequest): Promise<void> {
  const { index, kind, what, stack, text, small } = finding;
  const stem = join(out, `${seed}-${index}`);
  const again = `npm run fuzz -- --seed ${seed} --from ${index} --count 1 --only ${kinds.join(',')}`;
  const said = [what, again, ...(stack === null ? [] : [stack])].join('\n');
  const files = [
    [`${stem}.txt`, `${said}\n`],
    [`${stem}.${kind}`, text],
    ...(small === null ? [] : [[`${stem}.small.${kind}`, small]]),
  ] as const;
  for (const [path, content] of files) {
    const failure = await writeText(path!, content!);
    if (failure !== null) process.stderr.write(`fuzz: ${failure.message}\n`);
  }
}

async function run(request: FuzzRequest): Promise<void> {
  const { seed, kinds, seconds, megabytes, jobs: threads } = request;
  const corpus = readCorpus(root, request.corpora);
  const setup: FuzzSetup = { seed, kinds, corpus, seconds, megabytes, thoroughEvery: THOROUGH_EVERY };
  const summary = new FuzzSummary(now());
  const writing: Promise<void>[] = [];
  const note = (finding: Finding): void => {
    if (!summary.isNew(finding)) return;
    process.stdout.write(`${finding.kind} ${finding.index}: ${finding.what}\n`);
    writing.push(writeFinding(finding, request));
  };
  const pool = startPool<FuzzSetup, FuzzJob, FuzzBatch>({
    script: new URL('./fuzz-worker.js', import.meta.url),
    threads,
    setup,
    jobs: jobsOf(request),
    seconds: hangLimit(seconds),
    megabytes: megabytes * HEADROOM,
    lost(job, loss) {
      const finding = lostInput(loss, setup);
      if (finding === null) throw new Error(`a worker did not start: ${loss.reason}`);
      if (!loss.part!.endsWith('smaller')) note(finding);
      return { retry: { ...job, skip: [...job.skip, finding.index] } };
    },
    onResult(batch) {
      summary.add(batch);
      for (const finding of batch.findings) note(finding);
      if (summary.inputs % 2000 < BATCH) process.stderr.write(`${summary.line(now())}\n`);
    },
  });
  const ignoreSignals = onStopSignal(() => pool.stop());
  await pool.done;
  ignoreSignals();
  await Promise.all(writing);
  process.stdout.write(summary.text(now()));
  process.exitCode = summary.faults > 0 ? 1 : 0;
}

async function main(): Promise<void> {
  const command = readFuzzCommand(process.argv.slice(2));
  if (command.kind === 'run') return run(command.request);
  if (command.kind === 'help') return void process.stdout.write(fuzzHelp);
  const { message, hint } = command;
  process.stderr.write(`fuzz: ${message}\nhint: ${hint ?? 'see `npm run fuzz -- --help`'}\n`);
  process.exitCode = 2;
}

void main();
