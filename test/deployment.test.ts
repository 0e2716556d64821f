import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const root = resolve(__dirname, '..');
const texts = z.record(z.string(), z.union([z.string(), z.number()]));

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      command: z.array(z.string()).optional(),
      environment: texts.optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      profiles: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
    }),
  ),
  configs: z.record(z.string(), z.object({ content: z.string() })),
});

/** With its anchors and merges, as Compose reads it. */
const { services, configs } = composeSchema.parse(
  parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }),
);

describe('docker-compose.yml', () => {
  it('waits for services that there are', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'postgres', 'setup', 'temporal', 'worker']);
    for (const { depends_on: waits = {} } of Object.values(services)) {
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(waits)));
    }
  });

  it('gives the API what it does not start without, a login that only reads, and no port but on this machine', () => {
    const { api, worker } = services;
    expect(api?.command?.slice(0, 2)).toEqual(['flow-credits', 'api']);
    for (const name of ['FLOW_CREDITS_JWKS_URL', 'FLOW_CREDITS_JWT_ISSUER', 'FLOW_CREDITS_JWT_AUDIENCE']) {
      expect(api?.environment).toHaveProperty(name);
    }
    expect(api?.environment?.['DATABASE_URL']).toMatch(/^postgres:\/\/api:/);
    expect(worker?.environment?.['DATABASE_URL']).toMatch(/^postgres:\/\/worker:/);
    expect(configs['roles']?.content).toContain(
      "CREATE ROLE api LOGIN PASSWORD :'password' IN ROLE flow_credits_reader",
    );
    for (const { ports = [] } of Object.values(services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('asks worker and API whether they are ready, at the ports they have', () => {
    const { api, worker } = services;
    expect(worker?.healthcheck?.test.join(' ')).toContain(
      `:${String(worker?.environment?.['FLOW_CREDITS_OPS_PORT'])}/ready`,
    );
    expect(api?.healthcheck?.test.join(' ')).toContain(`:${String(api?.command?.at(-1))}/ready`);
  });
});

describe('the rules for Prometheus', () => {
  const rulesSchema = z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string(), annotations: texts })) }),
    ),
  });

  it('ask for metrics that there are', () => {
    const { groups } = rulesSchema.parse(
      parse(readFileSync(join(root, 'src/ops/alerts.example.yml'), 'utf8')),
    );
    const sources = ['metrics', 'ledger-gauges'].map((name) =>
      readFileSync(join(root, `src/ops/${name}.ts`), 'utf8'),
    );
    const named = groups
      .flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.match(/flow_credits_\w+/g) ?? []))
      .map((name) => name.replace(/_bucket$/, '').replace(/^flow_credits_/, ''));
    expect(named.length).toBeGreaterThan(5);
    expect(
      named.filter((name) => !sources.some((text) => new RegExp(`[_'\`]${name}['\`]`).test(text))),
    ).toEqual([]);
  });
});
