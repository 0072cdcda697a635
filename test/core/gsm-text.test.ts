import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsmText, septets } from '#core';
import { smsLength } from '../../sandbox/phones/gsm.ts';

/** Anything anybody could write: letters, emoji of several code points, halves of characters, GSM's own extension. */
const anything = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '€',
        '[x]',
        '{}',
        '👨‍👩‍👧‍👦',
        '🇩🇪',
        'ǘ',
        '\ud83d',
        'Straße',
        '…',
        'a'.repeat(150),
        '^'.repeat(79),
      ),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('a text for an SMS', () => {
  it('fits into one message of GSM letters, whatever was written, as another table counts it too', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const sms = gsmText(text);
        expect(septets(sms)).toBeLessThanOrEqual(160);
        expect(smsLength(sms)).toBe(septets(sms));
      }),
      { numRuns: 300 },
    );
  });

  it('is the whole text where that fits, else its start and three dots; cutting it again changes nothing', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const whole = gsmText(text, 1_000_000);
        const sms = gsmText(text);
        expect(gsmText(sms)).toBe(sms);
        if (septets(whole) <= 160) expect(sms).toBe(whole);
        else {
          expect(sms.endsWith('...')).toBe(true);
          expect(whole.startsWith(sms.slice(0, -3))).toBe(true);
          // No more is lost than the next character, its dots and blanks at the cut would have taken.
          expect(septets(whole.slice(0, sms.length - 3).trimEnd())).toBe(septets(sms) - 3);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('uses all of the message', () => {
    expect(septets(gsmText('a'.repeat(300)))).toBe(160);
    expect(gsmText('a'.repeat(160))).toBe('a'.repeat(160));
    // 80 euro signs are 160 septets; of 81 as many stay as leave room for the dots.
    expect(gsmText('€'.repeat(80))).toBe('€'.repeat(80));
    expect(gsmText('€'.repeat(81))).toBe(`${'€'.repeat(78)}...`);
  });

  it('says the same with the letters that there are', () => {
    expect(gsmText('“Höhe” – çay… → naïve’s 5 × 3')).toBe('"Höhe" - cay... -> naive\'s 5 x 3');
    expect(gsmText('e\u0301té 👩‍🚒 ok')).toBe('été ?? ok');
  });
});
