import { randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { AuthenticatorRecord, createTotpStepUp, noStepUp, type StepUpOffer } from '#approvals';
import { RequestId } from '#core';
import { person } from './approval-world.ts';

const alex = person('alex-chen');
const [first, second] = [RequestId.parse('R-42'), RequestId.parse('R-43')];

function setUp() {
  const clock = createSettableClock(new Date('2026-11-23T08:12:05Z'));
  const store = memoryControlStore(clock);
  const sealKey = randomBytes(32);
  const stepUp = createTotpStepUp({ store, sealKey, random: randomBytes, issuer: 'ELD' });
  const codeAt = (secret: string, secondsLater = 0): string =>
    generateSync({ secret, epoch: Math.floor(clock.now().getTime() / 1000) + secondsLater });
  const offer = (code: string | undefined, request = first): StepUpOffer => ({
    policy: { stepUp: 'totp' },
    person: alex,
    request,
    code,
    at: clock.now(),
  });
  const enrolled = async (): Promise<string> => {
    const { secret } = await stepUp.enrol(alex);
    expect(await stepUp.confirm(alex, codeAt(secret))).toBe(true);
    await clock.advance(60_000);
    return secret;
  };
  return { clock, store, stepUp, codeAt, offer, enrolled };
}

describe('a code of an authenticator', () => {
  it('proves who clicked', async () => {
    const { stepUp, offer, codeAt, enrolled } = setUp();
    const secret = await enrolled();
    expect(await stepUp.prove(offer(undefined))).toEqual({ kind: 'needed' });
    expect(await stepUp.prove(offer(codeAt(secret)))).toEqual({ kind: 'totp' });
  });

  it('counts for one request: handled twice it passes, for another it is used up', async () => {
    const { stepUp, offer, codeAt, enrolled } = setUp();
    const code = codeAt(await enrolled());
    expect(await stepUp.prove(offer(code))).toEqual({ kind: 'totp' });
    expect(await stepUp.prove(offer(code))).toEqual({ kind: 'totp' });
    expect(await stepUp.prove(offer(code, second))).toEqual({ kind: 'refused', why: 'code-used' });
  });

  it('counts for one of two requests that it is offered to at the same moment', async () => {
    const { stepUp, offer, codeAt, enrolled } = setUp();
    const code = codeAt(await enrolled());
    const proofs = await Promise.all([stepUp.prove(offer(code)), stepUp.prove(offer(code, second))]);
    expect(proofs.map(({ kind }) => kind).sort()).toEqual(['refused', 'totp']);
  });

  it('that confirmed the device is no proof afterwards', async () => {
    const { stepUp, offer, codeAt } = setUp();
    const { secret } = await stepUp.enrol(alex);
    const code = codeAt(secret);
    await stepUp.confirm(alex, code);
    expect(await stepUp.prove(offer(code))).toEqual({ kind: 'refused', why: 'code-used' });
  });

  it('may be half a minute off, and no more', async () => {
    for (const [seconds, kind] of [
      [-30, 'totp'],
      [30, 'totp'],
      [-90, 'refused'],
      [90, 'refused'],
    ] as const) {
      const { stepUp, offer, codeAt, enrolled, clock } = setUp();
      const secret = await enrolled();
      await clock.advance(300_000);
      expect((await stepUp.prove(offer(codeAt(secret, seconds)))).kind, `${seconds} s`).toBe(kind);
    }
  });

  it('cannot be guessed: five wrong ones lock for five minutes, the right one too', async () => {
    const { stepUp, offer, codeAt, enrolled, clock } = setUp();
    const secret = await enrolled();
    const wrong = codeAt(secret) === '000000' ? '000001' : '000000';
    for (let count = 0; count < 4; count += 1) {
      expect(await stepUp.prove(offer(wrong))).toEqual({ kind: 'refused', why: 'wrong-code' });
    }
    expect(await stepUp.prove(offer(wrong))).toEqual({ kind: 'refused', why: 'locked' });
    expect(await stepUp.prove(offer(codeAt(secret)))).toEqual({ kind: 'refused', why: 'locked' });
    await clock.advance(5 * 60_000);
    expect(await stepUp.prove(offer(codeAt(secret)))).toEqual({ kind: 'totp' });
  });

  it('is not asked for where the policy does not', async () => {
    const { stepUp, offer } = setUp();
    expect(await stepUp.prove({ ...offer(undefined), policy: { stepUp: 'none' } })).toEqual({ kind: 'none' });
    expect(await noStepUp.prove({ ...offer(undefined), policy: { stepUp: 'none' } })).toEqual({ kind: 'none' });
    expect(await noStepUp.prove(offer('123456'))).toEqual({ kind: 'needed' });
  });
});

describe('enrolling', () => {
  it('counts only after a right code has shown that the device has the secret', async () => {
    const { stepUp, offer, codeAt, clock } = setUp();
    const { secret, uri } = await stepUp.enrol(alex);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Holdfast%20ELD/);
    expect(await stepUp.prove(offer(codeAt(secret)))).toEqual({ kind: 'refused', why: 'not-enrolled' });
    expect(await stepUp.confirm(alex, 'abcdef')).toBe(false);
    expect(await stepUp.confirm(alex, codeAt(secret))).toBe(true);
    await clock.advance(60_000);
    expect(await stepUp.prove(offer(codeAt(secret)))).toEqual({ kind: 'totp' });
  });

  it('a second device is refused until the first is removed', async () => {
    const { stepUp, enrolled } = setUp();
    await enrolled();
    await expect(stepUp.enrol(alex)).rejects.toMatchObject({ code: 'ALREADY_EXISTS', kind: 'user' });
    await stepUp.remove(alex);
    await stepUp.remove(alex);
    await expect(stepUp.enrol(alex)).resolves.toHaveProperty('secret');
  });

  it('keeps the secret sealed, and bound to its person', async () => {
    const { stepUp, store, enrolled, offer, codeAt } = setUp();
    const secret = await enrolled();
    const records = store.records<AuthenticatorRecord>('authenticators', AuthenticatorRecord);
    const kept = (await records.get(alex))?.value;
    if (!kept) throw new Error('not kept');
    expect(JSON.stringify(kept)).not.toContain(secret);
    const david = person('david-kim');
    await records.insert({ ...kept, id: david, lastStep: -1 });
    await expect(stepUp.prove({ ...offer(codeAt(secret)), person: david })).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });
});
