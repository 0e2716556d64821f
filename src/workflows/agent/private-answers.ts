import {
  type AgentBegun,
  type AgentMessage,
  type AgentModelAnswer,
  type AgentStep,
  type AgentTool,
  type AgentToolAnswer,
  type AgentToolCall,
} from '../../contracts/agent';
import { type Json } from '../../contracts/json';
import { blockFailure } from '../settle-block';

/**
 * What a private runner answers, which is the customer's: only what an agent needs is taken, and what is not of the shape
 * it should be fails the block. A workflow that stumbled over it would be tried again for ever.
 */

type Fields = Readonly<Record<string, unknown>>;

export function begunFrom(step: AgentStep, value: unknown): Omit<AgentBegun, 'reserved'> {
  const { messages, tools } = fieldsOf(step, value);
  return {
    messages: listOf(step, messages).map((each) => messageFrom(step, each)),
    tools: listOf(step, tools).map((each) => toolFrom(step, each)),
  };
}

export function answerFrom(step: AgentStep, value: unknown): AgentModelAnswer {
  const { content, toolCalls, finish, inputTokens, outputTokens, refusals, json, fault } = fieldsOf(
    step,
    value,
  );
  const input = countIn(inputTokens);
  const output = countIn(outputTokens);
  return {
    content: content === null ? null : textOf(step, content),
    toolCalls: listOf(step, toolCalls).map((each) => callFrom(step, each)),
    finish: textOf(step, finish),
    ...(input === null ? {} : { inputTokens: input }),
    ...(output === null ? {} : { outputTokens: output }),
    ...(refusals === undefined
      ? {}
      : { refusals: listOf(step, refusals).map((each) => (each === null ? null : textOf(step, each))) }),
    // Whatever came as a payload is JSON.
    ...(json === undefined ? {} : { json: json as Json }),
    ...(fault === undefined ? {} : { fault: faultFrom(step, fault) }),
  };
}

export function toolAnswerFrom(step: AgentStep, value: unknown): AgentToolAnswer {
  const { content, answered } = fieldsOf(step, value);
  return { content: textOf(step, content), answered: answered === true };
}

function messageFrom(step: AgentStep, value: unknown): AgentMessage {
  const { role, content } = fieldsOf(step, value);
  if (role !== 'system' && role !== 'user') throw nonsense(step);
  return { role, content: textOf(step, content) };
}

function toolFrom(step: AgentStep, value: unknown): AgentTool {
  const { name, description, parameters, server, tool, flow } = fieldsOf(step, value);
  const offered = {
    name: textOf(step, name),
    description: textOf(step, description),
    parameters: (parameters ?? {}) as Json,
  };
  if (flow !== undefined) return { ...offered, flow: textOf(step, flow) };
  return { ...offered, server: nameOf(step, server), tool: nameOf(step, tool) };
}

function callFrom(step: AgentStep, value: unknown): AgentToolCall {
  const { id, name, arguments: text } = fieldsOf(step, value);
  return { id: textOf(step, id), name: textOf(step, name), arguments: textOf(step, text) };
}

function faultFrom(step: AgentStep, value: unknown): NonNullable<AgentModelAnswer['fault']> {
  const { cause, message } = fieldsOf(step, value);
  return { cause: textOf(step, cause), message: textOf(step, message) };
}

function fieldsOf(step: AgentStep, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw nonsense(step);
  return { ...value };
}

function listOf(step: AgentStep, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw nonsense(step);
  return value;
}

function textOf(step: AgentStep, value: unknown): string {
  if (typeof value !== 'string') throw nonsense(step);
  return value;
}

/** What a charge names is not empty. */
function nameOf(step: AgentStep, value: unknown): string {
  const name = textOf(step, value);
  if (name === '') throw nonsense(step);
  return name;
}

function countIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function nonsense(step: AgentStep): Error {
  return blockFailure(step, 'Unexpected', 'its private runner answered what no version of it says');
}
