import { createServer } from 'node:http';
import { closed, listening } from '../../src/dev/demo/server';
import { atEnd } from '../support';
import { AUDIENCE, ISSUER, issuer, type Issuer } from './tokens';

/** An issuer whose keys are at an address, and what a process is told of it. */
export async function servedIssuer(): Promise<{ signer: Issuer; env: Record<string, string> }> {
  const signer = await issuer();
  const keys = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(signer.keys));
  });
  const jwks = `http://127.0.0.1:${await listening(keys)}/jwks.json`;
  atEnd(() => closed(keys));
  return {
    signer,
    env: {
      FLOW_CREDITS_JWKS_URL: jwks,
      FLOW_CREDITS_JWT_ISSUER: ISSUER,
      FLOW_CREDITS_JWT_AUDIENCE: AUDIENCE,
    },
  };
}
