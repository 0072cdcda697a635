import { X509Certificate } from 'node:crypto';
import { createServer as createTcp } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSettableClock } from '#adapters/memory';
import { certificateLook } from '#adapters/probes';

/** Made for this test, and trusted by nobody. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBfDCCASOgAwIBAgIUGXcOum2ksMXkNH291dzE9/b5HC8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MB4XDTI2MTEzMDAxMjYzN1oXDTM2MTEyNzAx
MjYzN1owFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEdeo7cLBR2FZtbdWq8rsdgnRHxcQFpPfzsaXxRdYL/8y+UIxGuoSZ9gwM
98xu1hRpCNu++4EavnFMQy3KChVhAKNTMFEwHQYDVR0OBBYEFEpu2SWJp8ICKyLR
+RGaLyzg9gMYMB8GA1UdIwQYMBaAFEpu2SWJp8ICKyLR+RGaLyzg9gMYMA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgJN2eIE2ySDd6Wdq5/zeGDuZa
F4iXfFWAB+yINumdguwCIA04+A4VGWPxwG9pJYBK/SrnQslbkXqbYCDE+NLZui4N
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbxGJ0d0FePh6sbXR
qMyzm4FT+oRPuICsZ9HAZvmlprShRANCAAR16jtwsFHYVm1t1aryux2CdEfFxAWk
9/OxpfFF1gv/zL5QjEa6hJn2DAz3zG7WFGkI2777gRq+cUxDLcoKFWEA
-----END PRIVATE KEY-----`;

const DAY_MS = 86_400_000;
const until = new Date(new X509Certificate(CERTIFICATE).validTo);

describe('a look at a certificate', () => {
  const server = createServer({ cert: CERTIFICATE, key: KEY });
  const mute = createTcp(() => undefined);
  let port = 0;
  beforeAll(async () => {
    await Promise.all(
      [server, mute].map((each) => new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))),
    );
    port = portOf(server);
  });
  afterAll(() => {
    server.close();
    mute.close();
  });
  const see = (daysBefore: number, at = port, signal = new AbortController().signal) =>
    certificateLook({
      host: '127.0.0.1',
      port: at,
      days: 14,
      clock: createSettableClock(new Date(until.getTime() - daysBefore * DAY_MS)),
    })(signal);

  it.each([
    [15, 'well', undefined],
    [13, 'failed', 'certificate of 127.0.0.1 runs out'],
    [-1, 'failed', 'certificate of 127.0.0.1 has run out'],
  ])('%d days before its end is %s', async (days, state, what) => {
    expect(await see(days)).toMatchObject({ state, ...(what ? { what } : {}), numbers: { daysLeft: days } });
  });

  it('says that none is shown where nobody listens, or where nobody says a word', async () => {
    await expect(see(100, 1)).rejects.toMatchObject({ kind: 'transient' });
    await expect(see(100, portOf(mute), AbortSignal.timeout(100))).rejects.toMatchObject({ kind: 'transient' });
  });
});

function portOf(server: { address(): unknown }): number {
  const at = server.address();
  return typeof at === 'object' && at !== null && 'port' in at ? Number(at.port) : 0;
}
