/** Throws that follow from a seed (mulberry32): the same seed, the same acts in the same order. */
export class Dice {
  constructor(private state: number) {}

  /** From 0 up to, and without, 1. */
  throw(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  number(least: number, most: number): number {
    return least + Math.floor(this.throw() * (most - least + 1));
  }

  /** Throws where there is nothing to choose from. */
  one<T>(of: readonly T[]): T {
    const chosen = of[this.number(0, of.length - 1)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }
}
