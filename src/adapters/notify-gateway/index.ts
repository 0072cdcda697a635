/** The notifier port over one signed POST: what carries the message further stands behind it. */
export { gsmText, septets } from './gsm-text.ts';
export { type NotifyGatewayOptions, notifyGateway } from './notify-gateway.ts';
