/** The chat port on Slack's Web API. What Slack sends to us is taken in elsewhere; this is what we say. */
export { MORE_ACTION, parseActionId, parseMoreValue } from './render/action-ids.ts';
export { renderCard } from './render/render-card.ts';
export { renderText, type SlackNames } from './render/render-text.ts';
export { type SlackChatOptions, slackChat } from './slack-chat.ts';
