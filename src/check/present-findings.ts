/**
 * What was found of a test, as its reports tell it: as few findings as there are things to look at, each with its execution, the
 * reason, a place in the test, and what to do.
 */
import { parseLitmus } from '../syntax/parse.js';
import { shellWord } from '../text/shell-word.js';
import type { TestReport } from '../verdict/report.js';
import type { Finding } from './check-report.js';
import { type Draft, type Joined, joinDrafts } from './drafts.js';
import { placeOf } from './expected.js';

/** More pictures of one test's new states would bury the others. */
const MOST_PICTURES = 4;

/** With pictures and reasons, each picture once: of every verdict, and of some of the other new outcomes. */
function withShown(joined: readonly Joined[]): readonly Joined[] {
  const pictures = new Set<string>();
  let drawn = 0;
  return joined.map((one) => {
    const { finding, show } = one;
    if (show === null) return one;
    const isLeft = finding.kind === 'verdict' || finding.kind === 'data-race' || drawn++ < MOST_PICTURES;
    if (!isLeft) return one;
    const { picture, reasons, code } = show();
    const isNew = picture !== null && !pictures.has(picture);
    if (isNew) pictures.add(picture);
    const shown: Finding = {
      ...finding,
      picture: isNew ? picture : null,
      ...(reasons.length === 0 ? {} : { reasons }),
      ...(code === null ? {} : { code }),
    };
    return { ...one, finding: shown };
  });
}

const outcomeKinds: readonly Finding['kind'][] = [
  'verdict',
  'data-race',
  'appeared',
  'vanished',
  'flag-appeared',
  'flag-vanished',
  'question',
  'limit',
];

/** What the test asks, as the place of what is about its outcomes and has none in the test. */
function withPlace(joined: Joined, { name, text }: TestReport['source']): Joined {
  const { finding } = joined;
  const { kind, code, place } = finding;
  if (code !== undefined || place?.file === name || !outcomeKinds.includes(kind)) return joined;
  const condition = parseLitmus({ name, text }).value?.condition ?? null;
  return condition === null ? joined : { ...joined, finding: { ...finding, code: placeOf(condition.span) } };
}

/** How to find the change, and how to accept it. */
function hintFor({ isRecorded, isExpected }: Joined, file: string, hasHistory: boolean): string {
  const word = shellWord(file);
  const record = `\`fencepost baseline ${word}\``;
  const wanted = isExpected ? `change what is expected${isRecorded ? `, and ${record}` : ''}` : record;
  const accept = `if that is meant: ${wanted}`;
  if (!hasHistory) return accept;
  return `\`fencepost diff ${word} --from REV\` names what changed in the test since revision REV, which passed; ${accept}`;
}

/** What somebody has to correct before anything can be compared, or that has no outcome. */
const notDifferent: readonly Finding['kind'][] = ['limit', 'input', 'internal', 'not-in-baseline'];

/** With what is to be done, once: behind the last of what differs. `file`: with `/`. `hasHistory`: git has earlier versions of it, perhaps. */
export function presentFindings(
  drafts: readonly Draft[],
  report: TestReport,
  file: string,
  hasHistory: boolean,
): readonly Finding[] {
  const models = report.models.map(({ model }) => model);
  const joined = withShown(joinDrafts(drafts, models)).map((one) => withPlace(one, report.source));
  const last = joined.findLast(
    ({ finding: { kind, severity } }) => severity === 'error' && !notDifferent.includes(kind),
  );
  return joined.map((one) => {
    const { finding } = one;
    return one === last ? { ...finding, hint: finding.hint ?? hintFor(one, file, hasHistory) } : finding;
  });
}
