import { reportUsage } from 'temporal-flow-credits/activity';

export function charge(order: string): Promise<string> {
  return Promise.resolve(`charged ${order}`);
}

export function summarise(order: string): Promise<string> {
  reportUsage({ modelCalls: [{ model: 'small', calls: 2 }] });
  return Promise.resolve(`${order} in short`);
}
