/** Calls of the probe, and what they say without personal values. */
import type { IncomingHttpHeaders } from "node:http";
import { basic, bearer } from "../../../kit/call.ts";
import { header } from "../../../kit/failure.ts";
import type { HttpRequest, ProbeAnswer, ProbeFinding, Probing } from "../../../provider.ts";
import { accesslink, dynamic } from "../../names.ts";
import { rateLimitOf } from "../../rate-limit.ts";
import type { PolarSettings } from "../../settings.ts";
import { dataPath } from "../api.ts";
import { shapeOf } from "./shape.ts";

export type Polar = Probing<PolarSettings>;

/** Asks v4, with the token of its consent. */
export const askV4 = (polar: Polar, path: string): Promise<ProbeAnswer> =>
  polar.ask({
    api: dynamic,
    consent: dynamic,
    send: async ({ settings, http }, { accessToken }, signal) =>
      told(
        await http.send({
          method: "GET",
          url: `${settings.v4_api_url}${dataPath}${path}`,
          headers: { authorization: bearer(accessToken), accept: "application/json" },
          signal,
        }),
      ),
  });

interface V3Call extends Pick<HttpRequest, "method"> {
  /** The path below the host, from the id of the person at Polar. */
  readonly path: (providerUserId: string) => string;
  readonly as: "person" | "client";
  readonly json?: object;
}

/** Asks v3 in v4's name: with the token of v4's consent, or with the client's own credentials. */
export const askV3 = (polar: Polar, { method, path, as, json }: V3Call): Promise<ProbeAnswer> =>
  polar.ask({
    api: accesslink,
    consent: dynamic,
    send: async ({ settings, http }, { accessToken, providerUserId }, signal) => {
      const client = basic(settings.client_id, settings.client_secret);
      return told(
        await http.send({
          method,
          url: settings.api_url + path(encodeURIComponent(providerUserId)),
          headers: {
            authorization: as === "client" ? client : bearer(accessToken),
            accept: "application/json",
            ...(json === undefined ? {} : { "content-type": "application/json" }),
          },
          body: json === undefined ? null : JSON.stringify(json),
          signal,
        }),
      );
    },
  });

const told = (answer: ProbeAnswer): ProbeAnswer => ({ ...answer, rateLimit: rateLimitOf(answer.headers) });

/** Returns the body as JSON; undefined where it is none. */
export function jsonIn({ body }: Pick<ProbeAnswer, "body">): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Returns the form of a body. What is no JSON is described by its length only: it could be anything. */
export function shapeIn(answer: ProbeAnswer): string[] {
  const body = jsonIn(answer);
  if (body !== undefined) return shapeOf(body);
  return answer.body.length === 0 ? [] : [`(body): no JSON, ${answer.body.length} bytes`];
}

/** The refusals that Polar is known to word, which name nothing but scopes and parameters. */
const knownWords =
  /Missing required scope:? ?[a-z_]{1,40}:read|Value for key '[a-zA-Z]{1,20}' could not be parsed as [a-z]{1,20}|Query parameter '[a-zA-Z]{1,20}' is required|Unexpected error occurred/;

export const wordsIn = ({ body }: Pick<ProbeAnswer, "body">): string | null =>
  knownWords.exec(body.toString("utf8", 0, 2_048))?.[0] ?? null;

/** Returns the headers about limits, where they have numbers only. */
export function limitHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const names = Object.keys(headers).filter((name) => /^(x-)?rate-?limit|^retry-after$/i.test(name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = header(headers, name) ?? "";
      return /^[\d,;.=\s]{1,60}$/.test(value) ? [[name, value]] : [[name, "no plain numbers"]];
    }),
  );
}

/** Returns what is found by one answer, with Polar's words where they are known. */
export function finding(
  request: string,
  answer: ProbeAnswer,
  { verdict, facts = {} }: Pick<ProbeFinding, "verdict"> & Partial<Pick<ProbeFinding, "facts">>,
): ProbeFinding {
  const words = answer.status >= 400 ? wordsIn(answer) : null;
  return {
    request,
    status: answer.status,
    shape: shapeIn(answer),
    facts: { ...facts, ...(words === null ? {} : { "Polar says": words }) },
    verdict,
  };
}

/** A finding without a call. */
export const noted = (verdict: string, facts: ProbeFinding["facts"] = {}): ProbeFinding => ({
  request: null,
  status: null,
  shape: [],
  facts,
  verdict,
});

export const hasV4 = ({ grants }: Polar): boolean => grants.some(({ consent }) => consent === dynamic);

/** Runs a check of v4, where the person has consented to it. */
export const withV4 =
  (run: (polar: Polar) => Promise<readonly ProbeFinding[]>) =>
  async (polar: Polar): Promise<readonly ProbeFinding[]> =>
    hasV4(polar) ? run(polar) : [noted("Not asked: this person has not consented to v4.")];

const dayMs = 86_400_000;

/** The date that is a number of days after now, in UTC. */
export const dateIn = ({ now }: Polar, days: number): string =>
  new Date(now.getTime() + days * dayMs).toISOString().slice(0, 10);
