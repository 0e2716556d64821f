import createClient from 'openapi-fetch';
import { API_BASE } from './base';
import { identity, tokenExpired } from './identity';
import { ApiProblem, Unreachable, type ProblemBody } from './problem';
import { type paths } from './schema';

/** `fetch` with the reader's token. Throws {@link ApiProblem} for an answer that is none, {@link Unreachable} for none. */
async function fetchAs(request: Request): Promise<Response> {
  const who = identity.get();
  if (who.state === 'known') request.headers.set('authorization', `Bearer ${who.token}`);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Unreachable(error);
  }
  if (response.ok) return response;
  if (response.status === 401 && who.state === 'known') tokenExpired(who.token);
  throw new ApiProblem(response.status, await bodyOf(response));
}

async function bodyOf(response: Response): Promise<ProblemBody> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

/** Typed by the API's own OpenAPI document. */
export const api = createClient<paths, 'application/json'>({
  baseUrl: API_BASE,
  fetch: fetchAs,
  cache: 'no-store',
});

/** A path of the API, `/v1/…`, for what is no JSON. */
export function call(path: string, init: RequestInit): Promise<Response> {
  return fetchAs(new Request(API_BASE + path, { ...init, cache: 'no-store' }));
}

/** The data of an answer that is one: others were thrown. */
export async function data<T>(answering: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data: found, response } = await answering;
  if (found === undefined) throw new ApiProblem(response.status, { detail: 'The API answered nothing.' });
  return found;
}
