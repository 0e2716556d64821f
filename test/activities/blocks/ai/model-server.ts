import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Json } from '../../../../src/contracts/json';

const toolSchema = z.object({ function: z.object({ name: z.string() }) });

const chatSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().nullish() })),
  tools: z.array(toolSchema).optional(),
});
export type ChatRequest = z.infer<typeof chatSchema>;

/** What the model answers: text, calls of tools by their names in the conversation, or an answer of its endpoint. */
export interface Answer {
  readonly text?: string;
  readonly calls?: readonly (readonly [name: string, parameters: Json | string])[];
  readonly tokens?: readonly [input: number, output: number] | null;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json | string;
}

/** By the number of answers that the conversation holds already; the last one for all that follow. */
export type Script = readonly (Answer | ((request: ChatRequest) => Answer))[];

export interface ModelCall {
  /** The first word of the prompt: which script. */
  readonly script: string;
  readonly step: number;
  readonly request: ChatRequest;
  readonly authorization: string | undefined;
}

/** An OpenAI-compatible endpoint that answers by script, and counts. */
export interface ModelServer {
  readonly url: string;
  readonly calls: readonly ModelCall[];
  readonly images: readonly Json[];
  script(name: string, script: Script): void;
  /** How often this step of this script was asked for. */
  times(script: string, step: number): number;
  /** Calls of this step stay unanswered until they are let go. */
  hold(script: string, step: number): void;
  release(): void;
  /** What `POST /images/generations` answers next. */
  picture(answer: Answer): void;
  close(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  const calls: ModelCall[] = [];
  const images: Json[] = [];
  const scripts = new Map<string, Script>();
  const holds = new Set<string>();
  const held: (() => void)[] = [];
  let picture: Answer = { status: 500 };

  function chat(request: ChatRequest, authorization: string | undefined, response: ServerResponse): void {
    const prompt = request.messages.find(({ role }) => role === 'user')?.content ?? '';
    const script = prompt.split(' ')[0] ?? '';
    const step = request.messages.filter(({ role }) => role === 'assistant').length;
    calls.push({ script, step, request, authorization });
    const steps = scripts.get(script) ?? [];
    const found = steps[Math.min(step, steps.length - 1)] ?? { status: 404, body: `no script "${script}"` };
    const answer = typeof found === 'function' ? found(request) : found;
    const go = (): void => {
      send(
        response,
        answer.status === undefined ? { ...answer, body: completion(request.model, step, answer) } : answer,
      );
    };
    if (holds.has(`${script} ${String(step)}`)) held.push(go);
    else go();
  }

  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const body: unknown = JSON.parse(text);
      if (request.url?.endsWith('/images/generations') === true) {
        images.push(z.json().parse(body));
        send(response, picture);
      } else chat(chatSchema.parse(body), request.headers.authorization, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');

  return {
    url: `http://127.0.0.1:${String(address.port)}/v1`,
    calls,
    images,
    script: (name, script) => scripts.set(name, script),
    times: (script, step) => calls.filter((call) => call.script === script && call.step === step).length,
    hold: (script, step) => holds.add(`${script} ${String(step)}`),
    release: () => {
      holds.clear();
      for (const go of held.splice(0)) go();
    },
    picture: (answer) => {
      picture = answer;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status = 200, headers = {}, body = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function completion(model: string, step: number, { text, calls = [], tokens = [10, 5] }: Answer): Json {
  const toolCalls = calls.map(([name, parameters], place) => ({
    id: `call_${String(step)}_${String(place)}`,
    type: 'function',
    function: { name, arguments: typeof parameters === 'string' ? parameters : JSON.stringify(parameters) },
  }));
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: `${model}-2026`,
    choices: [
      {
        index: 0,
        finish_reason: toolCalls.length > 0 ? 'tool_calls' : 'stop',
        message: {
          role: 'assistant',
          content: text ?? null,
          ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
        },
      },
    ],
    ...(tokens === null
      ? {}
      : {
          usage: {
            prompt_tokens: tokens[0],
            completion_tokens: tokens[1],
            total_tokens: tokens[0] + tokens[1],
          },
        }),
  };
}
