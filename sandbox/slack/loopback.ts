/**
 * Host and Origin checks for servers on this machine: a page on the internet can make a browser call
 * 127.0.0.1 (by DNS rebinding or a plain form), so both headers must be ours.
 */
const LOCAL_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

export function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && LOCAL_HOST.test(host);
}

/** True without an Origin (no browser), else only for a page served by the same host. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || (host !== undefined && origin === `http://${host}`);
}
