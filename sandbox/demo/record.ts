import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SlackWorkspace } from '#sandbox/slack';

/** Writes what was told and what stands in the channel, threads and all, as Markdown. Returns the path. */
export function writeRecord(folder: string, story: readonly string[], slack: SlackWorkspace): string {
  const path = join(folder, 'record.md');
  const roots = slack.messages().filter(({ thread_ts }) => thread_ts === undefined);
  const threads = roots.flatMap(({ ts, text }) => [
    `### ${text}`,
    '',
    ...slack
      .thread(ts)
      .slice(1)
      .map((reply) => `- ${reply.text.replaceAll('\n', ' ')}`),
    '',
  ]);
  const code = ['```', ...story, '```'];
  writeFileSync(path, ['# Holdfast demo', '', ...code, '', '## #incident-response', '', ...threads].join('\n'));
  return path;
}
