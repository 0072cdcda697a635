import { createHmac, randomUUID } from 'node:crypto';
import { fetch } from 'undici';

/**
 * Sends the listener on this machine the test event that PagerDuty has, signed with the secret. It is kept nowhere.
 * `refused`: it counts other secrets. `nobody`: nothing answers there, or something else does.
 */
export async function pingWebhooks({
  port,
  secret,
  timeoutMs,
}: {
  readonly port: number;
  readonly secret: string;
  readonly timeoutMs: number;
}): Promise<'taken' | 'refused' | 'nobody'> {
  const event = {
    id: randomUUID(),
    event_type: 'pagey.ping',
    occurred_at: new Date().toISOString(),
    data: { type: 'ping' },
  };
  const body = JSON.stringify({ event });
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/pagerduty`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-pagerduty-signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    if (answer.status === 202) return 'taken';
    return answer.status === 401 ? 'refused' : 'nobody';
  } catch {
    return 'nobody';
  }
}
