/**
 * Everybody's telephone and mailbox, behind a gateway that speaks docs/notify-gateway.md and refuses what a real one
 * would. It shares no code with Holdfast.
 */
export { type PhoneKind, type Phones, type PhonesOptions, type Received, startPhones } from './start-phones.ts';
