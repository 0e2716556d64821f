import { messageOf } from '../../../contracts/error-text';
import { BlockError } from '../errors';
import { codeOf } from '../http-errors';
import { retryAfter } from '../http-request';
import { Redactor } from '../redact';
import { renderSecrets } from '../template';
import { named, type StepIo } from './io';
import { openAiPackage, type OpenAiClient, type OpenAiPackage } from './packages';
import { type AiProvider, type AiProviders } from './providers';

export function providerOf(providers: AiProviders, name: string): AiProvider {
  return named(providers, name, 'AI provider', 'ProviderUnknown', 'FLOW_CREDITS_AI_PROVIDERS');
}

export interface EndpointCall {
  readonly providers: AiProviders;
  readonly provider: string;
  readonly timeoutMs: number;
  /** Whether it may be asked again although it may have worked on the first request. */
  readonly repeatable: boolean;
}

/**
 * One request to a provider's endpoint. The client itself tries nothing again: Temporal does, and each attempt is seen.
 * Whatever goes wrong is a `BlockError` without secrets.
 */
export async function withEndpoint<T>(
  call: EndpointCall,
  io: StepIo,
  work: (client: OpenAiClient, signal: AbortSignal, redactor: Redactor) => Promise<T>,
): Promise<T> {
  const settings = providerOf(call.providers, call.provider);
  const openai = await openAiPackage();
  const redactor = new Redactor();
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(settings.headers)) {
    headers[name] = await renderSecrets(text, io, redactor);
  }
  const client = new openai.OpenAI({
    baseURL: settings.baseUrl,
    // The client wants one, also for an endpoint that does not.
    apiKey: settings.apiKey === undefined ? 'none' : await renderSecrets(settings.apiKey, io, redactor),
    defaultHeaders: headers,
    maxRetries: 0,
    // What the client would take from the environment is not this provider's.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    // A redirect would take the key along to wherever it leads.
    fetchOptions: { redirect: 'manual' },
  });
  const timeout = AbortSignal.timeout(call.timeoutMs);
  io.signal.throwIfAborted();
  io.heartbeat();
  try {
    return await work(client, AbortSignal.any([io.signal, timeout]), redactor);
  } catch (error) {
    io.signal.throwIfAborted();
    throw failureOf(openai, call, error, timeout.aborted, redactor);
  }
}

function failureOf(
  { APIError, APIConnectionError }: OpenAiPackage,
  { provider, timeoutMs, repeatable }: EndpointCall,
  error: unknown,
  timedOut: boolean,
  redactor: Redactor,
): BlockError {
  if (error instanceof BlockError) return error;
  const what = `AI provider "${provider}"`;
  const said = redactor.text(messageOf(error)).slice(0, 500);
  if (timedOut) {
    return new BlockError('ProviderTimeout', `${what} gave no answer within ${timeoutMs / 1000} s`, {
      retryable: repeatable,
    });
  }
  if (error instanceof APIConnectionError) {
    const cause = error.cause instanceof Error ? error.cause : error;
    const code = codeOf(cause.cause) || codeOf(cause);
    return new BlockError('ProviderUnreachable', `${what} cannot be reached: ${code === '' ? said : code}`, {
      retryable: repeatable || code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN',
    });
  }
  if (error instanceof APIError && typeof error.status === 'number') {
    const status: number = error.status;
    const headers: unknown = error.headers;
    const wait = headers instanceof Headers ? waitOf(headers) : null;
    const retryable = statusMayPass(status, repeatable);
    return new BlockError('ProviderStatus', `${what} answered ${said}`, {
      retryable,
      ...(retryable && wait !== null ? { retryAfterMs: wait } : {}),
    });
  }
  return new BlockError('ProviderAnswerInvalid', `${what} gave an answer that cannot be read: ${said}`);
}

/** An endpoint that is overloaded says so and has done nothing; after any other 5xx nobody knows. */
function statusMayPass(status: number, repeatable: boolean): boolean {
  if (status === 429 || status === 503 || status === 529) return true;
  return repeatable && (status >= 500 || status === 408 || status === 409 || status === 425);
}

function waitOf(headers: Headers): number | null {
  const ms = headers.get('retry-after-ms');
  if (ms !== null && /^\d+$/.test(ms)) return Math.min(Number(ms), 300_000);
  return retryAfter(headers.get('retry-after') ?? '');
}
