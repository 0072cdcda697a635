import type { Asked, Preview, Section } from '#chatops';
import { at, capital, counted, DrError, formatBytes, formatCount, formatDuration, say, type Text } from '#core';
import { type ColdPreview, coldWorkflow, previewCold, type RegionSettings } from '#failover';
import { stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { type Forecast, forecastCold } from './cold-forecast.ts';

type Possible = Extract<ColdPreview, { readonly facts: unknown }>;

/** The region that is asked for, where it is one that is built from the vault. NOT_ALLOWED (user): such a move is never planned. */
export function askedCold(
  { region, planned }: { readonly region: string; readonly planned: boolean },
  { move }: Pick<HoldfastWorld, 'move'>,
): RegionSettings | undefined {
  const cold = move.settings.regions.find((each) => each.region === region && each.role === 'cold-standby');
  if (!cold || !planned) return cold;
  throw new DrError(
    'NOT_ALLOWED',
    'user',
    `${region} is a cold standby: it is built from the vault when nothing else is left, which nobody plans. Nothing was changed.`,
    { hint: `what it would do and cost: /dr failover ${region} --reason "..." --dry-run` },
  );
}

/**
 * The preview of the service in a cold region, from the vault alone. Throws what stands in its way, with the next safe thing; nothing
 * was changed, and no card with an Approve button is made.
 */
export async function coldPreview(
  { to, reason }: { to: RegionSettings; reason: string },
  asked: Asked,
  world: HoldfastWorld,
): Promise<Preview> {
  const backup = asked.approved?.['backup'];
  const approvedBackup = typeof backup === 'string' ? backup : undefined;
  const found = await previewCold(world.cold(), { to, approvedBackup }, world.clock);
  if ('problem' in found) throw found.problem;
  const { facts, limits, live, point } = found;
  const [forecast, history] = await Promise.all([
    forecastCold(world.journal, live.bytes),
    stepHistory(world.journal, coldWorkflow.name),
  ]);
  return {
    title: `${facts.move} -> ${facts.to}`,
    job: coldWorkflow.name,
    payload: { facts, limits, backupId: point.backupId, reason },
    facts: { ...facts, backup: point.backupId },
    limits: { ...limits },
    live: { ...live, durationMs: forecast?.totalMs ?? history.totalUsualMs },
    sections: [
      { heading: 'What it costs', lines: costLines(found, forecast) },
      { heading: 'Are all others fenced?', lines: fenceLines(found) },
      { heading: `Is ${facts.to} ready?`, lines: readyLines(found) },
    ],
    details: [changes(found, forecast)],
    effect: `About ${formatDuration(live.lossMs)} of writes may be lost (approved up to ${formatDuration(limits.lossMs)}).`,
    smallPrint: [forecastWords(forecast, limits.durationMs)],
  };
}

function costLines({ live, limits, point, overPlan }: Possible, forecast: Forecast | undefined): Text[] {
  const near = live.lossWrites === undefined ? '' : `, near ${formatCount(live.lossWrites)} writes`;
  const more = overPlan ? ", MORE THAN THE PLAN'S LIMIT" : '';
  return [
    [
      `Writes that may be lost: about ${formatDuration(live.lossMs)}${near} (approved up to ${formatDuration(limits.lossMs)}${more}).`,
    ],
    [`${point.backupId} and all that was captured after it, up to `, at(live.reachesAt), '.'],
    [
      forecast === undefined
        ? `${formatBytes(live.bytes)}, ${counted(live.documents, 'document')} to restore; nothing was restored here before, so how long it takes is not known.`
        : `${formatBytes(live.bytes)}, ${counted(live.documents, 'document')} to restore: writes are accepted after about ${formatDuration(forecast.openMs)}, by restores of the same machines' speed (${formatBytes(forecast.bytesPerSecond)}/s).`,
    ],
  ];
}

function fenceLines({ fences, facts }: Possible): Text[] {
  return fences.map((fence): Text => {
    const why = fence.reasons.filter((reason) => reason !== '').join('; ');
    const fenced = facts.from.find(({ region }) => region === fence.region);
    if (fenced?.by === 'never-open')
      return [`${fence.region}: yes. Its lease is not open, and nobody there ever wrote under one.`];
    if (fence.standing === 'proved') return [`${fence.region}: yes. ${capital(why)}.`];
    return [
      `${fence.region}: not yet, it still renews its lease. It is closed first, and ${formatDuration(fence.waitMs)} are waited. ${capital(why)}.`,
    ];
  });
}

function readyLines({ live, facts, unread, unfit }: Possible): Text[] {
  const room = live.roomFor === undefined ? '' : ` Room for ${live.roomFor} services.`;
  return [
    say`${facts.host} is empty and its machine answers.${room} Checked ${at(live.checkedAt)}.`,
    ...(unfit.length > 0
      ? [[`They answer, and can not lead now: ${unfit.join(', ')}. If one recovers, less is lost there.`]]
      : []),
    ...unread.map((clause): Text => [`Not known: ${clause}.`]),
    [`After it: ${facts.host} runs alone, and nothing is captured until Holdfast has started anew on it.`],
  ];
}

/** What will be different, name by name, and how long each step is expected to take, as `[Details]` shows it. */
function changes({ facts, limits }: Possible, forecast: Forecast | undefined): Section {
  const from = facts.from.map(({ region }) => region);
  return {
    heading: 'Changes',
    lines: [
      [`Database: a new replica set at ${facts.host}. The old one is not touched, and is not used any more.`],
      [`Leases: ${from.join(', ')} closed, ${facts.to} open`],
      [
        `DNS: health checks turn drivers away from ${from.join(', ')}; weights ${facts.weightsAfter.map(({ region, weight }) => `${region} ${weight}`).join(', ')} when the control API answers.`,
      ],
      [`Services in ${facts.to}: ${facts.replicas}`],
      ...(forecast?.steps ?? []).map(
        ({ name, ms }): Text => [
          `${name}: about ${formatDuration(ms)} (limit ${formatDuration(limits.durationMs)} for all)`,
        ],
      ),
      ['Does not touch: backups, retention, keys.'],
    ],
  };
}

function forecastWords(forecast: Forecast | undefined, limitMs: number): string {
  if (!forecast) return `No restore has been run here: no times yet (limit ${formatDuration(limitMs)}).`;
  const over = forecast.totalMs > limitMs ? ", MORE THAN THE PLAN'S LIMIT" : '';
  return `About ${formatDuration(forecast.totalMs)} in all (limit ${formatDuration(limitMs)}${over}), by ${counted(forecast.runs, 'restore')} here.`;
}
