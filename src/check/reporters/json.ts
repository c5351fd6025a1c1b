/**
 * The JSON report: one object, written as the tests are done. Stable: fields are added, never changed.
 *
 * format    "fencepost-check/1"
 * shard, files, run, positions   of a part of a run (`--shard`): `"2/3"`; how many files the whole run has; what tells runs apart; the
 *           position of this part's files in the whole run. A whole report has none of them.
 * tests     one object per file, in the order of the run:
 *             file, test (the name in the header, or null), status, findings, models, seconds
 *           status: same, nothing-expected, different, limit, input or internal
 *           models: [{model, verdict, expected, flags, limit, seconds}], whether as expected or not
 *           Where there is such: unasked (models under which something is expected, and which `--model` leaves out)
 * findings  [{kind, severity, model, message, expected, found, by, place, picture, hint}], those about no test that was run:
 *           place: {file, line, column, endLine, endColumn} from 1, the last column exclusive, or null; picture: text of several lines.
 *           Where there is such: models (of one about several; model is the first), state (the final state that appeared or vanished),
 *           code (the place of the statement to look at), reasons (sentences)
 * counts    tests by status
 *           Where there is such: notJudged (of the tests with nothing expected, how many no model judges that is asked), unasked (by model
 *           that `--model` leaves out, of how many tests something is expected under it)
 * open      tests that an interrupt left unjudged
 * seconds   wall time of the run; of a merged report the sum of its parts
 * exitCode  of the run
 * version   fencepost's
 *
 * The fields are those of check-report.ts, which says more of them. Texts are as they are in the tests: no character is replaced.
 */
import type { Reporter, TestCheck } from '../check-report.js';
import type { ReporterSetup } from './reporter-setup.js';

export const JSON_FORMAT = 'fencepost-check/1';

/** Whether data is meant to be the report of a check, and no other report: perhaps of a version that we do not know. */
export function isCheckReport(data: unknown): boolean {
  const format = typeof data === 'object' && data !== null && 'format' in data ? data.format : null;
  return typeof format === 'string' && format.startsWith('fencepost-check/');
}

function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n    ');
}

export function jsonReporter({ part }: ReporterSetup): Reporter {
  const head = JSON.stringify({ format: JSON_FORMAT, ...part }, null, 2).slice(0, -'\n}'.length);
  let written = 0;
  // undefined fields are not written
  const place = ({ file, test, status, findings, models, seconds, unasked }: TestCheck): string =>
    `${written++ === 0 ? '\n' : ',\n'}    ${indented({ file, test, status, findings, models, seconds, unasked })}`;
  return {
    begin: () => `${head},\n  "tests": [`,
    test: place,
    end({ counts, notJudged, unasked, findings, open, seconds, exitCode, version }) {
      const fields = { findings, counts, notJudged, unasked, open, seconds, exitCode, version };
      const rest = JSON.stringify(fields, null, 2);
      return `${written === 0 ? '' : '\n  '}],${rest.slice('{'.length)}\n`;
    },
  };
}
