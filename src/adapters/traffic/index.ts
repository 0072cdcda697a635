export { driverLogProbe, type ProbeShape } from './driver-log-probe.ts';
export { type HttpTrafficOptions, httpTraffic } from './http-traffic.ts';
