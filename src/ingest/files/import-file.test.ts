import { beforeEach, expect, it } from "vitest";
import { cairn } from "../../../test/support/cairn.ts";
import { CairnPerson } from "../../../test/support/cairn-person.ts";
import { parsingOf } from "../../../test/support/parsing.ts";
import { newId } from "../../store/identifiers.ts";
import { beginImport, createUpload, findUpload, moveUpload, type UploadId } from "../../store/uploads.ts";
import { createLogger } from "../../telemetry/log.ts";
import { type ImportDeps, importFile } from "./import-file.ts";

const person = new CairnPerson();
const outages = 10;
let id: UploadId;
let miscounted: Set<string>;

beforeEach(async () => {
  miscounted = new Set();
  id = { environmentId: person.id.environmentId, uploadId: newId() };
  const upload = { ...person.id, ...id, provider: "cairn", format: "file", fileBytes: null };
  await createUpload(person.store.db, upload);
  await moveUpload(person.store.db, id, { state: "queued", raw_payload_id: newId() });
});

const importing = (providerOf: ImportDeps["providerOf"]) =>
  importFile(
    {
      store: person.store,
      parsing: parsingOf(person.store),
      log: createLogger("silent"),
      stopping: new AbortController().signal,
      miscounted,
      providerOf,
    },
    id,
  );

const reason = async () => (await findUpload(person.store.db, id))?.details;

it("is not given up because the database was often away", async () => {
  for (let time = 0; time < outages; time++) {
    const away = importing(() => {
      throw Object.assign(new Error("terminating connection"), { code: "57P01" });
    });
    await expect(away).rejects.toThrow("terminating connection");
  }
  await importing(() => cairn);
  expect(await reason()).toEqual({ reason: "the file is gone" });
});

it("uncounts what the database could not be told", async () => {
  for (let time = 0; time < outages; time++) {
    await beginImport(person.store.db, id);
    miscounted.add(id.uploadId);
    const away = importing(() => {
      throw new Error("away");
    });
    await expect(away).rejects.toThrow("away");
  }
  await importing(() => cairn);
  expect(await reason()).toEqual({ reason: "the file is gone" });
});

it("is given up when the process died over it again and again", async () => {
  for (let time = 0; time < outages; time++) await beginImport(person.store.db, id);
  await importing(() => cairn);
  expect(await reason()).toEqual({ reason: "given up" });
});
