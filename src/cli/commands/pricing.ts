import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Option } from 'commander';
import { messageOf } from '../../contracts/error-text';
import { type Fault } from '../../contracts/flow';
import { loadPricing, PricingFileError, pricingFilesFrom, type Pricing } from '../../pricing';
import { UserError } from '../output';

/** Parts that `price` and `estimate` share. */

export function rateCardOption(): Option {
  return new Option(
    '--rate-card <file>',
    'a rate card of your own, in force after all before it; again for more (also FLOW_CREDITS_RATE_CARDS)',
  )
    .argParser((file: string, files: readonly string[]): string[] => [...files, file])
    .default([], 'none');
}

/** A line for each fault of a flow, with its path. */
export function faultLines(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ path, message }) => `${path}: ${message.replace(/\s+/g, ' ')}`);
}

/** All faults on one line, each beginning with its field. */
export function refusal(faults: readonly Fault[]): UserError {
  return new UserError(
    faults
      .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
      .join('; ')
      .replace(/\s+/g, ' '),
  );
}

/** The shipped cards, those of the environment, and those named on the command line, in this order. */
export function pricingFor(cardFiles: readonly string[]): Pricing {
  const files = pricingFilesFrom(process.env);
  try {
    return loadPricing({ ...files, cardFiles: [...files.cardFiles, ...cardFiles] });
  } catch (error) {
    if (!(error instanceof PricingFileError)) throw error;
    throw refusal(
      error.faults.map(({ path, message }) => ({
        path: [error.file, path].filter(Boolean).join(': '),
        message,
      })),
    );
  }
}

/** A JSON file, or standard input for `-`. */
export async function readJsonFrom(file: string): Promise<unknown> {
  const name = file === '-' ? 'standard input' : file;
  let json: string;
  try {
    json = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`${name} cannot be read: ${messageOf(error)}`);
  }
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new UserError(`${name} is no JSON: ${messageOf(error).replace(/\s+/g, ' ')}`);
  }
}
