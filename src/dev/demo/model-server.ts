import { createServer } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';
import { messageOf } from '../../contracts/error-text';
import { type Json } from '../../contracts/json';
import { closed, listening } from './server';

/** So many sums it asks for in one answer, as the prompt says. */
const AT_ONCE = 25;

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string().nullish() })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});
type ChatRequest = z.infer<typeof requestSchema>;

const ordersSchema = z.array(z.object({ price: z.int(), delivery: z.int() }));

interface ToolCall {
  readonly tool: string;
  readonly parameters: Json;
}
type Answer = { readonly text: string } | { readonly calls: readonly ToolCall[] };

/** What the demo's agent asks instead of an AI provider: OpenAI-compatible, on 127.0.0.1, always the same. */
export interface DemoModel {
  readonly url: string;
  /** Requests it has answered. */
  answered(): number;
  /** How often it has asked for each tool, by the tool's name at its server. */
  askedFor(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export async function startDemoModel(): Promise<DemoModel> {
  let answered = 0;
  const asked: Record<string, number> = {};

  const complete = (text: string): Json => {
    const request = requestSchema.parse(JSON.parse(text));
    const answer = nextAnswer(request);
    answered += 1;
    for (const { tool } of 'calls' in answer ? answer.calls : []) asked[tool] = (asked[tool] ?? 0) + 1;
    return completion(request, answer, answered);
  };

  const server = createServer((request, response) => {
    const send = (status: number, body: Json): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    textOf(request)
      .then((text) => {
        send(200, complete(text));
      })
      .catch((error: unknown) => {
        send(400, { error: { message: messageOf(error) } });
      });
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    answered: () => answered,
    askedFor: () => ({ ...asked }),
    close: () => closed(server),
  };
}

/** By the conversation so far: the sums that are missing, then the echo, then the answer, which holds what the tools said. */
function nextAnswer({ messages }: ChatRequest): Answer {
  const prompt = messages.find(({ role }) => role === 'user')?.content ?? '';
  const orders = ordersSchema.parse(JSON.parse(prompt.slice(prompt.indexOf('['))));
  const results = messages.flatMap(({ role, content }) => (role === 'tool' ? [content ?? ''] : []));
  const sums = results.flatMap((result) => /^The sum of .* is (\d+)\.$/.exec(result)?.[1] ?? []);
  const echo = results.flatMap((result) => /^Echo: (.*)$/.exec(result)?.[1] ?? []).at(0);
  if (echo !== undefined) return { text: echo };
  if (sums.length === orders.length) {
    const together = sums.reduce((total, sum) => total + Number(sum), 0);
    return {
      calls: [{ tool: 'echo', parameters: { message: `${orders.length} orders come to ${together}` } }],
    };
  }
  // One that a tool refused would be asked for for ever: the agent's `maxSteps` ends that.
  const next = orders.slice(sums.length, sums.length + AT_ONCE);
  return {
    calls: next.map(({ price, delivery }) => ({ tool: 'get-sum', parameters: { a: price, b: delivery } })),
  };
}

function completion({ model, tools }: ChatRequest, answer: Answer, number: number): Json {
  // A tool has another name in the conversation, made of its server's and its own.
  const nameOf = (tool: string): string =>
    tools.find(({ function: { name } }) => name.endsWith(tool))?.function.name ?? tool;
  const message: Json =
    'text' in answer
      ? { role: 'assistant', content: answer.text }
      : {
          role: 'assistant',
          content: null,
          tool_calls: answer.calls.map(({ tool, parameters }, place) => ({
            id: `call_${number}_${place}`,
            type: 'function',
            function: { name: nameOf(tool), arguments: JSON.stringify(parameters) },
          })),
        };
  const finish = 'text' in answer ? 'stop' : 'tool_calls';
  return {
    id: `chatcmpl-${number}`,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, finish_reason: finish, message }],
  };
}
