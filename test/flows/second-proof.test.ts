import { randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import { expect, test } from 'vitest';
import { createTotpStepUp } from '#approvals';
import { PersonId } from '#core';
import { openIntakes } from '#flows';
import { parsePlan } from '#plan';
import { eldText } from '../plan/eld-plan.ts';
import { flowBench, lasting, USERS } from './flow-bench.ts';

/** Approvers of a failover prove themselves by an authenticator; Alex Chen and John Smith have one. */
async function strictBench() {
  const { plan } = parsePlan(eldText.replaceAll('step_up: none', 'step_up: totp'), 'plan.yaml');
  const on = lasting();
  const bench = flowBench(on, on.store, plan);
  const stepUp = createTotpStepUp({ store: on.store, sealKey: randomBytes(32), random: randomBytes, issuer: 'ELD' });
  Object.assign(bench.flow, { stepUp });
  const secrets = new Map<string, string>();
  const codeOf = (user: string): string =>
    generateSync({ secret: secrets.get(user) ?? '', epoch: Math.floor(on.clock.now().getTime() / 1000) });
  for (const [user, name] of [
    [USERS.alex, 'alex-chen'],
    [USERS.john, 'john-smith'],
  ] as const) {
    const person = PersonId.parse(name);
    const { secret } = await stepUp.enrol(person);
    secrets.set(user, secret);
    await stepUp.confirm(person, codeOf(user));
  }
  // A code is taken once, so the next one must be another.
  on.clock.advance(60_000);
  const id = await bench.asked();
  /** Fills in the form that the last click opened. */
  const submit = async (user: string, code: string): Promise<string> => {
    const { form } = bench.chat.forms.at(-1) ?? {};
    if (!form) throw new Error('no form was opened');
    const at = { team: 'T0ELDCORP', user, channel: 'C1', key: `form:${user}:${code}` };
    return bench.deliver({ ...at, kind: 'form', form: form.id, context: form.context, answers: { code } });
  };
  return { bench, id, codeOf, submit };
}

test('a click is asked for the code of an authenticator, and the right one makes it count', async () => {
  const { bench, id, codeOf, submit } = await strictBench();
  await bench.click(USERS.alex, 'approve', id);
  expect(bench.chat.forms.at(-1)?.form).toMatchObject({ title: `Approve ${id}`, submit: 'Approve' });
  expect((await bench.flow.requests.get(id))?.value.approvals).toEqual([]);
  expect(await bench.kinds(id)).not.toContain('not-counted');
  expect(await submit(USERS.alex, codeOf(USERS.alex))).toContain(`Counted: you approved ${id} as Database Admin.`);

  await bench.click(USERS.john, 'approve', id);
  await submit(USERS.john, codeOf(USERS.john));
  await bench.work();
  expect((await bench.flow.requests.get(id))?.value.approvals.map(({ stepUp }) => stepUp)).toEqual(['totp', 'totp']);
  expect(bench.world.region).toBe('us-west-2');
});

test("a wrong code, another person's code and a code without digits do not count", async () => {
  const { bench, id, codeOf, submit } = await strictBench();
  await bench.click(USERS.alex, 'approve', id);
  const wrong = codeOf(USERS.alex) === '000000' ? '000001' : '000000';
  expect(await submit(USERS.alex, wrong)).toContain('That code is not right.');
  expect(await submit(USERS.alex, codeOf(USERS.john))).toContain('That code is not right.');
  expect(await submit(USERS.alex, 'six digits')).toContain('That code is not right.');
  expect((await bench.flow.requests.get(id))?.value.approvals).toEqual([]);
});

test('somebody without the role, and the person who asked, are refused at once and see no form', async () => {
  const { bench, id } = await strictBench();
  expect(await bench.click(USERS.lisa, 'approve', id)).toContain('You cannot approve');
  expect(await bench.click(USERS.mike, 'approve', id)).toContain('You asked for');
  expect(bench.chat.forms).toEqual([]);
});

test('where no form can be opened, the answer says what to type', async () => {
  const { bench, id } = await strictBench();
  const hash = (await bench.flow.requests.get(id))?.value.preview?.hash ?? '';
  const digits = hash.slice(0, 8);
  expect(await bench.say(USERS.alex, `approve ${id} --preview ${digits}`)).toContain(
    `/dr approve ${id} --preview ${digits.slice(0, 4)}-${digits.slice(4)} --code <6 digits>`,
  );
});

test('no code is kept once it was handled, however it was sent', async () => {
  const { bench, id, codeOf, submit } = await strictBench();
  const hash = (await bench.flow.requests.get(id))?.value.preview?.hash ?? '';
  await bench.click(USERS.alex, 'approve', id);
  await submit(USERS.alex, codeOf(USERS.alex));
  await bench.say(USERS.john, `approve ${id} --preview ${hash} --code ${codeOf(USERS.john)}`);
  await bench.say(USERS.john, `approve ${id} --preview ${hash} --code="${codeOf(USERS.john)}"`);
  const kept = JSON.stringify(await openIntakes(bench.flow.store).find({ limit: 100 }));
  expect(kept).toContain('(used)');
  for (const user of [USERS.alex, USERS.john]) expect(kept).not.toContain(`"${codeOf(user)}"`);
  expect(kept).not.toMatch(/--code[ =]\W*\d{6}/);
});
