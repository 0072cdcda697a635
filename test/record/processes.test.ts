import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlConnection, openControlStore } from '#adapters/control-store';
import { RequestId, systemClock, systemRandom } from '#core';
import { createTimeline, verifyTimeline } from '#record';
import { rosterPeople, startSlackWorkspace } from '#sandbox/slack';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const children: ChildProcess[] = [];
const run = (file: string, ...args: string[]): ChildProcess => {
  const path = fileURLToPath(new URL(`./processes/${file}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
};
const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

describe('the record under real processes', () => {
  let uri: string;
  const opened: ControlConnection[] = [];
  beforeAll(async () => {
    uri = await sharedMongoUri();
  });
  afterAll(async () => {
    await Promise.all(children.map(kill));
    await Promise.all(opened.map(({ close }) => close()));
  });
  const open = (database: string): ControlConnection => {
    const connection = openControlStore({ uri, database });
    opened.push(connection);
    return connection;
  };
  const openStore = (database: string) => open(database).store;

  it('keeps one unbroken chain when six writers append at once, some killed in the middle', async () => {
    const database = ownName('chain');
    const store = openStore(database);
    const told = new Set<string>();
    const writers = Array.from({ length: 3 }, (_, index) => {
      const child = run('append-process.ts', uri, database, `killed${index}`, '10000');
      child.stdout?.setEncoding('utf8').on('data', (lines: string) => {
        for (const line of lines.split('\n')) if (line) told.add(line);
      });
      return child;
    });
    const own = Array.from({ length: 3 }, () =>
      createTimeline({ store: openStore(database), clock: systemClock, random: systemRandom }),
    );
    const appends = own.flatMap((timeline, writer) =>
      Array.from({ length: 15 }, (_, index) =>
        timeline.append({
          id: `own${writer}/${index}`,
          kind: 'note',
          actor: 'holdfast',
          text: ['x'],
          inThread: true,
          request: RequestId.parse('R-1'),
        }),
      ),
    );
    const written = await Promise.all(appends);
    await expect.poll(() => told.size, { timeout: 20_000 }).toBeGreaterThan(10);
    await Promise.all(writers.map(kill));
    const verdict = await verifyTimeline(store);
    expect(verdict).toMatchObject({ whole: true });
    const ids = new Set(
      (await createTimeline({ store, clock: systemClock, random: systemRandom }).read({ limit: 100_000 })).map(
        ({ id }) => id,
      ),
    );
    expect([...told, ...written.map(({ id }) => id)].filter((id) => !ids.has(id))).toEqual([]);
  });

  it('posts every entry once and in order while the posting process is killed again and again', async () => {
    const database = ownName('poster');
    const { store, leases } = open(database);
    const timeline = createTimeline({ store, clock: systemClock, random: systemRandom });
    const slack = await startSlackWorkspace({
      people: [...rosterPeople],
      limits: { postBurst: 1000, postPerSecond: 1000 },
    });
    const request = RequestId.parse('R-42');
    const tell = (index: number) =>
      timeline.append({
        id: `e${index}`,
        kind: 'step',
        actor: 'holdfast',
        text: [`Fact ${index}.`],
        inThread: true,
        request,
      });
    for (let index = 0; index < 10; index += 1) await tell(index);
    const posted = () =>
      slack
        .messages()
        .filter((message) => message.thread_ts !== undefined)
        .map(({ text }) => text.slice(14));
    // Killed in the moment a message arrives: the process can't have noted it yet.
    for (const after of [3, 6]) {
      const child = run('poster-process.ts', uri, database, slack.apiUrl, slack.tokens.bot);
      await slack.waitFor(() => posted().length >= after, 25_000, `line ${after}`);
      child.kill('SIGKILL');
      await kill(child);
      // that its time runs out is shown elsewhere; here the next one need not wait for it
      const held = await leases.read('poster');
      if (held) await leases.release(held);
    }
    run('poster-process.ts', uri, database, slack.apiUrl, slack.tokens.bot);
    await slack.waitFor(() => posted().length >= 10, 30_000, 'all lines');
    expect(posted()).toEqual(Array.from({ length: 10 }, (_, index) => `Fact ${index}.`));
    expect(
      slack.messages().filter((message) => message.thread_ts === undefined || message.thread_ts === message.ts),
    ).toHaveLength(1);
    await slack.stop();
  }, 90_000);
});
