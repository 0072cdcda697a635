import { expect, it } from 'vitest';
import { encryptedMembers } from '#config';

it.each([
  [
    'mongodb://u:p@db1.internal,db2.internal:27018/?replicaSet=eld&tls=true',
    ['db1.internal:27017', 'db2.internal:27018'],
  ],
  ['mongodb://u:p%40x@[::1]:27019/admin?ssl=true', ['::1:27019']],
  ['mongodb://u:p@127.0.0.1:27017/?replicaSet=eld', []],
  ['mongodb://%2Ftmp%2Fmongodb-27017.sock/?tls=true', []],
  ['mongodb+srv://u:p@cluster.example/', []],
])('%s names %j, whose certificates can be looked at', (address, names) => {
  expect(encryptedMembers(address).map(({ host, port }) => `${host}:${port}`)).toEqual(names);
});
