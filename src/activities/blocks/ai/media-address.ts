import { setTimeout as pause } from 'node:timers/promises';
import { sizeText } from '../../../contracts/blocks-size';
import { messageOf } from '../../../contracts/error-text';
import { type Usage } from '../../../contracts/usage';
import { BlockError } from '../errors';
import { hostAndPort } from '../http-allow';
import { describe, type HttpCall, type HttpCaller } from '../http-caller';
import { statusMayPass } from '../http-errors';
import { Redactor } from '../redact';
import { type BlockIo } from '../types';

export const MEDIA_MOST_BYTES = 64 * 1024 * 1024;

/** The picture is made and paid: fetching it is tried so often, since making it again costs again. */
const TRIES = 3;
const PAUSE_MS = 500;

/**
 * Fetches a picture whose endpoint answered with its address. It may be where the public may reach it, at the provider's
 * own host, which the platform named, or where the platform allows it; nothing of the provider's credentials goes along.
 * Whatever ends it, what the picture cost is told.
 */
export async function fetchPicture(
  http: HttpCaller,
  url: string,
  baseUrl: string,
  usage: Usage,
  io: BlockIo,
  deadline: AbortSignal,
): Promise<Buffer> {
  const inline = /^data:[^,]*;base64,/.exec(url);
  if (inline !== null) return inOne(Buffer.from(url.slice(inline[0].length), 'base64'), usage);
  const call: HttpCall = {
    method: 'GET',
    url,
    headers: { 'user-agent': 'temporal-flow-credits', accept: 'image/*, */*' },
    body: null,
    // The deadline is the one that counts.
    timeoutMs: 600_000,
    redirects: 5,
    maxResponseBytes: MEDIA_MOST_BYTES,
    repeatable: true,
    redactor: new Redactor(),
    trusted: hostAndPort(new URL(baseUrl)),
  };
  const signal = AbortSignal.any([io.signal, deadline]);
  for (let tries = 1; ; tries += 1) {
    try {
      io.heartbeat();
      const { status, bytes } = await http.download(call, signal);
      if (status < 300) return bytes;
      throw new BlockError('HttpStatus', `${describe(call)} answered ${status}`, {
        retryable: statusMayPass(status, true),
      });
    } catch (error) {
      if (tries >= TRIES || !mayPass(error) || signal.aborted) throw withUsage(error, usage);
      await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A picture that came with the answer. */
export function inOne(bytes: Buffer, usage: Usage): Buffer {
  if (bytes.length > MEDIA_MOST_BYTES) throw tooLarge(sizeText(bytes.length), usage);
  return bytes;
}

function mayPass(error: unknown): boolean {
  return error instanceof BlockError && error.retryable;
}

/** Also where the block is cancelled: what was made is charged. */
function withUsage(error: unknown, usage: Usage): BlockError {
  const known = error instanceof BlockError ? error : null;
  if (known?.type === 'HttpResponseTooLarge')
    return tooLarge(`more than ${sizeText(MEDIA_MOST_BYTES)}`, usage);
  const said = messageOf(error);
  return new BlockError(
    known?.type ?? 'MediaUnavailable',
    `the picture was made and could not be fetched: ${said}`,
    { usage },
  );
}

function tooLarge(size: string, usage: Usage): BlockError {
  return new BlockError(
    'MediaTooLarge',
    `the picture has ${size}; the most is ${sizeText(MEDIA_MOST_BYTES)}`,
    { usage },
  );
}
