import { type Entry, type Source } from './types';

/** A grant's balances as the entries give them. */
export interface FoldedGrant {
  granted: bigint;
  charged: bigint;
  held: bigint;
  expired: bigint;
  withdrawn: bigint;
}

/** What the entries of one period moved. */
export interface FoldedPeriod {
  /** Available and held of all grants when it opened. */
  readonly opening: bigint;
  readonly heldOverIn: bigint;
  readonly paygHeldOverIn: bigint;
  granted: bigint;
  charged: bigint;
  expired: bigint;
  withdrawn: bigint;
  paygCharged: bigint;
  paygReversed: bigint;
  overdraft: bigint;
  heldOverCharged: bigint;
  heldOverReturned: bigint;
}

/** Balances from entries alone: what every row must agree with. Takes entries in order, one at a time. */
export class Fold {
  readonly grants = new Map<number, FoldedGrant>();
  /** What each run holds, by source; runs that hold nothing are left out. */
  readonly holds = new Map<string, Map<Source, bigint>>();
  paygHeld = 0n;
  owed = 0n;
  period: FoldedPeriod = emptyPeriod(0n, 0n, 0n);

  /** `outlived`: whether a grant had expired when a period began. */
  constructor(private readonly outlived: (grant: number, period: number) => boolean) {}

  entry(entry: Entry): void {
    if (entry.kind === 'open-period') {
      const { held, all } = this.inGrants();
      this.period = emptyPeriod(all, held, this.paygHeld);
    }
    for (const { account, delta } of entry.moves) this.move(entry, account, delta);
  }

  /** Available and held over all grants, and held alone. */
  inGrants(): { readonly held: bigint; readonly all: bigint } {
    let held = 0n;
    let all = 0n;
    for (const grant of this.grants.values()) {
      held += grant.held;
      all += foldedAvailable(grant) + grant.held;
    }
    return { held, all };
  }

  /** What a run holds of a source. */
  heldBy(runId: string, source: Source): bigint {
    return this.holds.get(runId)?.get(source) ?? 0n;
  }

  private move(entry: Entry, account: string, delta: bigint): void {
    switch (account) {
      case 'payg.charged':
        this.period.paygCharged += delta;
        return;
      case 'payg.reversed':
        this.period.paygReversed += delta;
        return;
      case 'payg.held':
        this.paygHeld += delta;
        this.hold(entry, 'payg', delta);
        return;
      case 'overdraft':
        this.period.overdraft += delta;
        return;
      case 'owed':
        this.owed += delta;
        return;
      default:
        this.moveGrant(entry, account, delta);
    }
  }

  private moveGrant(entry: Entry, account: string, delta: bigint): void {
    const [, number, term] = /^grant:(\d+)\.(granted|charged|held|expired|withdrawn)$/.exec(account) ?? [];
    if (term === undefined) throw new Error(`entry ${entry.seq} moves "${account}", which is no account`);
    const id = Number(number);
    const grant = this.grants.get(id) ?? { granted: 0n, charged: 0n, held: 0n, expired: 0n, withdrawn: 0n };
    this.grants.set(id, grant);
    switch (term) {
      case 'granted':
        grant.granted += delta;
        this.period.granted += delta;
        return;
      case 'charged':
        grant.charged += delta;
        this.period.charged += delta;
        if (entry.kind === 'charge' && this.outlived(id, entry.period)) this.period.heldOverCharged += delta;
        return;
      case 'held':
        grant.held += delta;
        this.hold(entry, `grant:${id}`, delta);
        if (entry.kind === 'release' && this.outlived(id, entry.period))
          this.period.heldOverReturned -= delta;
        return;
      case 'expired':
        grant.expired += delta;
        this.period.expired += delta;
        return;
      default:
        grant.withdrawn += delta;
        this.period.withdrawn += delta;
    }
  }

  private hold(entry: Entry, source: Source, delta: bigint): void {
    const runId = entry.runId ?? '';
    const holds = this.holds.get(runId) ?? new Map<Source, bigint>();
    const held = (holds.get(source) ?? 0n) + delta;
    if (held === 0n) holds.delete(source);
    else holds.set(source, held);
    if (holds.size === 0) this.holds.delete(runId);
    else this.holds.set(runId, holds);
  }
}

export function foldedAvailable(grant: FoldedGrant): bigint {
  return grant.granted - grant.charged - grant.held - grant.expired - grant.withdrawn;
}

function emptyPeriod(opening: bigint, heldOverIn: bigint, paygHeldOverIn: bigint): FoldedPeriod {
  return {
    opening,
    heldOverIn,
    paygHeldOverIn,
    granted: 0n,
    charged: 0n,
    expired: 0n,
    withdrawn: 0n,
    paygCharged: 0n,
    paygReversed: 0n,
    overdraft: 0n,
    heldOverCharged: 0n,
    heldOverReturned: 0n,
  };
}
