import { type Connector } from '../../../contracts/connectors';
import { messageOf } from '../../../contracts/error-text';
import { type Json } from '../../../contracts/json';
import { aborting } from '../aborting';
import { BlockError } from '../errors';
import { asOurs } from '../own-block';
import { type Redactor } from '../redact';
import { renderSecrets } from '../template';
import { type BlockIo } from '../types';
import { errorWithoutSecrets } from '../without-secrets';
import { type Service, type ServiceCall } from './service';

/** As short a secret could not be told from other text. */
const CONCEALED_LEAST_CHARACTERS = 6;
/** What a call that is cancelled may take to end. Milliseconds. */
const ENDING_MS = 5_000;

/** A service that somebody defined by `defineConnector`: the platform, or we. */
export function definedService(connector: Connector): Service {
  return {
    spec: connector.spec,
    execute: (call) => execute(connector, call),
    close: () => connector.close(),
  };
}

async function execute(
  connector: Connector,
  { settings, parameters, redactor, io }: ServiceCall,
): Promise<Json> {
  const { operation, service, timeoutSeconds, attempts = 1 } = settings;
  const credentials = await credentialsOf(connector, io, redactor);
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = AbortSignal.any([io.signal, timeout]);
  const repeatable = connector.repeatable(operation) || attempts > 1;
  const what = `operation "${operation}" of service "${service}"`;
  const work = connector.execute(operation, parameters, {
    credentials,
    conceal: (text) => {
      if (text.length >= CONCEALED_LEAST_CHARACTERS) redactor.add('credentials', text);
    },
    run: io.run,
    signal,
    heartbeat: io.heartbeat,
  });
  try {
    return redactor.json(await aborting(work, signal));
  } catch (error) {
    // It has a moment to end what it began; one that does not heed the signal ends all the same, as its run sees it.
    if (signal.aborted) await settled(work, AbortSignal.timeout(ENDING_MS));
    io.signal.throwIfAborted();
    if (timeout.aborted) {
      const message = `${what} took longer than ${timeoutSeconds} s; raise "timeoutSeconds" if it takes that long`;
      throw new BlockError('ConnectorTimeout', message, { retryable: repeatable });
    }
    throw errorWithoutSecrets(failureOf(error, what, repeatable), redactor);
  }
}

async function settled(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  await aborting(work, signal).catch(() => undefined);
}

function failureOf(error: unknown, what: string, repeatable: boolean): unknown {
  const ours = asOurs(error, what);
  if (ours instanceof BlockError) return ours;
  const message = messageOf(error);
  return new BlockError('ConnectorFailed', `${what}: ${message}`, { retryable: repeatable });
}

async function credentialsOf(
  { credentials }: Connector,
  io: BlockIo,
  redactor: Redactor,
): Promise<Record<string, string>> {
  const filled: Record<string, string> = {};
  for (const [name, text] of Object.entries(credentials))
    filled[name] = await renderSecrets(text, io, redactor);
  return filled;
}
