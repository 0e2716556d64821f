import { z } from 'zod';
import { nameSchema } from '../../../contracts/blocks-config';
import { decimalTextSchema } from '../../../contracts/usage';
import { loadSettings } from '../settings-file';

/** A text, `{{secret:NAME}}` or both. */
const secretText = z.string().min(1);

/** Where the cost of a picture is found. Amounts are decimal text: a JSON number would be a float. */
const costSchema = z.union(
  [
    /** A price list; the first row that fits counts, and one without `size` (or `quality`) fits every one. */
    z.strictObject({
      list: z
        .array(
          z.strictObject({
            size: z.string().min(1).optional(),
            quality: z.string().min(1).optional(),
            usd: decimalTextSchema,
          }),
        )
        .min(1),
    }),
    /** A field of the answer, `usage.cost`; read from its text, digit by digit. */
    z.strictObject({ field: z.string().min(1) }),
    /** A header of the answer. */
    z.strictObject({ header: z.string().min(1) }),
  ],
  { error: 'must say where the cost is found: "list", "field" or "header"' },
);
export type ImageCost = z.infer<typeof costSchema>;

const imageModelSchema = z.strictObject({
  /** What the endpoint calls the model; left out, the same. */
  id: z.string().min(1).optional(),
  cost: costSchema,
  /** The endpoint answers with an address unless it is asked for the picture itself. */
  askForBase64: z.boolean().default(false),
});
export type ImageModel = z.infer<typeof imageModelSchema>;

const providerSchema = z.strictObject({
  /** Of an OpenAI-compatible endpoint, `https://api.openai.com/v1`. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** How the endpoint knows us. Secrets by reference only: the file holds none. */
  apiKey: secretText.optional(),
  headers: z.record(z.string().min(1), secretText).default({}),
  /** The models agents may use, and what the endpoint calls them; left out, any that the rate card prices. */
  models: z.record(z.string().min(1), z.strictObject({ id: z.string().min(1).optional() })).optional(),
  /** The field that bounds an answer's tokens; older endpoints know only `max_tokens`. */
  maxTokensField: z.enum(['max_completion_tokens', 'max_tokens']).default('max_completion_tokens'),
  /** The models of `ai-media` blocks. One whose cost cannot be told is not offered. */
  images: z.record(z.string().min(1), imageModelSchema).default({}),
});
export type AiProvider = z.infer<typeof providerSchema>;

/** The endpoints that `ai-agent` and `ai-media` blocks may call. The platform's, not the flow author's. */
export const aiProvidersSchema = z.record(nameSchema, providerSchema);
export type AiProviders = z.infer<typeof aiProvidersSchema>;
export type AiProvidersInput = z.input<typeof aiProvidersSchema>;

/** What `FLOW_CREDITS_AI_PROVIDERS` holds: a JSON file, or JSON itself. */
export function loadAiProviders(fileOrJson: string | undefined): AiProviders {
  return loadSettings(aiProvidersSchema, 'FLOW_CREDITS_AI_PROVIDERS', 'AI providers', fileOrJson);
}
