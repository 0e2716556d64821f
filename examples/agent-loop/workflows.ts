import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import { type AgentActivities, type Message } from './activities';

export interface Question {
  readonly teamId: string;
  readonly question: string;
}

const MOST_TURNS = 20;

const { callModel, callTool } = proxyActivities<AgentActivities>({
  startToCloseTimeout: '2 minutes',
  // A worker that dies while a model thinks is found out in seconds.
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '200ms', maximumAttempts: 5 },
});

/** Asks the model, does what it asks for, and asks again, until it answers. */
export async function answerQuestion({ question }: Question): Promise<string> {
  const messages: Message[] = [{ role: 'user', content: question }];
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const answer = await callModel(messages);
    messages.push(answer);
    const { tool_calls: calls = [] } = answer;
    if (calls.length === 0) return answer.content ?? '';
    const results = await Promise.all(calls.map((call) => callTool(call)));
    for (const [place, call] of calls.entries()) {
      messages.push({ role: 'tool', tool_call_id: call.id, content: results[place] ?? '' });
    }
  }
  throw ApplicationFailure.nonRetryable(`no answer in ${String(MOST_TURNS)} turns`);
}
