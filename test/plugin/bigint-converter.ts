import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  UndefinedPayloadConverter,
  type Payload,
} from '@temporalio/common';

/** JSON in which whole numbers of any size are text: without it a `bigint` cannot be sent. */
class TextForBigints extends JsonPayloadConverter {
  override toPayload(value: unknown): Payload | undefined {
    return super.toPayload(value === undefined ? value : withoutBigints(value));
  }
}

function withoutBigints(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)),
  );
}

export const payloadConverter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new TextForBigints(),
);
