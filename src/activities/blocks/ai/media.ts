import { z } from 'zod';
import { aiMediaConfigSchema, type AiMediaConfig } from '../../../contracts/blocks-ai';
import { didYouMean } from '../../../contracts/blocks-suggest';
import { messageOf } from '../../../contracts/error-text';
import { type Usage } from '../../../contracts/usage';
import { BlockError } from '../errors';
import { type HttpCaller } from '../http-caller';
import { isObject, parseJson } from '../json';
import { type Sandbox } from '../sandbox';
import { render } from '../template';
import { type BlockExecutor, type BlockIo } from '../types';
import { type BlobStore } from './blobs';
import { providerOf, withEndpoint } from './endpoint';
import { listedCost, toldCost } from './media-cost';
import { fetchPicture, inOne } from './media-address';
import { type AiProviders, type ImageModel } from './providers';

const answerSchema = z.object({
  data: z.array(z.object({ b64_json: z.string().min(1).nullish(), url: z.string().min(1).nullish() })).min(1),
});

/**
 * Makes a picture, keeps it as a blob and delivers its name: `{blob, mediaType, bytes}`. What it cost is passed through;
 * one whose cost cannot be told is not asked for.
 */
export function mediaBlock(
  sandbox: Sandbox,
  providers: AiProviders,
  blobs: BlobStore | undefined,
  http: HttpCaller,
): BlockExecutor {
  return {
    type: 'ai-media',
    kind: 'external',
    execute: async (config, io) => {
      const settings = aiMediaConfigSchema.parse(config);
      const model = imageModelOf(providers, settings);
      const listed = listedCost(model.cost, settings);
      if (blobs === undefined) {
        throw new BlockError(
          'BlobsUnset',
          'this worker has no place for media; set FLOW_CREDITS_BLOBS to a folder, or give it a blob store',
        );
      }
      const { value } = await render({ prompt: settings.prompt }, io, sandbox);
      const prompt = isObject(value) ? value['prompt'] : null;
      if (typeof prompt !== 'string' || prompt === '') {
        throw new BlockError('TemplateFailed', 'the prompt yields no text; say what the picture should show');
      }
      // Making it and fetching it share the block's time.
      const deadline = AbortSignal.timeout(settings.timeoutSeconds * 1000);
      const { made, usage } = await generate(providers, settings, model, prompt, listed, io);
      const { baseUrl } = providerOf(providers, settings.provider);
      const bytes =
        'bytes' in made ? made.bytes : await fetchPicture(http, made.url, baseUrl, usage, io, deadline);
      const mediaType = mediaTypeOf(bytes);
      const blob = await kept(blobs, { team: io.run.team, bytes, mediaType }, usage);
      return { value: { blob, mediaType, bytes: bytes.length }, usage };
    },
  };
}

function imageModelOf(providers: AiProviders, { provider, model }: AiMediaConfig): ImageModel {
  const { images } = providerOf(providers, provider);
  const found = Object.hasOwn(images, model) ? images[model] : undefined;
  if (found !== undefined) return found;
  throw new BlockError(
    'MediaUnpriced',
    `AI provider "${provider}" has no image model "${model}" whose cost is known${didYouMean(model, Object.keys(images))}; name it, with its "cost", in FLOW_CREDITS_AI_PROVIDERS`,
  );
}

interface Picture {
  /** As it came, or where it is. */
  readonly made: { readonly bytes: Buffer } | { readonly url: string };
  readonly usage: Usage;
}

async function generate(
  providers: AiProviders,
  settings: AiMediaConfig,
  { id, cost, askForBase64 }: ImageModel,
  prompt: string,
  listed: string | null,
  io: BlockIo,
): Promise<Picture> {
  const { provider, model, size, quality, timeoutSeconds } = settings;
  // A picture that may have been made is not asked for again: each costs money.
  const call = { providers, provider, timeoutMs: timeoutSeconds * 1000, repeatable: false };
  return withEndpoint(call, io, async (client, signal) => {
    const body = {
      model: id ?? model,
      prompt,
      n: 1,
      ...(size === undefined ? {} : { size }),
      ...(quality === undefined ? {} : { quality }),
      ...(askForBase64 ? { response_format: 'b64_json' } : {}),
    };
    // Not the client's typed call: it knows the sizes of one provider only, and reads numbers as floats.
    const response: Response = await client.post('/images/generations', { body, signal }).asResponse();
    const text = await response.text();
    const parsed = answerSchema.safeParse(parseJson(text));
    const { b64_json: encoded, url } = (parsed.success ? parsed.data.data[0] : undefined) ?? {};
    // Without the picture it is short, whatever was drawn.
    const costUsd = listed ?? toldCost(cost, response.headers, encoded ? text.replace(encoded, '') : text);
    if (costUsd === null) {
      throw new BlockError(
        'MediaCostMissing',
        `AI provider "${provider}" made a picture by "${model}" and did not say what it cost; see "cost" in FLOW_CREDITS_AI_PROVIDERS`,
      );
    }
    const usage: Usage = { model, costUsd };
    if (!encoded && !url) {
      throw new BlockError(
        'ProviderAnswerInvalid',
        `AI provider "${provider}" answered with neither a picture in base64 nor its address; see "askForBase64" of "${model}"`,
        { usage },
      );
    }
    if (!encoded) return { made: { url: url ?? '' }, usage };
    return { made: { bytes: inOne(Buffer.from(encoded, 'base64'), usage) }, usage };
  });
}

async function kept(blobs: BlobStore, blob: Parameters<BlobStore['put']>[0], usage: Usage): Promise<string> {
  try {
    return await blobs.put(blob);
  } catch (error) {
    const reason = messageOf(error);
    throw new BlockError('BlobsFailed', `the picture was made and could not be kept: ${reason}`, { usage });
  }
}

const SIGNATURES: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

/** By its first bytes: what an endpoint says of its media is not to be relied on. */
function mediaTypeOf(bytes: Buffer): string {
  const head = bytes.subarray(0, 16).toString('latin1');
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0] ?? 'application/octet-stream';
}
