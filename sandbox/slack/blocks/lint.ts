import { textsOf } from './walk.ts';

/** `<!date^seconds^format^link|fallback>`: the link may be missing, the fallback may not. */
const DATE_TOKEN = /^<!date\^\d{9,11}\^[^<>^|]*\{[a-z_]+\}[^<>^|]*(\^https?:\/\/[^|>]+)?\|[^<>|]+>$/;

/**
 * What Slack takes without a word and then shows wrongly: broken date tokens, Markdown that is no mrkdwn,
 * and messages without the top-level text that notifications and screen readers use.
 * @returns one sentence a finding.
 */
export function lintMessage(text: string, blocks: readonly unknown[] | undefined): string[] {
  const findings = [text, ...textsOf(blocks ?? [])].flatMap(lintText);
  if (text === '') findings.push('no top-level text: notifications and screen readers have nothing to say');
  return findings;
}

function lintText(text: string): string[] {
  const dates = text.match(/<!date[^>]*>?/g) ?? [];
  const broken = dates.filter((token) => !DATE_TOKEN.test(token));
  return [
    ...broken.map((token) => `malformed date token: ${token}`),
    ...(/\*\*[^*\s][^*]*\*\*/.test(text) ? [`Markdown bold in mrkdwn: ${text.slice(0, 60)}`] : []),
    ...(/\[[^\]]+\]\(https?:/.test(text) ? [`Markdown link in mrkdwn: ${text.slice(0, 60)}`] : []),
  ];
}
