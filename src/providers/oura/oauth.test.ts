import { describe, expect, it } from "vitest";
import { inTurn } from "../conformance/scripted.ts";
import type { Grant } from "../provider.ts";
import { ouraApi } from "./names.ts";
import { consent } from "./oauth.ts";
import { settings } from "./settings.ts";

const held: Grant = {
  consent: ouraApi,
  accessToken: "old",
  expiresAt: null,
  renewal: { kind: "refresh-token", token: "refresh-1" },
  providerUserId: "person-1",
  scopes: ["daily"],
};
const refresh = (status: number, body: object) => {
  const access = {
    settings: settings.parse({ client_id: "id", client_secret: "secret" }),
    http: inTurn([{ status, body }]),
  };
  return consent.refresh?.(access, held, AbortSignal.timeout(10_000));
};

describe("a renewal", () => {
  it.each(["invalid_grant", "invalid_request"])("refused with %s is never tried again", async (error) => {
    await expect(refresh(400, { error })).rejects.toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
      retry: "never",
    });
  });

  it("refused for the client's sake leaves the permission as it is", async () => {
    await expect(refresh(401, { error: "invalid_client" })).rejects.toMatchObject({ retry: "later" });
  });

  it("names the oxygen scope as the resources do", async () => {
    const reply = {
      access_token: "new",
      refresh_token: "refresh-2",
      token_type: "bearer",
      scope: "daily spo2",
    };
    expect(await refresh(200, reply)).toMatchObject({
      scopes: ["daily", "spo2Daily"],
      renewal: { token: "refresh-2" },
    });
  });
});
