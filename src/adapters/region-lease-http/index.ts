/** Region leases over HTTP, for instances of the protected service. docs/region-leases.md says what it speaks. */
export { type RegionLeaseHttp, type RegionLeaseHttpOptions, regionLeaseHttp } from './region-lease-http.ts';
