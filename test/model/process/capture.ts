import { openControlStore } from '#adapters/control-store';
import { openOplogSource } from '#adapters/mongodb';
import { runCapture } from '#capture';
import { systemClock } from '#core';
import { type VaultPlace, vaultAt } from './vault-place.ts';

/** What `node capture.ts ORDER` is given, as JSON. */
export interface CaptureOrder extends VaultPlace {
  readonly uri: string;
  readonly controlUri: string;
  readonly holder: string;
  readonly databases: readonly string[];
}

/** Captures as the role does, or waits to, until it is killed. */
async function capture({ uri, controlUri, holder, databases, ...place }: CaptureOrder): Promise<void> {
  const control = openControlStore({ uri: controlUri });
  process.stdout.write('ready\n');
  await runCapture(
    {
      settings: {
        databases: { include: [...databases], exclude: [] },
        durableRegions: 2,
        segmentMs: 700,
        lock: { mode: 'governance', days: 1 },
      },
      vault: vaultAt(place),
      store: control.store,
      leases: control.leases,
      clock: systemClock,
      holder: `${holder}-${process.pid}`,
      openOplog: (prefer) => openOplogSource({ uri, prefer }),
      newestBackupEnd: async () => undefined,
      onEvent: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`),
    },
    new AbortController().signal,
  );
}

const [order] = process.argv.slice(2);
if (order) await capture(JSON.parse(order));
