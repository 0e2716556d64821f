import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { delayMilliseconds, parseDuration } from '../../src/contracts/blocks-duration';
import { jsonBytes, utf8Bytes } from '../../src/contracts/blocks-size';
import { didYouMean, nearest } from '../../src/contracts/blocks-suggest';
import { parseTemplate } from '../../src/contracts/blocks-template';
import { type Json } from '../../src/contracts/json';

describe('durations', () => {
  it.each<[string, number | null]>([
    ['PT90S', 90_000],
    ['PT0.25S', 250],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['PT1H1M1S', 3_661_000],
    ['P1M', null],
    ['P1Y', null],
    ['P', null],
    ['PT', null],
    ['P1DT', null],
    ['-PT1S', null],
    ['PT1', null],
    ['1', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it('of a delay is either field, and nothing without bounds', () => {
    expect(delayMilliseconds({ seconds: 1.5 })).toBe(1500);
    expect(delayMilliseconds({ duration: 'PT2S' })).toBe(2000);
    for (const config of [
      {},
      { seconds: -1 },
      { seconds: Number.NaN },
      { duration: 'P400D' },
      { seconds: 0 },
    ]) {
      expect(() => delayMilliseconds(config)).toThrow(RangeError);
    }
  });
});

describe('sizes', () => {
  it('are what UTF-8 takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text, 'utf8'));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonBytes(value as Json)).toBe(Buffer.byteLength(JSON.stringify(value), 'utf8'));
      }),
    );
  });
});

describe('suggestions', () => {
  const types = ['start', 'http-request', 'if', 'or', 'evaluate'];

  it.each([
    ['htp-request', 'http-request'],
    ['http-reqeust', 'http-request'],
    ['HTTP-Request', 'http-request'],
    ['fi', 'if'],
    ['evalute', 'evaluate'],
    ['teleport', null],
    ['', null],
    ['x'.repeat(10_000), null],
  ])('%s is near %s', (word, expected) => {
    expect(nearest(word, types)).toBe(expected);
  });

  it('list what there is when nothing is near', () => {
    expect(didYouMean('teleport', ['a', 'b'])).toBe('; there are "a", "b"');
    expect(didYouMean('teleport', [])).toBe('');
  });
});

describe('templates', () => {
  it('are split where their expressions end', () => {
    expect(parseTemplate('a {{ input.b }} c {{secret:KEY}}{{ {"x":{"y":1}} }}')).toEqual({
      ok: true,
      parts: [
        { kind: 'text', text: 'a ' },
        { kind: 'expression', expression: 'input.b' },
        { kind: 'text', text: ' c ' },
        { kind: 'secret', name: 'KEY' },
        { kind: 'expression', expression: '{"x":{"y":1}}' },
      ],
    });
    expect(parseTemplate('{{{"a":{"b":1}}}}')).toMatchObject({ parts: [{ expression: '{"a":{"b":1}}' }] });
    expect(parseTemplate('{{ "{{" }}')).toMatchObject({ parts: [{ expression: '"{{"' }] });
    expect(parseTemplate('no } braces }} here')).toMatchObject({ parts: [{ kind: 'text' }] });
  });

  it('keep all text, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('{{', '}}', '"', '{{ a }}', '{{secret:K}}'))),
        (pieces) => {
          const text = pieces.join('');
          const parsed = parseTemplate(text);
          if (!parsed.ok) {
            expect(parsed.message).not.toBe('');
            return;
          }
          const kept = parsed.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
          if (!text.includes('{{')) expect(kept).toBe(text);
          expect(parsed.parts.every((part) => part.kind !== 'text' || !part.text.includes('{{'))).toBe(true);
        },
      ),
    );
  });
});
