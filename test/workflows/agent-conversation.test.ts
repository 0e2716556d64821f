import { describe, expect, it } from '@jest/globals';
import {
  AGENT_CALLS_AT_ONCE_MOST,
  AGENT_CONVERSATION_MOST_BYTES,
  AGENT_RESULT_MOST_BYTES,
} from '../../src/contracts/blocks-agent';
import {
  fitted,
  planCalls,
  startConversation,
  usageOf,
  withAnswer,
  withResults,
  withToolUsed,
  type AgentState,
} from '../../src/workflows/agent/conversation';

const tool = (server: string, name: string) => ({
  name: `${server}__${name}`,
  server,
  tool: name,
  description: '',
  parameters: {},
});
const START = startConversation({
  messages: [{ role: 'user', content: 'hello' }],
  tools: [tool('s', 'a'), tool('s', 'b')],
});
const asks = (...names: readonly string[]) =>
  names.map((name, place) => ({ id: `c${String(place)}`, name, arguments: '{}' }));

/** One answer that asks for a tool, and a result of so many bytes. */
function turn(state: AgentState, bytes: number): AgentState {
  const answered = withAnswer(state, { content: null, toolCalls: asks('s__a'), finish: 'tool_calls' });
  return withResults(answered, planCalls(answered, asks('s__a'), null), ['x'.repeat(bytes)]);
}

describe('a conversation', () => {
  it('counts calls of its model and tokens together, and each tool once with its calls', () => {
    const answer = { content: 'x', toolCalls: [], finish: 'stop' };
    const twice = [5, 7].reduce(
      (state, inputTokens) => withAnswer(state, { ...answer, inputTokens, outputTokens: 1 }),
      START,
    );
    expect(usageOf(START.usage, 'm')).toEqual({});
    expect(usageOf(twice.usage, 'm')).toEqual({
      modelCalls: [{ model: 'm', calls: 2, inputTokens: 12, outputTokens: 2 }],
    });
    // One call that does not say makes the sum unknown, and no smaller one.
    expect(usageOf(withAnswer(twice, answer).usage, 'm')).toEqual({ modelCalls: [{ model: 'm', calls: 3 }] });
    const planned = planCalls(twice, asks('s__a', 's__b', 's__a'), null);
    expect(planned.reduce(withToolUsed, twice).usage.mcpTools).toEqual([
      { server: 's', tool: 'a', calls: 2 },
      { server: 's', tool: 'b', calls: 1 },
    ]);
  });

  it('makes so many calls at once, and tells the model of the others', () => {
    const many = Array.from({ length: AGENT_CALLS_AT_ONCE_MOST + 2 }, () => 's__a');
    const planned = planCalls(START, asks(...many), null);
    expect(planned.filter(({ kind }) => kind === 'call')).toHaveLength(AGENT_CALLS_AT_ONCE_MOST);
    expect(planned.at(-1)).toMatchObject({ kind: 'told' });
  });

  it('drops the oldest results when it grows too long, and keeps all else', () => {
    let state = START;
    for (let n = 0; n < 30; n += 1) {
      const next = fitted(turn(state, AGENT_RESULT_MOST_BYTES));
      if ('tooLarge' in next) throw new Error(next.tooLarge);
      state = next;
      expect(JSON.stringify(state.messages).length).toBeLessThanOrEqual(AGENT_CONVERSATION_MOST_BYTES + 100);
    }
    expect(state.messages).toHaveLength(61);
    const results = state.messages.filter(({ role }) => role === 'tool').map(({ content }) => content ?? '');
    expect(results[0]).toMatch(/^\[dropped: 16 kB/);
    expect(results.at(-1)).toHaveLength(AGENT_RESULT_MOST_BYTES);
  });

  it('is refused by name where that is not enough', () => {
    const long = { content: 'x'.repeat(AGENT_CONVERSATION_MOST_BYTES), toolCalls: [], finish: 'stop' };
    expect(fitted(withAnswer(START, long))).toMatchObject({
      tooLarge: expect.stringContaining('the most is 256 kB'),
    });
  });
});
