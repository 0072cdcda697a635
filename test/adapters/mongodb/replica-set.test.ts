import { MongoClient } from 'mongodb';
import { openReplicaSet } from '#adapters/mongodb';
import { createUsers, startReplicaSet } from '#sandbox/servers';
import { replicaSetContract } from '../../contract/replica-set.contract.ts';

replicaSetContract('mongod', async () => {
  const servers = await startReplicaSet({
    name: 'contract',
    members: [
      { name: 'east-1', region: 'us-east-1', priority: 3 },
      { name: 'east-2', region: 'us-east-1', priority: 2 },
      { name: 'west-1', region: 'us-west-2', priority: 1 },
    ],
    settings: { electionTimeoutMillis: 2_000 },
  });
  await createUsers({ rootUri: servers.uri('root'), keyText: servers.key.text, databases: ['eld'] });
  const set = openReplicaSet({ uri: servers.uri('holdfast-operator') });
  const application = new MongoClient(servers.uri('eld'));
  const [first, second, third] = servers.members;
  if (!first || !second || !third) throw new Error('three members were started');
  return {
    set,
    hosts: [first.host, second.host, third.host],
    write: async () => {
      await application
        .db('eld')
        .collection('writes')
        .insertOne({}, { writeConcern: { w: 'majority' } });
    },
    setUp: async (host, up) => {
      const member = servers.members.find((each) => each.host === host);
      await (up ? member?.restart() : member?.stop());
    },
    close: async () => {
      await Promise.all([set.close(), application.close()]);
      await servers.stop();
    },
  };
});
