import type { JsonObject } from './releases.ts';

/** A service connection of the type Incoming WebHook. */
export interface IncomingWebhook {
  /** What its address ends with. */
  readonly name: string;
  /** Without one, whoever knows the address starts pipelines. */
  readonly secret?: string;
  /** The header that carries the signature. */
  readonly header?: string;
}

/** Who takes what comes to the connections. */
export interface WebhookSource {
  find(name: string): IncomingWebhook | undefined;
  /** Starts what waits for such a payload; the service's answer says nothing of it. */
  receive(name: string, payload: JsonObject): void;
}
