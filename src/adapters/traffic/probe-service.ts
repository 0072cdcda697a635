import { randomUUID } from 'node:crypto';
import { fetch, type RequestInit } from 'undici';
import { z } from 'zod';
import type { ProbeShape } from './driver-log-probe.ts';

interface ProbeOrder {
  readonly url: string;
  readonly shape: ProbeShape;
  readonly count: number;
  readonly withinMs: number;
}

const AT_ONCE = 8;
const TRIES = 3;

const Written = z.object({ acknowledged: z.literal(true), hash: z.string() });
const Read = z.object({ id: z.string(), hash: z.string() });

/** Writes test records through the service and reads each back through it. A refused one is sent again, twice. */
export async function probeService(order: ProbeOrder): Promise<{ written: number; readBack: number }> {
  const ids = Array.from({ length: order.count }, () => `probe-${randomUUID()}`);
  let written = 0;
  let readBack = 0;
  const lane = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      const hash = await write(order, id);
      if (hash === undefined) continue;
      written += 1;
      if ((await read(order, id)) === hash) readBack += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { written, readBack };
}

async function write({ url, shape, withinMs }: ProbeOrder, id: string): Promise<string | undefined> {
  const body = JSON.stringify(shape.record(id, new Date()));
  const headers = { 'content-type': 'application/json' };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const said = await answer(url + shape.path, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(withinMs),
    });
    const written = Written.safeParse(said);
    if (written.success) return written.data.hash;
  }
  return undefined;
}

async function read({ url, shape, withinMs }: ProbeOrder, id: string): Promise<string | undefined> {
  const found = Read.safeParse(await answer(`${url}${shape.path}/${id}`, { signal: AbortSignal.timeout(withinMs) }));
  return found.success && found.data.id === id ? found.data.hash : undefined;
}

/** The answer's JSON, or undefined: whatever went wrong, the record was not shown to be there. */
async function answer(url: string, request: RequestInit): Promise<unknown> {
  try {
    return await (await fetch(url, request)).json();
  } catch {
    return undefined;
  }
}
