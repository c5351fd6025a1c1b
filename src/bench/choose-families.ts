/** The families that `--only` asks for. */
import { didYouMean } from '../text/suggest.js';
import { families } from './families.js';
import { type Family, familyId } from './family.js';

export type Choice =
  | { readonly kind: 'families'; readonly families: readonly Family[] }
  | { readonly kind: 'mistake'; readonly message: string; readonly hint: string };

/** Names as a whole and word by word. */
const vocabulary: readonly string[] = [
  ...new Set(families.flatMap((family) => [familyId(family), family.name, ...familyId(family).split(/,? /)])),
];

function matches(family: Family, text: string): boolean {
  return familyId(family).toLowerCase().includes(text.toLowerCase());
}

/** Families whose name contains one of the texts, letter case costing nothing; all if there is none. Every text must be in one. */
export function chooseFamilies(only: readonly string[]): Choice {
  const unknown = only.find((text) => !families.some((family) => matches(family, text)));
  if (unknown === undefined) {
    const wanted = (family: Family) => only.length === 0 || only.some((text) => matches(family, text));
    return { kind: 'families', families: families.filter(wanted) };
  }
  const names = `the families are:\n${families.map((family) => `  ${familyId(family)}`).join('\n')}`;
  const near = didYouMean(unknown, vocabulary);
  return {
    kind: 'mistake',
    message: `no family has \`${unknown}\` in its name`,
    hint: near === null ? names : `${near} ${names}`,
  };
}
