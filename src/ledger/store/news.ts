import { type EventKind } from '../core/types';
import { type Applied, type CommittedBatch } from './transaction';

type Versions = CommittedBatch['versions'];

/** Who hears of committed batches. All but `onBatch` are hints: they may come twice, or for a batch that was not committed. */
export interface BatchListeners {
  /** Each batch that is known to be committed, once. */
  readonly onBatch: (batch: CommittedBatch, events: ReadonlyMap<EventKind, number>) => void;
  readonly onVersions: (versions: Versions) => void;
  readonly onWake: (teams: readonly string[]) => void;
  readonly onEvents: (kinds: ReadonlySet<EventKind>) => void;
}

/**
 * Tells what batches are news of: of one that is committed, at once. Of one that may be, because its connection was lost
 * before the answer, when the next batch of the same team is through, in most cases itself once more: that finds done
 * what was done, and so has nothing to tell of it.
 */
export class News {
  private readonly unsure = new Map<string, { versions: Versions; wake: boolean; kinds: Set<EventKind> }>();

  constructor(private readonly listeners: BatchListeners) {}

  committed({ batch, wake, events }: Applied): void {
    const { onBatch, onVersions } = this.listeners;
    for (const team of batch.versions.keys()) this.tellUnsure(team);
    onBatch(batch, events);
    onVersions(batch.versions);
    this.tell(wake, new Set(events.keys()));
  }

  mayBeCommitted({ batch, wake, events }: Applied): void {
    for (const [team, version] of batch.versions) {
      if (version.after === version.before) continue;
      const before = this.unsure.get(team);
      this.unsure.set(team, {
        versions: new Map([[team, version]]),
        wake: wake.includes(team) || before?.wake === true,
        kinds: new Set([...(before?.kinds ?? []), ...events.keys()]),
      });
    }
  }

  private tellUnsure(team: string): void {
    const news = this.unsure.get(team);
    if (news === undefined) return;
    this.unsure.delete(team);
    this.listeners.onVersions(news.versions);
    this.tell(news.wake ? [team] : [], news.kinds);
  }

  private tell(wake: readonly string[], kinds: ReadonlySet<EventKind>): void {
    if (wake.length > 0) this.listeners.onWake(wake);
    if (kinds.size > 0) this.listeners.onEvents(kinds);
  }
}
