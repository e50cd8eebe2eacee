import Fastify from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import type { SandboxPlugin } from "./contract.ts";
import { ControlRefusal } from "./kit/control.ts";
import polar from "./polar/index.ts";
import { type RunningSandboxes, startSandboxes } from "./start.ts";

/** A sandbox that answers with the path it was asked for, and stores one fault. */
function tiny(slug: string, paths: readonly string[]): SandboxPlugin {
  return {
    slug,
    displayName: `Tiny ${slug}`,
    paths,
    create({ url, clock }) {
      const app = Fastify();
      let fault: unknown = null;
      app.setErrorHandler(async (error: Error, _request, reply) =>
        reply.code(error instanceof ControlRefusal ? error.status : 500).send({ error: error.message }),
      );
      app.post("/_sandbox/faults", async (request, reply) => {
        fault = request.body;
        return reply.code(201).send({ fault });
      });
      app.delete("/_sandbox/faults", async (_request, reply) => {
        fault = null;
        return reply.code(204).send();
      });
      app.get("/*", async (request) => ({ slug, path: request.url, now: clock.iso(), fault }));
      return {
        app,
        variables: { [`${slug.toUpperCase()}_API_URL`]: url },
        home: () => `<p>paths: ${paths.join(" ")}</p>`,
        isSubscribed: () => true,
        close: async () => void (await app.close()),
      };
    },
  };
}

let sandboxes: RunningSandboxes | null = null;
afterEach(async () => {
  await sandboxes?.close();
  sandboxes = null;
});

async function start(...plugins: readonly SandboxPlugin[]): Promise<RunningSandboxes> {
  sandboxes = await startSandboxes({ port: 0, plugins });
  return sandboxes;
}

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${sandboxes?.url}${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const send = (method: string, path: string, body: unknown) =>
  fetch(`${sandboxes?.url}${path}`, { method, body: JSON.stringify(body) });

describe("several sandboxes on one port", () => {
  it("serves each under its own paths, and the control sides under their slugs", async () => {
    const { named, url, variables } = await start(tiny("anvil", ["/1/user"]), polar);
    expect((await get("/1/user/-/sleep?x=1")).body).toMatchObject({
      slug: "anvil",
      path: "/1/user/-/sleep?x=1",
    });
    expect((await get("/_sandbox/anvil/users")).body).toMatchObject({
      slug: "anvil",
      path: "/_sandbox/users",
    });
    expect((await get("/_sandbox/polar/users")).body).toEqual({ users: [] });
    expect((await get("/_sandbox/users")).body).toEqual({ users: [] });
    expect((await get("/v3/users/sleep")).status).toBe(401);
    expect((await get("/1/users")).status).toBe(404);
    expect(named("anvil").controlUrl).toBe(`${url}/_sandbox/anvil`);
    expect(variables).toMatchObject({ ANVIL_API_URL: url, POLAR_API_URL: url });
    expect(() => named("nobody")).toThrow("there is no sandbox nobody");
  });

  it("serves one with colliding paths under its slug, and leaves the one at the root unchanged", async () => {
    const { url, variables } = await start(tiny("clash", ["/v3/users/sleep"]), polar);
    expect((await get("/v3/users/sleep")).body).toHaveProperty("error.error_type", "UnauthorizedException");
    expect((await get("/clash/v3/users/sleep?from=1")).body).toMatchObject({
      slug: "clash",
      path: "/v3/users/sleep?from=1",
    });
    expect(variables).toMatchObject({ CLASH_API_URL: `${url}/clash`, POLAR_API_URL: url });
  });

  it("moves one clock for all", async () => {
    await start(tiny("anvil", ["/1"]), polar);
    await send("PUT", "/_sandbox/polar/clock", { now: "2025-10-02T08:00:00Z" });
    expect((await get("/1")).body.now).toMatch(/^2025-10-02T08:00/);
    await send("PUT", "/_sandbox/clock", { now: "2024-01-01T00:00:00Z" });
    expect((await get("/_sandbox/polar/clock")).body.now).toMatch(/^2024-01-01T00:00/);
  });

  it("gives a fault to the provider that it names, to the root without one, and clears all", async () => {
    await start(tiny("anvil", ["/1"]), polar);
    const told = await send("POST", "/_sandbox/faults", { provider: "anvil", kind: "outage" });
    expect([told.status, await told.json()]).toEqual([201, { fault: { kind: "outage" } }]);
    expect((await get("/1")).body.fault).toEqual({ kind: "outage" });
    expect((await send("POST", "/_sandbox/faults", { kind: "outage" })).status).toBe(201);
    expect((await get("/_sandbox/faults")).body.faults).toEqual([{ kind: "outage", status: 503 }]);
    const unknown = await send("POST", "/_sandbox/faults", { provider: "nobody", kind: "outage" });
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { error: "provider: must be one of anvil, polar" },
    ]);
    expect((await send("DELETE", "/_sandbox/faults", {})).status).toBe(204);
    expect((await get("/1")).body.fault).toBeNull();
    expect((await get("/_sandbox/faults")).body.faults).toEqual([]);
  });

  it("lists all at /", async () => {
    const { url } = await start(tiny("anvil", ["/1"]), polar);
    const text = await (await fetch(url)).text();
    expect(text).toContain("Tiny anvil");
    expect(text).toContain("paths: /1");
    expect(text).toContain("Polar");
  });
});
