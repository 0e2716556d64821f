import { beforeEach, describe, expect, it } from '@jest/globals';
import { LedgerTime } from '../../../src/ledger/store/ledger-time';

let clock: number;
let time: LedgerTime;

beforeEach(() => {
  clock = 1_000;
  time = new LedgerTime(() => clock);
});

describe('the ledger’s time between two answers of Postgres', () => {
  it('is not known before the first and after it was forgotten', () => {
    expect(time.now).toBeNull();
    time.ask()(5_000);
    expect(time.now).toBe(5_000);
    time.forget();
    expect(time.now).toBeNull();
  });

  it('goes on in whole milliseconds from when the answer came, never ahead of Postgres', () => {
    const told = time.ask();
    clock += 4; // Postgres answered somewhere in between
    told(5_000);
    clock += 7.9;
    expect(time.now).toBe(5_007);
  });

  it('is read again after 50 milliseconds, counted from the question', () => {
    const told = time.ask();
    clock += 30;
    told(5_000);
    clock += 20;
    expect(time.now).toBe(5_020);
    clock += 1;
    expect(time.now).toBeNull();
  });

  it('is that of the later question, however the answers come', () => {
    const first = time.ask();
    clock += 1;
    const second = time.ask();
    second(9_000);
    first(5_000);
    expect(time.now).toBe(9_000);
  });
});
