/** A person at the consent page, led there and back like a browser. */
import { expect } from "vitest";
import { keyHeaders, type ReceivedEvent, type System } from "./system.ts";

export type Json = ReturnType<typeof JSON.parse>;

/** Requests a link, as a developer does before a person is sent away. */
export async function link(
  { server }: Pick<System, "server">,
  body: object,
): Promise<{ readonly auth_url: string; readonly user_id: string }> {
  const response = await fetch(`${server.url}/v2/auth/authenticateUser?resource=POLAR`, {
    method: "POST",
    headers: { ...keyHeaders, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Json;
}

export async function newSandboxUser(system: System): Promise<string> {
  const response = await system.control("POST", "/_sandbox/users", {});
  return String(((await response.json()) as Json).user_id);
}

/** Follows redirects by hand and returns the last address that is not ours or the sandbox's. */
export async function follow(system: System, start: string): Promise<{ url: URL; status: number }> {
  let url = new URL(start);
  for (let hops = 0; hops < 5; hops++) {
    const ours = [system.server.url, system.sandbox.url].includes(url.origin);
    if (!ours) return { url, status: 0 };
    const response = await fetch(url, { redirect: "manual" });
    await response.arrayBuffer();
    const location = response.headers.get("location");
    if (location === null) return { url, status: response.status };
    url = new URL(location, url);
  }
  throw new Error("too many redirects");
}

export async function agree(system: System, authUrl: string, sandboxUser: string) {
  const consent = new URL(authUrl);
  consent.searchParams.set("sandbox_user", sandboxUser);
  return follow(system, consent.href);
}

export const eventsOfUser = (system: System, type: string, userId: string): ReceivedEvent[] =>
  system.events(type).filter(({ body }) => (body.user ?? (body.new_user as Json))?.user_id === userId);
