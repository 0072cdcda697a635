import type { types } from '@slack/bolt';

/** Slack's own types of what we render, by way of the package that declares them for us. */
export type ActionsBlock = types.ActionsBlock;
export type ConfirmationDialog = types.ConfirmationDialog;
export type InputBlock = types.InputBlock;
export type KnownBlock = types.KnownBlock;
export type ModalView = types.ModalView;
export type Overflow = types.Overflow;
export type SlackButton = types.Button;
