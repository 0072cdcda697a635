const CLEAR = 'only this machine itself is spoken to in the clear';

/** Whether a host is this machine, so that nothing said to it can be heard on a wire. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Why what is said to an address could be heard or forged on its way, as what it is not; undefined when it could not.
 * Takes an address with one of these schemes: `https:` and `rediss:` are encrypted, the others are not.
 */
export function whyInTheClear(address: string): string | undefined {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' || protocol === 'rediss:' || isLoopback(hostname)) return undefined;
  const secure = protocol === 'redis:' ? 'rediss://' : 'https://';
  return `encrypted on its way: it must start with ${secure} (${CLEAR})`;
}

/** Options of a MongoDB address that leave it open who answers. */
const UNPROVED = ['tlsinsecure', 'tlsallowinvalidcertificates', 'tlsallowinvalidhostnames'];

/** The same for a MongoDB address, whose hosts may be many and whose encryption is an option. */
export function whyMongoInTheClear(address: string): string | undefined {
  const { hosts, isSrv, options, isEncrypted } = mongoParts(address);
  if (!isSrv && hosts.every((host) => isSocket(host) || isLoopback(host.replace(/:\d+$/, '')))) return undefined;
  if (!isEncrypted) return `encrypted on its way: add tls=true (${CLEAR})`;
  const unproved = [...options].find(([name, value]) => UNPROVED.includes(name) && value === 'true');
  return unproved && `sure of who answers: take ${unproved[0]} out and name the authority with tlsCAFile`;
}

/** A socket in the file system, written with its slashes escaped. */
const isSocket = (host: string): boolean => /^%2f.*\.sock$/i.test(host);

const MONGOD_PORT = 27017;

/**
 * The members that a MongoDB address names and that show a certificate. None where it is not encrypted, or where their names
 * come from DNS.
 */
export function encryptedMembers(address: string): { readonly host: string; readonly port: number }[] {
  const { hosts, isSrv, isEncrypted } = mongoParts(address);
  if (isSrv || !isEncrypted) return [];
  return hosts.flatMap((each) => {
    const { hostname, port } = URL.parse(`tls://${each}`) ?? {};
    if (!hostname || isSocket(each)) return [];
    return [{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || MONGOD_PORT }];
  });
}

function mongoParts(address: string) {
  const [, scheme, rest = ''] = /^(mongodb(?:\+srv)?):\/\/(.*)$/s.exec(address) ?? [];
  const [, authority = '', query = ''] = /^([^/?]*)[^?]*(?:\?(.*))?$/s.exec(rest) ?? [];
  const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',');
  const isSrv = scheme === 'mongodb+srv';
  const options = new Map(
    [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value.toLowerCase()] as const),
  );
  const tls = options.get('tls') ?? options.get('ssl') ?? (isSrv ? 'true' : 'false');
  return { hosts, isSrv, options, isEncrypted: tls === 'true' };
}
