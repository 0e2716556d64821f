import { type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type Json } from '../../contracts/json';
import { parseJson } from './json';

/** The response was longer than the block allows; reading stopped there. */
export class BodyTooLarge extends Error {}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Reads a body, never more than `most` bytes of it as decoded. Throws {@link BodyTooLarge}. */
export async function readBody(body: Readable, encoding: string, most: number): Promise<Buffer> {
  const decoder = DECODERS[encoding.trim().toLowerCase()];
  const stream = decoder === undefined ? body : decode(body, decoder());
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      const piece = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      bytes += piece.length;
      if (bytes > most) throw new BodyTooLarge();
      chunks.push(piece);
    }
    return Buffer.concat(chunks);
  } finally {
    // Leaving the loop early must also close the connection, whatever stands between.
    body.destroy();
  }
}

function decode(body: Readable, decoder: NodeJS.ReadWriteStream): NodeJS.ReadWriteStream {
  body.on('error', (error) => {
    decoder.emit('error', error);
  });
  return body.pipe(decoder);
}

const TEXT = /^(text\/|application\/(xml|javascript|x-www-form-urlencoded|graphql|yaml)\b|[^;]*\+xml\b)/i;
const JSON_TYPE = /^(application|text)\/([^;]*\+)?json\b/i;

/**
 * A body as a value: JSON where the server says so and it is, text where it is text, null where it is empty, else
 * `{base64}`.
 */
export function bodyValue(bytes: Buffer, contentType: string): Json {
  if (bytes.length === 0) return null;
  const text = utf8(bytes);
  if (text === null) return { base64: bytes.toString('base64') };
  if (JSON_TYPE.test(contentType)) {
    try {
      return parseJson(text);
    } catch {
      return text;
    }
  }
  return contentType === '' || TEXT.test(contentType) ? text : { base64: bytes.toString('base64') };
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
