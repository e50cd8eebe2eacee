/** The developer's name, logo and colour, and how the logo is served. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from("not much of a picture")]);
const dataUrl = (content: Buffer, type = "image/png") => `data:${type};base64,${content.toString("base64")}`;

async function change(brand: unknown, devId = api.environment.devId) {
  return api.admin(`/admin/v1/environments/${devId}`, { method: "PATCH", json: { brand } });
}

const problemOf = async (brand: unknown) => {
  const { status, body } = await change(brand);
  const [field] = (body.details as { fields: { field: string; problem: string }[] }).fields;
  return [status, field?.field, field?.problem];
};

describe("a brand", () => {
  test("is changed part by part, shown with the environment and noted in the audit log", async () => {
    const whole = await change({ name: " Morgenlauf ", color: "#0F766E", logo: dataUrl(png) });
    expect([whole.status, whole.body.brand]).toEqual([
      200,
      {
        name: "Morgenlauf",
        color: "#0f766e",
        logo: expect.stringMatching(/^\/connect\/logos\/[0-9a-f]{64}$/),
      },
    ]);
    const renamed = await change({ name: "Abendlauf" });
    expect(renamed.body.brand).toEqual({ ...(whole.body.brand as object), name: "Abendlauf" });
    const { body } = await api.admin("/admin/v1/environments");
    expect(body.data).toMatchObject([{ brand: renamed.body.brand }]);
    const log = await api.admin("/admin/v1/audit?limit=1");
    expect(log.body.data).toMatchObject([
      { before: { brand: whole.body.brand }, after: { brand: renamed.body.brand } },
    ]);
    const gone = await change({ name: null, color: null, logo: null });
    expect(gone.body.brand).toEqual({ name: null, color: null, logo: null });
  });

  test("is one environment's own", async () => {
    const other = await createEnvironment(api.store);
    await change({ name: "Other" }, other.devId);
    const { body } = await api.admin("/admin/v1/environments");
    const brands = Object.fromEntries(
      (body.data as { dev_id: string; brand: { name: string } }[]).map((one) => [one.dev_id, one.brand.name]),
    );
    expect(brands).toEqual({ [api.environment.devId]: null, [other.devId]: "Other" });
    expect((await change({ name: "x" }, "nobody")).status).toBe(404);
  });

  test("is refused with what is wrong", async () => {
    expect(await problemOf({ color: "red" })).toEqual([400, "brand.color", "is no colour like #1f5fbf"]);
    expect((await problemOf({ name: "x".repeat(61) })).slice(0, 2)).toEqual([400, "brand.name"]);
    expect((await problemOf({ name: "  " })).slice(0, 2)).toEqual([400, "brand.name"]);
    const [kind, size, bytes] = [
      "is no data URL of a PNG, JPEG or WebP image in base64",
      "is larger than 24576 bytes",
      "is no image/png",
    ];
    const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    expect(await problemOf({ logo: dataUrl(svg, "image/svg+xml") })).toEqual([400, "brand.logo", kind]);
    expect(await problemOf({ logo: "https://elsewhere.example/logo.png" })).toEqual([
      400,
      "brand.logo",
      kind,
    ]);
    expect(await problemOf({ logo: dataUrl(svg) })).toEqual([400, "brand.logo", bytes]);
    const large = Buffer.concat([png, Buffer.alloc(24 * 1024)]);
    expect(await problemOf({ logo: dataUrl(large) })).toEqual([400, "brand.logo", size]);
    expect((await problemOf({ fond: 1 })).slice(0, 2)).toEqual([400, "brand"]);
  });
});

describe("a logo", () => {
  test("is served to everybody under the hash of its bytes, and can run nothing", async () => {
    const { body } = await change({ logo: dataUrl(png) });
    const { logo } = body.brand as { logo: string };
    const answer = await fetch(api.url + logo);
    expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([200, png]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    });
    expect((await fetch(`${api.url}/connect/logos/${"0".repeat(64)}`)).status).toBe(404);
  });
});
