import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** What is known of an answer before its body. */
export interface Head {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
}

/** pdjs writes `https://` before the server's name, whatever it is. This agent lets it, and connects without TLS. */
class PlainAgent extends HttpAgent {
  protocol = 'https:';
}

/**
 * Where a base address is for pdjs: a server name with path prefix, and an agent. An `http:` address gets the agent
 * without TLS; the configuration lets such addresses through on this machine only. One connection a call: a kept one that
 * died unseen would cost the next page its time.
 */
export function wayOut(base: string): { readonly server: string; readonly agent: HttpAgent } {
  const { protocol, hostname, port, pathname } = new URL(base);
  const prefix = pathname.replace(/\/+$/, '');
  if (protocol === 'https:')
    return { server: `${hostname}${port ? `:${port}` : ''}${prefix}`, agent: new HttpsAgent() };
  return { server: `${hostname}:${port || '80'}${prefix}`, agent: new PlainAgent() };
}

const ANSWERED = 'http.client.response.finish';

/**
 * Tells of the head of the answer to the request that carries this id, before pdjs sees it: pdjs keeps a 429 to itself for a
 * minute, and loses the status of an answer whose body it can't read. Node's own channel for that is the one place to hear
 * of it that needs no change in pdjs. Returns how to stop listening.
 */
export function onHead(requestId: string, tell: (head: Head) => void): () => void {
  const listen = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    if (String(request.getHeader(REQUEST_ID)) !== requestId) return;
    const header = (name: string) => [response.headers[name] ?? []].flat()[0];
    tell({ status: response.statusCode ?? 0, header });
  };
  subscribe(ANSWERED, listen);
  return () => {
    unsubscribe(ANSWERED, listen);
  };
}

/** A usual header; services that log it make a call findable on their side. */
export const REQUEST_ID = 'x-request-id';
