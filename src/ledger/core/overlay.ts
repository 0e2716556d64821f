/**
 * A map over a map it never changes. Writes stay here, and those since the last mark can be taken back: a batch works
 * on one of these per table, so that an operation costs what it touches and not what is loaded.
 */
export class Overlay<K, V> {
  private readonly changed = new Map<K, V>();
  private readonly journal: { key: K; before: V | undefined }[] = [];

  constructor(private readonly base: ReadonlyMap<K, V>) {}

  get(key: K): V | undefined {
    return this.changed.get(key) ?? this.base.get(key);
  }

  set(key: K, value: V): void {
    this.journal.push({ key, before: this.changed.get(key) });
    this.changed.set(key, value);
  }

  /** True if something was set since the last mark. */
  get touched(): boolean {
    return this.journal.length > 0;
  }

  /** What was set so far stands. */
  mark(): void {
    this.journal.length = 0;
  }

  /** Takes back what was set since the last mark. */
  rollback(): void {
    for (let undo = this.journal.pop(); undo !== undefined; undo = this.journal.pop()) {
      if (undo.before === undefined) this.changed.delete(undo.key);
      else this.changed.set(undo.key, undo.before);
    }
  }

  *values(): IterableIterator<V> {
    for (const [key, value] of this.base) yield this.changed.get(key) ?? value;
    for (const [key, value] of this.changed) if (!this.base.has(key)) yield value;
  }

  /** New and changed values. */
  changes(): V[] {
    const changes: V[] = [];
    for (const [key, value] of this.changed) if (this.base.get(key) !== value) changes.push(value);
    return changes;
  }
}
