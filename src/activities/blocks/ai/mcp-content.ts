import { z } from 'zod';
import { AGENT_RESULT_MOST_BYTES } from '../../../contracts/blocks-agent';
import { sizeText } from '../../../contracts/blocks-size';

/** What a tool answered, as the model gets it. */
export interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
}

const contentSchema = z.object({
  type: z.string(),
  text: z.string().optional(),
  data: z.string().optional(),
  mimeType: z.string().optional(),
  uri: z.string().optional(),
  name: z.string().optional(),
  resource: z
    .object({ uri: z.string(), text: z.string().optional(), mimeType: z.string().optional() })
    .optional(),
});

const resultSchema = z.object({
  content: z.array(contentSchema).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

/** A tool's answer as text: what is not text is said to be there. Pictures would fill the history. */
export function resultText(result: unknown): ToolResult {
  const { content, structuredContent, isError } = resultSchema.parse(result);
  const parts = content.map(partText);
  if (content.length === 0 && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent));
  return { text: parts.join('\n'), isError };
}

function partText({
  type,
  text,
  data,
  mimeType,
  uri,
  name,
  resource,
}: z.infer<typeof contentSchema>): string {
  if (text !== undefined) return text;
  const kind = mimeType ?? type;
  if (data !== undefined) return `[${kind}, ${sizeText(Math.floor((data.length * 3) / 4))}: not shown]`;
  if (resource !== undefined)
    return resource.text ?? `[${resource.mimeType ?? 'resource'} ${resource.uri}: not shown]`;
  return `[${kind} ${uri ?? name ?? ''}: not shown]`;
}

/** Cuts a text to its bound and says so, for the model. */
export function cutForModel(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= AGENT_RESULT_MOST_BYTES) return text;
  // A character that was cut through is left out.
  const shown = new TextDecoder('utf-8')
    .decode(bytes.subarray(0, AGENT_RESULT_MOST_BYTES))
    .replace(/\uFFFD$/, '');
  return `${shown}\n[cut: the first ${sizeText(AGENT_RESULT_MOST_BYTES)} of ${sizeText(bytes.length)}]`;
}
