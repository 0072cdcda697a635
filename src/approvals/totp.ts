import { generateSecret, generateURI, verify } from 'otplib';
import { DrError, type PersonId, type RandomBytes, type RequestId } from '#core';
import { type ControlStore, changeRecord, type Records } from '#ports';
import { AuthenticatorRecord, openSecret, sealSecret } from './authenticator-record.ts';
import type { Click } from './decide.ts';
import type { StepUp } from './step-up.ts';

/** A code counts in its own 30 s and the 30 s before and after: clocks of telephones differ, people type slowly. */
const TOLERANCE_SECONDS = 30;
const WRONG_ALLOWED = 5;
const LOCK_MS = 5 * 60_000;

type Proof = Click['stepUp'];

/** Codes from an authenticator app (RFC 6238), each taken once. */
export interface TotpStepUp extends StepUp {
  /**
   * Makes a secret for a person and returns it for their device, once. It counts after `confirm`. An unconfirmed one
   * is replaced; a confirmed one is ALREADY_EXISTS (user), because a taken-over account must not enrol a new device.
   * Callers offer this in the terminal only, never through Slack.
   */
  enrol(person: PersonId): Promise<{ readonly secret: string; readonly uri: string }>;
  /** Shows that the device has the secret. False: wrong code, nothing changed. NOT_FOUND (user) when not enrolled. */
  confirm(person: PersonId, code: string): Promise<boolean>;
  /** Forgets a lost device. Idempotent. */
  remove(person: PersonId): Promise<void>;
}

export interface TotpOptions {
  readonly store: ControlStore;
  /** 32 bytes that seal the secrets. */
  readonly sealKey: Buffer;
  readonly random: RandomBytes;
  /** Shown in the authenticator app: the plan's system. */
  readonly issuer: string;
}

export function createTotpStepUp({ store, sealKey, random, issuer }: TotpOptions): TotpStepUp {
  const records = store.records<AuthenticatorRecord>('authenticators', AuthenticatorRecord);
  const shelf: Shelf = { records, sealKey };
  return {
    prove: async ({ policy, person, request, code, at }) => {
      if (policy.stepUp === 'none') return { kind: 'none' };
      if (person === undefined) return { kind: 'needed' };
      const current = (await records.get(person))?.value;
      if (!current?.confirmed) return { kind: 'refused', why: 'not-enrolled' };
      if (code === undefined) return { kind: 'needed' };
      return takeCode(shelf, { person, code, request, at: at ?? (await store.now()) });
    },
    enrol: async (person) => {
      const secret = generateSecret();
      const sealedSecret = sealSecret(secret, person, sealKey, random);
      const fresh: AuthenticatorRecord = {
        id: person,
        sealedSecret,
        confirmed: false,
        lastStep: -1,
        wrongInARow: 0,
        enrolledAt: await store.now(),
      };
      await insertOrReplaceUnconfirmed(records, fresh);
      return { secret, uri: generateURI({ issuer: `Holdfast ${issuer}`, label: person, secret }) };
    },
    confirm: async (person, code) => {
      const current = (await records.get(person))?.value;
      if (!current) {
        throw new DrError('NOT_FOUND', 'user', 'No authenticator was enrolled for you. Nothing was changed.', {
          hint: 'Enrol one first, in a terminal.',
        });
      }
      const proof = await takeCode(shelf, { person, code, request: undefined, at: await store.now() });
      if (proof.kind !== 'totp') return false;
      await changeRecord(records, person, (record) => ({ ...record, confirmed: true }));
      return true;
    },
    remove: async (person) => {
      const seen = await records.get(person);
      if (seen) await records.remove(seen);
    },
  };
}

interface Shelf {
  readonly records: Records<AuthenticatorRecord>;
  readonly sealKey: Buffer;
}

interface Offered {
  readonly person: PersonId;
  readonly code: string;
  /** Undefined: for enrolling. */
  readonly request: RequestId | undefined;
  readonly at: Date;
}

/** Takes a code for one purpose: whoever writes its step first has used it, on ten processes at the same moment too. */
async function takeCode({ records, sealKey }: Shelf, { person, code, request, at }: Offered): Promise<Proof> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const seen = await records.get(person);
    if (!seen) return { kind: 'refused', why: 'not-enrolled' };
    const record = seen.value;
    if (record.lockedUntil && at < record.lockedUntil) return { kind: 'refused', why: 'locked' };
    const step = await stepOf(code, openSecret(record.sealedSecret, person, sealKey), at);
    if (request !== undefined && step === record.lastStep && request === record.lastRequest) return { kind: 'totp' };
    const [next, proof] = judge(record, step, request, at);
    if (await records.replace(seen, next)) return proof;
  }
  throw new DrError('STORE_UNAVAILABLE', 'transient', 'The authenticator changed while its code was checked.', {
    hint: 'Enter the next code.',
  });
}

function judge(
  record: AuthenticatorRecord,
  step: number | undefined,
  request: RequestId | undefined,
  at: Date,
): [AuthenticatorRecord, Proof] {
  const { lockedUntil: _expired, ...rest } = record;
  if (step !== undefined && step > record.lastStep) {
    const { lastRequest: _before, ...fresh } = rest;
    return [
      { ...fresh, lastStep: step, ...(request ? { lastRequest: request } : {}), wrongInARow: 0 },
      { kind: 'totp' },
    ];
  }
  const why = step === undefined ? 'wrong-code' : 'code-used';
  const wrongInARow = record.wrongInARow + 1;
  if (wrongInARow < WRONG_ALLOWED)
    return [
      { ...rest, wrongInARow },
      { kind: 'refused', why },
    ];
  // A million codes and three of them right at any time: without a lock, guessing is a matter of an hour.
  const lockedUntil = new Date(at.getTime() + LOCK_MS);
  return [
    { ...rest, wrongInARow: 0, lockedUntil },
    { kind: 'refused', why: 'locked' },
  ];
}

async function stepOf(code: string, secret: string, at: Date): Promise<number | undefined> {
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const epoch = Math.floor(at.getTime() / 1000);
  const result = await verify({ secret, token: code, epoch, epochTolerance: TOLERANCE_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

async function insertOrReplaceUnconfirmed(
  records: Records<AuthenticatorRecord>,
  fresh: AuthenticatorRecord,
): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const seen = await records.get(fresh.id);
    if (seen?.value.confirmed) break;
    if (seen && (await records.replace(seen, fresh))) return;
    if (!seen) {
      const inserted = await records.insert(fresh).then(
        () => true,
        (error: unknown) => {
          if (error instanceof DrError && error.code === 'ALREADY_EXISTS') return false;
          throw error;
        },
      );
      if (inserted) return;
    }
  }
  throw new DrError('ALREADY_EXISTS', 'user', 'You have an authenticator already. Nothing was changed.', {
    hint: 'Lost it? An Incident Commander removes it, then enrol again.',
  });
}
