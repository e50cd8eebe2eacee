/** The format of a destination, as operators choose it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const path = "/admin/v1/destinations";
const webhook = (more: object) =>
  api.admin(path, {
    method: "POST",
    json: { kind: "webhook", settings: { url: "https://receiver.example/hook" }, ...more },
  });
const patch = (id: unknown, json: unknown) => api.admin(`${path}/${id}`, { method: "PATCH", json });

describe("the format of a destination", () => {
  test("is Terra's unless another is chosen, and stays until it is changed", async () => {
    const plain = await webhook({});
    expect(plain.body).toMatchObject({ format: "terra", when_unsupported: "terra" });
    const made = await webhook({ format: "fit", when_unsupported: "leave_out" });
    expect([made.status, made.body]).toMatchObject([201, { format: "fit", when_unsupported: "leave_out" }]);
    const active = await patch(made.body.id, { active: false });
    expect(active.body).toMatchObject({ format: "fit", when_unsupported: "leave_out" });
    const changed = await patch(made.body.id, { format: "fhir", when_unsupported: "terra" });
    expect(changed.body).toMatchObject({ format: "fhir", when_unsupported: "terra" });
  });

  test("is refused where there is none of this name", async () => {
    expect((await webhook({ format: "tcx" })).status).toBe(400);
  });

  test("is refused where the kind does not take it, naming those that it takes", async () => {
    const settings = { url: "postgres://user:password@database.example/health" };
    const json = { kind: "postgres", settings, format: "fit" };
    const refused = await api.admin(path, { method: "POST", json });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      code: "DESTINATION_FORMAT_UNSUPPORTED",
      details: { kind: "postgres", format: "fit", formats: ["terra", "fhir"] },
    });
  });

  test("is listed with each kind", async () => {
    const { body } = await api.admin(`${path}/kinds`);
    const kinds = body.data as { kind: string; formats: string[] }[];
    const formats = Object.fromEntries(kinds.map(({ kind, formats: taken }) => [kind, taken]));
    for (const kind of ["webhook", "kafka", "sqs", "s3", "gcs", "azure-blob"])
      expect(formats[kind]).toEqual(["terra", "fhir", "fit"]);
    for (const kind of ["postgres", "mysql", "mongodb", "firestore"])
      expect(formats[kind]).toEqual(["terra", "fhir"]);
    expect(formats.supabase).toEqual(["terra"]);
  });
});
