import { randomUUID } from 'node:crypto';
import { type Registry } from 'prom-client';
import { type Role } from '../api';
import { missingPackage } from '../contracts/missing-package';
import { openLinks } from './open-links';
import { builtPage } from './page';
import { freePort, isFree } from './ports';
import { type Stack } from './stack';

/** Where the page's own dev server looks for the API. */
const USUAL_PORT = 8080;
const ISSUER = 'urn:flow-credits:dev';
const AUDIENCE = 'flow-credits';
/** Of a token. A page that is left open so long asks for the address to be opened again. */
const LIFETIME = '1d';

export interface StackApiOptions {
  /** Left out: 8080 where that is free, else a free one. */
  readonly port?: number;
  /** Left out: the worker's own. */
  readonly taskQueue?: string;
  /** What the worker of this process measures, for `/metrics`. Left out: the API's own are there alone. */
  readonly registry?: Registry;
  readonly onProgress: (line: string) => void;
}

/** Whoever a link is for; an operator without a team. */
export interface Reader {
  readonly role: Role;
  readonly team?: string;
}

/** The API of a stack in this process, with the page. Its tokens are signed by a key that is made with it and ends with it. */
export interface StackApi {
  readonly url: string;
  token(reader: Reader): Promise<string>;
  /** A short address of the page, for as long as this API is up: it opens with a fresh token in its fragment, which browsers send to nobody. */
  link(reader: Reader): string;
  close(): Promise<void>;
}

/** Null, with a line that says why, where the API's packages are not installed. */
export async function startStackApi(
  stack: Pick<Stack, 'env'>,
  { port, taskQueue, registry, onProgress }: StackApiOptions,
): Promise<StackApi | null> {
  const modules = await packages();
  if (typeof modules === 'string') {
    onProgress(`there is no API and no page: package "${modules}" is not installed`);
    return null;
  }
  const [{ serveApi }, { bearerJwt }, { exportJWK, generateKeyPair, SignJWT }] = modules;
  const links = openLinks();
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const kid = randomUUID();
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256' }] };
  const level = stack.env['FLOW_CREDITS_LOG_LEVEL'];
  const served = await serveApi({
    env: { ...stack.env, ...(taskQueue === undefined ? {} : { FLOW_CREDITS_TASK_QUEUE: taskQueue }) },
    authenticate: await bearerJwt({ keys, issuer: ISSUER, audience: AUDIENCE }),
    port: port ?? ((await isFree(USUAL_PORT)) ? USUAL_PORT : await freePort()),
    host: '127.0.0.1',
    log: { level: level ?? 'error', stream: process.stderr },
    // A terminal to work at is no trail: the lines of commands come where a log was asked for.
    ...(level === undefined ? { onCommand: () => undefined } : {}),
    page: await builtPage(onProgress),
    plugins: [links.plugin],
    ...(registry === undefined ? {} : { registry }),
  });
  const token: StackApi['token'] = ({ role, team }) =>
    new SignJWT({ role, ...(team === undefined ? {} : { team }) })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setSubject(`${role}@dev`)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(privateKey);
  const { url } = served;
  return {
    url,
    token,
    link: (reader) =>
      url +
      links.path(async () => {
        const to = reader.team === undefined ? '/teams' : `/teams/${encodeURIComponent(reader.team)}`;
        return `/#token=${await token(reader)}&to=${encodeURIComponent(to)}`;
      }),
    close: () => served.close(),
  };
}

async function packages() {
  try {
    return await Promise.all([
      import('../api/api-process.js'),
      import('../api/jwt.js'),
      import('jose'),
    ] as const);
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === null) throw error;
    return missing;
  }
}
