const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** Pauses between tries: each longer than the one before, up to a second, and never the same for all processes. */
export class Pauses {
  private count = 0;
  private end: (() => void) | null = null;

  async next(): Promise<void> {
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.count);
    this.count += 1;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, most * (0.5 + Math.random() / 2));
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.end = null;
  }

  /** It went well: the next pause is short again. */
  reset(): void {
    this.count = 0;
  }

  /** Ends the present pause: somebody wants to be done. */
  hurry(): void {
    this.end?.();
  }
}
