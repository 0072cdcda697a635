import type { ServerResponse } from 'node:http';
import { NO_PHONES } from './phones.ts';
import type { SandboxPageOptions, TourStepId } from './providers.ts';
import { concerns, snapshotFor } from './seen-by.ts';
import { waitingCards } from './waiting.ts';
import { World } from './world-schema.ts';

const LOOK_EVERY_MS = 1000;

interface Viewer {
  readonly as: string;
  readonly response: ServerResponse;
}

/**
 * The live side of the page, as server-sent events: a snapshot for whoever connects (again), then each
 * change that person may see. The world and the tour are asked once a second while anybody looks.
 */
export class LiveStream {
  readonly #viewers = new Set<Viewer>();
  readonly #options: SandboxPageOptions;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #last = { world: '', tour: '', phones: '' };

  constructor(options: SandboxPageOptions) {
    this.#options = options;
    this.#unsubscribe = options.slack.subscribe((change) => {
      for (const viewer of this.#viewers) {
        if (concerns(options.slack, change, viewer.as)) send(viewer, 'change', change);
      }
      if (change.kind === 'message' || change.kind === 'message_deleted') {
        this.#tellAll('waiting', waitingCards(options.slack));
      }
    });
  }

  add(as: string, response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // 1 s: long enough not to hammer a sandbox that is stopped, short enough not to be noticed.
    response.write('retry: 1000\n\n');
    const viewer = { as, response };
    send(viewer, 'snapshot', snapshotFor(this.#options.slack, as));
    this.#viewers.add(viewer);
    this.#last = { world: '', tour: '', phones: '' };
    response.on('close', () => this.#remove(viewer));
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS);
    void this.#look();
  }

  close(): void {
    this.#unsubscribe();
    clearInterval(this.#timer);
    for (const { response } of this.#viewers) response.end();
  }

  #remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    // One look at a time: a region that hangs must not pile up readers.
    if (this.#looking) return;
    this.#looking = true;
    const world = await this.#options.readWorld().then(
      (read) => ({ world: World.parse(read) }),
      (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
    );
    const done: readonly TourStepId[] = await this.#options.tour().catch(() => []);
    this.#looking = false;
    this.#tellIfNew('world', world);
    this.#tellIfNew('tour', { done });
    this.#tellIfNew('phones', { phones: (this.#options.phones ?? NO_PHONES).read() });
  }

  #tellIfNew(kind: 'world' | 'tour' | 'phones', data: unknown): void {
    const text = JSON.stringify(data);
    if (this.#last[kind] === text) return;
    this.#last[kind] = text;
    this.#tellAll(kind, data);
  }

  #tellAll(event: string, data: unknown): void {
    for (const viewer of this.#viewers) send(viewer, event, data);
  }
}

function send(viewer: Viewer, event: string, data: unknown): void {
  viewer.response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
