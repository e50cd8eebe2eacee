import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { UploadContent } from "../providers/provider.ts";
import { updateConnection } from "../store/connections.ts";
import { createUploadToken } from "../store/upload-tokens.ts";
import { type ArrivedUpload, acceptUpload } from "./accept-upload.ts";
import { readGiven } from "./given.ts";
import { Receiving } from "./receiving/receiving.ts";

const person = new CairnPerson();
const receiving = new Receiving(path.join(os.tmpdir(), "systole-receiving"));
afterAll(() => receiving.close());
const content: UploadContent = {
  bodies: [{ resource: "day", key: "2025-03-01", body: { days: [] } }],
  deleted: [{ resource: "day", key: "2025-03-02" }],
};

async function upload(given: Partial<ArrivedUpload> = {}, said: Partial<UploadContent> = {}) {
  const token = await createUploadToken(person.store.db, person.id);
  return acceptUpload(
    { store: person.store, receiving },
    {
      providerSlug: "cairn",
      known: () => {},
      format: "days",
      token,
      headers: {},
      body: Buffer.from(JSON.stringify({ ...content, ...said })),
      ...given,
    },
  );
}

describe("an upload", () => {
  it("is a task of its person with all its data, and its job, once it is accepted", async () => {
    expect(await upload()).toEqual({ accepted: 2 });
    const [task, ...others] = await person.tasks();
    expect(others).toEqual([]);
    expect(task).toMatchObject({ kind: "given", state: "accepted", user_id: person.id.userId, fetches: [] });
    expect(readGiven(task?.body ?? null)).toEqual({
      ...content,
      path: "/v2/uploads/cairn/days",
      fetchOrder: expect.stringMatching(/^\d+$/),
    });
    expect((await person.jobs()).map(({ taskId }) => taskId)).toEqual([task?.task_id]);
  });

  it("is newer than the one before it", async () => {
    await upload();
    await upload();
    const [first, second] = (await person.tasks()).map(({ body }) => BigInt(readGiven(body).fetchOrder));
    expect((second ?? 0n) > (first ?? 0n)).toBe(true);
  });

  it("with nothing in it is accepted, and there is nothing to do", async () => {
    expect(await upload({}, { bodies: [], deleted: [] })).toEqual({ accepted: 0 });
    expect(await person.tasks()).toEqual([]);
  });
});

describe("an upload that is refused", () => {
  it.each<[string, Partial<ArrivedUpload>, string]>([
    ["of a provider that is not there", { providerSlug: "nobody" }, "PROVIDER_UNKNOWN"],
    ["of a provider to which nobody uploads", { providerSlug: "polar" }, "UPLOAD_FORMAT_UNKNOWN"],
    ["in a format that there is not", { format: "nights" }, "UPLOAD_FORMAT_UNKNOWN"],
    ["in a format that is only a name of the language", { format: "constructor" }, "UPLOAD_FORMAT_UNKNOWN"],
    ["without a token", { token: null }, "UPLOAD_TOKEN_INVALID"],
    ["with a guessed token", { token: "guess" }, "UPLOAD_TOKEN_INVALID"],
    ["with a body that cannot be read", { body: Buffer.from("no JSON") }, "UPLOAD_BODY_INVALID"],
    ["with a body that is too large", { body: Buffer.alloc(1_025, " ") }, "UPLOAD_TOO_LARGE"],
    // The size is not checked before the token is valid.
    ["too large and without a token", { token: null, body: Buffer.alloc(1_025) }, "UPLOAD_TOKEN_INVALID"],
  ])("%s says so, and nothing is written", async (_, given, code) => {
    await expect(upload(given)).rejects.toMatchObject({ code });
    expect(await person.tasks()).toEqual([]);
  });

  it("for a token of another provider's person says no more than for a guessed one", async () => {
    await updateConnection(person.store.db, person.id, { provider: "polar" });
    await expect(upload()).rejects.toMatchObject({ code: "UPLOAD_TOKEN_INVALID" });
  });
});
