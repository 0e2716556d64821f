import { parseMillicredits } from '../../../contracts/millicredits';
import { toIso } from '../../../contracts/time';
import { type Statement } from '../../../ledger/core/types';
import { type StatementFacts } from '../facts';
import { type Scene, type Stage, total } from '../stage';
import { statementTable } from '../statements';
import { count, credits, day, moment } from '../text';
import { type FreeAct } from './free';
import { rollOver } from './reset';

const PAST_MS = 60_000;

export interface MonthsEnd {
  readonly statements: readonly StatementFacts[];
  readonly releasedByReset: readonly string[];
}

/** The clock moves past every team's reset: periods close, the Free team's line goes, each gets its statement. */
export async function monthsEnd(scene: Scene, free: FreeAct, stages: readonly Stage[]): Promise<MonthsEnd> {
  const { narrator, checks } = scene;
  narrator.act("5  The month's end, for everybody");
  await free.stage.watch();
  const before = await Promise.all(stages.map((stage) => stage.overview()));
  const end = Math.max(...before.map(({ period }) => period.end)) + PAST_MS;
  narrator.say(`The ledger's clock is moved to ${moment(end)}.`);
  const closed = await rollOver(scene, end);
  checks.equal('a period of each team has ended', closed, stages.length);
  narrator.say(`monthlyReset closed ${count(closed, 'period')}, one of each team.`);

  await free.stage.completed(free.waiting);
  const releasedByReset = await free.stage.admissionOrder(free.waiting);
  checks.sameOrder("the Free team's line went in its order", releasedByReset, free.facts.line);
  narrator.holds(
    `the Free team's ${count(releasedByReset.length, 'run')} went, in order: ${releasedByReset.join(', ')}`,
  );
  await narrator.unwatch();
  for (const stage of stages) await nothingRolledOver(stage);
  await narrator.beat();

  const statements = await Promise.all(stages.map((stage) => statementsOf(stage)));
  narrator.act('Statements');
  narrator.lines(statementTable(statements.flat()));
  return { statements: statements.flat(), releasedByReset };
}

/** The open period began with the plan's credits and nothing else, whatever the last one left. */
async function nothingRolledOver(stage: Stage): Promise<void> {
  const { checks, narrator, platform } = stage.scene;
  const [{ balances, charged }, statements] = await Promise.all([
    stage.overview(),
    platform.client.statements(stage.name),
  ]);
  const { included } = balances;
  const has = total([included.available, included.held, charged]);
  const last = statements.at(-1);
  const plan = platform.pricing.plan(stage.team.plan, await platform.reader.now());
  checks.equal(`team "${stage.name}" begins with its plan's credits`, has, plan?.includedCredits ?? null);
  checks.equal(`team "${stage.name}" closed with nothing`, last?.closing ?? null, 0n);
  if (last !== undefined && last.expired > 0n) {
    narrator.holds(
      `${stage.name} had ${credits(last.expired)} left on ${day(last.period.end)}: they expired; it began the new period with ${credits(has)}`,
    );
  }
}

/** The statements of a team. With what the open period has they are all that its runs were charged. */
async function statementsOf(stage: Stage): Promise<readonly StatementFacts[]> {
  const { checks, platform } = stage.scene;
  const [statements, runs, now] = await Promise.all([
    platform.client.statements(stage.name),
    stage.facts(),
    stage.overview(),
  ]);
  const onStatements = total(
    statements.flatMap(({ charged, payg, overdraft }) => [charged, payg, overdraft]),
  );
  const inOpenPeriod = total([now.charged, now.payg.charged, now.overdraft]);
  const ofRuns = total(runs.map(({ charged }) => parseMillicredits(charged)));
  checks.equal(
    `the statements of "${stage.name}" and its open period are what its runs were charged`,
    onStatements + inOpenPeriod,
    ofRuns,
  );
  return statements.map((statement) => factsOf(stage.name, statement));
}

function factsOf(team: string, statement: Statement): StatementFacts {
  const { period, plan, opening, granted, charged, expired, withdrawn, closing, payg, overdraft } = statement;
  return {
    team,
    plan,
    from: toIso(period.start),
    to: toIso(period.end),
    opening: opening.toString(),
    granted: granted.toString(),
    charged: charged.toString(),
    expired: expired.toString(),
    withdrawn: withdrawn.toString(),
    closing: closing.toString(),
    payg: payg.toString(),
    paygCents: statement.paygCents.toString(),
    overdraft: overdraft.toString(),
  };
}
