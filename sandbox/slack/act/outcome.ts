import type { Delivered } from '../delivery.ts';
import { channelOf, type Team } from '../team.ts';

/** What a person's act came to. `said` is what the client shows in red where it fails. */
export type Outcome =
  | { readonly ok: true; readonly ack: unknown }
  | { readonly ok: false; readonly error: string; readonly said: string };

/** Nothing leaves the client while Slack is away. */
export const slackIsAway: Outcome = {
  ok: false,
  error: 'slack_unreachable',
  said: 'Slack cannot be reached. Nothing was sent.',
};

/** A failure the client tells this person about, in a message only they see. */
export function tell(team: Team, person: string, channel: string, said: string, thread?: string): void {
  team.store.putEphemeral({
    channel: channelOf(team, channel).id,
    ts: team.store.nextTs(),
    to: person,
    from: 'slackbot',
    text: said,
    ...(thread === undefined ? {} : { thread_ts: thread }),
  });
}

export function outcomeOf(delivered: Delivered, said: (error: string) => string): Outcome {
  return delivered.state === 'acked'
    ? { ok: true, ack: delivered.body }
    : { ok: false, error: delivered.error, said: said(delivered.error) };
}
