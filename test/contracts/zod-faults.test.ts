import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { faultsOf } from '../../src/contracts/faults';

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  list: z.array(z.int()).min(2),
  kind: z.enum(['loop', 'branch']),
  half: z.number().multipleOf(0.5).optional(),
  either: z.union([z.string(), z.array(z.string())]).optional(),
  shape: z
    .union([z.string(), z.strictObject({ colour: z.string() }), z.strictObject({ size: z.int().max(3) })])
    .optional(),
  when: z.iso.datetime().optional(),
  own: z.string().regex(/^x/, 'must begin with x').optional(),
  said: z
    .string()
    .refine(() => false, 'nobody likes it')
    .optional(),
});
const GOOD = { name: 'n', list: [1, 2], kind: 'loop' };

/** Faults as `path message`. */
function told(input: unknown): readonly string[] {
  const parsed = schema.safeParse(input);
  return parsed.success ? [] : faultsOf(parsed.error, input).map(({ path, message }) => `${path} ${message}`);
}

describe('what a schema finds', () => {
  it.each<[string, object, string]>([
    ['a name that is missing', { name: undefined }, 'name is missing; it must be a text'],
    ['a list that is missing', { list: undefined }, 'list is missing; it must be a list'],
    ['a choice that is missing', { kind: undefined }, 'kind is missing; there are "loop", "branch"'],
    ['a choice nearby', { kind: 'lop' }, 'kind is "lop"; did you mean "loop"?'],
    ['another kind', { name: ['n'] }, 'name is ["n"]; it must be a text'],
    ['null', { name: null }, 'name is null; it must be a text'],
    ['half a number', { list: [1, 1.5] }, 'list[1] is 1.5; it must be a whole number'],
    ['nothing', { name: '' }, 'name is ""; it must not be empty'],
    ['too much', { name: 'longer' }, 'name has 6 characters; it must have at most 5'],
    ['too little', { list: [1] }, 'list has 1 members; it must have at least 2'],
    ['a step between', { half: 0.7 }, 'half is 0.7; it must be a multiple of 0.5'],
    ['neither of two kinds', { either: 7 }, 'either is 7; it must be a text or a list'],
    [
      'what is wrong by the nearest choice',
      { shape: { size: 'x' } },
      'shape is {"size":"x"}; size is "x"; it must be a number',
    ],
    ['a format', { when: 'noon' }, 'when is "noon"; it must be a datetime'],
    ['a rule of ours', { own: 'y' }, 'own is "y"; it must begin with x'],
    ['a sentence of ours', { said: 'a' }, 'said nobody likes it'],
    ['an unknown field', { nmae: 1 }, 'nmae is a field nobody knows'],
    ['what JSON cannot say', { name: 5n }, 'name is "5"; it must be a text'],
    ['code', { name: () => 1 }, 'name is a function; it must be a text'],
  ])('says of %s what is there and what must be', (_what, change, expected) => {
    expect(told({ ...GOOD, ...change })).toEqual([expected]);
  });

  it('says all of it, and never in the words of the library', () => {
    expect(told({ list: 'x', kind: 5, extra: true })).toEqual([
      'name is missing; it must be a text',
      'list is "x"; it must be a list',
      'kind is 5; there are "loop", "branch"',
      'extra is a field nobody knows',
    ]);
    expect(told(undefined)).toEqual([' is missing; it must be an object']);
  });
});
