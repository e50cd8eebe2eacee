/** A file that is sent by the page's own form, as a browser with scripts off sends it. */

import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { receivedIn } from "../../ingest/files/places.ts";
import { findProvider } from "../../providers/registry.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { Browser } from "../testing/browser.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Person {
  /** The path of their page. */
  readonly path: string;
  readonly cookie: string;
}

async function connect(language = "en"): Promise<Person> {
  const json = { providers: "APPLE", language };
  const { body } = await api.call("/v2/auth/generateWidgetSession", { method: "POST", json });
  const browser = new Browser(api);
  const { action } = await browser.open(new URL(String(body.url)).pathname);
  expect((await browser.submit(action, { answer: "agree" })).text).toContain(
    `action="${action}/files/export"`,
  );
  return { path: action, cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
}

function send(
  { path, cookie }: Person,
  body: NonNullable<RequestInit["body"]>,
  { format = "export", headers = {} }: { format?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const init = { method: "POST", body, redirect: "manual", headers: { cookie, ...headers } } as const;
  return fetch(`${api.url}${path}/files/${format}`, init);
}

function formOf(...contents: readonly string[]): FormData {
  const form = new FormData();
  for (const content of contents) form.append("file", new Blob([content]), "export.zip");
  return form;
}

const rows = () => api.store.db.selectFrom("uploads").selectAll().orderBy("created_at").execute();
/** A directory that nothing came to is not made. */
const received = () => readdir(receivedIn(api.store.bodies)).catch(() => []);

describe("a file of a form", () => {
  it("is taken, and the page says so in its language", async () => {
    const person = await connect("de");
    const answer = await send(person, formOf("<HealthData></HealthData>"));
    expect(answer.status).toBe(303);
    const [row] = (await rows()).slice(-1);
    expect(answer.headers.get("location")).toBe(`${person.path}?upload=${row?.upload_id}#file-export`);
    expect(row).toMatchObject({ provider: "apple", format: "export", state: "queued", file_bytes: "25" });
    expect(await received()).toEqual([]);
    const page = await fetch(`${api.url}${answer.headers.get("location")}`, {
      headers: { cookie: person.cookie },
    });
    expect(await page.text()).toContain("Die Datei ist angekommen und wird gelesen.</p>");
  });

  it("of another person is not shown", async () => {
    const [theirs] = await rows();
    const { path, cookie } = await connect();
    const page = await fetch(`${api.url}${path}?upload=${theirs?.upload_id}`, { headers: { cookie } });
    expect(await page.text()).not.toContain("data-following");
  });

  it("that could not be read is told with its code", async () => {
    const person = await connect();
    const answer = await send(person, formOf("no export"));
    const [row] = (await rows()).slice(-1);
    await api.store.db
      .updateTable("uploads")
      .set({ state: "failed", code: "UPLOAD_FILE_NOT_RECOGNISED" })
      .where("upload_id", "=", row?.upload_id ?? "")
      .execute();
    const place = `${api.url}${answer.headers.get("location")}`;
    const text = await (await fetch(place, { headers: { cookie: person.cookie } })).text();
    expect(text).toMatch(
      /<p role="status" class="live">This is not the file that is meant here\. .*UPLOAD_FILE_NOT_RECOGNISED<\/p>/,
    );
  });
});

describe("what is not one file", () => {
  const withField = () => {
    const form = new FormData();
    form.append("other", "text");
    return form;
  };
  it.each<[string, () => FormData | URLSearchParams]>([
    ["a form without a file", withField],
    ["an empty file", () => formOf("")],
    ["two files", () => formOf("one", "two")],
    ["an empty one beside one", () => formOf("one", "")],
    ["a form of text", () => new URLSearchParams({ file: "export.zip" })],
  ])("%s is told on the page, and nothing is kept", async (_, form) => {
    const before = await rows();
    const answer = await send(await connect(), form());
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain("Choose one file that is not empty. Code: UPLOAD_FILE_MISSING</p>");
    expect(text).toContain("Apple Health is connected");
    expect(await rows()).toEqual(before);
    expect(await received()).toEqual([]);
  });

  it("a body that is cut off is no form", async () => {
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const body = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf';
    const answer = await send(await connect(), body, { headers });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("UPLOAD_BODY_INVALID");
    expect(await received()).toEqual([]);
  });

  it("many fields are refused", async () => {
    const form = withField();
    for (let field = 0; field < 10; field++) form.append(`field-${field}`, "text");
    form.append("file", new Blob(["one"]), "export.zip");
    const answer = await send(await connect(), form);
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining("UPLOAD_BODY_INVALID"),
    ]);
  });

  it("a format that there is not, or that is not a file, is a page with a code", async () => {
    const person = await connect();
    for (const format of ["invented", "healthkit", "constructor"]) {
      const answer = await send(person, formOf("one"), { format });
      expect([answer.status, await answer.text()]).toEqual([
        404,
        expect.stringContaining("UPLOAD_FORMAT_UNKNOWN"),
      ]);
    }
  });

  it("somebody without the page's cookie is told so", async () => {
    const answer = await send({ ...(await connect()), cookie: "" }, formOf("one"));
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining("SESSION_NOT_FOUND")]);
  });
});

describe("a file over the limit", () => {
  const begin = ({ path, cookie }: Person): ClientRequest => {
    const headers = { cookie, "content-type": "multipart/form-data; boundary=x" };
    const sending = request(`${api.url}${path}/files/export`, { method: "POST", headers });
    sending.on("error", () => {});
    sending.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
    return sending;
  };

  it("is refused when it passes the limit, and what still comes is read away: browsers send all of it first", async () => {
    const format = findProvider("apple")?.uploads?.export;
    const saved = format?.maxBytes;
    Object.assign(format ?? {}, { maxBytes: 100_000 });
    try {
      const sending = begin(await connect());
      const answered = once(sending, "response");
      sending.write(Buffer.alloc(200_000));
      const [answer] = (await answered) as [IncomingMessage];
      expect(answer.statusCode).toBe(413);
      expect(await text(answer)).toContain("The file is too large. Code: UPLOAD_TOO_LARGE");
      sending.end(Buffer.alloc(30_000_000));
      await once(sending, "finish");
      await expect.poll(received).toEqual([]);
    } finally {
      Object.assign(format ?? {}, { maxBytes: saved });
    }
  });

  it("leaves nothing when the browser goes away", async () => {
    const before = await rows();
    const sending = begin(await connect());
    sending.write("half");
    await expect.poll(async () => (await received()).length).toBe(1);
    sending.destroy();
    await expect.poll(received).toEqual([]);
    await expect.poll(rows).toEqual(before);
  });
});
