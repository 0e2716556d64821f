import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lives } from '../../../src/ledger/store/lives';

describe('what a run was charged for since it began', () => {
  it('has every key that was added', () => {
    const key = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(key), fc.array(key), (added, others) => {
        const life = new Lives().begin();
        for (const one of added) life.add(one);
        for (const one of added) expect(life.mayHave(one)).toBe(true);
        // A hash of 30 bits: two of so few keys do not meet.
        for (const one of others) expect(life.mayHave(one)).toBe(added.includes(one));
      }),
    );
  });

  it('is forgotten, the oldest first, when there is too much of it: then it may have any key', () => {
    const lives = new Lives(10);
    const [first, second] = [lives.begin(), lives.begin()];
    for (const key of ['a', 'b', 'c', 'd']) for (const life of [first, second]) life.add(key);
    expect(first.mayHave('x')).toBe(false);
    const third = lives.begin();
    expect(first.mayHave('x')).toBe(true);
    expect([second.mayHave('x'), second.mayHave('a')]).toEqual([false, true]);
    expect(third.mayHave('x')).toBe(false);
    first.add('x');
    expect(first.mayHave('y')).toBe(true);
  });

  it('counts a key once', () => {
    const lives = new Lives(3);
    const life = lives.begin();
    for (let again = 0; again < 100; again += 1) life.add('a');
    expect(life.mayHave('b')).toBe(false);
  });
});
