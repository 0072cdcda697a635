import type { Message } from '#sandbox/slack';
import { ALEX, JOHN, MIKE } from './desk.ts';
import { writableMembers } from './servers-say.ts';
import type { Teller } from './teller.ts';

/** A move asked by Mike Johnson, refused to himself, approved by two others, until it is done. */
export async function move({ company, desk, story }: Teller, line: string): Promise<Message> {
  const before = await writableMembers(company);
  story.tell(`${line.replace(/ --.*$/, '')}           by Mike Johnson`);
  const card = await desk.ask(MIKE, line);
  await desk.until(card, /^Approve\?/, 30_000);
  await desk.approve(card, MIKE);
  await story.claim("Mike Johnson's own approval was refused", async () => {
    const now = await writableMembers(company);
    return {
      holds: now.join() === before.join() && desk.words(card).includes('0 of 2'),
      found: `primary still ${now.join()}`,
    };
  });
  await desk.approve(card, JOHN);
  await desk.approve(card, ALEX);
  story.tell('John Smith and Alex Chen approve');
  story.tell(await desk.until(card, /^DONE/, 180_000));
  return card;
}
