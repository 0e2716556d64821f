import { startFuzzPlatform } from './platform';
import { run, schemathesisCommand } from './schemathesis';

/**
 * An outside fuzzer against the served document on a stack of its own: `npm run fuzz:api`, further options are
 * schemathesis's. Ends with status 1 on a 500, on an answer against its schema, and on an error in the server's log.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
];
const SECONDS = process.env['FUZZ_SECONDS'] ?? '60';

async function main(): Promise<number> {
  const command = schemathesisCommand();
  const platform = await startFuzzPlatform();
  try {
    const status = await run(command, [
      'run',
      `${platform.url}/openapi.json`,
      ...['--header', `Authorization: Bearer ${platform.token}`],
      ...['--checks', CHECKS.join(',')],
      ...['--phases', 'examples,coverage,fuzzing'],
      ...['--max-time', SECONDS],
      ...['--request-timeout', '30'],
      ...['--workers', '2'],
      // A stream has no end.
      ...['--exclude-operation-id', 'watchTeam'],
      ...['--warnings', 'off'],
      '--continue-on-failure',
      ...process.argv.slice(2),
    ]);
    for (const line of platform.errors) process.stderr.write(line);
    return platform.errors.length > 0 ? 1 : status;
  } finally {
    await platform.stop();
  }
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
