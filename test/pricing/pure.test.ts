import { expect, it, jest } from '@jest/globals';
import type * as Pure from '../../src/pricing/pure';

jest.mock('zod', () => {
  throw new Error('zod was loaded');
});
jest.mock('node:fs', () => {
  throw new Error('node:fs was loaded');
});
jest.mock('node:crypto', () => {
  throw new Error('node:crypto was loaded');
});

it('pricing that a workflow imports loads no zod, no files, no crypto', () => {
  const pure = jest.requireActual<typeof Pure>('../../src/pricing/pure');
  expect(pure.runLocation('api')).toBe('cloud');
  // That the mocks do stand in the way: the loader trips over them.
  expect(() => jest.requireActual('../../src/pricing')).toThrow('was loaded');
});
