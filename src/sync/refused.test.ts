import { describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { ErrorCode } from "../errors.ts";
import { ProviderError } from "../providers/provider.ts";
import { noteRefused } from "./refused.ts";

const person = new CairnPerson();
const refused = (key: string, code: ErrorCode = "PROVIDER_BODY_INVALID") => ({
  ref: { resource: "file", key },
  error: new ProviderError(code, "later", { resource: "file", key }),
});

describe("a file or list item that cannot be read", () => {
  it("is a failed task with the rank and the trace of what it belongs to, and has no job", async () => {
    const run = await person.run({ kind: "announced" });
    await noteRefused(run, [refused("a"), refused("b", "PROVIDER_BODY_TOO_LARGE")]);
    expect(await person.tasks(run.task)).toMatchObject([
      {
        kind: "file",
        state: "failed",
        code: "PROVIDER_BODY_INVALID",
        details: { resource: "file", key: "a" },
        fetches: [{ resource: "file", key: "a" }],
        user_id: person.id.userId,
        priority: 3,
        trace_id: "trace",
        finished_at: expect.any(Date),
      },
      { code: "PROVIDER_BODY_TOO_LARGE", fetches: [{ resource: "file", key: "b" }] },
    ]);
    expect(await person.jobs()).toEqual([]);
  });

  it("is noted once, however often it fails the same way, and again when it fails differently", async () => {
    const run = await person.run();
    for (let times = 0; times < 3; times++) await noteRefused(run, [refused("a")]);
    await noteRefused(run, [refused("a", "PROVIDER_BODY_TOO_LARGE")]);
    expect((await person.tasks(run.task)).map(({ code }) => code).sort()).toEqual([
      "PROVIDER_BODY_INVALID",
      "PROVIDER_BODY_TOO_LARGE",
    ]);
  });
});
