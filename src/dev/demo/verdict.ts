import { type DemoFacts } from './facts';
import { type Scene } from './stage';
import { count } from './text';

/** What `verify` says of the whole ledger, invariant by invariant. */
export async function verdict({ narrator, checks, platform }: Scene): Promise<DemoFacts['verify']> {
  narrator.act('verify');
  const { clean, checked, violations } = await platform.reader.verify();
  const { invariants, teams, grants, runs, entries, statements } = checked;
  for (const { team, invariant, message } of violations) {
    narrator.say(`team ${team}, invariant ${invariant}: ${message}`);
  }
  checks.that(
    'every invariant holds',
    clean,
    violations
      .map(({ team, invariant, message }) => `${team}, invariant ${invariant}: ${message}`)
      .join('; '),
  );
  narrator.holds(
    `${count(invariants.length, 'invariant')} hold over ${count(teams, 'team')}, ${count(runs, 'run')}, ` +
      `${count(grants, 'grant')}, ${entries} entries and ${count(statements, 'statement')}`,
  );
  return { clean, violations: violations.length, teams, grants, runs, entries, statements };
}
