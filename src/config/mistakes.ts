import { counted } from '#core';
/** One variable that is missing or wrong. */
export interface ConfigMistake {
  readonly name: string;
  readonly sentence: string;
}

/** All of them, in the manner of the plan's mistakes. */
export function sayConfigMistakes(mistakes: readonly ConfigMistake[]): string {
  const count = counted(mistakes.length, 'mistake');
  return [
    `The environment has ${count}. Holdfast did not start.`,
    ...mistakes.flatMap(({ name, sentence }) => {
      const [first = '', ...rest] = sentence.split(/(?<=[.?]) (?=[A-Z])/);
      return [` ${name}  ${first}`, ...rest.map((next) => `        ${next}`)];
    }),
  ].join('\n');
}
