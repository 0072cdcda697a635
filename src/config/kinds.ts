import { z } from 'zod';
import { whyInTheClear, whyMongoInTheClear } from './in-transit.ts';
import { Secret } from './secret.ts';

/** What a variable may hold. Messages are noun phrases: the loader says `"..." is not <phrase>.` */
export const Url = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
    error: `an address that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  });

export const HttpUrl = Url('http:', 'https:');

/** Refuses what would cross a wire in the clear: `why` says what it is not, or nothing. */
const inTransit = (why: (text: string) => string | undefined) => (text: string, context: z.RefinementCtx) => {
  const message = why(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
};

/** The address of a service that is told secrets, or data: encrypted, unless it is on this machine. */
export const ServiceUrl = HttpUrl.superRefine((text, context) => {
  if (URL.canParse(text)) inTransit(whyInTheClear)(text, context);
});

/** The same, where the address itself may open something: webhooks often have their token in it. */
export const SecretServiceUrl = ServiceUrl.transform((text) => new Secret(text));

/** A text that is never shown, not even in a refusal. `prefix`: how such a token starts. */
export const SecretText = (prefix = '') =>
  z
    .string()
    .startsWith(prefix, { error: `a token that starts with ${prefix}` })
    .transform((text) => new Secret(text));

/** Up to `most` secrets with commas between: the old one counts besides the new one while it is changed. */
export const SecretTexts = (most: number) =>
  z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine((parts) => parts.length <= most && parts.every((each) => each !== ''), {
      error: `one secret, or ${most} with a comma between`,
    })
    .transform((parts): readonly Secret[] => Object.freeze(parts.map((each) => new Secret(each))));

/** Shorter ones can be guessed. */
const SHORTEST_SECRET = 16;

/**
 * `us-east-1=SECRET,us-west-2=SECRET`; a region may be there twice while its secret is changed. The same secret for two regions
 * is refused: one of them could speak for the other.
 */
export const SecretsByRegion = z
  .string()
  .transform((text) =>
    text.split(',').map((pair) => /^\s*([a-z]{2}-[a-z]+-[0-9])=(\S+)\s*$/.exec(pair)?.slice(1) ?? []),
  )
  .refine(
    (pairs) =>
      pairs.every(([region, secret = '']) => region !== undefined && secret.length >= SHORTEST_SECRET) &&
      new Set(pairs.map(([, secret]) => secret)).size === pairs.length,
    { error: 'a list like us-east-1=SECRET,us-west-2=SECRET with secrets of 16 characters or more, each another' },
  )
  .transform((pairs): Readonly<Record<string, readonly Secret[]>> => {
    const byRegion: Record<string, Secret[]> = {};
    for (const [region = '', secret = ''] of pairs)
      byRegion[region] = [...(byRegion[region] ?? []), new Secret(secret)];
    return Object.freeze(byRegion);
  });

export const Email = z.email({ error: 'an e-mail address' });

/** A connection string: it may carry a password, so it is a secret, and encrypted unless it stays on this machine. */
const SecretUri = (why: (text: string) => string | undefined, ...schemes: string[]) =>
  z
    .string()
    .refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}//`)), {
      error: `an address that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
      abort: true,
    })
    .superRefine(inTransit(why))
    .transform((text) => new Secret(text));

export const MongoUri = SecretUri(whyMongoInTheClear, 'mongodb:', 'mongodb+srv:');

export const RedisUrl = SecretUri(
  (text) => (URL.canParse(text) ? whyInTheClear(text) : 'an address'),
  'redis:',
  'rediss:',
);

/** `sessions@us-east-1=rediss://:PASSWORD@10.0.0.4:6379,...`: by cache and region. */
export const CacheUrls = z
  .string()
  .transform((text) =>
    text.split(',').map((pair) => /^\s*([a-z][\w-]*@[a-z]{2}-[a-z]+-[0-9])=(\S+)\s*$/.exec(pair) ?? []),
  )
  .refine((pairs) => pairs.every(([, place, url]) => place !== undefined && RedisUrl.safeParse(url).success), {
    error:
      'a list like sessions@us-east-1=rediss://:PASSWORD@10.0.0.4:6379,sessions@us-west-2=... (rediss, or this machine)',
  })
  .transform(
    (pairs): Readonly<Record<string, Secret>> =>
      Object.freeze(Object.fromEntries(pairs.map(([, place = '', url = '']) => [place, new Secret(url)]))),
  );

/** 32 random bytes in base64. */
export const SecretKey = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, { error: '32 bytes in base64 (44 characters)' })
  .transform((text) => new Secret(text));

export const Port = z
  .string()
  .refine((text) => /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535, { error: 'a port from 0 to 65535' })
  .transform(Number);

export const Path = z.string().min(1);

/** Off unless it says so: these switches weaken something. */
export const Switch = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], { error: 'on or off' })
  .transform((word) => ['on', 'true', '1'].includes(word));

/** `us-east-1=http://10.0.0.4/health,us-west-2=http://10.1.0.4/health`. */
export const UrlByRegion = z
  .string()
  .refine(
    (text) =>
      text.split(',').every((pair) => {
        const [, url = ''] = /^[a-z]{2}-[a-z]+-[0-9]=(\S+)$/.exec(pair.trim()) ?? [];
        return HttpUrl.safeParse(url).success;
      }),
    { error: 'a list like us-east-1=http://10.0.0.4/health,us-west-2=http://10.1.0.4/health' },
  )
  .transform(
    (text): Readonly<Record<string, string>> =>
      Object.freeze(
        Object.fromEntries(
          text.split(',').map((pair) => {
            const [region = '', ...url] = pair.trim().split('=');
            return [region, url.join('=')];
          }),
        ),
      ),
  );

/** `us-east-1=eld-vault-a,us-west-2=eld-vault-b`. */
export const ByRegion = z
  .string()
  .refine((text) => text.split(',').every((pair) => /^[a-z]{2}-[a-z]+-[0-9]=[^=,\s]+$/.test(pair.trim())), {
    error: 'a list like us-east-1=name,us-west-2=name',
  })
  .transform(
    (text): Readonly<Record<string, string>> =>
      Object.freeze(Object.fromEntries(text.split(',').map((pair) => pair.trim().split('=')))),
  );

/** `db-1:27017=https://10.0.0.4:8443,db-2:27017=https://10.0.0.5:8443`. */
export const ServiceUrlByHost = z
  .string()
  .refine((text) => hostPairs(text).every(([host, url]) => HOST.test(host) && ServiceUrl.safeParse(url).success), {
    error: `a list like db-1:27017=https://10.0.0.4:8443,db-2:27017=https://10.0.0.5:8443 (https, or this machine)`,
  })
  .transform((text): Readonly<Record<string, string>> => Object.freeze(Object.fromEntries(hostPairs(text))));

const HOST = /^[\w.[\]:-]+:\d{1,5}$/;

const hostPairs = (text: string): [host: string, url: string][] =>
  text.split(',').map((pair) => {
    const [host = '', ...url] = pair.trim().split('=');
    return [host, url.join('=')];
  });
