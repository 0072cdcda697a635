import { defineCommand as define } from '#chatops';
import type { HoldfastWorld } from '#flows';

/** `defineCommand`, for commands that act through Holdfast's world. */
export const defineCommand = define<HoldfastWorld>();
