/** Turning drivers away from a region on the data plane of S3 and DNS. */
export { type S3DnsSwitchOptions, s3DnsSwitch } from './s3-dns-switch.ts';
export {
  SWITCH_PREFIX,
  type SwitchAddress,
  type SwitchPlace,
  switchAddress,
  switchKey,
  TURNED_AWAY,
} from './switch-object.ts';
