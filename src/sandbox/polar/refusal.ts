import { randomUUID } from "node:crypto";
import { ControlRefusal } from "../kit/control.ts";

/** The server of Polar's that refuses: v3, v4, or an OAuth server. */
export type PolarServer = "polar" | "dynamic" | "oauth";

/** The refusal of a request. `type` is a stable word; the message is for people. */
export class Refusal extends Error {
  readonly server: PolarServer;
  readonly status: number;
  readonly type: string;

  constructor(server: PolarServer, status: number, type: string, message: string) {
    super(message);
    this.server = server;
    this.status = status;
    this.type = type;
  }
}

export const polarRefusal = (status: number, type: string, message: string) =>
  new Refusal("polar", status, type, message);
export const oauthRefusal = (status: number, type: string, message: string) =>
  new Refusal("oauth", status, type, message);
export const dynamicRefusal = (status: number, message: string) =>
  new Refusal("dynamic", status, "", message);
export const controlRefusal = (status: number, message: string) => new ControlRefusal(status, message);

/**
 * Returns the body of a refusal. Polar's documentation shows a flat `{errorType, corrId}`; the one real error seen
 * nests snake_case under `error`. The sandbox answers as seen.
 * @param textKey the key of the text in a refusal of v4
 */
export function refusalBody(refusal: Refusal | ControlRefusal, timestamp: string, textKey: string): object {
  if (refusal instanceof ControlRefusal) return { error: refusal.message };
  const { server, status, type, message } = refusal;
  if (server === "dynamic") return { [textKey]: message };
  if (server === "oauth") return { error: type, error_description: message };
  return { error: { timestamp, status, error_type: type, message, corr_id: randomUUID() } };
}
