/** Files uploaded to a Systole of its own: whole, in pieces, hostile, and read while the process is killed. */
import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportText } from "../bench/support/health-export.ts";
import { zipOf } from "../src/providers/apple/formats/export/testing/zip.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { createStoreDatabase } from "./support/database.ts";
import { endLeases } from "./support/leases.ts";
import { runSystole, type SystoleProcess, startSystoleProcess } from "./support/process.ts";
import { credentials } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

const stack = new AsyncDisposableStack();
let directory: string;
let pool: pg.Pool;
let systole: SystoleProcess;
let url: string;
let env: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-files-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  stack.defer(() => database.drop());
  pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  stack.defer(() => pool.end());
  url = `http://127.0.0.1:${await freePort()}`;
  env = {
    DATABASE_URL: database.connectionString,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_PORT: new URL(url).port,
    SYSTOLE_PUBLIC_URL: url,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
  };
  systole = await startSystoleProcess(env);
  stack.defer(() => systole.kill());
});
afterAll(() => stack.disposeAsync());

async function killAndRestart(): Promise<void> {
  await systole.kill();
  await endLeases((text) => pool.query(text));
  systole = await startSystoleProcess(env);
}

interface Person {
  readonly userId: string;
  readonly token: string;
}

const keys = { "dev-id": credentials.devId, "x-api-key": credentials.apiKey };

async function connect(name: string): Promise<Person> {
  const made = await fetch(`${url}/v2/auth/generateAuthToken?reference_id=${name}`, {
    method: "POST",
    headers: keys,
  });
  const { token } = (await made.json()) as { token: string };
  const redeemed = await fetch(`${url}/v2/auth/redeemToken`, {
    method: "POST",
    headers: { ...keys, "content-type": "application/json" },
    body: JSON.stringify({ token, provider: "APPLE" }),
  });
  const answer = (await redeemed.json()) as { user_id: string; upload_token: string };
  return { userId: answer.user_id, token: answer.upload_token };
}

const place = "/v2/uploads/apple/export";

function call(person: Person, where: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${person.token}`, ...init.headers };
  return fetch(`${url}${where}`, { ...init, headers });
}

interface State {
  readonly state: string;
  readonly code: string | null;
  readonly details: Record<string, unknown> | null;
  readonly records_read: number;
  readonly stored_from: string | null;
  readonly unread: unknown;
}

const stateOf = async (person: Person, id: string): Promise<State> =>
  (await (await call(person, `${place}/${id}`)).json()) as State;

const over = (person: Person, id: string): Promise<State> =>
  waitFor(`the end of ${id}`, async () => {
    const state = await stateOf(person, id);
    return ["done", "failed"].includes(state.state) ? state : null;
  });

async function post(person: Person, body: string | Buffer): Promise<string> {
  const sent = typeof body === "string" ? body : new Uint8Array(body);
  const answer = await call(person, place, { method: "POST", body: sent });
  expect(answer.status, await answer.clone().text()).toBe(202);
  return ((await answer.json()) as { upload_id: string }).upload_id;
}

/** An export of this many kilobytes, over some days. */
const exportOf = (kilobytes: number, days: number): string =>
  [...exportText({ bytes: kilobytes * 1_000, years: days / 365.25 })].join("");

const rowsOf = async ({ userId }: Person, columns: string, table: string): Promise<unknown[]> =>
  (await pool.query(`SELECT ${columns} FROM ${table} WHERE user_id = $1 ORDER BY 1, 2`, [userId])).rows;

describe("a file", () => {
  it("is received whole, read, and becomes records", async () => {
    const person = await connect("whole");
    const text = exportOf(600, 3);
    const state = await over(
      person,
      await post(person, zipOf([{ name: "apple/Export.xml", content: text }])),
    );
    expect(state).toMatchObject({ state: "done", code: null, unread: {} });
    expect(state.records_read).toBeGreaterThan(1_000);
    expect(state.stored_from).toBe("2026-01-17");
    const days = await rowsOf(person, "natural_key, type", "records");
    expect(days).toContainEqual({ natural_key: "2026-01-20", type: "daily" });
    // What was sorted on disk is gone, and the file is kept.
    expect(await readdir(path.join(directory, "bodies", "spools"))).toEqual([]);
    expect(await rowsOf(person, "resource, outside_bytes > 0 AS kept", "raw_payloads")).toEqual([
      { resource: "export", kept: true },
    ]);
  });

  it("is received in pieces, after a break where it stopped", async () => {
    const person = await connect("pieces");
    const bytes = Buffer.from(exportOf(200, 2));
    const tus = { "tus-resumable": "1.0.0" };
    const begun = await call(person, place, {
      method: "POST",
      headers: { ...tus, "upload-length": String(bytes.length) },
    });
    expect(begun.status).toBe(201);
    const where = begun.headers.get("location") ?? "";
    const send = (offset: number, piece: Buffer) =>
      call(person, where, {
        method: "PATCH",
        headers: {
          ...tus,
          "content-type": "application/offset+octet-stream",
          "upload-offset": String(offset),
        },
        body: new Uint8Array(piece),
      });
    const id = where.split("/").at(-1) ?? "";
    await pool.query(`UPDATE uploads SET updated_at = now() - interval '23 hours' WHERE upload_id = $1`, [
      id,
    ]);
    expect((await send(0, bytes.subarray(0, 50_000))).status).toBe(204);
    // A slow line may take days, as long as pieces arrive.
    const { rows } = await pool.query(`SELECT updated_at FROM uploads WHERE upload_id = $1`, [id]);
    expect(Date.now() - rows[0].updated_at.getTime()).toBeLessThan(3_600_000);
    expect(await stateOf(person, id)).toMatchObject({ state: "receiving" });
    // A piece at the wrong place is refused; the client asks how much is there.
    expect((await send(70_000, bytes.subarray(70_000))).status).toBe(409);
    const asked = await call(person, where, { method: "HEAD", headers: tus });
    expect(asked.headers.get("upload-offset")).toBe("50000");
    expect((await send(50_000, bytes.subarray(50_000))).status).toBe(204);
    // The last answer may be lost: all of it is there.
    const again = await call(person, where, { method: "HEAD", headers: tus });
    expect(again.headers.get("upload-offset")).toBe(String(bytes.length));
    const events = await (await call(person, `${where}/events`)).text();
    expect(events).toMatch(/^event: upload\ndata: \{.*"state":"/);
    expect(events).toMatch(/"state":"done".*\n\nevent: end\ndata: \{\}\n\n$/s);
    expect(await over(person, id)).toMatchObject({ state: "done" });
  });

  it("is sent by the command, which follows it to its end", async () => {
    const person = await connect("command");
    const file = path.join(directory, "export.xml");
    await writeFile(file, exportOf(200, 2));
    const { exitCode, output } = await runSystole(["upload", file, "--url", url], {
      UPLOAD_TOKEN: person.token,
    });
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/sent 100 % .*done\n$/s)]);
    await writeFile(file, Buffer.from(exportOf(200, 2)).subarray(0, 90_000));
    const cut = await runSystole(["upload", file, "--url", url], { UPLOAD_TOKEN: person.token });
    expect([cut.exitCode, cut.output]).toEqual([
      1,
      expect.stringMatching(/UPLOAD_FILE_CUT.*at byte 90000, line/s),
    ]);
  });

  it("that was read before is not read again, nor stored", async () => {
    const person = await connect("again");
    const text = exportOf(100, 1);
    await over(person, await post(person, text));
    const events = (await rowsOf(person, "event_id, type", "events")).length;
    expect(await over(person, await post(person, text))).toMatchObject({ state: "done" });
    expect(await rowsOf(person, "resource, resource_key", "raw_payloads")).toHaveLength(1);
    expect(await rowsOf(person, "event_id, type", "events")).toHaveLength(events);
  });

  it("belongs to one person", async () => {
    const [one, other] = [await connect("one"), await connect("other")];
    const id = await post(one, exportOf(50, 1));
    for (const method of ["GET", "HEAD", "PATCH", "DELETE"]) {
      const answer = await call(other, `${place}/${id}`, { method, headers: { "tus-resumable": "1.0.0" } });
      expect(answer.status, method).toBe(404);
    }
    expect((await call({ ...one, token: "nothing" }, `${place}/${id}`)).status).toBe(401);
    await over(one, id);
  });

  it("does not stay unfinished in any number, and is erased with the person", async () => {
    const person = await connect("unfinished");
    const begin = () =>
      call(person, place, { method: "POST", headers: { "tus-resumable": "1.0.0", "upload-length": "1000" } });
    const answers = [await begin(), await begin(), await begin(), await begin(), await begin()];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    const refused = await begin();
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: "UPLOADS_UNFINISHED" }]);
    const where = answers[0]?.headers.get("location") ?? "";
    const gone = await call(person, where, { method: "DELETE", headers: { "tus-resumable": "1.0.0" } });
    expect(gone.status).toBe(204);
    expect((await begin()).status).toBe(201);
    await fetch(`${url}/v2/auth/deauthenticateUser?user_id=${person.userId}`, {
      method: "DELETE",
      headers: keys,
    });
    expect(await rowsOf(person, "upload_id, state", "uploads")).toEqual([]);
  });
});

describe("the address of an upload", () => {
  const tus = { "tus-resumable": "1.0.0" };
  const begin = async (person: Person, bytes: number): Promise<string> => {
    const headers = { ...tus, "upload-length": String(bytes) };
    return (await call(person, place, { method: "POST", headers })).headers.get("location") ?? "";
  };
  const piece = (person: Person, where: string, offset: number, body: Buffer, more = {}) =>
    call(person, where, {
      method: "PATCH",
      headers: {
        ...tus,
        "content-type": "application/offset+octet-stream",
        "upload-offset": String(offset),
        ...more,
      },
      body: new Uint8Array(body),
    });

  it("names it by its path alone, so that a query reaches nobody else's", async () => {
    const [one, other] = [await connect("path"), await connect("query")];
    const [mine, theirs] = [await begin(one, 10), await begin(other, 10)];
    const id = theirs.split("/").at(-1);
    expect((await piece(one, `${mine}?/${id}`, 0, Buffer.from("12345"))).status).toBe(204);
    const offset = async (person: Person, where: string) =>
      (await call(person, where, { method: "HEAD", headers: tus })).headers.get("upload-offset");
    expect([await offset(other, theirs), await offset(one, mine)]).toEqual(["0", "5"]);
    const override = { ...tus, "x-http-method-override": "DELETE" };
    await call(one, `${place}?/${id}`, { method: "POST", headers: override });
    expect(await offset(other, theirs)).toBe("0");
  });

  it("finishes a file that was complete when the process was killed", async () => {
    const person = await connect("complete");
    const bytes = Buffer.from(exportOf(50, 1));
    const where = await begin(person, bytes.length);
    const id = where.split("/").at(-1) ?? "";
    await piece(person, where, 0, bytes.subarray(0, -1));
    // As a process leaves it that is killed after the last byte and before it is accepted.
    await appendFile(path.join(directory, "bodies", "resumable", id), bytes.subarray(-1));
    const asked = await Promise.all(
      [1, 2, 3].map(() => call(person, where, { method: "HEAD", headers: tus })),
    );
    expect(asked.map(({ headers }) => headers.get("upload-offset"))).toEqual(
      Array.from({ length: 3 }, () => String(bytes.length)),
    );
    expect(await over(person, id)).toMatchObject({ state: "done", code: null });
    expect(await rowsOf(person, "resource, resource_key", "raw_payloads")).toHaveLength(1);
  });
});

describe("a hostile file", () => {
  it.each<[string, string | Buffer, string]>([
    ["no export", "hello", "UPLOAD_FILE_NOT_RECOGNISED"],
    ["a bomb", zipOf([{ name: "export.xml", content: Buffer.alloc(30_000_000) }]), "UPLOAD_ZIP_TOO_LARGE"],
    ["a path that climbs", zipOf([{ name: "../x", content: "" }]), "UPLOAD_ZIP_PATH_UNSAFE"],
  ])("fails with a code: %s", async (name, body, code) => {
    const person = await connect(`hostile ${name}`);
    expect(await over(person, await post(person, body))).toMatchObject({ state: "failed", code });
  });

  it("never keeps others waiting", async () => {
    const person = await connect("waiting");
    const hostile = `<HealthData>${'<Record a b="1"/>'.repeat(9_000)}${"<a><b/></a>".repeat(2_000_000)}`;
    const id = await post(person, hostile);
    let isOver = false;
    const took: number[] = [];
    const looking = (async () => {
      while (!isOver) {
        const began = performance.now();
        expect((await fetch(`${url}/healthz`)).status).toBe(200);
        took.push(performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    expect(await over(person, id)).toMatchObject({ state: "failed", code: "UPLOAD_FILE_CUT" });
    isOver = true;
    await looking;
    // Single answers may be late on a busy machine.
    const sorted = took.toSorted((one, other) => one - other);
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(100);
  });
});

describe("a process that is killed while it imports", () => {
  it("goes on where it was, and the result is the same", async () => {
    const text = exportOf(6_000, 40);
    const [killed, quiet] = [await connect("killed"), await connect("quiet")];
    const id = await post(killed, text);
    await waitFor("the first days", async () => (await stateOf(killed, id)).stored_from);
    const before = await stateOf(killed, id);
    expect(before.state).toBe("storing");
    await killAndRestart();
    expect(await over(killed, id)).toMatchObject({ state: "done" });
    await over(quiet, await post(quiet, text));
    const columns = "resource, part_key, encode(content_hash, 'hex') AS hash";
    const parts = await rowsOf(quiet, columns, "grown_parts");
    expect(parts.length).toBeGreaterThan(200);
    expect(await rowsOf(killed, columns, "grown_parts")).toEqual(parts);
    expect(await rowsOf(killed, "type, natural_key", "records")).toEqual(
      await rowsOf(quiet, "type, natural_key", "records"),
    );
  });

  it("is not blamed on the records that are large", async () => {
    const person = await connect("large");
    // A day of 7,000 records becomes one of 2 MB of samples, which is made in a thread.
    const id = await post(person, exportOf(6_000, 2));
    await waitFor("the import", async () => (await stateOf(person, id)).state === "reading");
    await killAndRestart();
    expect(await over(person, id)).toMatchObject({ state: "done" });
    expect(await rowsOf(person, "parse_tries, resource", "raw_payloads")).toEqual([
      { parse_tries: 0, resource: "export" },
    ]);
  });
});
