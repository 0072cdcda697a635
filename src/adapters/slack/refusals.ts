import type { ChatRefusal } from '#ports';

/** Slack's errors that a later try may not meet: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
export const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'accesslimited',
  'fatal_error',
  'internal_error',
  'message_limit_exceeded',
  'rate_limited',
  'ratelimited',
  'request_timeout',
  'rollup_error',
  'service_unavailable',
  'team_added_to_org',
]);

const ABOUT_ACCESS = [
  'access_denied',
  'account_inactive',
  'deprecated_endpoint',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
  'two_factor_setup_required',
];

const ABOUT_PLACE = [
  'cannot_dm_bot',
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'exchanged_trigger_id',
  'expired_trigger_id',
  'invalid_trigger_id',
  'is_archived',
  'message_not_found',
  'not_in_channel',
  'not_linked',
  'thread_not_found',
  'trigger_exchanged',
  'trigger_expired',
  'used_url',
  'user_disabled',
  'user_not_found',
  'user_not_in_channel',
];

/** What one of Slack's refusals is about. An error unknown here is taken to be about the message. */
export function refusalAbout(error: string): ChatRefusal {
  if (ABOUT_ACCESS.includes(error) || error.startsWith('restricted_action')) return 'access';
  return ABOUT_PLACE.includes(error) ? 'place' : 'message';
}
