import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../sandbox/polar/standalone.ts";
import { startTestApi, type TestApi } from "./testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** Returns a page and checks that it has no script, no form and nothing from elsewhere. */
async function pageAt(url: string): Promise<{ status: number; text: string; policy: string }> {
  const response = await fetch(url, { headers: { accept: "text/html" } });
  const policy = response.headers.get("content-security-policy") ?? "";
  const text = await response.text();
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(text).not.toMatch(/<script|javascript:|\son\w+=|(src|href)="https?:/i);
  return { status: response.status, text, policy };
}

describe("pages for a browser", () => {
  it("at /: that the server works, and valid links", async () => {
    const { status, text, policy } = await pageAt(`${api.url}/`);
    expect([status, policy]).toEqual([200, expect.stringContaining("form-action 'none'")]);
    expect(text).toContain("It works");
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toContain("/dashboard");
    // The dashboard has scripts and may not be built here: its own tests look at it.
    for (const link of links.filter((link) => link !== "/dashboard"))
      expect((await fetch(`${api.url}${link}`)).status, link).toBe(200);
  });

  it("at /admin: the place of the admin API", async () => {
    const { status, text } = await pageAt(`${api.url}/admin`);
    expect(status).toBe(200);
    expect(text).toContain("/admin/v1");
  });

  it("at the sandbox's /: working commands, and valid links", async () => {
    const sandbox = await startSandbox({ port: 0 });
    const { status, text } = await pageAt(`${sandbox.url}/`);
    expect(status).toBe(200);
    expect(text).toContain(`curl -s -X POST ${sandbox.url}/_sandbox/users`);
    for (const [, link] of text.matchAll(/href="([^"]+)"/g)) {
      expect((await fetch(`${sandbox.url}${link}`)).status, link).toBe(200);
    }
    await sandbox.close();
  });
});
