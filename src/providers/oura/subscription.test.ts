import { describe, expect, it } from "vitest";
import { scripted } from "../conformance/scripted.ts";
import type { HttpRequest } from "../provider.ts";
import { settings } from "./settings.ts";
import { subscription } from "./subscription.ts";

const access = (answer: (request: HttpRequest) => { status: number; body?: unknown }) => {
  const http = scripted((request) => answer(request) as { status: number; body: string });
  return { http, access: { http, settings: settings.parse({ client_id: "id", client_secret: "secret" }) } };
};
const url = "https://hub.example/v2/hooks/oura";
const wanted = { url, known: [], expectPing: async () => {}, signal: AbortSignal.timeout(10_000) };
const dayMs = 86_400_000;
const held = (days: number, changed: object = {}) => ({
  id: "s1",
  callback_url: url,
  event_type: "create",
  data_type: "sleep",
  expiration_time: new Date(Date.now() + days * dayMs).toISOString(),
  ...changed,
});

describe("a subscription", () => {
  it("that lasts is left alone", async () => {
    const { http, access: oura } = access(() => ({ status: 200, body: [held(80)] }));
    expect((await subscription.ensure(oura, "create sleep", wanted)).action).toBe("unchanged");
    expect(http.asked).toHaveLength(1);
  });

  it("that ends soon is renewed, and its new end is read", async () => {
    const { http, access: oura } = access(({ method }) => ({
      status: 200,
      body: method === "GET" ? [held(2)] : held(90),
    }));
    const { action, expiresAt } = await subscription.ensure(oura, "create sleep", wanted);
    expect(action).toBe("updated");
    expect(http.asked.at(-1)?.url).toMatch(/\/renew\/s1$/);
    expect(Number(expiresAt)).toBeGreaterThan(Date.now() + 80 * dayMs);
  });

  it("that has ended between two calls is made again", async () => {
    const { access: oura } = access(({ method }) =>
      method === "GET"
        ? { status: 200, body: [held(1)] }
        : method === "PUT"
          ? { status: 404, body: { detail: "No webhook id s1 found." } }
          : { status: 201, body: held(90, { id: "s2" }) },
    );
    expect(await subscription.ensure(oura, "create sleep", wanted)).toMatchObject({
      action: "created",
      remoteId: "s2",
    });
  });

  it("that another process made at the same moment is looked for later", async () => {
    const { access: oura } = access(({ method }) =>
      method === "GET" ? { status: 200, body: [] } : { status: 409, body: { detail: "exists" } },
    );
    await expect(subscription.ensure(oura, "create sleep", wanted)).rejects.toMatchObject({ retry: "later" });
  });

  it("is refused for a wrong client with an error that is for the operator", async () => {
    const { access: oura } = access(() => ({ status: 403, body: { detail: "Forbidden" } }));
    await expect(subscription.ensure(oura, "create sleep", wanted)).rejects.toMatchObject({
      code: "PROVIDER_REFUSED",
    });
  });
});
