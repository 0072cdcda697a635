import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import type { Method } from './define.ts';
import { identityMethods } from './identity.ts';
import { markMethods } from './marks.ts';
import { viewMethods } from './views.ts';

export type { Method } from './define.ts';
export { react } from './marks.ts';
export { pushView, replaceView, revised } from './views.ts';

/** Every Web API method this double knows; any other is `unknown_method`, as at Slack. */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...identityMethods,
    ...chatMethods,
    ...conversationMethods,
    ...viewMethods,
    ...markMethods,
  }),
);
