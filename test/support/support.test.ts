import { describe, expect, it } from '@jest/globals';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/names';
import { eventually, testConnection, testDatabase, testNamespace, uniqueName } from './index';

describe('the shared servers', () => {
  it('give every test a database of its own', async () => {
    const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
    await one.pool.query('CREATE TABLE only_here (n int)');
    const { rows } = await two.pool.query("SELECT to_regclass('only_here') AS found");
    expect(rows).toEqual([{ found: null }]);
    await one.drop();
    await expect(one.pool.query('SELECT 1')).rejects.toThrow();
  });

  it('know our search attributes', async () => {
    const connection = await testConnection();
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: testNamespace(),
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)));
  });

  it('never give a name twice', () => {
    expect(uniqueName('a')).not.toBe(uniqueName('a'));
  });
});

describe('eventually', () => {
  it('gives the first answer that is neither a failure nor false', async () => {
    const answers = [() => false, () => Promise.reject(new Error('not yet')), () => 'there'];
    await expect(eventually(() => answers.shift()?.() ?? false, { everyMs: 1 })).resolves.toBe('there');
  });

  it('throws the last failure when the time is up', async () => {
    const failing = eventually(() => Promise.reject(new Error('never')), { timeoutMs: 20, everyMs: 1 });
    await expect(failing).rejects.toThrow('never');
  });
});
