/** All simulated drivers, one process outside of every region: `node eld-drivers.ts`, settings in the environment. */
import { startAudit } from './audit.ts';
import { drive } from './driver.ts';
import { createDriversApp } from './drivers-app.ts';
import { startHealthChecks } from './health-checks.ts';
import { openLedger } from './ledger.ts';
import { openNameServer } from './name-server.ts';
import { DriversSettings } from './settings.ts';
import { createTrafficCounts } from './traffic-counts.ts';

const settings = DriversSettings.parse(JSON.parse(process.env['ELD_DRIVERS_SETTINGS'] ?? '{}'));
const stopping = new AbortController();
const { signal } = stopping;
const ledger = await openLedger(settings.ledger);
const counts = createTrafficCounts(() => performance.now());
const nameServer = openNameServer(settings);
const isHealthy = startHealthChecks(nameServer, signal);
const audit = startAudit(settings.mongodbUri, ledger, signal);
const begun = Promise.withResolvers<void>();
if (settings.begin === 'at-once') begun.resolve();
const app = createDriversApp({ ledger, counts, audit, begin: begun.resolve });
await app.listen({ host: '127.0.0.1', port: settings.port });

const everyMs = (settings.drivers * 1000) / settings.perSecond;
const driving = Array.from({ length: settings.drivers }, async (_, number) => {
  await begun.promise;
  return drive({ number, everyMs, nameServer, isHealthy, ledger, counts, signal });
});
console.log(`${settings.drivers} drivers, ${settings.perSecond} writes a second, http://127.0.0.1:${settings.port}`);

process.on('SIGINT', () => undefined); // Ctrl-C is for the process that started us
process.once('SIGTERM', async () => {
  stopping.abort();
  begun.resolve();
  await Promise.all(driving); // an answer under way may be an acknowledgement: it must be remembered
  await app.close();
  await audit.close();
  await ledger.close();
  nameServer.close();
});
