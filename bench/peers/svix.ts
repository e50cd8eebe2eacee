/** Svix's own server: an application with one endpoint; each event is a message. */
import { randomUUID } from "node:crypto";
import type { Peer } from "./peer.ts";

export const svix: Peer = {
  needs:
    "Its address, as http://127.0.0.1:8071, and a token of `svix-server jwt generate`. Its setting SVIX_WHITELIST_SUBNETS has to allow 127.0.0.0/8, or it does not post to this machine.",
  restsAfterMs: 1_000,
  async prepare(call, receiverUrl) {
    const id = `bench-${randomUUID()}`;
    await call("POST", "/api/v1/app/", { name: id, uid: id });
    await call("POST", `/api/v1/app/${id}/endpoint/`, { url: receiverUrl });
    return (payload) => call("POST", `/api/v1/app/${id}/msg/`, { eventType: "daily", payload });
  },
};
