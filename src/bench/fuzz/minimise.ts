/**
 * A small text that still fails, from one that does: delta debugging (Zeller and Hildebrandt 2002), by lines, then by tokens, then by
 * characters.
 */

export type Fails = (text: string) => Promise<boolean>;

const pieces: readonly ((text: string) => string[])[] = [
  (text) => text.split(/(?<=\n)/),
  (text) => text.match(/\w+\s*|\s+|[^\w\s]\s*/g) ?? [],
  (text) => [...text],
];

/** Removes runs of parts, ever shorter ones, as long as what is left fails. */
async function shrink(parts: readonly string[], fails: Fails): Promise<readonly string[]> {
  let kept = parts;
  for (let length = Math.ceil(kept.length / 2); length >= 1; ) {
    let removed = false;
    for (let at = 0; at < kept.length; ) {
      const shorter = [...kept.slice(0, at), ...kept.slice(at + length)];
      if (shorter.length < kept.length && (await fails(shorter.join('')))) {
        kept = shorter;
        removed = true;
      } else at += length;
    }
    if (length === 1 && !removed) break;
    length = length === 1 ? 1 : Math.ceil(length / 2);
  }
  return kept;
}

/** `tries`: how often `fails` is asked at most. */
export async function minimise(text: string, fails: Fails, tries: number): Promise<string> {
  let left = tries;
  const asked: Fails = async (candidate) => left-- > 0 && (await fails(candidate));
  let result = text;
  for (const split of pieces) result = (await shrink(split(result), asked)).join('');
  return result;
}
