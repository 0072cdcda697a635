export { readIncoming } from './read-incoming.ts';
export { type SlackIntakeSettings, slackIntake } from './slack-intake.ts';
