import { z } from 'zod';

/** Something that reached somebody's phone. */
export const PhoneItem = z.strictObject({
  /** Tells one from the other, and stays. */
  id: z.string(),
  /** A Slack user id: who the page can be. */
  person: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** `PagerDuty`, `SMS`, `Voice`, `E-mail`. */
  how: z.string(),
  text: z.string(),
  /** Whether it still calls; messages do not. */
  state: z.enum(['calling', 'acknowledged', 'resolved']).optional(),
});
export type PhoneItem = z.output<typeof PhoneItem>;

/** Everybody's phone, as the services that ring them have it. */
export interface Phones {
  /** The newest first. */
  read(): readonly PhoneItem[];
  /** Presses "acknowledge" on that phone. @throws Error with what to show, when the service refuses. */
  acknowledge(person: string, id: string): Promise<void>;
}

export const NO_PHONES: Phones = {
  read: () => [],
  acknowledge: async () => {
    throw new Error('Nobody has a phone here.');
  },
};
