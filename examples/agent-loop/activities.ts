import { Context } from '@temporalio/activity';
import { reportUsage } from 'temporal-flow-credits/activity';

export interface ToolCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface Message {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly content: string | null;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
}

export interface AgentActivities {
  callModel(messages: readonly Message[]): Promise<Message>;
  callTool(call: ToolCall): Promise<string>;
}

const HEARTBEAT_MS = 1_000;

/** A model behind an OpenAI-compatible endpoint, and tools of the platform: `TOOLS_URL/NAME` takes their arguments. */
export function agentActivities({
  modelUrl,
  toolsUrl,
  model,
}: {
  readonly modelUrl: string;
  readonly toolsUrl: string;
  readonly model: string;
}): AgentActivities {
  async function post(url: string, body: string): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const context = Context.current();
    const beat = setInterval(() => {
      context.heartbeat();
    }, HEARTBEAT_MS);
    try {
      const signal = context.cancellationSignal;
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      if (!response.ok) throw new Error(`${url}: ${String(response.status)}`);
      return response;
    } finally {
      clearInterval(beat);
    }
  }
  return {
    callModel: async (messages) => {
      const response = await post(`${modelUrl}/chat/completions`, JSON.stringify({ model, messages }));
      // It has answered: that is paid for, also if we cannot make sense of it and fail.
      reportUsage({ modelCalls: [{ model, calls: 1 }] });
      const { choices } = (await response.json()) as { choices: readonly { message: Message }[] };
      const [choice] = choices;
      if (choice === undefined) throw new Error('the model answered nothing');
      return choice.message;
    },
    callTool: async (call) => {
      const { name, arguments: text } = call.function;
      return (await post(`${toolsUrl}/${name}`, text)).text();
    },
  };
}
