import { type Json } from './json';

/** What an editor shows of a block type and of the fields of its config, by their names. */
export interface TypeTexts {
  readonly description: string;
  readonly fields?: Readonly<Record<string, string>>;
}

const TEMPLATE = 'May hold {{ JSONata }} and {{secret:NAME}}.';
const EXPRESSION = 'JSONata as it stands, without {{ }}; sees input, inputs and run.';
const TIMEOUT = 'Seconds one attempt takes at most, redirects and reading included. Default 30.';
const ATTEMPTS = 'How often it is tried in all. Default 3. Only failures that may pass are tried again.';

export const TYPE_TEXTS: Readonly<Record<string, TypeTexts>> = {
  start: { description: "Delivers the run's input. At most one." },
  output: {
    description: 'Makes what reaches it an output of the run.',
    fields: { name: "The output's name in the run's result. Default: the block's id." },
  },
  or: { description: 'Hands on the first value that reaches it: where branches meet again.' },
  delay: {
    description: 'Waits, durably, and hands on what reached it.',
    fields: {
      seconds: 'How long, in seconds. Either this or "duration".',
      duration: 'How long, in ISO 8601: "PT90S", "P1DT12H". Either this or "seconds".',
    },
  },
  condition: {
    description: 'Hands its input on to the port of the first case that is true, else to "else".',
    fields: { cases: 'Each is a port of this name.', name: 'The port.', when: EXPRESSION },
  },
  if: { description: 'Hands its input on to "true" or "false".', fields: { condition: EXPRESSION } },
  validate: {
    description: 'Delivers on "valid" what fits a JSON Schema, else {value, errors} on "invalid".',
    fields: {
      schema: 'A JSON Schema; draft-07 unless its "$schema" says 2019-09 or 2020-12.',
      value: `What is checked and delivered; by default the input. ${EXPRESSION}`,
    },
  },
  evaluate: { description: 'Delivers the value of an expression.', fields: { expression: EXPRESSION } },
  'http-request': {
    description: 'Sends one HTTP request and delivers {status, headers, body}.',
    fields: {
      method: 'Default GET.',
      url: `Absolute, http or https. ${TEMPLATE}`,
      headers: `${TEMPLATE} A value that comes out as null is left out.`,
      query: `Parameters added to the address. ${TEMPLATE} A list becomes a repeated parameter, null is left out.`,
      body: 'Either "json" or "text".',
      json: `Any JSON. ${TEMPLATE}`,
      text: TEMPLATE,
      timeoutSeconds: TIMEOUT,
      redirects: 'How many are followed. Default 5; 0 delivers the redirect itself.',
      maxResponseBytes: 'A longer answer is a failure.',
      failOn:
        'Statuses that make the attempt fail: 404, "4xx". Default ["5xx", 429]; all others are delivered.',
      attempts: ATTEMPTS,
    },
  },
  connector: {
    description:
      'Calls an operation of a service that the platform configured, and delivers the body of its answer.',
    fields: {
      service: 'The name of the service.',
      operation: 'The name of its operation.',
      parameters: `By the names the operation knows. ${TEMPLATE}`,
      timeoutSeconds: TIMEOUT,
      attempts: ATTEMPTS,
    },
  },
  for: {
    description: 'Runs its body once for each item of a list, and delivers what the body collected.',
    fields: {
      items: 'A list, or JSONata that yields one. Default: the input.',
      body: 'A flow, run once for each item.',
      concurrency: 'How many iterations may be under way at a time. Default 1.',
    },
  },
  repeat: {
    description:
      'Runs its body a number of times, or while a condition holds, and delivers what the body collected.',
    fields: {
      times: 'A number, or JSONata that yields one. Either this or "while".',
      while: `Asked before each iteration. Either this or "times". ${EXPRESSION}`,
      most: 'More iterations than this are a failure. Default 1000.',
      body: 'A flow, run in each iteration.',
      concurrency: 'How many iterations may be under way at a time. Default 1; not with "while".',
    },
  },
  collect: { description: 'In the body of a loop: adds what reaches it to what the loop delivers.' },
  flow: {
    description: 'Runs another flow, and delivers its outputs.',
    fields: { flow: 'A flow, or {"ref": name} of one that the run is started with.' },
  },
  'ai-agent': {
    description:
      'Has a model answer a prompt, with tools it may call. Charged by model call and by unique MCP tool.',
    fields: {
      provider: 'The name of a provider that the platform configured.',
      model: 'A model with a row in the rate card.',
      system: 'What the model is told of its task. A template, without secrets.',
      prompt: 'A template, without secrets: it is kept in the history.',
      tools: 'Tools of MCP servers that the platform configured.',
      maxSteps: 'How often the model may be called.',
      maxTools: 'How many different MCP tools may be called.',
      maxCredits: 'What the block may be charged, in credits.',
      output: 'The final answer is JSON of this schema, and delivered as "json".',
      timeoutSeconds: 'Of one model call, and of one tool call.',
      attempts: 'Of one model call, and of one tool call.',
    },
  },
  'ai-media': {
    description: 'Has a model make an image. Charged what it costs at the provider.',
    fields: {
      provider: 'The name of a provider that the platform configured.',
      model: "One of the provider's image models.",
      prompt: 'A template, without secrets.',
      size: 'As the endpoint knows it: "1024x1024".',
      quality: 'As the endpoint knows it: "high".',
      timeoutSeconds: TIMEOUT,
      attempts: ATTEMPTS,
    },
  },
};

export const FLOW_TEXTS = {
  flow: 'Blocks, and connections between them. A block runs when all its incoming connections have delivered.',
  block: 'Names the block in charges and histories: unique in the flow.',
  type: 'What the block does.',
  from: 'The id of the block that delivers.',
  port: 'The port it delivers on. Default "out"; "error" receives its failure.',
  to: 'The id of the block that waits for it.',
} as const;

/** What the schemas of the configs say in code and no JSON Schema is made from. */
export const ALSO: Readonly<Record<string, Json>> = {
  delay: { oneOf: [{ required: ['seconds'] }, { required: ['duration'] }] },
  repeat: { oneOf: [{ required: ['times'] }, { required: ['while'] }] },
  'http-request': { properties: { body: { oneOf: [{ required: ['json'] }, { required: ['text'] }] } } },
};
