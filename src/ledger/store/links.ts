import { Connection, type ConnectionOptions } from './connection';

/** Two connections: one on which transactions follow one another, one that reads ahead for the next. */
export interface Links {
  readonly reader: Connection;
  readonly writer: Connection;
}

/** Keeps the connections, and gets others when they are lost. */
export class LinkKeeper {
  private links: Links | null = null;

  constructor(private readonly options: ConnectionOptions) {}

  /** Those there are; null if one is missing. */
  get present(): Links | null {
    return this.links !== null && this.links.reader.usable && this.links.writer.usable ? this.links : null;
  }

  /** Throws what Postgres or the network says. */
  async connect(): Promise<Links> {
    const { present } = this;
    if (present !== null) return present;
    this.cut();
    const writer = await Connection.open(this.options);
    try {
      this.links = { reader: await Connection.open(this.options), writer };
      return this.links;
    } catch (error) {
      writer.destroy();
      throw error;
    }
  }

  /** Whoever waits for an answer gets an error. */
  cut(): void {
    this.links?.reader.destroy();
    this.links?.writer.destroy();
    this.links = null;
  }

  async end(): Promise<void> {
    await Promise.all([this.links?.reader.end(), this.links?.writer.end()]);
    this.links = null;
  }
}
