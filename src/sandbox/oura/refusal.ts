/** Refusals as Oura writes them. */
import { ControlRefusal } from "../kit/control.ts";

export class Refusal extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export const refusal = (status: number, detail: unknown): Refusal => new Refusal(status, { detail });

export const oauthRefusal = (status: number, error: string): Refusal => new Refusal(status, { error });

export const notFound = (): Refusal => refusal(404, "Document not found.");

/** A faulty parameter: 422 with the place and the reason. */
export const invalid = (loc: readonly string[], msg: string, input: unknown): Refusal =>
  refusal(422, [{ type: "value_error", loc, msg, input }]);

/** "When a 429 is returned, five headers are included." */
export const tooMany = (resetSeconds: number, nowMs: number): Refusal =>
  new Refusal(
    429,
    { detail: "Request Rate Limit Exceeded." },
    {
      "retry-after": String(resetSeconds),
      "x-ratelimit-limit": "5000",
      "x-ratelimit-window": "300",
      "x-ratelimit-reset": String(Math.ceil(nowMs / 1_000) + resetSeconds),
      "x-ratelimit-tier": "access_token",
    },
  );

export const controlRefusal = (status: number, message: string) => new ControlRefusal(status, message);
