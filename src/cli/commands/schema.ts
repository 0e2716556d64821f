import { type Command } from 'commander';
import { print, printJson } from '../output';
import { blockTypes } from './blocks';

const EXAMPLES = `
Examples:
  $ flow-credits schema > flow.schema.json
  $ FLOW_CREDITS_BLOCKS=./blocks.js flow-credits schema --json

In an editor (Visual Studio Code, settings.json):
  "json.schemas": [{"fileMatch": ["flows/*.json"], "url": "./flow.schema.json"}]

It says what a JSON Schema can say. All of it is checked by "flow-credits validate".`;

export function register(program: Command): void {
  program
    .command('schema')
    .description('The JSON Schema of a flow (draft 2020-12), for editors and other tools.')
    .option('--json', 'on one line where it is not for a terminal')
    .addHelpText('after', EXAMPLES)
    .action(schema);
}

async function schema({ json }: { readonly json?: true }): Promise<void> {
  const [{ flowJsonSchema }, catalog] = await Promise.all([
    import('../../contracts/flow-json-schema.js'),
    blockTypes(),
  ]);
  const made = flowJsonSchema(catalog);
  if (json) printJson(made);
  else print(JSON.stringify(made, null, 2));
}
