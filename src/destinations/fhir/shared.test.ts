import { describe, expect, it } from "vitest";
import type { Entry } from "../../export/fhir/types.ts";
import { deadline, failure } from "../conformance/bench.ts";
import type { Answer } from "../kit/http.ts";
import { MemoryServer, outcome } from "./memory-server.fixture.ts";
import { SharedResources } from "./shared.ts";

const patient = (value: string): Entry => ({
  fullUrl: `urn:uuid:${value}`,
  resource: { resourceType: "Patient", identifier: [{ system: "urn:people", value }] },
  request: { method: "POST", url: "Patient", ifNoneExist: `identifier=urn:people|${value}` },
});
const refused = (status: number, code = "processing"): Answer => ({
  status,
  headers: {},
  text: JSON.stringify(outcome(code)),
});

describe("resources that records share", () => {
  it("are made once by a sender, however often and at whatever moment they are asked for", async () => {
    const server = new MemoryServer();
    const shared = new SharedResources(server);
    await Promise.all(
      [1, 2, 3].map(() => shared.ensure([patient("a"), patient("b"), patient("a")], deadline())),
    );
    await shared.ensure([patient("b"), patient("c")], deadline());
    expect(server.transactions.map((entries) => entries.length)).toEqual([1, 1, 1]);
    expect(server.all("Patient")).toHaveLength(3);
  });

  it("are made again where another writer undid the transaction", async () => {
    const server = new MemoryServer();
    server.intercept = () => (server.transactions.length < 3 ? refused(409) : null);
    await new SharedResources(server).ensure([patient("a")], deadline());
    expect(server.transactions).toHaveLength(3);
    expect(server.all("Patient")).toHaveLength(1);
  });

  it("that the server refuses are left to the records, and tried again the next time", async () => {
    const server = new MemoryServer();
    server.intercept = () => refused(422, "invariant");
    const shared = new SharedResources(server);
    await shared.ensure([patient("a")], deadline());
    await shared.ensure([patient("a")], deadline());
    expect(server.transactions).toHaveLength(2);
  });

  it("are not remembered after an error that every request would have, which is thrown", async () => {
    const server = new MemoryServer();
    server.intercept = () => refused(401);
    const shared = new SharedResources(server);
    const thrown = await failure(shared.ensure([patient("a")], deadline()));
    expect(thrown.code).toBe("DESTINATION_CREDENTIALS_REFUSED");
    server.intercept = () => null;
    await shared.ensure([patient("a")], deadline());
    expect(server.all("Patient")).toHaveLength(1);
  });
});
