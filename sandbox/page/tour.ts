import type { TourStepId } from './providers.ts';

interface TourStep {
  readonly id: TourStepId;
  readonly title: string;
  /** What to type or press; a command goes into the composer at a click. */
  readonly hint: string;
}

/** The first five minutes: each step ticks itself off when it really happened. */
export const tourSteps: readonly TourStep[] = [
  { id: 'back-up', title: 'Back up', hint: '/dr backup mongodb' },
  { id: 'drop', title: 'Drop a collection', hint: 'Break something: Drop driver_logs' },
  { id: 'restore', title: 'Restore it', hint: '/dr restore latest' },
  { id: 'kill', title: 'Kill us-east-1', hint: 'Break something: Kill us-east-1' },
  { id: 'approve', title: 'Approve the failover as two people', hint: 'Press Approve, then be somebody else' },
];
