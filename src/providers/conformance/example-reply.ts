import type { IncomingHttpHeaders } from "node:http";

/** An answer of the provider in an example. An object as body is sent as JSON. */
export interface ExampleReply {
  readonly status: number;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: string | object;
}
