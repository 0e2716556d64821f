import { parseArgs } from 'node:util';
import { ledgerReport } from './ledger/report';

const USAGE =
  'npm run bench -- ledger|announce|api|flow|plugin|release|reset|loop [--json] [--teams N] [--iterations N]';
/** Teams that are due at once. */
const TEAMS = 100_000;
/** Of one run. */
const ITERATIONS = 100_000;

/** Runs one bench: progress on standard error, the figures on standard output. */
async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      teams: { type: 'string' },
      iterations: { type: 'string' },
    },
    allowPositionals: true,
  });
  const { json } = values;
  const [name] = positionals;
  if (values.teams !== undefined && name !== 'reset') throw new Error(`--teams is for reset: ${USAGE}`);
  if (values.iterations !== undefined && name !== 'loop')
    throw new Error(`--iterations is for loop: ${USAGE}`);
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  switch (name ?? '') {
    case 'ledger': {
      const { ledgerBench } = await import('./ledger/index.js');
      const figures = await ledgerBench(progress);
      print(json ? [asJson(figures)] : ledgerReport(figures));
      return;
    }
    case 'api': {
      const { apiBench } = await import('./api/index.js');
      const { lost, ...figures } = await apiBench(60, progress);
      print(json ? [asJson({ ...figures, lost })] : [asTable([{ ...figures, ...lost }])]);
      return;
    }
    case 'announce': {
      const { announceBench } = await import('./announce/index.js');
      const figures = await announceBench(progress);
      print(json ? [asJson(figures)] : [asTable(figures)]);
      return;
    }
    case 'flow': {
      const { flowBench } = await import('./flow/index.js');
      const figures = await flowBench(progress);
      print(
        json
          ? [asJson(figures)]
          : figures.flows.flatMap(({ flow, figures: all }) => [flow, asTable(all), '']),
      );
      return;
    }
    case 'plugin': {
      const { pluginBench } = await import('./plugin/index.js');
      const figures = await pluginBench(progress);
      print(json ? [asJson(figures)] : [asTable(figures.figures)]);
      return;
    }
    case 'release': {
      const { releaseBench } = await import('./release/index.js');
      const figures = await releaseBench(progress);
      print(json ? [asJson(figures)] : [asTable([figures.plainSignals]), '', asTable(figures.releases)]);
      return;
    }
    case 'reset': {
      const teams = countFrom('--teams', values.teams) ?? TEAMS;
      const { resetBench } = await import('./reset/index.js');
      const { resetReport } = await import('./reset/report.js');
      const figures = await resetBench(teams, progress);
      print(json ? [asJson(figures)] : resetReport(figures));
      return;
    }
    case 'loop': {
      const iterations = countFrom('--iterations', values.iterations) ?? ITERATIONS;
      const { loopBench } = await import('./loop/index.js');
      const { machine, ...figures } = await loopBench(iterations, progress);
      print(json ? [asJson({ machine, ...figures })] : [asTable([figures])]);
      return;
    }
    default:
      throw new Error(`bench "${name ?? ''}" is unknown: ${USAGE}`);
  }
}

function countFrom(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new Error(`${option} wants a whole number from 1, not "${text}": ${USAGE}`);
  }
  return count;
}

function asJson(figures: unknown): string {
  return JSON.stringify(figures, null, 2);
}

/** One row per figure set, one column per figure. */
function asTable(rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => Object.values(row).map((value: unknown) => textOf(value)));
  const widths = names.map((name, index) =>
    Math.max(name.length, ...cells.map((row) => (row[index] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ');
  return [line(names), ...cells.map(line)].join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
