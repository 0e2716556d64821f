import { Agent, request } from 'undici';
import { type Webhook as Signer } from 'standardwebhooks';
import { messageOf } from '../contracts/error-text';
import { eventIdOf } from '../contracts/names';
import { toIso } from '../contracts/time';
import { type DueEvent, type EventKind } from '../ledger';
import { checkedUrl, retryAfterMs, signersOf } from './webhook-rules';

/** Where events go, as a platform says it. Neither the address nor a secret ever enters a history or the ledger. */
export interface WebhookOptions {
  readonly url: string;
  /** `whsec_…`, as the Standard Webhooks specification has them. Each signs, so that they can be rotated. */
  readonly secrets: readonly string[];
  /** Kinds of events to send; all others stay in the feed. Left out: all. */
  readonly kinds?: readonly EventKind[];
  /** For one request, its answer included. Default 15 s. */
  readonly timeoutMs?: number;
  /** Requests under way at a time, each of another team. Default 8. */
  readonly atOnce?: number;
  /** An event is tried so often before it is dead. Default 15: with the pauses below, three days. */
  readonly attempts?: number;
  /** The pause after the first attempt; each further one is three times as long. Default 5 s. */
  readonly firstPauseMs?: number;
  /** No pause is longer. Default 12 h. */
  readonly longestPauseMs?: number;
}

/** What came of one attempt. */
export type Sent =
  | { readonly status: 'delivered' }
  | {
      readonly status: 'failed';
      /** For people: no address, no secret, nothing of the answer's body. */
      readonly error: string;
      /** The endpoint says that it will never be there again (410). */
      readonly gone: boolean;
      /** How long it asked to be left alone. */
      readonly retryAfterMs: number | null;
    };

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_AT_ONCE = 8;
const GONE = 410;

/** Sends events to one address over connections it keeps. One per worker; close it. */
export class Webhook {
  readonly kinds: readonly EventKind[] | null;
  readonly atOnce: number;
  private readonly url: URL;
  private readonly signers: readonly Signer[];
  private readonly timeoutMs: number;
  private readonly agent: Agent;

  /** Throws an `Error` that says what is wrong with the options, and shows no secret. */
  constructor(readonly options: WebhookOptions) {
    this.url = checkedUrl(options.url);
    this.signers = signersOf(options.secrets);
    this.kinds = options.kinds ?? null;
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.atOnce = options.atOnce ?? DEFAULT_AT_ONCE;
    // The attempt's own timeout is the one that counts.
    this.agent = new Agent({ connections: this.atOnce, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** One attempt. Throws the signal's reason once it is aborted, and nothing else. */
  async send(due: DueEvent, signal: AbortSignal): Promise<Sent> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const { headers, body } = this.messageOf(due);
    try {
      const response = await request(this.url, {
        dispatcher: this.agent,
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.any([signal, timeout]),
      });
      // The status is the answer; what else it says nobody reads, and a body that breaks off takes nothing back.
      await response.body.dump().catch(() => undefined);
      return answerOf(response.statusCode, response.headers['retry-after']);
    } catch (error) {
      signal.throwIfAborted();
      const message = timeout.aborted ? `no answer within ${this.timeoutMs / 1000} s` : reasonOf(error);
      return { status: 'failed', error: message, gone: false, retryAfterMs: null };
    }
  }

  /** The id and the body are the same in each attempt; the time is the attempt's own, on the clock of this process. */
  private messageOf({ team, event }: DueEvent): { headers: Record<string, string>; body: string } {
    const { seq, at, kind, data } = event;
    const id = eventIdOf(team, seq);
    const body = JSON.stringify({ id, type: kind, timestamp: toIso(at), team, seq, data });
    const now = new Date();
    return {
      headers: {
        'content-type': 'application/json',
        'user-agent': 'temporal-flow-credits',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': this.signers.map((signer) => signer.sign(id, now, body)).join(' '),
      },
      body,
    };
  }

  /** Closes all connections; what is still on its way fails. */
  close(): Promise<void> {
    return this.agent.destroy();
  }
}

function answerOf(status: number, retryAfter: string | string[] | undefined): Sent {
  if (status >= 200 && status < 300) return { status: 'delivered' };
  const redirected = status >= 300 && status < 400 ? ' (redirects are not followed)' : '';
  return {
    status: 'failed',
    error: `HTTP ${status}${redirected}`,
    gone: status === GONE,
    retryAfterMs: typeof retryAfter === 'string' ? retryAfterMs(retryAfter, Date.now()) : null,
  };
}

const REASON_MOST = 300;

/** `connect ECONNREFUSED 127.0.0.1:8080`: undici and Node name the host, never the path or the query. */
function reasonOf(error: unknown): string {
  return messageOf(error).slice(0, REASON_MOST);
}
