const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** npm and tsx pass Ctrl-C on to a process that has had it from the terminal: what comes at once is an echo. */
const ECHO_MS = 700;

export interface Signalled {
  /** Resolves with the first signal that asks this process to end. */
  readonly first: Promise<NodeJS.Signals>;
  /** Gives signals back their default meaning. */
  end(): void;
}

/**
 * Catches Ctrl-C, SIGTERM and a closed terminal, so that things can be stopped in order. A second Ctrl-C ends the
 * process at once; the guardian then ends the servers.
 */
export function untilSignalled(): Signalled {
  let resolve: (signal: NodeJS.Signals) => void = () => undefined;
  let firstAt: number | null = null;
  const first = new Promise<NodeJS.Signals>((done) => {
    resolve = done;
  });
  // Nothing else may keep the process alive while it waits: the servers do not.
  const alive = setInterval(() => undefined, 1 << 30);
  const listener = (signal: NodeJS.Signals): void => {
    firstAt ??= Date.now();
    if (Date.now() - firstAt > ECHO_MS) process.exit(130);
    resolve(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    first,
    end: () => {
      clearInterval(alive);
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
