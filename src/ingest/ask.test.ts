import { describe, expect, it } from "vitest";
import { CairnPerson, idOf, noteReply } from "../../test/support/cairn-person.ts";
import type { Grant } from "../providers/provider.ts";
import { openGrants } from "../store/grants.ts";
import { ConnectionGone } from "../sync/run.ts";
import { askProvider } from "./ask.ts";
import type { IngestDeps } from "./deps.ts";
import { StoppedError } from "./stopped.ts";

const person = new CairnPerson();
const asking = {
  resource: { name: "note", api: "cairn-v1" },
  request: { method: "GET", path: "/note/a" },
} as const;
const renewable: Partial<Grant> = { renewal: { kind: "refresh-token", token: "refresh 1" } };

/** Makes a call as a person with this grant. */
async function ask(grant: Partial<Grant> = {}, deps: Partial<IngestDeps> = {}) {
  person.connection = await person.connect({ grant });
  return (await askProvider(await person.run({}, { deps }), asking)).response;
}
/** A server that accepts only these access tokens, and gives a new one for each refresh token. */
function accepting(...tokens: string[]): void {
  person.serve({});
  person.server.script = ({ url, headers, body }) => {
    if (url === "/refresh") {
      const used = new URLSearchParams(body).get("token") ?? "";
      return { status: 200, body: { token: `after ${used}`, refresh: `${used}+`, seconds: 3_600 } };
    }
    const token = headers.authorization?.replace("Bearer ", "") ?? "";
    return tokens.includes(token) ? noteReply("n") : { status: 401 };
  };
}
const grants = async () => {
  const { grant_sealed: sealed } = await person.reread();
  return openGrants(person.store.keyRing, idOf(person.connection), sealed);
};

describe("a call for a person", () => {
  it("shows their token", async () => {
    accepting("token");
    expect((await ask()).status).toBe(200);
    expect(person.server.asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer token"]);
  });

  it("that is refused is repeated once with a new token, which is stored", async () => {
    accepting("after refresh 1");
    expect((await ask(renewable)).status).toBe(200);
    expect(person.asked()).toEqual(["/note/a", "/refresh", "/note/a"]);
    expect(await grants()).toMatchObject([
      { accessToken: "after refresh 1", renewal: { kind: "refresh-token", token: "refresh 1+" } },
    ]);
  });

  it("that is refused with the new token too is not made a third time", async () => {
    accepting();
    await expect(ask(renewable)).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED" });
    expect(person.asked()).toEqual(["/note/a", "/refresh", "/note/a"]);
  });

  it("that is refused is not repeated if the token cannot be renewed", async () => {
    accepting();
    await expect(ask()).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED" });
    expect(person.asked()).toEqual(["/note/a"]);
  });

  it("that fails for another reason keeps its token", async () => {
    person.serve({ "/note/a": { status: 503 } });
    await expect(ask(renewable)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(person.asked()).toEqual(["/note/a"]);
  });

  it("gets a new token first if the old one has expired, or would on the way", async () => {
    accepting("after refresh 1");
    await ask({ ...renewable, expiresAt: new Date(Date.now() + 30_000) });
    expect(person.asked()).toEqual(["/refresh", "/note/a"]);
  });

  it("is not made for an erased person", async () => {
    accepting("token");
    const run = await person.run();
    await person.leave();
    await expect(askProvider(run, asking)).rejects.toBeInstanceOf(ConnectionGone);
    expect(person.asked()).toEqual([]);
  });

  it("ends when the process stops, and is no failure of the provider", async () => {
    const stopping = new AbortController();
    person.server.script = () => () => stopping.abort();
    await expect(ask({}, { stopping: stopping.signal })).rejects.toBeInstanceOf(StoppedError);
  });
});
