/** The notifier port over one signed POST: what carries the message further stands behind it. */
export { type NotifyGatewayOptions, notifyGateway } from './notify-gateway.ts';
