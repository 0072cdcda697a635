import { bold, capital, counted, formatBytes, formatCount, formatDuration, type Text, utc } from '#core';
import { ColdReceipt, coldWorkflow } from '#failover';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

/** What people read when a cold region serves: what it cost, how we know, what is not protected now. Every number was counted. */
export function coldReceipt(run: RunRecord): Receipt | undefined {
  const last = run.steps.at(-1);
  const parsed = ColdReceipt.safeParse(last?.output);
  if (!parsed.success || last?.state !== 'done') return undefined;
  const receipt = parsed.data;
  const { to, host, from, startedAt, openedAt, endedAt, durationLimitMs, unreachable, left } = receipt;
  const tookMs = endedAt.getTime() - startedAt.getTime();
  const lost = from.map(({ region }) => region).join(' and ');
  return {
    headline: `${to} now serves, built from the vault`,
    sections: [
      {
        lines: [
          ...lossLines(receipt),
          [`Writes open      ${formatDuration(openedAt.getTime() - startedAt.getTime())} after the start`],
          [
            `Service built    ${formatDuration(tookMs)} (limit ${formatDuration(durationLimitMs)}${tookMs > durationLimitMs ? ', OVER' : ''})`,
          ],
          ...slowest(run),
          [`Waited to start  ${formatDuration(Math.max(0, startedAt.getTime() - run.createdAt.getTime()))}`],
        ],
      },
      { heading: 'How we know', lines: proofLines(receipt) },
      {
        heading: 'Careful now',
        lines: [
          [
            `Nothing of ${host} is captured or backed up until Holdfast has started anew on it, which its processes do by themselves. Then: /dr backup mongodb`,
          ],
          [`${host} runs alone. Another loss means another restore: add members to its set.`],
          [
            `Keep the old members of ${lost} stopped: what only they have is not in this database. They are not to join it.`,
          ],
          ...(unreachable.length > 0 ? [[`Not told which region serves: ${unreachable.join(', ')}.`]] : []),
          ...(left.length > 0 ? [[`Left until it answers again: ${left.join(', ')}.`]] : []),
          [
            `Nobody watches ${to} until plan.yaml says that it serves. The way home: docs/decisions/0034-cold-standby.md`,
          ],
        ],
      },
    ],
  };
}

/** Never "0" as a promise: until the old members have been read, more may turn up. */
function lossLines({ counted: { loss }, lossLimitMs, reachesAt, backup }: ColdReceipt): Text[] {
  const limit = `approved up to ${formatDuration(lossLimitMs)}${loss.spanMs > lossLimitMs ? ', OVER' : ''}`;
  const lost =
    loss.missing > 0
      ? `${counted(loss.missing, 'write')}, ${formatDuration(loss.spanMs)}   (${limit})`
      : `none found so far, of ${formatCount(loss.acknowledged)} acknowledged writes   (${limit})`;
  return [[`Lost             ${lost}`], [`As of            ${utc(reachesAt)}, from ${backup} and what was captured`]];
}

const LONGEST = 4;

/** The steps that took longest, in their order. */
function slowest({ steps }: RunRecord): Text[] {
  const longest = steps
    .flatMap(({ name, tookMs }) => (tookMs === undefined ? [] : [{ name, tookMs }]))
    .sort((a, b) => b.tookMs - a.tookMs)
    .slice(0, LONGEST);
  const words = longest.map(({ name, tookMs }) => `${name} ${formatDuration(tookMs)}`);
  return words.length > 0 ? [[`Longest steps    ${words.join(', ')}`]] : [];
}

function proofLines({ collections, documents, bytes, leftOut, counted: found, to, from }: ColdReceipt): Text[] {
  const { loss, testWrites, trafficShare } = found;
  return [
    [`${capital(from.map(({ region }) => region).join(' and '))} were fenced first.`],
    [
      `${counted(collections, 'collection')}, ${counted(documents, 'document')}, ${formatBytes(bytes)}: equal to the vault in count and hash, before anybody wrote.`,
    ],
    ...leftOut.map(({ namespace, reason }): Text => [`Left out: ${namespace} (${reason})`]),
    [
      `${formatCount(loss.acknowledged)} acknowledged writes were looked for in ${to}, by id${loss.missing > 0 ? '; those that are missing are in the loss receipt' : ''}.`,
    ],
    [
      `${testWrites.readBack} of ${testWrites.written} test writes and reads. ${Math.round(trafficShare * 100)} % of traffic on ${to}.`,
    ],
  ];
}

/** What drivers notice now, step by step. */
export function coldNowLine(run: RunRecord): Text | undefined {
  const done = (name: string): boolean => run.steps.some((step) => step.name === name && step.state === 'done');
  if (run.state === 'putting-back') return [bold('Now'), ': being put back.'];
  if (done('open-writes')) return [bold('Now'), ': writes accepted by the new database; drivers follow DNS.'];
  if (run.workflow === coldWorkflow.name && done('fence-all')) {
    return [bold('Now'), ': no writes anywhere; the database is built from the vault.'];
  }
  return [bold('Now'), ': as before.'];
}
