/** Where the account goes: lines one below the other, and where the terminal can, a block below them that changes. */
export interface Screen {
  readonly live: boolean;
  print(line: string): void;
  /** Replaces the changing block. */
  show(block: readonly string[]): void;
}

const SILENT: Screen = { live: false, print: () => undefined, show: () => undefined };

export function screenFor(stream: NodeJS.WriteStream, silent: boolean): Screen {
  if (silent) return SILENT;
  if (stream.listenerCount('error') === 0) {
    // A reader that went away (`| head`) is no error.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return stream.isTTY && process.env['TERM'] !== 'dumb' ? liveScreen(stream) : plainScreen(stream);
}

function plainScreen(stream: NodeJS.WriteStream): Screen {
  return { live: false, print: (line) => stream.write(`${line}\n`), show: () => undefined };
}

function liveScreen(stream: NodeJS.WriteStream): Screen {
  let block: readonly string[] = [];
  const erase = (): string => (block.length === 0 ? '' : `\x1b[${block.length}A\x1b[J`);
  const draw = (): string => block.map((line) => `${line}\n`).join('');
  return {
    live: true,
    print: (line) => stream.write(`${erase()}${line}\n${draw()}`),
    show: (next) => {
      const before = erase();
      // A line that wraps would take two rows, and the next erase would miss one.
      block = next.slice(0, Math.max(0, stream.rows - 2)).map((line) => cut(line, stream.columns - 1));
      stream.write(`${before}${draw()}`);
    },
  };
}

const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);

/** Cuts a line to so many visible characters; colours take none. */
export function cut(line: string, width: number): string {
  let left = width;
  return line
    .split(COLOUR)
    .map((part) => {
      if (part.startsWith(ESCAPE)) return part;
      const characters = Array.from(part).slice(0, Math.max(0, left));
      left -= characters.length;
      return characters.join('');
    })
    .join('');
}
