import { type OpenAI } from 'openai';
import { z } from 'zod';
import { type AgentMessage, type AgentModelAnswer, type AgentTool } from '../../../contracts/agent';
import { AGENT_ANSWER_MOST_BYTES } from '../../../contracts/blocks-agent';
import { type AiAgentConfig } from '../../../contracts/blocks-ai';
import { sizeText, utf8Bytes } from '../../../contracts/blocks-size';
import { didYouMean } from '../../../contracts/blocks-suggest';
import { BlockError } from '../errors';
import { isObject, parseJson } from '../json';
import { type Redactor } from '../redact';
import { providerOf, withEndpoint } from './endpoint';
import { type StepIo } from './io';
import { type AiProviders } from './providers';

export interface Conversation {
  readonly messages: readonly AgentMessage[];
  readonly tools: readonly AgentTool[];
}

/** What of an answer we read. Endpoints that call themselves compatible differ in the rest. */
const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().min(1),
                function: z.object({ name: z.string(), arguments: z.string().default('') }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() })
    .nullish()
    .catch(null),
});
type Answer = z.infer<typeof answerSchema>;

/** What the endpoint calls a model, if the provider offers it. */
export function modelIdOf(providers: AiProviders, provider: string, model: string): string {
  const { models } = providerOf(providers, provider);
  if (models === undefined) return model;
  const found = Object.hasOwn(models, model) ? models[model] : undefined;
  if (found !== undefined) return found.id ?? model;
  throw new BlockError(
    'ProviderModelUnknown',
    `AI provider "${provider}" offers no model "${model}"${didYouMean(model, Object.keys(models))}`,
  );
}

/** Asks the model once. */
export async function chat(
  providers: AiProviders,
  settings: AiAgentConfig,
  conversation: Conversation,
  io: StepIo,
): Promise<AgentModelAnswer> {
  const model = modelIdOf(providers, settings.provider, settings.model);
  const { maxTokensField } = providerOf(providers, settings.provider);
  const call = {
    providers,
    provider: settings.provider,
    timeoutMs: settings.timeoutSeconds * 1000,
    repeatable: true,
  };
  return withEndpoint(call, io, async (client, signal, redactor) => {
    const body = bodyOf(model, settings, conversation, maxTokensField);
    const parsed = answerSchema.safeParse(await client.chat.completions.create(body, { signal }));
    if (parsed.success) return answerOf(parsed.data, settings, redactor);
    const [issue] = parsed.error.issues;
    throw new BlockError(
      'ProviderAnswerInvalid',
      `AI provider "${settings.provider}" gave no chat completion: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    );
  });
}

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

function bodyOf(
  model: string,
  { maxOutputTokens, temperature, output }: AiAgentConfig,
  { messages, tools }: Conversation,
  maxTokensField: 'max_completion_tokens' | 'max_tokens',
): Body {
  return {
    model,
    stream: false,
    messages: messages.map(messageOf),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, description, parameters: isObject(parameters) ? parameters : {} },
          })),
        }),
    ...(maxOutputTokens === undefined ? {} : { [maxTokensField]: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(output === undefined
      ? {}
      : {
          response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: output.schema } },
        }),
  };
}

function messageOf(message: AgentMessage): Body['messages'][number] {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.content };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content,
        ...(message.toolCalls.length === 0
          ? {}
          : {
              tool_calls: message.toolCalls.map(({ id, name, arguments: text }) => ({
                id,
                type: 'function',
                function: { name, arguments: text },
              })),
            }),
      };
  }
}

function answerOf({ choices, usage }: Answer, settings: AiAgentConfig, redactor: Redactor): AgentModelAnswer {
  const [choice] = choices;
  const { content, refusal, tool_calls: calls } = choice?.message ?? {};
  const toolCalls = (calls ?? []).map(({ id, function: { name, arguments: text } }) => ({
    id: redactor.text(id),
    name: redactor.text(name),
    arguments: redactor.text(text),
  }));
  const text = content ?? refusal ?? null;
  const answer: AgentModelAnswer = {
    content: text === null ? null : redactor.text(text),
    toolCalls,
    finish: redactor.text(choice?.finish_reason ?? 'stop'),
    ...(usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : {}),
  };
  const bytes = utf8Bytes(JSON.stringify(answer));
  if (bytes > AGENT_ANSWER_MOST_BYTES) {
    const message = `the model's answer has ${sizeText(bytes)}; the most is ${sizeText(AGENT_ANSWER_MOST_BYTES)}: give "maxOutputTokens"`;
    return { ...answer, content: null, toolCalls: [], fault: { cause: 'AgentAnswerTooLarge', message } };
  }
  return settings.output === undefined || toolCalls.length > 0 ? answer : withJson(answer);
}

function withJson(answer: AgentModelAnswer): AgentModelAnswer {
  try {
    return { ...answer, json: parseJson(answer.content ?? '') };
  } catch {
    const message = `the model was asked for JSON and answered "${(answer.content ?? '').slice(0, 80)}"`;
    return { ...answer, fault: { cause: 'AgentOutputInvalid', message } };
  }
}
