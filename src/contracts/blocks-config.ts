import { z } from 'zod';
import { DELAY_LEAST_MS, DELAY_MOST_MS, parseDuration } from './blocks-duration';
import { CONCURRENCY_MOST, ITERATIONS_MOST } from './blocks-nested';
import { DEFAULT_TIMEOUT_SECONDS } from './blocks-types';
import { jsonSchema } from './flow';

/**
 * The config of each block type. A string field marked as template may hold `{{ JSONata }}` and `{{secret:NAME}}`; an
 * expression is JSONata as it stands. Both see `{input, inputs, run}`. Numbers and durations are fixed.
 */

/** JSONata as it stands, without `{{ }}`. `validateFlow` parses it. */
const expression = z.string().min(1);
const template = z.string();

const attempts = z.int().min(1).max(10).optional();
const timeoutSeconds = z.number().positive().max(300).default(DEFAULT_TIMEOUT_SECONDS);

/** Names of ports, connector services and the like. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, "_", "." or "-"');

const headerNameSchema = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/, 'is no name of an HTTP header');

export const HTTP_METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const httpMethodSchema = z.enum(HTTP_METHODS);
export type HttpMethod = z.infer<typeof httpMethodSchema>;

/** The largest response body a block may deliver, and the default. */
export const RESPONSE_MOST_BYTES = 448 * 1024;

const statusSchema = z.union([z.int().min(100).max(599), z.enum(['3xx', '4xx', '5xx'])], {
  error: 'must be a status from 100 to 599, or "3xx", "4xx" or "5xx"',
});

export const httpRequestConfigSchema = z.strictObject({
  method: httpMethodSchema.default('GET'),
  /** Template; absolute, `http` or `https`. */
  url: z.string().min(1),
  /** Values are templates. A value that comes out as null is left out. */
  headers: z.record(headerNameSchema, template).default({}),
  /** Values are templates; a list becomes a repeated parameter, null is left out. */
  query: z.record(z.string().min(1), z.union([template, z.number(), z.boolean()])).default({}),
  /** Either `json` (any JSON with templates in it) or `text` (a template). */
  body: z
    .strictObject({ json: jsonSchema.optional(), text: template.optional() })
    .refine(({ json, text }) => (json === undefined) !== (text === undefined), {
      error: 'must have either "json" or "text"',
    })
    .optional(),
  /** For the whole attempt: redirects and reading the body included. */
  timeoutSeconds,
  /** How many redirects are followed; 0 delivers the redirect itself. */
  redirects: z.int().min(0).max(20).default(5),
  maxResponseBytes: z.int().min(1).max(RESPONSE_MOST_BYTES).default(RESPONSE_MOST_BYTES),
  /** Statuses that make the attempt fail; every other one is delivered on `out`. */
  failOn: z.array(statusSchema).max(50).default(['5xx', 429]),
  attempts,
});
export type HttpRequestConfig = z.infer<typeof httpRequestConfigSchema>;

export const connectorConfigSchema = z.strictObject({
  /** The name of a service the platform configured. */
  service: nameSchema,
  operation: nameSchema,
  /** Any JSON with templates in it, by the names the operation knows. */
  parameters: z.record(z.string().min(1), jsonSchema).default({}),
  timeoutSeconds,
  attempts,
});
export type ConnectorConfig = z.infer<typeof connectorConfigSchema>;

const RESERVED_PORTS = ['else', 'error'];

export const conditionConfigSchema = z.strictObject({
  /** The first case that is true delivers the block's input on the port of its name; none: on `else`. */
  cases: z
    .array(
      z.strictObject({
        name: nameSchema.refine((name) => !RESERVED_PORTS.includes(name), {
          error: 'is a port every condition has; choose another name',
        }),
        when: expression,
      }),
    )
    .min(1)
    .max(50),
});
export type ConditionConfig = z.infer<typeof conditionConfigSchema>;

export const ifConfigSchema = z.strictObject({ condition: expression });
export type IfConfig = z.infer<typeof ifConfigSchema>;

export const validateConfigSchema = z.strictObject({
  /** A JSON Schema; draft-07 unless its `$schema` says 2019-09 or 2020-12. */
  schema: z.union([z.boolean(), z.record(z.string(), jsonSchema)], {
    error: 'must be a JSON Schema: an object, true or false',
  }),
  /** What is checked and delivered; left out, the block's input. */
  value: expression.optional(),
});
export type ValidateConfig = z.infer<typeof validateConfigSchema>;

export const evaluateConfigSchema = z.strictObject({ expression });
export type EvaluateConfig = z.infer<typeof evaluateConfigSchema>;

const bounds = 'must be more than 0 and at most 366 days';

export const delayConfigSchema = z
  .strictObject({
    seconds: z
      .number()
      .refine((seconds) => seconds * 1000 >= DELAY_LEAST_MS && seconds * 1000 <= DELAY_MOST_MS, {
        error: bounds,
      })
      .optional(),
    /** ISO 8601, `PT90S`, `P1DT12H`. */
    duration: z
      .string()
      .superRefine((text, context) => {
        const wait = parseDuration(text);
        if (wait === null) {
          context.addIssue(
            'must be an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as "PT90S"',
          );
        } else if (wait < DELAY_LEAST_MS || wait > DELAY_MOST_MS) context.addIssue(bounds);
      })
      .optional(),
  })
  .refine(({ seconds, duration }) => (seconds === undefined) !== (duration === undefined), {
    error: 'must have either "seconds" or "duration"',
  });
export type DelayConfig = z.infer<typeof delayConfigSchema>;

/** A flow within a config: `validateFlow` looks into it, with its path. */
const nestedFlow = z.record(z.string(), jsonSchema);
const concurrency = z.int().min(1).max(CONCURRENCY_MOST).optional();

export const forConfigSchema = z.strictObject({
  /** A list, or JSONata that yields one; left out, the block's input. No list is a list of one, nothing is none. */
  items: z
    .union([expression, z.array(jsonSchema)], { error: 'must be a list, or JSONata that yields one' })
    .optional(),
  body: nestedFlow,
  /** How many iterations may be under way at a time. Default 1. */
  concurrency,
});

export const repeatConfigSchema = z
  .strictObject({
    /** A number, or JSONata that yields one. */
    times: z
      .union([z.int().min(0).max(ITERATIONS_MOST), expression], {
        error: `must be a whole number from 0 to ${ITERATIONS_MOST}, or JSONata that yields one`,
      })
      .optional(),
    /** JSONata, asked before each iteration, of what that iteration would get. */
    while: expression.optional(),
    /** More iterations than this are a failure, where their number is not written down. Default 1,000. */
    most: z.int().min(1).max(ITERATIONS_MOST).optional(),
    body: nestedFlow,
    concurrency,
  })
  .refine((config) => (config.times === undefined) !== (config.while === undefined), {
    error: 'must have either "times" or "while"',
  })
  .refine((config) => config.while === undefined || config.concurrency === undefined, {
    error: 'goes with "times" only: "while" looks at the iteration before',
    path: ['concurrency'],
  })
  .refine((config) => typeof config.times !== 'number' || config.most === undefined, {
    error: 'is said by "times" already; leave it out',
    path: ['most'],
  });

export const flowConfigSchema = z.strictObject({
  /** A flow, or `{"ref": name}` of one of the flows that a run is started with. */
  flow: nestedFlow,
});

export const outputConfigSchema = z.strictObject({
  /** The name of the output in the run's result; left out, the block's id. */
  name: nameSchema.optional(),
});

export const emptyConfigSchema = z.strictObject({});
