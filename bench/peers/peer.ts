/** Another sender of webhooks that runs already, reached by its HTTP interface. */

export interface Peer {
  /** How the reader has to set it up, so that it posts to a receiver on this machine; and which address and token to give. */
  readonly needs: string;
  /** How long it still works after the last POST, to write down what became of each. */
  readonly restsAfterMs: number;
  /** Makes it send everything that is published to the receiver. Returns how one event is published. */
  prepare(call: Call, receiverUrl: string): Promise<(event: unknown) => Promise<unknown>>;
}

/** A request with the token; returns the answer's JSON. @throws where it is no success */
export type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;
