/** What was opened, to be closed in the opposite order, at whatever point somebody stops us. */
export class Closing {
  private readonly steps: (() => Promise<void>)[] = [];
  private closed: Promise<void> | null = null;

  /** Remembers how to close what is being opened, from the moment it is open. */
  async keep<T>(opening: Promise<T>, close: (opened: T) => Promise<void>): Promise<T> {
    return this.now(await opening, close);
  }

  now<T>(opened: T, close: (opened: T) => Promise<void>): T {
    const step = (): Promise<void> => close(opened);
    // It came up after we were told to stop.
    if (this.closed !== null) void step();
    else this.steps.push(step);
    return opened;
  }

  /** Closes everything, last opened first. A step that fails does not keep the others from closing. */
  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  private async closeAll(): Promise<void> {
    for (const step of this.steps.splice(0).reverse()) await step().catch(() => undefined);
  }
}
