import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';

const folder = mkdtempSync(join(tmpdir(), 'fc-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('temporalSettings', () => {
  it('without variables is the local server', () => {
    expect(temporalSettings({})).toEqual({
      address: '127.0.0.1:7233',
      namespace: 'default',
      connection: { address: '127.0.0.1:7233' },
    });
  });

  it('reads address, namespace and an API key, which turns TLS on', () => {
    const settings = temporalSettings({
      TEMPORAL_ADDRESS: 'credits.example:7233',
      TEMPORAL_NAMESPACE: 'credits.a1b2c',
      TEMPORAL_API_KEY: 'key',
    });
    expect(settings).toMatchObject({
      address: 'credits.example:7233',
      namespace: 'credits.a1b2c',
      connection: { address: 'credits.example:7233', apiKey: 'key', tls: true },
    });
  });

  it('reads certificates from files', () => {
    const [cert, key, ca] = ['cert', 'key', 'ca'].map((name) => {
      const path = join(folder, name);
      writeFileSync(path, `${name}-content`);
      return path;
    });
    const { connection } = temporalSettings({
      TEMPORAL_TLS_CLIENT_CERT_PATH: cert,
      TEMPORAL_TLS_CLIENT_KEY_PATH: key,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: ca,
    });
    const { tls } = connection;
    if (typeof tls !== 'object' || tls === null) throw new Error('TLS is off');
    const { clientCertPair, serverRootCACertificate } = tls;
    expect(
      [clientCertPair?.crt, clientCertPair?.key, serverRootCACertificate].map((bytes) =>
        Buffer.from(bytes ?? []).toString(),
      ),
    ).toEqual(['cert-content', 'key-content', 'ca-content']);
  });

  it('names a certificate that is not there', () => {
    const missing = join(folder, 'nowhere.pem');
    expect(() =>
      temporalSettings({ TEMPORAL_TLS_CLIENT_CERT_PATH: missing, TEMPORAL_TLS_CLIENT_KEY_PATH: missing }),
    ).toThrow(missing);
  });

  it('takes a variable that is set to nothing as not set', () => {
    expect(temporalSettings({ TEMPORAL_ADDRESS: '', TEMPORAL_API_KEY: '' })).toEqual(temporalSettings({}));
  });

  it('reads a profile where one is named', () => {
    const file = join(folder, 'temporal.toml');
    writeFileSync(file, '[profile.prod]\naddress = "prod.example:7233"\nnamespace = "prod"\n');
    expect(temporalSettings({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'prod' })).toMatchObject({
      address: 'prod.example:7233',
      namespace: 'prod',
    });
  });
});

describe('connectionFromEnv', () => {
  it('says where nothing answers and what to set', async () => {
    // Port 1 of this machine: nothing listens there.
    const failing = connectionFromEnv({
      ...temporalSettings({}),
      address: '127.0.0.1:1',
      connection: { address: '127.0.0.1:1', connectTimeout: 500 },
    });
    await expect(failing).rejects.toThrow(/no Temporal answers at 127\.0\.0\.1:1 .*TEMPORAL_ADDRESS/s);
  });
});
