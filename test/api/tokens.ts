import { type KeySet } from '../../src/api';

export const ISSUER = 'https://id.test';
export const AUDIENCE = 'flow-credits';

export interface TokenClaims {
  readonly sub: string;
  readonly role: string;
  readonly team?: string;
  readonly iss?: string;
  readonly aud?: string;
  /** Seconds from now. Default 600. */
  readonly expiresIn?: number;
  readonly [claim: string]: string | number | undefined;
}

/** Whoever says who people are. */
export interface Issuer {
  readonly keys: KeySet;
  sign(claims: TokenClaims): Promise<string>;
}

/** A fresh key, and tokens signed by it. */
export async function issuer(): Promise<Issuer> {
  const { exportJWK, generateKeyPair, SignJWT } = await import('jose');
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256' };
  return {
    keys: { keys: [key] },
    sign: ({ expiresIn = 600, iss = ISSUER, aud = AUDIENCE, ...claims }) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'test' })
        .setIssuer(iss)
        .setAudience(aud)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
        .sign(privateKey),
  };
}
