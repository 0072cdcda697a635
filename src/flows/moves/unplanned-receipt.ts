import { bold, counted, formatCount, formatDuration, type RequestId, type Text } from '#core';
import { cacheWords, UnplannedInput, UnplannedReceipt } from '#failover';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

/** What people read when a lost region was left: what it cost, how we know, what to be careful about. Every number was counted. */
export function unplannedReceipt(run: RunRecord): Receipt | undefined {
  const last = run.steps.at(-1);
  const parsed = UnplannedReceipt.safeParse(last?.output);
  if (!parsed.success || last?.state !== 'done') return undefined;
  const receipt = parsed.data;
  const { to, from, openedAt, startedAt, endedAt } = receipt;
  const waited = startedAt.getTime() - run.createdAt.getTime();
  return {
    headline: `${to} now serves`,
    cost: costOf(receipt),
    next: { label: `Rebuild ${from}...`, line: `rebuild ${from}` },
    inFull: `receipt ${run.id}`,
    sections: [
      {
        lines: [
          ...lossLines(receipt, run.id),
          [`Writes open      ${formatDuration(openedAt.getTime() - startedAt.getTime())} after the start`],
          [`Service moved    ${formatDuration(endedAt.getTime() - startedAt.getTime())}${limitOf(run)}`],
          [`Waited to start  ${formatDuration(Math.max(0, waited))}`],
        ],
      },
      { heading: 'How we know', lines: proofLines(receipt) },
      {
        heading: 'Careful now',
        lines: [
          [`${to} runs alone. Another loss there means a restore.`],
          [`${from} must be rebuilt before a failback: /dr rebuild ${from}`],
          ...receipt.counted.alsoClaim.map(
            (host): Text => [`${host} still calls itself primary. It is fenced: no user writes there.`],
          ),
          ...(receipt.caches ?? []).flatMap((cache) =>
            cache.state === 'failed' ? [[`Cache ${cacheWords(cache)}.`] satisfies Text] : [],
          ),
          ...(receipt.left.length > 0 ? [[`Left until it answers again: ${receipt.left.join(', ')}.`]] : []),
          ...(receipt.notSaved === undefined
            ? []
            : [[`The survivor's own tail is not in the vault: ${receipt.notSaved}.`]]),
        ],
      },
    ],
  };
}

/** Never "none" before the old members were read. */
function costOf({ counted: { loss } }: UnplannedReceipt): string {
  if (loss.missing > 0) return `${counted(loss.missing, 'write')} lost.`;
  return loss.complete ? 'No acknowledged write lost.' : 'No loss found so far.';
}

/** What people approved; empty where the input can not be read any more. */
function limitOf({ input }: RunRecord): string {
  const parsed = UnplannedInput.safeParse(input);
  return parsed.success ? `   (approved up to ${formatDuration(parsed.data.limits.durationMs)})` : '';
}

/** Never "0" unless every write was checked: until the old members have been read, more may turn up. */
function lossLines({ counted: { loss }, lossLimitMs, applied, leftOut }: UnplannedReceipt, run: RequestId): Text[] {
  const limit = `approved up to ${formatDuration(lossLimitMs)}${loss.spanMs > lossLimitMs ? ', OVER' : ''}`;
  const checked = `of ${formatCount(loss.acknowledged)} acknowledged writes`;
  const lost =
    loss.missing > 0
      ? `${counted(loss.missing, 'write')}, ${formatDuration(loss.spanMs)}   (${limit})`
      : loss.complete
        ? `0 ${checked}`
        : `none found so far, ${checked}   (${limit})`;
  return [
    [`Lost             ${lost}`],
    [`Put back         ${counted(applied, 'change')} from the vault`],
    ...(leftOut > 0 ? [[`Not put back     ${counted(leftOut, 'change')}; listed in the loss receipt`]] : []),
    ...(loss.missing > 0 || leftOut > 0 ? [[`Listed by id: /dr receipt ${run}`]] : []),
  ];
}

function proofLines({ proof, counted: found, to, from, caches = [] }: UnplannedReceipt): Text[] {
  const { loss, testWrites, trafficShare } = found;
  return [
    [
      proof.by === 'lease-ended'
        ? `${from} was fenced first: its lease was closed and none renewed for ${formatDuration(proof.silentMs)}.`
        : `${from} was fenced first: ${proof.hosts.join(', ')} were stopped.`,
    ],
    [
      `${formatCount(loss.acknowledged)} acknowledged writes were looked for in ${to}, by id${loss.missing > 0 ? '; those that are missing are in the loss receipt' : ''}.`,
    ],
    [
      loss.complete
        ? `The members of ${from} have been read too.`
        : `The members of ${from} have not been read yet: what only they have may be added.`,
    ],
    [
      `${testWrites.readBack} of ${testWrites.written} test writes and reads. ${Math.round(trafficShare * 100)} % of traffic on ${to}.`,
    ],
    ...caches.flatMap((cache) => (cache.state === 'failed' ? [] : [[`Cache ${cacheWords(cache)}.`] satisfies Text])),
  ];
}

/** What drivers notice now, step by step. */
export function unplannedNowLine(run: RunRecord): Text | undefined {
  const done = (name: string): boolean => run.steps.some((step) => step.name === name && step.state === 'done');
  if (run.state === 'putting-back') return [bold('Now'), ': being put back.'];
  if (done('open-writes')) return [bold('Now'), ': writes accepted by the new primary.'];
  if (done('promote')) return [bold('Now'), ': writes are blocked until the tail is put back.'];
  return done('fence')
    ? [bold('Now'), ': no writes anywhere; the old region is fenced.']
    : [bold('Now'), ': as before.'];
}
