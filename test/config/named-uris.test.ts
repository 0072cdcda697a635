import { expect, test } from 'vitest';
import { namedUris } from '#config';

const said = (value: string | undefined): string => {
  const found = namedUris(['DR_MONGODB_URI'], { DR_MONGODB_URI: value }).get('DR_MONGODB_URI');
  if (!found) return 'nothing';
  return 'uri' in found ? `${found.uri.reveal()} ${found.uri}` : found.mistake.sentence;
};

test('an address that the plan names is a secret, and encrypted on its way', () => {
  expect(said('mongodb://u:p@127.0.0.1:1/')).toBe('mongodb://u:p@127.0.0.1:1/ [secret]');
  expect(said('mongodb://u:p@dr.example/?tls=true')).toContain('[secret]');
  for (const wrong of ['mongodb://u:geheim@dr.example/', 'http://geheim', 'geheim']) {
    expect(said(wrong)).toMatch(/^What is set is not (encrypted on its way|an address that starts with)/);
    expect(said(wrong)).not.toContain('geheim');
  }
  expect(said('mongodb://u:geheim@dr.example/')).toContain('add tls=true');
});

test('one that is not set is told as that, and starts nothing failing', () => {
  expect(said(undefined)).toBe('is missing.');
  expect(said('  ')).toBe('is missing.');
});
