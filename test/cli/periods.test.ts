import { describe, expect, it } from '@jest/globals';
import { cli } from './cli';

const ANCHOR = ['--anchor', '2026-01-31T09:00:00', '--time-zone', 'America/New_York'];

describe('flow-credits periods', () => {
  it('prints when each starts and ends, and nothing else', async () => {
    const { status, out, err } = await cli(['periods', ...ANCHOR, '--count', '14', '--json']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const starts = [
      '2026-01-31T14:00:00.000Z',
      '2026-02-28T14:00:00.000Z',
      '2026-03-31T13:00:00.000Z',
      '2026-04-30T13:00:00.000Z',
      '2026-05-31T13:00:00.000Z',
      '2026-06-30T13:00:00.000Z',
      '2026-07-31T13:00:00.000Z',
      '2026-08-31T13:00:00.000Z',
      '2026-09-30T13:00:00.000Z',
      '2026-10-31T13:00:00.000Z',
      '2026-11-30T14:00:00.000Z',
      '2026-12-31T14:00:00.000Z',
      '2027-01-31T14:00:00.000Z',
      '2027-02-28T14:00:00.000Z',
      '2027-03-31T13:00:00.000Z',
    ];
    expect(JSON.parse(out)).toEqual(starts.slice(0, -1).map((start, n) => ({ start, end: starts[n + 1] })));
  });

  it('has a table for people, and begins where it is told', async () => {
    const { status, out } = await cli(['periods', ...ANCHOR, '--from', '2027-03-01', '--count', '1']);
    expect(status).toBe(0);
    expect(out).toMatch(/^ +13 +2027-02-28T14:00:00\.000Z +2027-03-31T13:00:00\.000Z +30 \+ 23 h$/m);
    const moment = await cli([
      'periods',
      ...ANCHOR,
      '--from',
      '2025-12-31T14:00:00Z',
      '--count',
      '1',
      '--json',
    ]);
    expect(JSON.parse(moment.out)).toEqual([
      { start: '2025-12-31T14:00:00.000Z', end: '2026-01-31T14:00:00.000Z' },
    ]);
  });

  it('does not ask the machine what time it is there', async () => {
    const args = ['periods', ...ANCHOR, '--count', '3', '--json'];
    const [here, there] = await Promise.all([
      cli(args, '', { TZ: 'Pacific/Kiritimati' }),
      cli(args, '', { TZ: 'America/Los_Angeles' }),
    ]);
    expect(here.out).toBe(there.out);
  });

  it.each([
    [['--anchor', 'yesterday'], 'error: --anchor yesterday: '],
    [['--anchor', '2026-02-30T09:00:00'], 'error: --anchor 2026-02-30T09:00:00: '],
    [['--anchor', '2026-01-31T24:30:00'], 'error: --anchor 2026-01-31T24:30:00: '],
    [[...ANCHOR.slice(0, 2), '--time-zone', 'Mars/Olympus'], 'error: --time-zone Mars/Olympus: '],
    [[...ANCHOR.slice(0, 2), '--time-zone', 'SYSTEM'], 'error: --time-zone SYSTEM: '],
    [[...ANCHOR, '--count', '0'], 'error: --count 0: '],
    [[...ANCHOR, '--count', '2.5'], 'error: --count 2.5: '],
    [[...ANCHOR, '--count', '-1'], 'error: --count -1: '],
    [[...ANCHOR, '--from', 'soon'], 'error: --from soon: '],
    [[], "error: required option '--anchor <wall-time>' not specified (help: flow-credits periods --help)"],
    [[...ANCHOR, '--cuont', '3'], "error: unknown option '--cuont'"],
  ])('refuses %j by one line that names the field', async (args, line) => {
    const { status, out, err } = await cli(['periods', ...args, '--json']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^error: .*\n$/);
    expect(err.startsWith(line)).toBe(true);
  });
});

describe('flow-credits', () => {
  it.each([['team', 'show'], ['runs'], ['line']])(
    'says on one line that an argument is missing, and how to get help: %s %s',
    async (...words) => {
      const command = words.filter((word) => typeof word === 'string');
      const { status, out, err } = await cli(command);
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toBe(
        `error: missing required argument 'team' (help: flow-credits ${command.join(' ')} --help)\n`,
      );
    },
  );
});
