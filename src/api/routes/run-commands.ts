import { z } from 'zod';
import { flowRunInputSchema, type AdmissionAnswer, type FlowRunInput } from '../../contracts/run';
import { discardWaitingSchema } from '../../contracts/team';
import { contextOf } from '../../pricing';
import { type Access } from '../access';
import { answered, commandHeaders, commandIdentity, commandShape, done } from '../command';
import { allow } from '../door';
import { whoAsks } from '../identity';
import { type Api, commands } from '../operation';
import { type ApiOptions } from '../options';
import { Problem } from '../problem';
import { millicreditsSchema, momentSchema, runParams, teamParams } from '../schemas/common';
import { documented, said } from '../schemas/registry';
import { malformed } from '../validation';
import { knownRun } from './runs';

/** Flows, and what they are started with, are kept by Temporal up to 2 MB. */
export const FLOW_MOST_BYTES = 1_500_000;

const startBodySchema = z
  .strictObject({
    ...flowRunInputSchema.omit({ team: true, mode: true }).shape,
    creditLimit: z
      .string()
      .regex(/^\d{1,15}$/, 'must be a whole number of millicredits in text')
      .optional(),
  })
  .register(documented, {
    id: 'StartRun',
    description:
      'A flow, and what it is started with. `creditLimit` is in millicredits. What the flow means is checked by the ' +
      'worker: it answers `rejected` with the path of each fault.',
    examples: [
      {
        trigger: 'api',
        flow: {
          name: 'hello',
          blocks: [
            { id: 'start', type: 'start' },
            { id: 'out', type: 'output' },
          ],
          connections: [{ from: 'start', to: 'out' }],
        },
        input: { name: 'Ada' },
      },
    ],
  });

const startedShape = {
  ...commandShape,
  runId: z.string(),
  workflowId: z.string(),
};
const admittedSchema = z
  .object({
    ...startedShape,
    admission: z.object({
      status: z.literal('admitted'),
      rateCard: z.string(),
      held: millicreditsSchema,
      wouldHaveWaited: z.boolean(),
    }),
  })
  .register(documented, { id: 'RunAdmitted', description: 'It is under way.' });
const waitingSchema = z
  .object({
    ...startedShape,
    admission: z.object({
      status: z.literal('waiting'),
      rateCard: z.string(),
      place: z.int(),
      reason: z.enum(['spent', 'held']),
      nextReset: momentSchema,
    }),
  })
  .register(documented, {
    id: 'RunWaiting',
    description: 'It stands in the line: at which place, why, and until when.',
  });

const reasonSchema = z.string().min(1).max(1000);
const cancelBodySchema = z
  .strictObject({ reason: reasonSchema.optional() })
  .register(documented, { id: 'CancelRun', examples: [{ reason: 'started by mistake' }] });
const cancelledSchema = z
  .object({
    ...commandShape,
    runId: z.string(),
    workflowId: z.string(),
  })
  .register(documented, { id: 'RunCancelled' });

const discardRunBodySchema = z
  .strictObject({ reason: reasonSchema })
  .register(documented, { id: 'DiscardRun', examples: [{ reason: 'stale' }] });
const discardBodySchema = z
  .strictObject(discardWaitingSchema.omit({ requestId: true, actor: true }).shape)
  .register(documented, {
    id: 'DiscardLine',
    description: 'All conditions hold; those left out hold for any run.',
    examples: [{ trigger: 'schedule', reason: 'old' }],
  });
const discardedSchema = z
  .object({
    ...commandShape,
    discarded: z.int(),
    more: z.boolean().register(documented, {
      description: 'As many were discarded as one request may: repeat it with another key.',
    }),
  })
  .register(documented, { id: 'Discarded' });

const reverseBodySchema = z
  .strictObject({
    key: z.string().min(1).max(2000).optional().register(documented, {
      description: 'One charge of the run; left out: what is left of every one.',
    }),
    line: z.int().nonnegative().max(1_000_000).optional().register(documented, {
      description: 'One line of that charge, counted from 0.',
    }),
    reason: reasonSchema,
  })
  .register(documented, {
    id: 'ReverseRun',
    examples: [{ key: 'fetch', line: 0, reason: 'the service was down' }],
  });
const reversedSchema = z
  .object({
    ...commandShape,
    reversed: said(millicreditsSchema, 'Given back to where it came from.'),
    charges: z.int().register(documented, { description: 'Of so many charges.' }),
  })
  .register(documented, { id: 'Reversed' });

export function runCommandRoutes(app: Api, options: ApiOptions, access: Access): void {
  const { client, reader } = options;
  app.post(
    '/teams/:team/runs',
    {
      ...commands(
        'startRun',
        {
          tag: 'runs',
          summary: 'Start a run of a flow',
          description:
            'The ledger’s answer comes with the start: 201 admitted; 202 waiting, with its place, why, and the next ' +
            'reset; 422 rejected, with the path of each fault. The key makes the workflow id: a repeated start gets the ' +
            'first run’s answer. A run that would be priced as on a person’s own machine (`location: local`, or a ' +
            'manual one without `cloudRun`) is for operators: it would execute here, and cost nothing.',
        },
        {
          params: teamParams,
          headers: commandHeaders,
          body: startBodySchema,
          response: { 201: admittedSchema, 202: waitingSchema },
        },
      ),
      bodyLimit: FLOW_MOST_BYTES,
    },
    async (request, reply) => {
      const { team } = request.params;
      const input = inputOf(team, request.body);
      const priced = contextOf(input);
      if ('faults' in priced) throw malformed('body', priced.faults);
      if (priced.context.location === 'local') allow(whoAsks(request), access.startLocalRun, 'startLocalRun');
      const by = commandIdentity(request, reply);
      const started = await answered(() => client.startRunOnce(input, by), options);
      if (started.status === 'conflict') {
        throw new Problem('request-conflict', `the key "${by.requestId}" started another run; use a new one`);
      }
      if (started.status === 'gone') {
        throw new Problem(
          'conflict',
          `the key "${by.requestId}" started run "${started.workflowId}", which has ended`,
        );
      }
      const { workflowId, runId, admission } = started;
      const common = { idempotencyKey: by.requestId, runId, workflowId };
      reply.header(
        'location',
        `/v1/teams/${encodeURIComponent(team)}/runs/${encodeURIComponent(workflowId)}`,
      );
      switch (admission.status) {
        case 'admitted':
          return reply.code(201).send({ ...common, admission: { ...admission } });
        case 'waiting':
          return reply.code(202).send({ ...common, admission: { ...admission } });
        case 'rejected':
          throw rejected(admission);
      }
    },
  );

  app.post(
    '/teams/:team/runs/:run/cancel',
    commands(
      'cancelRun',
      {
        tag: 'runs',
        summary: 'Cancel a run',
        description:
          'Waiting or not: what it used is charged, what it held goes back. Asked for, and not waited for: its status ' +
          'tells. Of a run that has ended nothing is left to cancel.',
      },
      {
        params: runParams,
        headers: commandHeaders,
        body: cancelBodySchema,
        response: { 202: cancelledSchema },
      },
    ),
    async (request, reply) => {
      const { team, run: id } = request.params;
      const by = commandIdentity(request, reply);
      const run = await knownRun(reader, team, id);
      const { reason } = request.body;
      const asked = () => client.cancelExecution(run, { ...by, ...(reason === undefined ? {} : { reason }) });
      await answered(asked, options);
      const { runId, workflowId } = run;
      return reply.code(202).send({ idempotencyKey: by.requestId, runId, workflowId });
    },
  );

  app.post(
    '/teams/:team/runs/:run/discard',
    commands(
      'discardRun',
      {
        tag: 'line',
        summary: 'Take one run out of the line',
        description: '409 where it does not wait: one that was admitted in the meantime goes on.',
      },
      {
        params: runParams,
        headers: commandHeaders,
        body: discardRunBodySchema,
        response: { 200: discardedSchema },
      },
    ),
    async (request, reply) => {
      const { team, run: id } = request.params;
      const by = commandIdentity(request, reply);
      const { runId } = await knownRun(reader, team, id);
      const command = { ...by, runIds: [runId], reason: request.body.reason };
      const { discarded } = done(await answered(() => client.discardWaiting(team, command), options));
      if (discarded === 0) throw new Problem('conflict', `run "${id}" of team "${team}" does not wait`);
      return { idempotencyKey: by.requestId, discarded, more: false };
    },
  );

  app.post(
    '/teams/:team/line/discard',
    commands(
      'discardLine',
      {
        tag: 'line',
        summary: 'Take waiting runs out of the line',
        description: 'By flow, trigger, age or id; the first of the line first. Each of them is told.',
      },
      {
        params: teamParams,
        headers: commandHeaders,
        body: discardBodySchema,
        response: { 200: discardedSchema },
      },
    ),
    async (request, reply) => {
      const by = commandIdentity(request, reply);
      const { reason, flow, trigger, before, runIds, most } = request.body;
      const command = {
        ...by,
        reason,
        ...(flow === undefined ? {} : { flow }),
        ...(trigger === undefined ? {} : { trigger }),
        ...(before === undefined ? {} : { before }),
        ...(runIds === undefined ? {} : { runIds }),
        ...(most === undefined ? {} : { most }),
      };
      const { discarded, more } = done(
        await answered(() => client.discardWaiting(request.params.team, command), options),
      );
      return { idempotencyKey: by.requestId, discarded, more };
    },
  );

  app.post(
    '/teams/:team/runs/:run/reversals',
    commands(
      'reverseRun',
      {
        tag: 'runs',
        summary: 'Reverse what a run was charged',
        description: 'All of it, one charge, or one line of one; it goes back to where it came from.',
      },
      {
        params: runParams,
        headers: commandHeaders,
        body: reverseBodySchema,
        response: { 201: reversedSchema },
      },
    ),
    async (request, reply) => {
      const { team, run: id } = request.params;
      const { key, line, reason } = request.body;
      if (key === undefined && line !== undefined) {
        throw malformed('body', [
          { path: 'line', message: 'must stand beside key: it is a line of one charge' },
        ]);
      }
      const by = commandIdentity(request, reply);
      const { runId } = await knownRun(reader, team, id);
      const common = { ...by, runId, reason };
      const asked = (): Promise<Reversed | Refusal> =>
        key === undefined
          ? client.reverseRun(team, common)
          : client.reverseCharge(team, { ...common, key, ...(line === undefined ? {} : { line }) });
      const answer = done(await answered(asked, options));
      return reply
        .code(201)
        .send({ idempotencyKey: by.requestId, reversed: answer.amount, charges: answer.charges ?? 1 });
    },
  );
}

interface Reversed {
  readonly status: 'reversed';
  readonly amount: string;
  readonly charges?: number;
}
type Refusal = Extract<
  Awaited<ReturnType<ApiOptions['client']['reverseRun']>>,
  { readonly status: 'refused' }
>;

function inputOf(team: string, body: z.infer<typeof startBodySchema>): FlowRunInput {
  const { flow, trigger, flows, location, cloudRun, input } = body;
  const { creditLimit, longestWaitSeconds, blocksPerExecution } = body;
  return {
    team,
    flow,
    trigger,
    ...(flows === undefined ? {} : { flows }),
    ...(location === undefined ? {} : { location }),
    ...(cloudRun === undefined ? {} : { cloudRun }),
    ...(input === undefined ? {} : { input }),
    ...(creditLimit === undefined ? {} : { creditLimit }),
    ...(longestWaitSeconds === undefined ? {} : { longestWaitSeconds }),
    ...(blocksPerExecution === undefined ? {} : { blocksPerExecution }),
  };
}

function rejected({
  reason,
  message,
  faults = [],
}: Extract<AdmissionAnswer, { status: 'rejected' }>): Problem {
  return new Problem('rejected', message, {
    reason,
    errors: faults.map((fault) => ({ in: 'body', ...fault })),
  });
}
