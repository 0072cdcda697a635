import type { Region } from '#core';

/** Where the object lies that turns drivers away from a region: in another region, so that it can be written when that one is lost. */
export interface SwitchPlace {
  readonly from: Region;
  readonly region: Region;
  readonly bucket: string;
  /** Another address than AWS's own. */
  readonly endpoint?: string;
}

/** What health checkers look for in the object. Anything else there, nothing there, or no answer turns nobody away. */
export const TURNED_AWAY = 'drivers-turned-away';
export const SERVES = 'drivers-served';

/** The only objects in the bucket. Everybody may read them: health checkers come without credentials. */
export const SWITCH_PREFIX = 'dns-switch/';
export const switchKey = (from: Region): string => `${SWITCH_PREFIX}${from}`;

/** Where health checkers find the object. */
export interface SwitchAddress {
  readonly tls: boolean;
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export function switchAddress({ from, region, bucket, endpoint }: SwitchPlace): SwitchAddress {
  if (endpoint === undefined)
    return { tls: true, host: `${bucket}.s3.${region}.amazonaws.com`, port: 443, path: `/${switchKey(from)}` };
  const { protocol, hostname, port } = new URL(endpoint);
  const tls = protocol === 'https:';
  const standard = tls ? 443 : 80;
  return { tls, host: hostname, port: port === '' ? standard : Number(port), path: `/${bucket}/${switchKey(from)}` };
}
