/**
 * Real servers for the sandbox and the tests: each starts on a free port of 127.0.0.1, waits until it answers, and is
 * gone when the process that started it is gone, also after SIGKILL (see reaper.ts).
 */
export * from './aws-world.ts';
export * from './child.ts';
export * from './compile-cache.ts';
export * from './free-port.ts';
export * from './gateway.ts';
export * from './key-file.ts';
export * from './lasting-client.ts';
export * from './mongod.ts';
export * from './moto.ts';
export * from './place.ts';
export * from './privileges.ts';
export { killEverything, removeAfterUs } from './reaper.ts';
export * from './redis.ts';
export * from './replica-config.ts';
export * from './replica-set.ts';
export * from './running-set.ts';
export * from './runtime-paths.ts';
export * from './switch-bucket.ts';
export * from './temp-dir.ts';
export * from './until.ts';
export * from './users.ts';
