import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
} from 'fastify';
import { type BlockCatalog } from '../contracts/blocks';
import { type FlowCreditsClient } from '../client';
import { type LedgerReader } from '../ledger/read';
import { type Pricing } from '../pricing';
import { type Access, type Operation } from './access';
import { type Authenticate, type Role } from './identity';

/** Tells when something of a team has changed. What, a listener reads again. */
export interface TeamChanges {
  /** Calls `listener` after each change, until the function that it answers is called. Never throws. */
  subscribe(team: string, listener: () => void): () => void;
  /** Why nothing is heard at present, or null: live updates end until it is. Left out: it is taken to hear. */
  trouble?(): string | null;
}

/** A command that was done, or not: what an audit trail outside the ledger keeps. Holds no secret, and no body. */
export interface CommandRecord {
  readonly operation: Operation;
  readonly actor: string;
  readonly role: Role;
  readonly team: string;
  /** The run it was about, where it was about one. */
  readonly run: string | null;
  /** Its idempotency key: the ledger's request id. Null: it was refused before it was understood so far. */
  readonly idempotencyKey: string | null;
  /** Of the HTTP request. */
  readonly requestId: string;
  /** The answer's status. */
  readonly status: number;
}

/** How live updates are told. */
export interface LiveOptions {
  /** So many streams at most, of this process. Default 1,000. */
  readonly most?: number;
  /** So many of one team, so that none takes all of them. Default 100. */
  readonly mostOfTeam?: number;
  /** A comment is sent so often, so that nobody in between takes the stream for dead. Default 15 s. */
  readonly heartbeatMs?: number;
  /** Changes of a team are told at most so often. Default 250 ms. */
  readonly everyMs?: number;
}

/** What `createApi` takes. */
export interface ApiOptions {
  readonly client: FlowCreditsClient;
  readonly reader: LedgerReader;
  readonly pricing: Pricing;
  readonly authenticate: Authenticate;
  /** Left out: there are no live updates, and who asks for them is told so. */
  readonly changes?: TeamChanges;
  /** Block types beside the built-in ones, for estimates. Starts are checked by the worker, which has its own. */
  readonly blocks?: BlockCatalog;
  /** Other least roles for single operations than `ACCESS` has. */
  readonly access?: Partial<Access>;
  /** More of the server: health, metrics, the page. Outside `/v1`, and so without a token unless they ask for one. */
  readonly plugins?: readonly FastifyPluginAsync[];
  /** Adds hooks that see every request, before there is any route: logs, metrics, traces. */
  readonly around?: readonly ((app: FastifyInstance) => void | Promise<void>)[];
  readonly logger?: FastifyServerOptions['logger'];
  readonly loggerInstance?: FastifyBaseLogger;
  /** Told of every command with its answer. Left out: it is logged as `audit`, whatever the level of the log is. */
  readonly onCommand?: (record: CommandRecord) => void;
  /** How long a command may take until 503 is answered; it may be done all the same. Default 20 s. */
  readonly commandTimeoutMs?: number;
  readonly live?: LiveOptions;
  /** Who may show the page in a frame, as CSP has it. Default: nobody. */
  readonly frameAncestors?: readonly string[];
  /** Fastify's: whether `X-Forwarded-*` of a proxy in front are believed. */
  readonly trustProxy?: FastifyServerOptions['trustProxy'];
}
