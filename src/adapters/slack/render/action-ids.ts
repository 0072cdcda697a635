/** Slack wants every action id of a block once: the second button with the same id gets `~2`. */
export function actionIds(ids: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return ids.map((id) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}~${count}`;
  });
}

/** The button's id in an action id that came back. */
export const parseActionId = (actionId: string): string => actionId.replace(/~[0-9]+$/, '');

/** The action id of every "more" menu. Its chosen option's value holds the button, see `parseMoreValue`. */
export const MORE_ACTION = 'more';

/** A menu has one action id for all its entries, so each entry's value carries the button's id before its value. */
export const moreValue = (id: string, value: string): string => `${id} ${value}`;

/** The button that an entry of a "more" menu stands for. */
export function parseMoreValue(value: string): { readonly id: string; readonly value: string } {
  const space = value.indexOf(' ');
  return space < 0 ? { id: value, value: '' } : { id: value.slice(0, space), value: value.slice(space + 1) };
}
