/** How the page says what the API calls by a name. */
export function planName(plan: string): string {
  return plan.slice(0, 1).toUpperCase() + plan.slice(1);
}

const TYPES: Readonly<Record<string, string>> = {
  'http-request': 'HTTP Request',
  'ai-agent': 'AI Agent',
  'ai-media': 'AI media',
  connector: 'Connector',
  condition: 'Condition',
  if: 'If',
  validate: 'Validate',
  evaluate: 'Evaluate',
  delay: 'Delay',
  or: 'Or',
  for: 'For',
  repeat: 'Repeat',
  collect: 'Collect',
  flow: 'Called flow',
  run: 'The run itself',
};

/** A block type of ours by its name; a platform's own as it calls it. */
export function typeName(type: string): string {
  return TYPES[type] ?? type;
}

const TRIGGERS: Readonly<Record<string, string>> = {
  manual: 'By hand',
  api: 'API',
  mcp: 'MCP',
  schedule: 'Schedule',
  webhook: 'Webhook',
};

export function triggerName(trigger: string): string {
  return TRIGGERS[trigger] ?? trigger;
}

const LOCATIONS: Readonly<Record<string, string>> = {
  local: 'local',
  cloud: 'cloud',
  'private-runner': 'private runner',
};

export function locationName(location: string): string {
  return LOCATIONS[location] ?? location;
}
