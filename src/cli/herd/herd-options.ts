/**
 * The command line of herd7, as `fencepost-herd` takes it: options with one dash, a value in the next word or behind `=`.
 *
 * Three kinds: what is done here; what cannot change a result (how pictures look, how the search goes), which is taken and has no effect;
 * and what would change results and is not done, which is refused. Source: herd7's `-help` and manual, of versions 7.56 to 7.58. yargs
 * has no options of this form.
 */
import { nearestName } from '../../text/suggest.js';

export const shownExecutions = ['prop', 'neg', 'cond', 'wit', 'all', 'none'] as const;

export type ShownExecutions = (typeof shownExecutions)[number];

export interface HerdRequest {
  readonly kind: 'run';
  /** As given; none: they are read from standard input. */
  readonly files: readonly string[];
  readonly conf: string | null;
  readonly bell: string | null;
  readonly macros: string | null;
  readonly model: string | null;
  /** Folders, in the order in which they are searched. */
  readonly includes: readonly string[];
  readonly variants: readonly string[];
  readonly unroll: number | null;
  /** Seconds for each test. */
  readonly timeout: number | null;
  readonly show: ShownExecutions;
  /** A folder, or `-` for standard output; null: no pictures. */
  readonly output: string | null;
  /** Of the names of generated files. */
  readonly suffix: string;
  /** At most so many pictures of a test. */
  readonly most: number | null;
  readonly quiet: boolean;
  readonly stopAtError: boolean;
}

/** What a command line asks for. */
export type HerdCommand =
  | HerdRequest
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'mistake'; readonly message: string };

class Mistake extends Error {}

/** What the options say, as they are read. */
interface Settings extends HerdRequest {
  /** Searched after all other folders. */
  readonly library: string | null;
}

const nothingSaid: Settings = {
  kind: 'run',
  files: [],
  conf: null,
  bell: null,
  macros: null,
  model: null,
  includes: [],
  library: null,
  variants: [],
  unroll: null,
  timeout: null,
  show: 'none',
  output: null,
  suffix: '',
  most: null,
  quiet: false,
  stopAtError: false,
};

function count(option: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new Mistake(`${option} takes a number, not '${value}'`);
}

function seconds(option: string, value: string): number {
  const number = Number(value);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new Mistake(`${option} takes a positive number of seconds, not '${value}'`);
}

function truth(option: string, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Mistake(`${option} takes true or false, not '${value}'`);
}

function shown(option: string, value: string): ShownExecutions {
  const found = shownExecutions.find((each) => each === value.toLowerCase());
  if (found !== undefined) return found;
  throw new Mistake(`${option} takes ${shownExecutions.join(', ')}, not '${value}'`);
}

/** What a value says, after what was said before. */
type Setter = (value: string, before: Settings, option: string) => Partial<Settings>;

/** A later setting replaces an earlier one. */
const setters: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['-conf', (conf) => ({ conf })],
  ['-bell', (bell) => ({ bell })],
  ['-macros', (macros) => ({ macros })],
  ['-model', (model) => ({ model })],
  ['-cat', (model) => ({ model })],
  ['-I', (folder, { includes }) => ({ includes: [...includes, folder] })],
  ['-set-libdir', (library) => ({ library })],
  ['-variant', (names, { variants }) => ({ variants: [...variants, ...names.split(',').filter(Boolean)] })],
  ['-unroll', (value, _, option) => ({ unroll: count(option, value) })],
  ['-timeout', (value, _, option) => ({ timeout: seconds(option, value) })],
  ['-show', (value, _, option) => ({ show: shown(option, value) })],
  ['-o', (output) => ({ output })],
  ['-suffix', (suffix) => ({ suffix })],
  ['-nshow', (value, _, option) => ({ most: count(option, value) })],
  ['-showone', (value, _, option) => ({ most: truth(option, value) ? 1 : null })],
  ['-exit', (value, _, option) => ({ stopAtError: truth(option, value) })],
]);

const flags: ReadonlyMap<string, Partial<Settings>> = new Map([
  ['-q', { quiet: true }],
  ['-v', { quiet: false }],
]);

/** Taken, with a value, and without effect: how pictures look and are shown, and how herd7 goes about its search. */
export const withoutEffect: readonly string[] = (
  '-showevents -doshow -unshow -symetric -noid -showraw -showinitrf -showfinalrf -showpo -oneinit -showinitwrites -cycles -classes ' +
  '-showobserved -edgemerge -showlegend -showkind -shortlegend -labelinit -showthread -squished -fixedsize -extrachars -brackets ' +
  '-initrfpos -finalrfpos -initpos -splines -margin -pad -sep -fontname -fontsize -edgefontsizedelta -penwidth -arrowsize -edgeattr ' +
  '-overlap -graph -dotmode -mono -scale -xscale -yscale -dsiy -siwidth -ptscale -boxscale -shift -threadposy -relabel -withbox ' +
  '-labelbox -movelabel -dotcom -dotheader -tikz -texmacros -debug -speedcheck -optace -maxphantom -archcheck'
).split(' ');

/** Taken with this value, which is herd7's default; any other would change the results. */
export const onlyDefault: ReadonlyMap<string, string> = new Map([
  ['-through', 'none'],
  ['-restrict', 'no'],
  ['-hexa', 'false'],
  ['-candidates', 'false'],
  ['-outcomereads', 'false'],
  ['-dumpes', 'false'],
  ['-badexecs', 'true'],
  ['-strictskip', 'false'],
  ['-checkfilter', 'true'],
  ['-statelessrc11', 'false'],
  ['-dumpallfaults', 'false'],
  ['-initwrites', 'true'],
  ['-endian', 'little'],
]);

/** Known, and refused; with what to do, if anything. */
const refused: ReadonlyMap<string, string> = new Map([
  ['-skipcheck', 'give a model file without the check'],
  ['-skipchecks', 'give a model file without the checks'],
  ['-throughflag', ''],
  ['-showflag', '-show all draws every final state'],
  ['-badflag', ''],
  ['-machsize', 'accesses of mixed sizes are not done'],
  ['-names', 'name the files'],
  ['-oknames', 'name the files'],
  ['-excl', 'name the files'],
  ['-nonames', 'name the files'],
  ['-rename', ''],
  ['-kinds', ''],
  ['-conds', ''],
  ['-view', 'pictures go to the folder of -o'],
  ['-gv', 'pictures go to the folder of -o'],
  ['-evince', 'pictures go to the folder of -o'],
  ['-preview', 'pictures go to the folder of -o'],
  ['-web', 'give -conf'],
  ['-c11', 'C11 is not judged, but give -conf'],
  ['-libdir', 'the models are inside fencepost-herd; -I adds folders'],
]);

/** What herd7 does of these besides setting a name that models ask for is about kinds of accesses that are refused here. */
const refusedVariants: ReadonlySet<string> = new Set(
  (
    'mixed unaligned notmixed memtag mte morello vmsa kvm pte ifetch self strictmixed neon sve sme exs fatal handled skip sync async ' +
    'asymm nv2 pac const-pac-field fpac asl c11 backcompat'
  ).split(' '),
);

function known(): string[] {
  return [
    ...setters.keys(),
    ...flags.keys(),
    ...withoutEffect,
    ...onlyDefault.keys(),
    ...refused.keys(),
    '-version',
    '-help',
  ];
}

/** What an option with this value says. */
function readValue(option: string, value: string, before: Settings): Partial<Settings> {
  const fixed = onlyDefault.get(option);
  if (fixed !== undefined && value !== fixed)
    throw new Mistake(
      `${option} ${value} is not supported: it would change the results (${option} ${fixed} is taken)`,
    );
  return setters.get(option)?.(value, before, option) ?? {};
}

function refuse(option: string): void {
  const why = refused.get(option);
  if (why !== undefined) throw new Mistake(`${option} is not supported${why === '' ? '' : `: ${why}`}`);
  if (setters.has(option) || withoutEffect.includes(option) || onlyDefault.has(option)) return;
  // One letter is near to any other.
  const nearest = option.length < 3 ? null : nearestName(option, known());
  throw new Mistake(`unknown option '${option}'${nearest === null ? '' : ` (did you mean ${nearest}?)`}`);
}

function readWords(words: readonly string[]): Settings {
  let settings = nothingSaid;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const flag = flags.get(word);
    if (!word.startsWith('-')) settings = { ...settings, files: [...settings.files, word] };
    else if (flag !== undefined) settings = { ...settings, ...flag };
    else {
      const equals = word.indexOf('=');
      const option = equals < 0 ? word : word.slice(0, equals);
      refuse(option);
      const value = equals < 0 ? words[++at] : word.slice(equals + 1);
      if (value === undefined) throw new Mistake(`${option} needs a value`);
      settings = { ...settings, ...readValue(option, value, settings) };
    }
  }
  return settings;
}

function requestOf({ library, ...settings }: Settings): HerdRequest {
  const strange = settings.variants.find((name) => refusedVariants.has(name.toLowerCase()));
  if (strange !== undefined) throw new Mistake(`-variant ${strange} is not supported`);
  return { ...settings, includes: [...settings.includes, ...(library === null ? [] : [library])] };
}

/** Reads a command line, without `node` and the script. */
export function readHerdOptions(words: readonly string[]): HerdCommand {
  // As herd7 does, wherever they stand.
  if (words.includes('-help') || words.includes('--help')) return { kind: 'help' };
  if (words.includes('-version')) return { kind: 'version' };
  try {
    return requestOf(readWords(words));
  } catch (error) {
    if (error instanceof Mistake) return { kind: 'mistake', message: error.message };
    throw error;
  }
}
