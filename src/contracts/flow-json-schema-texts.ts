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
  'http-request': { properties: { body: { oneOf: [{ required: ['json'] }, { required: ['text'] }] } } },
};
