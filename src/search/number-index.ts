/**
 * Places of numbers in the order in which they were added: an open-addressing hash table (Knuth, The Art of Computer Programming 3,
 * 6.4, linear probing) that keeps doubles unboxed, where a Map makes an object of each that is no small integer.
 *
 * Invariant: at most half of the slots are taken, so every probe ends at a free one.
 */
const FREE = -1;
const FIRST_SIZE = 64;

function hash(number: number): number {
  // both halves of a number below 2^53
  const mixed = Math.imul(number | 0, 0x9e3779b1) ^ Math.imul((number / 0x1_0000_0000) | 0, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

export class NumberIndex {
  /** In the order in which they were added. */
  readonly numbers: number[] = [];
  private slots = new Int32Array(FIRST_SIZE).fill(FREE);

  get size(): number {
    return this.numbers.length;
  }

  /** The place of a number, which is an integer from 0 below 2^53; -1 if it was not added. */
  placeOf(number: number): number {
    return this.slots[this.slotOf(number)]!;
  }

  /** Adds a number that is not there; returns its place. */
  add(number: number): number {
    if (2 * (this.size + 1) > this.slots.length) this.grow();
    const place = this.numbers.push(number) - 1;
    this.slots[this.slotOf(number)] = place;
    return place;
  }

  /** Where the number is, or would go. */
  private slotOf(number: number): number {
    const { slots, numbers } = this;
    const mask = slots.length - 1;
    let slot = hash(number) & mask;
    for (let place = slots[slot]!; place !== FREE && numbers[place] !== number; place = slots[slot]!)
      slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    this.slots = new Int32Array(2 * this.slots.length).fill(FREE);
    this.numbers.forEach((number, place) => {
      this.slots[this.slotOf(number)] = place;
    });
  }
}
