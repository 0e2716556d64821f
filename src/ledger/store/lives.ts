/** So many keys are remembered, of all runs together: some 20 MB. */
const MOST_KEYS = 500_000;

/** The keys that a run was charged for, of one that this process knows from its first admission on. */
export class Life {
  /** By a hash: should two keys of a run have the same, Postgres is asked in vain. Null if they were too many. */
  private hashes: Set<number> | null = new Set();

  constructor(private readonly onKey: () => void) {}

  /** False if the run was not charged for it; true if it was, or may have been. */
  mayHave(key: string): boolean {
    return this.hashes?.has(hashOf(key)) ?? true;
  }

  add(key: string): void {
    if (this.hashes === null) return;
    const { size } = this.hashes;
    this.hashes.add(hashOf(key));
    if (this.hashes.size > size) this.onKey();
  }

  /** Returns how many keys it had. */
  forget(): number {
    const size = this.hashes?.size ?? 0;
    this.hashes = null;
    return size;
  }
}

/** Lives of runs. Beyond a number of keys the first that began are forgotten. */
export class Lives {
  private readonly lives = new Set<Life>();
  /** Of keys; a life without any counts as one, too. */
  private count = 0;
  private readonly onKey = (): void => {
    this.count += 1;
    if (this.count > this.most) this.forgetSome();
  };

  constructor(private readonly most = MOST_KEYS) {}

  /** Of a run that was not there before, and so was never charged. */
  begin(): Life {
    const life = new Life(this.onKey);
    this.lives.add(life);
    this.onKey();
    return life;
  }

  private forgetSome(): void {
    for (const life of this.lives) {
      if (this.count <= this.most * 0.9) return;
      this.lives.delete(life);
      this.count -= 1 + life.forget();
    }
  }
}

/** FNV-1a, cut to what is a small integer to V8. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 2;
}
