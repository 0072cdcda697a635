/** The protected service's own Redis, a region at a time. */
export { redisCaches } from './redis-caches.ts';
