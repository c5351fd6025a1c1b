/**
 * A short hash of a text, to tell tests apart in logs: FNV-1a (Fowler, Noll, Vo) with 128 bits over UTF-16 code units.
 *
 * Not cryptographic. Written here because the core runs in browsers too, where hashing is asynchronous.
 */

const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x1000000000000000000013bn;

/** 32 hexadecimal digits. Line ends and trailing blanks do not count, so a checkout's line ending does not change it. */
export function contentHash(text: string): string {
  const normal = text.replace(/[ \t\r]+$/gm, '').trimEnd();
  let hash = OFFSET;
  for (let i = 0; i < normal.length; i++)
    hash = BigInt.asUintN(128, (hash ^ BigInt(normal.charCodeAt(i))) * PRIME);
  return hash.toString(16).padStart(32, '0');
}
