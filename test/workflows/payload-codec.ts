import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type DataConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { z } from 'zod';

const ENCODING = 'binary/encrypted';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const plainSchema = z.object({ metadata: z.record(z.string(), z.base64()), data: z.base64().nullable() });

const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function serialized({ metadata, data }: Payload): string {
  const entries = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, inBase64(bytes)] as const);
  return JSON.stringify({ metadata: Object.fromEntries(entries), data: data ? inBase64(data) : null });
}

function deserialized(text: string): Payload {
  const { metadata, data } = plainSchema.parse(JSON.parse(text));
  const entries = Object.entries(metadata).map(
    ([name, bytes]) => [name, Buffer.from(bytes, 'base64')] as const,
  );
  return {
    metadata: Object.fromEntries(entries),
    ...(data === null ? {} : { data: Buffer.from(data, 'base64') }),
  };
}

/** What a platform that trusts no server with its data brings: every payload is encrypted whole, its metadata too. */
export class EncryptingCodec implements PayloadCodec {
  /** Payloads that came in as they would without a codec. */
  plain = 0;

  constructor(private readonly key: Buffer = randomBytes(32)) {}

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => this.encrypted(payload)));
  }

  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => this.decrypted(payload)));
  }

  private encrypted(payload: Payload): Payload {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const data = Buffer.concat([
      nonce,
      cipher.update(serialized(payload)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return { metadata: { encoding: Buffer.from(ENCODING) }, data };
  }

  private decrypted(payload: Payload): Payload {
    const { metadata, data } = payload;
    if (Buffer.from(metadata?.['encoding'] ?? []).toString() !== ENCODING || !data) {
      this.plain += 1;
      return payload;
    }
    const bytes = Buffer.from(data);
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return deserialized(plain.toString('utf8'));
  }
}

export function encrypting(): { readonly codec: EncryptingCodec; readonly dataConverter: DataConverter } {
  const codec = new EncryptingCodec();
  const failureConverterPath = require.resolve('./encoded-failures');
  return { codec, dataConverter: { payloadCodecs: [codec], failureConverterPath } };
}
