import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { awsEndpointOf, loadConfig, Secret } from '#config';
import { DrError } from '#core';

function refused(act: () => unknown): DrError {
  try {
    act();
  } catch (error) {
    if (error instanceof DrError) return error;
  }
  throw new Error('Nothing was refused.');
}

describe('the environment', () => {
  it('may be empty: everything has a value or is left out', () => {
    expect(loadConfig([], {})).toMatchObject({
      slackMode: 'socket',
      port: 3000,
      planPath: 'plan.yaml',
      logLevel: 'info',
      trustAs: false,
    });
  });

  it('says where each cache of the service is, and never shows its password', () => {
    const read = (text: string) => loadConfig([], { HOLDFAST_CACHE_URLS: text }).cacheUris;
    const urls = read(
      'sessions@us-east-1=rediss://:pass-word@10.0.0.4:6379, sessions@us-west-2=redis://127.0.0.1:6379',
    );
    expect(urls?.['sessions@us-east-1']?.reveal()).toBe('rediss://:pass-word@10.0.0.4:6379');
    expect(inspect(urls)).not.toContain('pass-word');
    for (const wrong of ['sessions=rediss://10.0.0.4:6379', 'sessions@us-east-1=redis://:pass-word@10.0.0.4:6379']) {
      const { message } = refused(() => read(wrong));
      expect(message).toContain('HOLDFAST_CACHE_URLS');
      expect(message).not.toContain('pass-word');
    }
  });

  it('has one secret for each region’s lease, two while it is changed, and none that two regions share', () => {
    const read = (text: string) => loadConfig([], { HOLDFAST_LEASE_SECRETS: text }).leaseSecrets;
    const [a, b, c] = ['first-secret-1234', 'second-secret-1234', 'third=secret-1234='];
    const secrets = read(`us-east-1=${a}, us-east-1=${b},us-west-2=${c}`);
    expect(Object.entries(secrets ?? {}).map(([region, each]) => [region, each.map((one) => one.reveal())])).toEqual([
      ['us-east-1', [a, b]],
      ['us-west-2', [c]],
    ]);
    for (const wrong of ['', a, 'us-east-1=short', `us-east-1=${a},us-west-2=${a}`, `mars=${a}`].slice(1)) {
      const { message } = refused(() => read(wrong));
      expect(message).toContain('HOLDFAST_LEASE_SECRETS  What is set is not a list like us-east-1=SECRET');
      expect(message).not.toContain(a);
    }
  });

  it('is told all its mistakes at once, each with its name', () => {
    const { message, code, kind } = refused(() =>
      loadConfig(['slackBotToken', 'controlMongodbUri'], {
        SLACK_MODE: 'sokcet',
        PORT: '99999',
        HOLDFAST_REGION: 'mars',
        HOLDFAST_REGOIN: 'us-east-1',
        HOLDFAST_AWS_ENDPOINT_US_EAST_1: 'nope',
      }),
    );
    expect([code, kind]).toEqual(['CONFIG_INVALID', 'user']);
    expect(message).toMatch(/^The environment has 7 mistakes\. Holdfast did not start\.\n/);
    for (const line of [
      ' SLACK_BOT_TOKEN  is missing.',
      ' CONTROL_MONGODB_URI  is missing.',
      ' SLACK_MODE  "sokcet" is not socket or http.',
      ' PORT  "99999" is not a port from 0 to 65535.',
      ' HOLDFAST_REGION  "mars" is not a region.',
      ' HOLDFAST_AWS_ENDPOINT_US_EAST_1  "nope" is not an address',
      ' HOLDFAST_REGOIN  is not read by anything.\n        Did you mean HOLDFAST_REGION?',
    ]) {
      expect(message).toContain(line);
    }
  });

  it('is quoted back, but never where it may hold a secret', () => {
    const error = refused(() =>
      loadConfig([], {
        SLACK_BOT_TOKEN: 'xapp-hidden',
        MONGODB_URI: 'http://root:hidden@db',
        HOLDFAST_STEP_UP_KEY: 'hidden',
      }),
    );
    expect(error.message).toContain('SLACK_BOT_TOKEN  What is set is not a token that starts with xoxb-.');
    expect(inspect(error, { depth: 9 })).not.toContain('hidden');
  });

  it('has one webhook secret, or two while it is changed, and never shows an address that may open something', () => {
    const revealed = (text: string) =>
      loadConfig([], { PAGERDUTY_WEBHOOK_SECRET: text }).pagerdutyWebhookSecrets?.map((secret) => secret.reveal());
    expect(revealed('new-one')).toEqual(['new-one']);
    expect(revealed('new-one, old-one')).toEqual(['new-one', 'old-one']);
    for (const wrong of ['hidden,hidden,hidden', 'hidden,', ',']) {
      const { message } = refused(() => loadConfig([], { PAGERDUTY_WEBHOOK_SECRET: wrong }));
      expect(message).toContain('PAGERDUTY_WEBHOOK_SECRET  What is set is not one secret, or 2 with a comma between.');
    }
    const gateways = { HOLDFAST_SMS_URL: 'http://sms.example/hidden', HOLDFAST_NOTIFY_WEBHOOK_URL: 'ftp://hidden' };
    expect(
      inspect(
        refused(() => loadConfig([], gateways)),
        { depth: 9 },
      ),
    ).not.toContain('hidden');
    const config = loadConfig([], { HOLDFAST_VOICE_URL: 'https://voice.example/hidden' });
    expect(inspect(config, { depth: 9 })).not.toContain('hidden');
    expect(config.voiceUri?.reveal()).toBe('https://voice.example/hidden');
  });

  it('counts empty as unset', () => {
    expect(loadConfig([], { SLACK_MODE: '', REDIS_URL: ' ' }).slackMode).toBe('socket');
    expect(refused(() => loadConfig(['redisUrl'], { REDIS_URL: '' })).message).toContain('REDIS_URL  is missing.');
  });

  it('is frozen once read', () => {
    const config = loadConfig([], { HOLDFAST_VAULT_BUCKETS: 'us-east-1=a-bucket' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.awsEndpoints)).toBe(true);
    expect(Object.isFrozen(config.vaultBuckets)).toBe(true);
  });

  it('gives each region its own endpoint, and the common one where it has none', () => {
    const config = loadConfig([], {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:5000',
      HOLDFAST_AWS_ENDPOINT_US_WEST_2: 'http://127.0.0.1:5002',
    });
    expect(awsEndpointOf(config, 'us-west-2')).toBe('http://127.0.0.1:5002');
    expect(awsEndpointOf(config, 'eu-west-1')).toBe('http://127.0.0.1:5000');
  });
});

describe('what would cross a wire in the clear', () => {
  const said = (name: string, value: string): string | undefined => {
    try {
      loadConfig([], { [name]: value });
      return undefined;
    } catch (error) {
      return error instanceof DrError ? error.message : String(error);
    }
  };

  it.each([
    ['AWS_ENDPOINT_URL', 'http://minio.internal:9000', 'it must start with https://'],
    ['HOLDFAST_AWS_ENDPOINT_US_EAST_1', 'http://10.0.0.4:9000', 'it must start with https://'],
    ['AWS_ENDPOINT_URL_S3', 'http://minio.internal:9000', 'it must start with https://'],
    ['AWS_ENDPOINT_URL_KMS', 'http://127.0.0.1.example.com', 'it must start with https://'],
    ['SLACK_API_URL', 'http://slack.example/api/', 'it must start with https://'],
    ['PAGERDUTY_EVENTS_URL', 'http://pager.example', 'it must start with https://'],
    ['REDIS_URL', 'redis://cache.internal:6379', 'it must start with rediss://'],
    ['MONGODB_URI', 'mongodb://u:p@db1.internal,db2.internal/?replicaSet=eld', 'add tls=true'],
    ['MONGODB_URI', 'mongodb://u:p@127.0.0.1:27017,db2.internal:27017/', 'add tls=true'],
    ['MONGODB_URI', 'mongodb://127.0.0.1@db.internal/', 'add tls=true'],
    ['MONGODB_URI', 'mongodb://db.internal/?tls=false', 'add tls=true'],
    ['MONGODB_URI', 'mongodb+srv://db.internal/?tls=false', 'add tls=true'],
    ['CONTROL_MONGODB_URI', 'mongodb://db.internal/?tls=true&tlsInsecure=true', 'take tlsinsecure out'],
    [
      'MONGODB_URI',
      'mongodb+srv://db.internal/?tlsAllowInvalidCertificates=true',
      'take tlsallowinvalidcertificates out',
    ],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0', 'nobody would be sure who answers'],
  ])('%s=%s is refused at start, and the way out is said', (name, value, wayOut) => {
    const message = said(name, value);
    expect(message).toContain(`The environment has 1 mistake. Holdfast did not start.\n ${name}  `);
    expect(message).toContain(wayOut);
    expect(message).not.toContain('u:p');
  });

  it.each([
    ['AWS_ENDPOINT_URL', 'https://minio.internal:9000'],
    ['AWS_ENDPOINT_URL', 'http://127.0.0.1:5000'],
    ['AWS_ENDPOINT_URL_S3', 'http://localhost:5000'],
    ['HOLDFAST_AWS_ENDPOINT_US_EAST_1', 'http://[::1]:5000'],
    ['SLACK_API_URL', 'http://127.0.0.1:4001/api/'],
    ['REDIS_URL', 'redis://localhost:6379'],
    ['REDIS_URL', 'rediss://:password@cache.internal:6379'],
    ['MONGODB_URI', 'mongodb://u:p@127.0.0.1:27017,localhost:27018,[::1]:27019/eld?replicaSet=eld'],
    ['MONGODB_URI', 'mongodb://%2Ftmp%2Fmongodb-27017.sock/'],
    ['MONGODB_URI', 'mongodb://u:p%40x@db1.internal,db2.internal/eld?replicaSet=eld&TLS=true&tlsCAFile=/ca.pem'],
    ['MONGODB_URI', 'mongodb://db.internal/?ssl=true'],
    ['CONTROL_MONGODB_URI', 'mongodb+srv://cluster.example.net/'],
  ])('%s=%s is not', (name, value) => {
    expect(said(name, value)).toBeUndefined();
  });
});

describe('a secret', () => {
  const config = loadConfig(['slackBotToken', 'mongodbUri'], {
    SLACK_BOT_TOKEN: 'xoxb-hidden',
    MONGODB_URI: 'mongodb://root:hidden@db/?tls=true',
  });

  it('never prints', () => {
    for (const shown of [
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(config),
      `${config.slackBotToken}`,
      String(config.mongodbUri),
    ]) {
      expect(shown).not.toContain('hidden');
      expect(shown).toContain('[secret]');
    }
  });

  it('is given to whoever asks for it by name', () => {
    expect(config.slackBotToken.reveal()).toBe('xoxb-hidden');
    expect(new Secret('a').reveal()).toBe('a');
  });
});
