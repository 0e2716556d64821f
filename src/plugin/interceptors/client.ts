import {
  type CompiledScheduleOptions,
  type ScheduleClientInterceptor,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import {
  defaultPayloadConverter,
  defineSearchAttributeKey,
  TypedSearchAttributes,
  type Payload,
  type SearchAttributePair,
} from '@temporalio/common';
import { currentTeam } from '../../client/ordinary-workflows';
import { type TeamPlace } from '../../contracts/team-source';

/** What a start has of these. */
interface Named {
  readonly memo?: Record<string, unknown>;
  readonly typedSearchAttributes?: TypedSearchAttributes | SearchAttributePair[];
}

/** Names the team of `withTeam` in each start, where the plugin looks for it. Null: it looks nowhere we could write. */
export function teamInterceptors(place: TeamPlace | null): {
  workflow: WorkflowClientInterceptor[];
  schedule: ScheduleClientInterceptor[];
} {
  const header = (headers: Record<string, Payload>): Record<string, Payload> => {
    const team = teamFor(place);
    return team === null || place === null || !('header' in place)
      ? headers
      : { ...headers, [place.header]: defaultPayloadConverter.toPayload(team) };
  };
  const named = <T extends Named>(options: T): T => ({ ...options, ...additions(place, options) });
  return {
    workflow: [
      {
        startWithDetails: (input, next) =>
          next({ ...input, headers: header(input.headers), options: named(input.options) }),
        signalWithStart: (input, next) =>
          next({ ...input, headers: header(input.headers), options: named(input.options) }),
        startUpdateWithStart: (input, next) =>
          next({
            ...input,
            workflowStartHeaders: header(input.workflowStartHeaders),
            workflowStartOptions: named(input.workflowStartOptions),
          }),
      },
    ],
    schedule: [
      {
        create: (input, next) => {
          const { options } = input;
          const action: CompiledScheduleOptions['action'] = named(options.action);
          return next({ headers: header(input.headers), options: { ...options, action } });
        },
      },
    ],
  };
}

function teamFor(place: TeamPlace | null): string | null {
  const team = currentTeam();
  if (team === undefined) return null;
  if (place !== null && !('argument' in place)) return team;
  const where = place === null ? 'by code of its worker' : `in the argument "${place.argument}"`;
  throw new TypeError(
    `withTeam("${team}"): FlowCreditsPlugin finds the team ${where}; give it {header}, {memo} or {searchAttribute}, ` +
      'or name the team there yourself',
  );
}

function additions(place: TeamPlace | null, { memo, typedSearchAttributes }: Named): Named {
  const team = teamFor(place);
  if (team === null || place === null) return {};
  if ('memo' in place) return { memo: { ...memo, [place.memo]: team } };
  if (!('searchAttribute' in place)) return {};
  const pair = { key: defineSearchAttributeKey(place.searchAttribute, 'KEYWORD'), value: team };
  const before =
    typedSearchAttributes instanceof TypedSearchAttributes
      ? typedSearchAttributes
      : new TypedSearchAttributes(typedSearchAttributes);
  return { typedSearchAttributes: before.updateCopy([pair]) };
}
