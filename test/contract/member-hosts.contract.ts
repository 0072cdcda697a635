import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberHosts } from '#ports';
import { until } from '#sandbox/servers';

export const ROLLBACK_FILE = 'f660fec3-99b4-4aeb-a26b-ee41a7fecd47/removed.2026-11-30T04-00-22.0.bson';

export interface MemberHostsHands {
  readonly hosts: MemberHosts;
  /** Of the two machines. */
  readonly names: readonly [string, string];
  setPower(on: boolean): Promise<void>;
  /** The server of the first ends by itself. */
  crash(): void;
  leaveRollbackFile(bytes: Uint8Array): void;
  close(): Promise<void>;
}

const REFUSED = { code: 'HOST_REFUSED', kind: 'permanent' };
const UNAVAILABLE = { code: 'HOST_UNAVAILABLE', kind: 'transient' };

/** What every way to the members' machines does. The tests follow one another on the same machines. */
export function memberHostsContract(kind: string, open: () => Promise<MemberHostsHands>): void {
  describe(`member hosts (${kind})`, () => {
    let hands: MemberHostsHands;
    beforeAll(async () => {
      hands = await open();
    });
    afterAll(() => hands?.close());
    const stateOf = async (host: string) => (await hands.hosts.look(host)).state;

    it('shows a member that runs', async () => {
      const [first] = hands.names;
      expect(await hands.hosts.look(first)).toEqual({ host: first, region: 'us-east-1', state: 'running', crashes: 0 });
    });

    it('runs nothing alone, empties nothing that is not held, and founds no set on a member', async () => {
      const [first] = hands.names;
      await expect(hands.hosts.startAlone(first)).rejects.toMatchObject(REFUSED);
      await expect(hands.hosts.wipe(first)).rejects.toMatchObject(REFUSED);
      await expect(hands.hosts.found(first)).rejects.toMatchObject(REFUSED);
      expect(await stateOf(first)).toBe('running');
    });

    it('holds a member, twice without harm, and the other one goes on', async () => {
      const [first, second] = hands.names;
      await hands.hosts.hold(first);
      await hands.hosts.hold(first);
      expect(await stateOf(first)).toBe('held');
      expect(await stateOf(second)).toBe('running');
    });

    it('a held member stays down when the power comes back, and one that was not held starts', async () => {
      const [first, second] = hands.names;
      await hands.setPower(false);
      await expect(hands.hosts.look(first)).rejects.toMatchObject(UNAVAILABLE);
      await expect(hands.hosts.hold(second)).rejects.toMatchObject(UNAVAILABLE);
      await hands.setPower(true);
      expect(await stateOf(first)).toBe('held');
      expect(await stateOf(second)).toBe('running');
    });

    it('starts a held member alone, says where to read it, and holds it again', async () => {
      const [first] = hands.names;
      const { uri } = await hands.hosts.startAlone(first);
      expect(uri).toContain('://');
      expect(await hands.hosts.startAlone(first)).toEqual({ uri });
      expect(await stateOf(first)).toBe('alone');
      await expect(hands.hosts.wipe(first)).rejects.toMatchObject(REFUSED);
      await hands.hosts.hold(first);
      expect(await stateOf(first)).toBe('held');
    });

    it('gives the files of a rollback as they are, and no other file', async () => {
      const [first] = hands.names;
      const bytes = Buffer.alloc(300_000, 'x');
      hands.leaveRollbackFile(bytes);
      expect(await hands.hosts.rollbackFiles(first)).toEqual([{ name: ROLLBACK_FILE, bytes: bytes.length }]);
      const chunks: Uint8Array[] = [];
      for await (const chunk of hands.hosts.readRollbackFile(first, ROLLBACK_FILE)) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
      for (const name of ['../WiredTiger', `${ROLLBACK_FILE}/../../../secret.bson`, '/etc/passwd', 'storage.bson']) {
        const reading = hands.hosts.readRollbackFile(first, name)[Symbol.asyncIterator]();
        await expect(reading.next(), name).rejects.toMatchObject(REFUSED);
      }
    });

    it('empties a held member', async () => {
      const [first] = hands.names;
      await hands.hosts.wipe(first);
      expect(await hands.hosts.rollbackFiles(first)).toEqual([]);
    });

    it('starts a member, twice without harm, and again when it ends by itself', async () => {
      const [first] = hands.names;
      await hands.hosts.start(first);
      await hands.hosts.start(first);
      expect(await stateOf(first)).toBe('running');
      const { crashes } = await hands.hosts.look(first);
      hands.crash();
      await until('it runs again', async () => {
        const now = await hands.hosts.look(first);
        return now.state === 'running' && now.crashes === crashes + 1;
      });
    });

    it('refuses a member that it has no agent for', async () => {
      await expect(hands.hosts.look('stranger:27017')).rejects.toMatchObject(REFUSED);
    });
  });
}
