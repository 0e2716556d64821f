import { setTimeout as delay } from 'node:timers/promises';
import pc from 'picocolors';
import { type Screen } from './screen';

/** Time to read, where somebody watches. */
const BEAT_MS = 1_200;
const REDRAW_MS = 150;

export type Colours = ReturnType<typeof pc.createColors>;

/** Tells the story: lines that stay, and on a terminal a view of the team it is about that follows what happens. */
export class Narrator {
  readonly colours: Colours;
  private watching: { stop: () => Promise<void> } | null = null;

  constructor(private readonly screen: Screen) {
    this.colours = pc.createColors(screen.live && !process.env['NO_COLOR']);
  }

  title(text: string): void {
    this.screen.print(this.colours.bold(text));
  }

  act(text: string): void {
    this.screen.print('');
    this.screen.print(this.colours.bold(this.colours.cyan(text)));
  }

  say(text: string): void {
    this.screen.print(`  ${text}`);
  }

  /** What belongs to the line before it. */
  detail(text: string): void {
    this.screen.print(`    ${this.colours.dim(text)}`);
  }

  /** What was checked and holds. */
  holds(text: string): void {
    this.screen.print(`  ${this.colours.green('ok')} ${text}`);
  }

  lines(text: string): void {
    for (const line of text.split('\n')) this.screen.print(`  ${line}`);
  }

  /** A pause to read, on a terminal only. */
  async beat(): Promise<void> {
    if (this.screen.live) await delay(BEAT_MS);
  }

  /** Follows what `look` sees until the next call, or {@link unwatch}. On a terminal only. */
  async watch(look: () => Promise<readonly string[]>): Promise<void> {
    await this.unwatch();
    if (!this.screen.live) return;
    const ended = new AbortController();
    const drawing = this.redraw(look, ended.signal);
    this.watching = {
      stop: async () => {
        ended.abort();
        await drawing;
        this.screen.show([]);
      },
    };
  }

  async unwatch(): Promise<void> {
    const { watching } = this;
    this.watching = null;
    await watching?.stop();
  }

  private async redraw(look: () => Promise<readonly string[]>, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      try {
        const view = await look();
        this.screen.show(['', ...view]);
      } catch {
        // The story itself fails where something is wrong; its view only shows.
      }
      await delay(REDRAW_MS, undefined, { signal: ended }).catch(() => undefined);
    }
  }
}
