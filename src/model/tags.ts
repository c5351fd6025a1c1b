/**
 * The tags that a model and its bell file declare with `enum`, and the event sets that they name.
 *
 * A tag 'x names the set of the events annotated with it: `X`, its first letter capitalised. Where the dialect has a set whose
 * name differs only in capitals, that set is meant: the bell files of the kernel write 'mb in some versions and 'MB in others,
 * and `Mb` is the set that programs here fill. Other names are new sets, which the user's own macros may fill.
 * Source: the diy manual, chapter "The cat language", section on enumerations.
 */
import { didYouMean } from '../text/suggest.js';

export class Tags {
  /** By tag, the tags of its enumeration. */
  private readonly enumerations = new Map<string, readonly string[]>();
  private readonly canonical: ReadonlyMap<string, string>;

  /** `known` are the sets that events of the dialects may be in by annotation. */
  constructor(known: readonly string[]) {
    this.canonical = new Map(known.map((name) => [name.toLowerCase(), name]));
  }

  declare(tags: readonly string[]): void {
    const all = [...new Set(tags)];
    for (const tag of all) this.enumerations.set(tag, all);
  }

  has(tag: string): boolean {
    return this.enumerations.has(tag);
  }

  /** All declared tags. */
  get all(): readonly string[] {
    return [...this.enumerations.keys()];
  }

  /** All tags of the enumerations that these tags are of. */
  universe(tags: readonly string[]): readonly string[] {
    return [...new Set(tags.flatMap((tag) => this.enumerations.get(tag) ?? []))];
  }

  suggestion(tag: string): string {
    const similar = didYouMean(
      `'${tag}`,
      [...this.enumerations.keys()].map((name) => `'${name}`),
    );
    return similar ?? "tags are declared by a bell file, or by `enum Name = 'a || 'b`";
  }

  /** The name that models use for the set of the events with this tag. */
  static setName(tag: string): string {
    return tag.slice(0, 1).toUpperCase() + tag.slice(1);
  }

  /** The base set (dag.ts) of that name. */
  baseName(tag: string): string {
    return this.canonical.get(tag.toLowerCase()) ?? Tags.setName(tag);
  }
}
