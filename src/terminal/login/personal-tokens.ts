import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { DrError, PersonId, type RandomBytes, Sha256 } from '#core';
import { type ControlStore, changeRecord } from '#ports';

/** One token as the control store keeps it: its hash only, so that reading the store is not enough to use it. */
export const TokenRecord = z.object({
  /** The public part, which the token begins with. */
  id: z.string(),
  person: PersonId,
  hash: Sha256,
  issuedBy: PersonId,
  issuedAt: z.date(),
  /** By the control store's clock. */
  expiresAt: z.date(),
  revokedAt: z.date().optional(),
});
export type TokenRecord = z.output<typeof TokenRecord>;

const FORM = /^hft_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

export interface PersonalTokens {
  /** A new token; it is shown this once and kept nowhere. */
  issue(to: PersonId, by: PersonId, days: number, random: RandomBytes): Promise<{ token: string; record: TokenRecord }>;
  /** Whose token it is. Throws NOT_ALLOWED (user): unknown, revoked or run out. */
  check(token: string): Promise<PersonId>;
  /** Revokes all tokens of a person; returns how many still counted. Idempotent. */
  revoke(person: PersonId): Promise<number>;
}

/** Personal tokens for terminals, in the control store. All calls may throw STORE_UNAVAILABLE (transient). */
export function openTokens(store: ControlStore): PersonalTokens {
  const records = store.records<TokenRecord>('personal-tokens', TokenRecord, { indexed: ['person'] });
  return {
    issue: async (person, issuedBy, days, random) => {
      const id = random(6).toString('hex');
      const secret = random(32).toString('base64url');
      const issuedAt = await store.now();
      const expiresAt = new Date(issuedAt.getTime() + days * 86_400_000);
      const record = { id, person, hash: hashOfSecret(secret), issuedBy, issuedAt, expiresAt };
      await records.insert(record);
      return { token: `hft_${id}_${secret}`, record };
    },
    check: async (token) => {
      const [, id = '', secret = ''] = FORM.exec(token) ?? [];
      const record = id === '' ? undefined : (await records.get(id))?.value;
      if (!record || !same(record.hash, hashOfSecret(secret))) throw refused('is not one that Holdfast gave');
      if (record.revokedAt) throw refused('was revoked');
      if (record.expiresAt <= (await store.now())) throw refused('has run out');
      return record.person;
    },
    revoke: async (person) => {
      const now = await store.now();
      const found = await records.find({ where: { person }, limit: 1_000 });
      const counting = found.filter(({ value }) => !value.revokedAt && value.expiresAt > now);
      for (const { value } of counting) {
        await changeRecord(records, value.id, (current) =>
          current.revokedAt ? undefined : { ...current, revokedAt: now },
        );
      }
      return counting.length;
    },
  };
}

const hashOfSecret = (secret: string): Sha256 => Sha256.parse(createHash('sha256').update(secret).digest('hex'));

const same = (a: Sha256, b: Sha256): boolean => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));

const refused = (why: string): DrError =>
  new DrError('NOT_ALLOWED', 'user', `Your personal token ${why}. Nothing was changed.`, {
    hint: 'An Incident Commander gives you a new one: dr login --for "Your Name"',
  });
