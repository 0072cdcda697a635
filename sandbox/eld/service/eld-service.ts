/** One instance of the ELD service, a process of its own: `node eld-service.ts`, settings in the environment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { keepRegionLease } from '../../../clients/region-lease.ts';
import { openLogStore } from './log-store.ts';
import { followRegionConfig } from './region-config.ts';
import { createServiceApp } from './service-app.ts';
import { ServiceSettings } from './settings.ts';

const SAY_GOODBYE_MS = 700;
const settings = ServiceSettings.parse(JSON.parse(process.env['ELD_SERVICE_SETTINGS'] ?? '{}'));
const store = openLogStore(settings.mongodbUri);
const stopping = new AbortController();
const config = followRegionConfig(settings, stopping.signal);
const lease =
  settings.lease && keepRegionLease({ ...settings.lease, region: settings.region, instance: settings.name });
const app = createServiceApp(settings, {
  store,
  config,
  draining: () => stopping.signal.aborted,
  mayWrite: () => lease?.mayWrite() ?? true,
});

/** Takes no new requests, finishes those it has, then ends. */
async function drain(): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  // each open connection is told `close` with its next answer; closing it now would meet requests on their way
  await sleep(SAY_GOODBYE_MS);
  await app.close();
  lease?.stop();
  await store.close();
  console.log(`${settings.name} drained`);
}
process.on('SIGTERM', () => void drain());
process.on('SIGINT', () => undefined); // Ctrl-C is for the process that started us; it ends us in order

await app.listen({ host: '127.0.0.1', port: settings.port });
console.log(`${settings.name} in ${settings.region} listens on ${settings.port}`);
