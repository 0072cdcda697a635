export type { Block, InputBlock } from './blocks.ts';
export { checkMessageBlocks, checkModal, type ModalView } from './check.ts';
export type { ActionElement, Element, InputElement } from './elements.ts';
export { lintMessage } from './lint.ts';
export { elementsOf, textsOf, withIds } from './walk.ts';
