import { unreachable } from '#core';
import type { Card } from '#ports';
import { askingCard } from './asking-card.ts';
import { closedCard, doneCard, failedCard, refusedCard, stoppedCard } from './ended-cards.ts';
import { heldCard, runningCard } from './moving-cards.ts';
import type { RequestView } from './request-view.ts';

/** The one card of a request, whatever state it is in: the root message is this, edited in place. */
export function requestCard(view: RequestView): Card {
  const { request } = view;
  switch (request.state) {
    case 'checking':
    case 'waiting':
      return askingCard(view);
    case 'denied':
      return closedCard(view, 'DENIED');
    case 'expired':
      return closedCard(view, 'EXPIRED');
    case 'cancelled':
      return closedCard(view, 'CANCELLED');
    case 'refused':
      return closedCard(view, 'VOID');
    case 'approved':
      return runCard(view);
    default:
      return unreachable(request.state);
  }
}

function runCard(view: RequestView): Card {
  const state = view.run?.state;
  switch (state) {
    case undefined:
    case 'waiting':
    case 'running':
    case 'putting-back':
      return runningCard(view);
    case 'held':
      return heldCard(view);
    case 'done':
      return doneCard(view);
    case 'failed':
      return failedCard(view);
    case 'stopped':
      return stoppedCard(view);
    case 'refused':
      return refusedCard(view);
    default:
      return unreachable(state);
  }
}
