import { describe, expect, it, jest } from '@jest/globals';
import { callWith, failureOf, withRegistry } from '../support';

function missing(): never {
  throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
}
jest.mock('openai', missing);
jest.mock('@modelcontextprotocol/sdk/client/index.js', missing);

const providers = {
  local: {
    baseUrl: 'http://127.0.0.1:9',
    headers: {},
    maxTokensField: 'max_tokens',
    images: {},
  },
} as const;

describe('a worker without the clients of agents', () => {
  it('executes everything else, and says what to install', async () => {
    const mcpServers = { web: { url: 'http://127.0.0.1:9', headers: {} } };
    await withRegistry({ providers, mcpServers }, async (registry) => {
      const sum = { id: 'e', type: 'evaluate', config: { expression: '1 + 1' } };
      await expect(registry.run(sum, callWith())).resolves.toEqual({ value: 2 });

      const config = { provider: 'local', model: 'm', prompt: 'hello' };
      const agent = { id: 'a', type: 'ai-agent', config };
      const asks = registry.agent.model(agent, { messages: [], tools: [] }, callWith());
      expect((await failureOf(asks)).message).toContain('npm install openai');

      const tools = [{ kind: 'mcp', server: 'web' }];
      const begins = registry.agent.begin({ ...agent, config: { ...config, tools } }, callWith());
      expect((await failureOf(begins)).message).toContain('npm install @modelcontextprotocol/sdk');
    });
  });
});
