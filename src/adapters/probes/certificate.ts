import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { at, type Clock, DrError, formatCount, say } from '#core';
import type { Look } from '#ports';

const DAY_MS = 86_400_000;

/**
 * Whether the certificate that a host shows is good for so many days more. Only its dates are read: whom to trust is said by
 * whoever connects for a purpose.
 */
export function certificateLook(options: {
  readonly host: string;
  readonly port: number;
  readonly days: number;
  readonly clock: Clock;
}): Look {
  const { host, port, days, clock } = options;
  return async (signal) => {
    const until = new Date((await shownBy(host, port, signal)).valid_to);
    const left = Math.floor((until.getTime() - clock.now().getTime()) / DAY_MS);
    const words = say`good until ${at(until)}, ${formatCount(Math.max(0, left))} days`;
    const numbers = { daysLeft: left };
    if (left >= days) return { state: 'well', words, numbers };
    return {
      state: 'failed',
      what: left < 0 ? `certificate of ${host} has run out` : `certificate of ${host} runs out`,
      words: say`${words}, limit ${days} days`,
      effect: ['From then on whoever checks it is refused.'],
      hostile: false,
      numbers,
    };
  };
}

function shownBy(host: string, port: number, signal: AbortSignal): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const named = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, ...named, rejectUnauthorized: false });
    const end = (): void => {
      socket.destroy();
      signal.removeEventListener('abort', end);
    };
    signal.addEventListener('abort', end, { once: true });
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate());
      end();
    });
    const fail = (cause?: Error): void => {
      reject(new DrError('SERVICE_UNAVAILABLE', 'transient', `${host} shows no certificate.`, { cause }));
      end();
    };
    socket.once('error', fail);
    socket.once('close', () => fail());
  });
}
