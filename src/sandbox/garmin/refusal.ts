/** Refusals as Garmin writes them: a word and a name, or nothing. */
import { ControlRefusal } from "../kit/control.ts";

export class Refusal extends Error {
  readonly status: number;
  readonly body: object | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object | null, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const names: Readonly<Record<number, readonly [words: string, error: string]>> = {
  400: ["Bad Request", "BadRequestException"],
  401: ["Unauthorized", "NotAuthorizedException"],
  403: ["Forbidden", "ForbiddenException"],
  404: ["Not Found", "NotFoundException"],
  405: ["Method Not Allowed", "NotAllowedException"],
  406: ["Not Acceptable", "NotAcceptableException"],
  500: ["Internal Server Error", "InternalServerErrorException"],
};

export function refusal(status: number): Refusal {
  const [words, error] = names[status] ?? ["Error", "WebApplicationException"];
  return new Refusal(status, { message: `HTTP ${status} ${words}`, error });
}

/** Garmin's 429 has no headers about a limit but the time to wait, and no body. */
export const tooMany = (seconds: number | null): Refusal =>
  new Refusal(429, null, seconds === null ? {} : { "retry-after": String(seconds) });

export const controlRefusal = (status: number, message: string) => new ControlRefusal(status, message);
