import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { isMissingPackage, missingPackage } from '../../src/contracts/missing-package';

/** What Node itself throws when this is evaluated. */
function thrownBy(expression: string): Error {
  const script =
    `Promise.resolve().then(() => ${expression}).catch((error) =>` +
    ' console.log(JSON.stringify({ message: error.message, code: error.code })))';
  const told = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const { message, code } = JSON.parse(told) as { readonly message: string; readonly code?: string };
  return Object.assign(new Error(message), { code });
}

describe('a package that is not installed', () => {
  it.each(["import('@nobody/has-this')", "require('@nobody/has-this')"])('is named by %s', (load) => {
    const error = thrownBy(load);
    expect(isMissingPackage(error)).toBe(true);
    expect(missingPackage(error)).toBe('@nobody/has-this');
  });

  it.each(["require('./no-such-file')", "import('/no/such/file.js')", "JSON.parse('{')"])(
    'is not what %s fails for',
    (load) => {
      expect(missingPackage(thrownBy(load))).toBeNull();
    },
  );
});
