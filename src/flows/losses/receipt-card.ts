import type { Via } from '#chatops';
import { at, bold, counted, DrError, formatCount, formatDuration, type RequestId, say, type Text } from '#core';
import { type LossReceipt, noReceipt, readMissing, readReceipt, type Standing, spanOf } from '#loss';
import type { Card } from '#ports';
import { plain } from '../errors-to-card.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { csvOf, signedOf } from './whole-receipt.ts';

/** So many ids fit on a telephone. */
const SHOWN_IDS = 10;

/**
 * What a failover lost. In the terminal also all of it: as CSV, or the receipt itself as it was signed. Throws REQUEST_UNKNOWN
 * (user) when there is none.
 */
export async function receiptCard(
  run: RequestId,
  { via, as }: { readonly via: Via; readonly as: 'card' | 'csv' | 'signed' },
  world: Pick<HoldfastWorld, 'loss'>,
): Promise<Card> {
  const found = await readReceipt(world.loss, run);
  if (!found) throw noReceipt(run);
  const { receipt, standing } = found;
  if (as === 'card') return cardOf(receipt, standing);
  if (via !== 'terminal') {
    throw new DrError('ARGUMENTS_INVALID', 'user', 'The whole list is for the terminal. Nothing was changed.', {
      hint: `dr receipt ${run} --${as}`,
    });
  }
  const words = as === 'csv' ? csvOf(await readMissing(world.loss.vault, receipt)) : signedOf(receipt);
  return { push: headline(receipt), parts: [{ kind: 'text', text: [words] }] };
}

function cardOf(receipt: LossReceipt, standing: Standing): Card {
  const trouble = TROUBLE[standing];
  const body: Text[] = [
    ...(trouble === undefined ? [] : [[bold('CAREFUL'), ` ${trouble}`]]),
    [bold(headline(receipt))],
    ...(receipt.count === 0 ? [] : lossLines(receipt)),
    say`Put back         ${counted(receipt.putBack, 'write')} from the vault`,
    completeLine(receipt),
    ...receipt.notes.map((note): Text => [note]),
    ...idLines(receipt),
    say`Counted ${at(receipt.countedAt)}. Receipt ${receipt.revision} of ${receipt.id}, ${STANDING[standing]}.`,
  ];
  return plain(headline(receipt), body);
}

/** Never "nothing" before everything was looked at. */
function headline({ id, count, back, acknowledged, complete }: LossReceipt): string {
  if (count > back) return `LOST - ${counted(count - back, 'write')} (${id}).`;
  if (count > 0) return `LOST AND BACK - all ${formatCount(count)} writes are back (${id}).`;
  return complete
    ? `NOTHING LOST - all ${formatCount(acknowledged)} were read back (${id}).`
    : `NOTHING LOST SO FAR - all ${formatCount(acknowledged)} acknowledged writes were read back (${id}).`;
}

function lossLines(receipt: LossReceipt): Text[] {
  const { oldest, newest, back, count, acknowledged, approvedMs, byCollection } = receipt;
  const collections = Object.entries(byCollection).sort(([, a], [, b]) => b - a);
  const span = formatDuration(spanOf(receipt));
  return [
    say`Lost             ${formatCount(count)} of ${formatCount(acknowledged)} acknowledged, ${span} (approved up to ${formatDuration(approvedMs)})`,
    ...(back > 0 ? [say`Back since       ${formatCount(back)}`] : []),
    ...(oldest && newest ? [say`Oldest ${at(oldest)}, newest ${at(newest)}.`] : []),
    ...collections.slice(0, 5).map(([name, some]) => say`${name}: ${formatCount(some)}`),
    ...(collections.length > 5 ? [say`and ${collections.length - 5} more collections.`] : []),
  ];
}

function completeLine({ complete, members, read }: LossReceipt): Text {
  if (complete) return say`Complete: ${counted(read.length, 'old member')} read, nothing more can turn up.`;
  const left = members.filter((host) => !read.some((each) => each.host === host));
  const names = left.length > 0 ? left.join(', ') : 'the old members';
  return say`Not complete: ${names} ${left.length === 1 ? 'was' : 'were'} not read yet, more may turn up.`;
}

function idLines({ id, missing, count, back }: LossReceipt): Text[] {
  const left = missing.filter((write) => !write.back);
  if (left.length === 0) return [];
  const more = count - back - Math.min(left.length, SHOWN_IDS);
  return [
    ...left.slice(0, SHOWN_IDS).map(({ namespace, id: document, what }) => {
      const name = namespace.slice(namespace.indexOf('.') + 1);
      return say`${name} ${{ quote: document }}${what === 'insert' ? '' : ` (${what})`}`;
    }),
    ...(more > 0 ? [say`and ${formatCount(more)} more: dr receipt ${id} --csv`] : []),
    say`Put back what fits: /dr merge ${id} --dry-run`,
  ];
}

const STANDING: Readonly<Record<Standing, string>> = {
  genuine: 'signed, and proved so now',
  forged: 'NOT the one that was signed',
  outdated: 'signed, and not the newest',
  unproved: 'its signature could not be proved now',
};

const TROUBLE: Readonly<Partial<Record<Standing, string>>> = {
  forged: 'This receipt was changed after it was signed. Do not rely on a number in it. Tell the Security Lead.',
  outdated:
    'The vault has a newer receipt than this one: somebody put an older one in its place. Tell the Security Lead.',
};
