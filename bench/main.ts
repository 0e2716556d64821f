import { parseArgs } from 'node:util';
import { ledgerReport } from './ledger/report';

const USAGE = 'npm run bench -- ledger|announce|api|flow|plugin|release|reset [--json] [--teams N]';
/** Teams that are due at once. */
const TEAMS = 100_000;

/** Runs one bench: progress on standard error, the figures on standard output. */
async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false }, teams: { type: 'string' } },
    allowPositionals: true,
  });
  const { json } = values;
  const [name] = positionals;
  if (values.teams !== undefined && name !== 'reset') throw new Error(`--teams is for reset: ${USAGE}`);
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
      const teams = Number(values.teams ?? TEAMS);
      if (!Number.isSafeInteger(teams) || teams < 1) throw new Error(`--teams wants a number: ${USAGE}`);
      const { resetBench } = await import('./reset/index.js');
      const { resetReport } = await import('./reset/report.js');
      const figures = await resetBench(teams, progress);
      print(json ? [asJson(figures)] : resetReport(figures));
      return;
    }
    default:
      throw new Error(`bench "${name ?? ''}" is unknown: ${USAGE}`);
  }
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
