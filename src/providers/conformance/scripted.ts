/** A provider that answers the cases' calls from a script. Nothing leaves the process. */
import assert from "node:assert/strict";
import { z } from "zod";
import { settingsFromEnvironment } from "../environment.ts";
import type { Grant, HttpRequest, Provider, ProviderAccess, ProviderHttp } from "../provider.ts";
import type { ExampleReply } from "./example-reply.ts";
import type { ProviderSubject } from "./subject.ts";

export interface ScriptedHttp extends ProviderHttp {
  readonly asked: readonly HttpRequest[];
}

export function scripted(answer: (request: HttpRequest) => ExampleReply): ScriptedHttp {
  const asked: HttpRequest[] = [];
  return {
    asked,
    async send(request) {
      asked.push(request);
      const { status, headers, body = "" } = answer(request);
      return {
        status,
        headers: { "content-type": "application/json", ...headers },
        body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
      };
    },
  };
}

/** Answers with these replies, one for each call. */
export function inTurn(replies: readonly ExampleReply[]): ScriptedHttp {
  const left = [...replies];
  return scripted(({ method, url }) => {
    const next = left.shift();
    assert(next, `${method} ${url}: the example has no answer for this call`);
    return next;
  });
}

/** An HTTP client for code that must not call anything. */
export const unreached: ProviderHttp = scripted(({ url }) => assert.fail(`${url} was called`));

type Settings = Readonly<Record<string, unknown>>;

export function settingsOf({
  provider,
  environment,
}: Pick<ProviderSubject, "provider" | "environment">): Settings {
  return provider.settings.parse(settingsFromEnvironment(provider, environment) ?? {}) as Settings;
}

export const accessOf = (
  subject: ProviderSubject,
  http: ProviderHttp = unreached,
): ProviderAccess<unknown> => ({
  settings: settingsOf(subject),
  http,
});

/** Returns the settings that are secrets, by name. */
export function secretsAmong({ settings: schema }: Provider, settings: Settings): Record<string, string> {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  const secret = Object.entries(properties).flatMap(([name, property]) =>
    typeof property === "object" && property.secret === true ? [[name, String(settings[name])]] : [],
  );
  return Object.fromEntries(secret);
}

export const soon = (): AbortSignal => AbortSignal.timeout(10_000);

/** A grant as the provider would have given it. */
export const heldGrant = (subject: ProviderSubject, changed: Partial<Grant> = {}): Grant => ({
  consent: "key",
  accessToken: "held-access-token",
  expiresAt: null,
  renewal: null,
  providerUserId: subject.providerUserId,
  scopes: [],
  ...changed,
});

/**
 * Returns all that a request says outside its address: header values, form fields, JSON leaves, and the credentials of
 * Basic authentication.
 */
export function saidBy({ headers, body }: HttpRequest): string[] {
  const basic = Object.values(headers).filter((value) => /^basic /i.test(value));
  return [
    ...Object.values(headers),
    ...basic.map((value) => decodeURIComponent(Buffer.from(value.slice(6), "base64").toString("utf8"))),
    ...(body == null ? [] : [body, ...new URLSearchParams(body).values()]),
  ];
}
