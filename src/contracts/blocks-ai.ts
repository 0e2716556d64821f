import { z } from 'zod';
import { AGENT_DEFAULT_STEPS, AGENT_SCHEMA_MOST_BYTES, AGENT_STEPS_MOST } from './blocks-agent';
import { nameSchema } from './blocks-config';
import { schemaFault } from './blocks-schema';
import { jsonBytes, sizeText } from './blocks-size';
import { parseTemplate } from './blocks-template';
import { AI_TIMEOUT_SECONDS } from './blocks-types';
import { jsonSchema, type Fault } from './flow';
import { type Json } from './json';
import { pathOf } from './validate-flow-json';

/**
 * The configs of the blocks that call AI providers. `provider` and `server` are names that the platform configured: a
 * flow's author names no address, no key and no command.
 */

const CREDITS = 'must be credits: text such as "12.5" with at most three decimals, or a whole number';
const creditsSchema = z.union(
  [z.string().regex(/^\d+(\.\d{1,3})?$/, CREDITS), z.int().nonnegative(CREDITS)],
  {
    error: CREDITS,
  },
);

const attempts = z.int().min(1).max(10).optional();
const timeoutSeconds = z.number().positive().max(600).default(AI_TIMEOUT_SECONDS);
const modelSchema = z.string().min(1).max(200);

const mcpToolsSchema = z.strictObject({
  kind: z.literal('mcp'),
  /** The name of a server the platform configured. */
  server: nameSchema,
  /** Which of its tools the model may call; left out, all of them. */
  tools: z.array(z.string().min(1).max(200)).min(1).max(128).optional(),
});

/** A flow as a tool. Its blocks are executed, and charged, in the agent's run. */
const flowToolSchema = z.strictObject({
  kind: z.literal('flow'),
  name: nameSchema,
  description: z.string().min(1).max(2000),
  /** JSON Schema of the flow's input; left out, the model may give any object. */
  parameters: z.record(z.string(), jsonSchema).optional(),
  /** The flow, or `{"ref": name}` of one that the run is started with. */
  flow: z.record(z.string(), jsonSchema),
});

export const aiAgentConfigSchema = z.strictObject({
  provider: nameSchema,
  /** A model with a row in the rate card; the provider's settings may give it another name at the endpoint. */
  model: modelSchema,
  /** Templates. They go into the conversation, and so into the history: no secrets. */
  system: z.string().min(1).optional(),
  prompt: z.string().min(1),
  tools: z
    .array(z.discriminatedUnion('kind', [mcpToolsSchema, flowToolSchema]))
    .max(20)
    .default([]),
  /** How often the model may be called. */
  maxSteps: z.int().min(1).max(AGENT_STEPS_MOST).default(AGENT_DEFAULT_STEPS),
  /** How many different MCP tools may be called, each 2 credits. */
  maxTools: z.int().min(0).max(128).optional(),
  /** What the block may be charged. */
  maxCredits: creditsSchema.optional(),
  maxOutputTokens: z.int().min(1).max(1_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  /** The final answer is JSON of this schema, and is delivered as `json`. */
  output: z.strictObject({ schema: z.record(z.string(), jsonSchema) }).optional(),
  /** Of one model call, and of one tool call. */
  timeoutSeconds,
  /** Of one model call, and of one tool call. */
  attempts,
});
export type AiAgentConfig = z.infer<typeof aiAgentConfigSchema>;

export const aiMediaConfigSchema = z.strictObject({
  provider: nameSchema,
  /** One of the provider's image models. */
  model: modelSchema,
  /** Template. */
  prompt: z.string().min(1),
  /** As the endpoint knows them: `1024x1024`, `high`. */
  size: z.string().min(1).max(50).optional(),
  quality: z.string().min(1).max(50).optional(),
  timeoutSeconds,
  attempts,
});
export type AiMediaConfig = z.infer<typeof aiMediaConfigSchema>;

type Config = Readonly<Record<string, Json>>;

/** Whatever an AI block holds is sent to a model and may come back from it: none of it may be a secret. */
function secretFaults(value: Json, keys: readonly PropertyKey[]): readonly Fault[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, member]) =>
      secretFaults(member, [...keys, Array.isArray(value) ? Number(key) : key]),
    );
  }
  if (typeof value !== 'string') return [];
  const parsed = parseTemplate(value);
  const secret = parsed.ok ? parsed.parts.find((part) => part.kind === 'secret') : undefined;
  if (secret === undefined) return [];
  const message = `holds {{secret:${secret.name}}}; what a model is sent is kept in the run's history, so secrets belong into the settings of the provider or the MCP server`;
  return [{ path: pathOf(keys), message }];
}

export function checkMedia(config: Config): readonly Fault[] {
  return secretFaults(config, []);
}

export function checkAgent(config: Config): readonly Fault[] {
  const { tools, output } = aiAgentConfigSchema.parse(config);
  const faults = [...secretFaults(config, [])];
  tools.forEach((tool, place) => {
    if (tool.kind === 'flow') {
      if (tools.findIndex((other) => other.kind === 'flow' && other.name === tool.name) < place) {
        faults.push({
          path: `tools[${place}].name`,
          message: `is "${tool.name}" for the second time; give each flow a name of its own`,
        });
      }
      const fault = tool.parameters === undefined ? null : parametersFault(tool.parameters);
      if (fault !== null) faults.push({ path: `tools[${place}].parameters`, message: fault });
    } else if (tools.findIndex((other) => other.kind === 'mcp' && other.server === tool.server) < place) {
      faults.push({
        path: `tools[${place}].server`,
        message: `is "${tool.server}" for the second time; name all of its tools in one place`,
      });
    }
  });
  const fault = output === undefined ? null : sizedSchemaFault(output.schema);
  if (fault !== null) faults.push({ path: 'output.schema', message: fault });
  return faults;
}

/** Endpoints take the parameters of a tool as an object, and nothing else. */
function parametersFault(schema: Record<string, Json>): string | null {
  const { type } = schema;
  if (type === 'object') return sizedSchemaFault(schema);
  return `has the type ${type === undefined ? 'left out' : JSON.stringify(type)}; a model gives a tool an object: {"type": "object", "properties": {…}}`;
}

function sizedSchemaFault(schema: Record<string, Json>): string | null {
  const bytes = jsonBytes(schema);
  if (bytes <= AGENT_SCHEMA_MOST_BYTES) return schemaFault(schema);
  return `has ${sizeText(bytes)}; the most is ${sizeText(AGENT_SCHEMA_MOST_BYTES)}`;
}
