/** A reason to stop that the person can do something about: one sentence and the way out, no stack trace. */
export class Refusal extends Error {}

const REGISTRY_SILENCE = [
  [/ETIMEDOUT|timed out|ReadTimeout|ConnectTimeout/i, 'ETIMEDOUT'],
  [/ENOTFOUND|Name or service not known|getaddrinfo failed|nodename nor servname/i, 'ENOTFOUND'],
  [/EAI_AGAIN|Temporary failure in name resolution/i, 'EAI_AGAIN'],
  [/ECONNREFUSED|Connection refused/i, 'ECONNREFUSED'],
  [/ECONNRESET|Connection reset|RemoteDisconnected|Connection aborted/i, 'ECONNRESET'],
  [/ENETUNREACH|Network is unreachable/i, 'ENETUNREACH'],
  [/Failed to establish a new connection|network request to .* failed/i, 'no connection'],
];

/**
 * The refusal for a failed `npm` or `pip`, read from what it printed.
 * @param {string} what the tool with its purpose, as it goes into the sentence
 * @param {string} output all that the tool printed
 */
export function refusalOfDownload(what, output) {
  if (/ENOSPC|No space left on device/i.test(output)) {
    return new Refusal(`No space is left on the disk while fetching ${what}. Free some and start again.`);
  }
  const silence = REGISTRY_SILENCE.find(([pattern]) => pattern.test(output));
  if (silence !== undefined) {
    return new Refusal(
      `No answer from the package registry (${silence[1]}). Behind a proxy? Set HTTPS_PROXY. What is already here is kept.`,
    );
  }
  if (/HASHES|hash(es)? .*(mismatch|do(es)? not match)|EINTEGRITY/i.test(output)) {
    return new Refusal(
      `The registry sent other bytes for ${what} than those pinned here. Nothing of it was installed.`,
    );
  }
  const tail = output.trim().split('\n').slice(-12).join('\n');
  return new Refusal(`Fetching ${what} failed. What is already here is kept. The tool said:\n${tail}`);
}
