import { expect, test } from 'vitest';
import { createServiceApp } from '../../../sandbox/eld/service/service-app.ts';

const settings = {
  ...{ name: 'pod-1', region: 'us-east-1', port: 0, mongodbUri: '', apiServer: 'http://127.0.0.1:1' },
  ...{ token: '', namespace: 'eld', configMap: 'eld-config' },
};
const log = {
  ...{ id: 'log-00000001', driverId: 'd-1', vehicleId: 'v-1', at: '2026-11-23T08:00:00.000Z', kind: 'duty-status' },
  ...{ status: 'D', odometerKm: 1, position: { lat: 40, lon: -75 } },
};

/** An instance whose lease and database do what the test says; `written` is what reached the database. */
function instance() {
  const world = { open: true, closesWhileWriting: false, written: 0 };
  const app = createServiceApp(settings, {
    store: {
      write: async () => {
        world.written += 1;
        if (world.closesWhileWriting) world.open = false;
        return { state: 'acknowledged', hash: 'abc' };
      },
      read: async () => undefined,
      probe: async () => undefined,
      close: async () => undefined,
    },
    config: () => undefined,
    draining: () => false,
    mayWrite: () => world.open,
  });
  const ask = async (method: 'GET' | 'POST', url: string) => {
    const answer = await app.inject({ method, url, ...(method === 'POST' ? { payload: log } : {}) });
    return [answer.statusCode, answer.json()] as const;
  };
  return { world, ask };
}

test('an instance without its region’s lease writes nothing and says that it does not work, but stays in its cluster', async () => {
  const { world, ask } = instance();
  expect((await ask('POST', '/driver-logs'))[0]).toBe(201);
  expect((await ask('GET', '/health'))[0]).toBe(200);
  world.open = false;
  expect(await ask('POST', '/driver-logs')).toMatchObject([503, { acknowledged: false, error: 'region-closed' }]);
  expect(world.written).toBe(1);
  expect(await ask('GET', '/health')).toMatchObject([503, { healthy: false, reason: 'region-closed' }]);
  expect((await ask('GET', '/ready'))[0]).toBe(200);
});

test('a write during which the lease ends is not acknowledged, although the database has it', async () => {
  const { world, ask } = instance();
  world.closesWhileWriting = true;
  expect(await ask('POST', '/driver-logs')).toMatchObject([503, { acknowledged: false, error: 'region-closed' }]);
  expect(world.written).toBe(1);
});
