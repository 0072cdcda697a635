import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server's port that can be shut and opened again, so that callers meet a refused connection. */
export class Listener {
  readonly #server: Server;
  #port: number;

  constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens on loopback; a free port the first time when none was asked for, the same one ever after. */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening and drops every connection. */
  async shut(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
