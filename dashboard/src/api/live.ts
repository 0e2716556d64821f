import { EventSourceParserStream } from 'eventsource-parser/stream';
import { pauseAfter } from './backoff';
import { API_BASE } from './base';
import { identity, tokenExpired } from './identity';

/** `live`: changes come as they happen. Else what is shown may be old, and comes back by itself. */
export type LiveState = 'connecting' | 'live' | 'offline';

interface Watch {
  readonly team: string;
  /** The version that is shown: only what is newer is told. */
  readonly seen: () => string | null;
  /** Something changed, or may have while nobody listened. */
  readonly onChange: () => void;
  readonly onState: (state: LiveState) => void;
}

/** A stream that has not begun by then is asked for again. */
const BEGINS_WITHIN_MS = 10_000;
/** The server sends a comment every 15 s: after three that did not come the line is taken for dead. */
const SILENCE_MS = 45_000;

/**
 * Follows a team by server-sent events, over `fetch`: `EventSource` cannot bring a token. Connects again for as long as
 * it is not ended, at once when the browser comes back online. While nobody sees the page it holds no connection: a
 * browser has six to a server, and each tab would keep one. Gives how to end it.
 */
export function watchTeam({ team, seen, onChange, onState }: Watch): () => void {
  const ended = new AbortController();
  let unseen = new AbortController();
  let wake: () => void = () => undefined;
  const online = (): void => {
    wake();
  };
  const shownOrHidden = (): void => {
    if (document.visibilityState === 'hidden') {
      unseen.abort();
    } else {
      unseen = new AbortController();
      wake();
    }
  };
  addEventListener('online', online);
  document.addEventListener('visibilitychange', shownOrHidden);
  shownOrHidden();

  const pause = (ms?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  void (async () => {
    let failures = 0;
    // What changed while nobody listened is told by the version that was seen; after a failure more may be missing.
    let missed = false;
    while (!isOver(ended.signal)) {
      const hidden = unseen.signal;
      if (isOver(hidden)) {
        await pause();
        continue;
      }
      onState(missed ? 'offline' : 'connecting');
      const heard = await follow(
        { team, seen: seen() },
        AbortSignal.any([ended.signal, hidden]),
        () => {
          failures = 0;
          onState('live');
          if (missed) onChange();
          missed = false;
        },
        onChange,
      );
      if (heard === 'signed out') break;
      if (isOver(ended.signal) || isOver(hidden)) continue;
      missed = true;
      onState('offline');
      failures += 1;
      await pause(pauseAfter(failures));
    }
  })();

  return () => {
    removeEventListener('online', online);
    document.removeEventListener('visibilitychange', shownOrHidden);
    ended.abort();
    wake();
  };
}

/** Asked anew after each wait. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function follow(
  { team, seen }: { readonly team: string; readonly seen: string | null },
  ended: AbortSignal,
  onOpen: () => void,
  onChange: () => void,
): Promise<'ended' | 'signed out'> {
  const who = identity.get();
  if (who.state !== 'known') return 'signed out';
  const silent = new AbortController();
  let watchdog = setTimeout(() => undefined, 0);
  const heard = (withinMs = SILENCE_MS): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      silent.abort();
    }, withinMs);
  };
  try {
    heard(BEGINS_WITHIN_MS);
    const response = await fetch(`${API_BASE}/v1/teams/${encodeURIComponent(team)}/live`, {
      headers: {
        authorization: `Bearer ${who.token}`,
        accept: 'text/event-stream',
        ...(seen === null ? {} : { 'last-event-id': seen }),
      },
      signal: AbortSignal.any([ended, silent.signal]),
      cache: 'no-store',
    });
    if (response.status === 401) {
      tokenExpired(who.token);
      return 'signed out';
    }
    // Whatever else is answered passes: the team was shown, so a 404 is a gateway's whose server is away.
    if (!response.ok || response.body === null) return 'ended';
    heard();
    onOpen();
    const events = response.body
      .pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform: (chunk, controller) => {
            heard();
            controller.enqueue(chunk);
          },
        }),
      )
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .getReader();
    for (;;) {
      const { done, value } = await events.read();
      if (done) return 'ended';
      if (value.event === 'changed') onChange();
    }
  } catch {
    return 'ended';
  } finally {
    clearTimeout(watchdog);
  }
}
