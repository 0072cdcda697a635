import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { freePort, isFree } from '#sandbox/servers';

const Ports = z.record(z.string(), z.number().int());

/**
 * A port a name, the same at every start of this folder: DNS records and people's notes hold them. One that somebody
 * else took meanwhile is replaced by another.
 */
export async function keptPorts(file: string, names: readonly string[]): Promise<(name: string) => number> {
  const ports = existsSync(file) ? Ports.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  for (const name of names) {
    const known = ports[name];
    if (known === undefined || !(await isFree(known))) ports[name] = await freePort();
  }
  writeFileSync(file, JSON.stringify(ports));
  return (name) => {
    const port = ports[name];
    if (port === undefined) throw new Error(`No port is kept for ${name}.`);
    return port;
  };
}
