import type { Block } from './blocks.ts';
import type { Element } from './elements.ts';

export interface Placed {
  readonly block: Block;
  readonly element: Element;
}

/** Every interactive element with the block that holds it, in reading order. */
export function elementsOf(blocks: readonly Block[]): Placed[] {
  return blocks.flatMap((holder): Placed[] => {
    if (holder.type === 'actions') return holder.elements.map((element) => ({ block: holder, element }));
    if (holder.type === 'input') return [{ block: holder, element: holder.element }];
    if (holder.type === 'section' && holder.accessory !== undefined) {
      return [{ block: holder, element: holder.accessory }];
    }
    return [];
  });
}

/** The characters a reader sees: every `text` string in the tree, whatever object it sits in. */
export function textsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'text' && typeof value === 'string' ? [value] : textsOf(value),
  );
}

/** Slack gives every block and element an id when the app did not; payloads always carry them. */
export function withIds(blocks: readonly Block[], makeId: () => string): Block[] {
  return blocks.map((given): Block => {
    const block_id = given.block_id ?? makeId();
    if (given.type === 'actions') {
      return {
        ...given,
        block_id,
        elements: given.elements.map((element) => ({ ...element, action_id: element.action_id ?? makeId() })),
      };
    }
    if (given.type === 'input') {
      return { ...given, block_id, element: { ...given.element, action_id: given.element.action_id ?? makeId() } };
    }
    if (given.type === 'section' && given.accessory !== undefined) {
      return {
        ...given,
        block_id,
        accessory: { ...given.accessory, action_id: given.accessory.action_id ?? makeId() },
      };
    }
    return { ...given, block_id };
  });
}
