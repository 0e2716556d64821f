import { describe, expect, it } from '@jest/globals';
import { unkeptIn } from '../../src/contracts/kept';
import { validateFlow } from '../../src/contracts/validate-flow';

const message = 'has a NUL character, which is not kept';

describe('what is not kept', () => {
  it('is found with its place, in texts and in names', () => {
    expect(unkeptIn({ a: [1, null, { b: 'x\0' }] })).toEqual({ path: 'a[2].b', message });
    expect(unkeptIn({ a: { 'b\0': 1 } })).toEqual({ path: 'a.b\0', message });
    expect(unkeptIn({ a: ['x', { b: '\u0001' }], c: undefined })).toBeNull();
  });

  it('is nesting without end, found without recursion', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
    expect(unkeptIn(deep)).toMatchObject({ message: 'nests more than 100 deep; flatten it' });
  });

  it('is refused where it is the name of a flow: its run would ask for admission for ever', () => {
    expect(validateFlow({ name: 'a\0b', blocks: [{ id: 's', type: 'start' }] })).toMatchObject({
      ok: false,
      faults: [{ path: 'name', message: expect.stringContaining('must have no NUL character') }],
    });
  });
});
