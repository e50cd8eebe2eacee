/** Hookdeck's Outpost: a tenant with one webhook; each event is published. */
import { randomUUID } from "node:crypto";
import type { Peer } from "./peer.ts";

export const outpost: Peer = {
  needs:
    "Its address with the path of its interface, as http://127.0.0.1:3333/api/v1, and its API_KEY as the token. Its setting TOPICS has to have `daily`.",
  restsAfterMs: 2_000,
  async prepare(call, receiverUrl) {
    const tenant = `bench-${randomUUID()}`;
    await call("PUT", `/tenants/${tenant}`);
    const destination = { type: "webhook", topics: ["daily"], config: { url: receiverUrl } };
    await call("POST", `/tenants/${tenant}/destinations`, destination);
    return (data) =>
      call("POST", "/publish", { tenant_id: tenant, topic: "daily", eligible_for_retry: true, data });
  },
};
