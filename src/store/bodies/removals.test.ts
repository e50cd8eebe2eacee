/** A body is removed only while no row names it, and a row never names one that was removed. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../../test/support/database.ts";
import { newId } from "../identifiers.ts";
import { bodyIsNamed, expectBody, removeDueBodies } from "./removals.ts";

let test: TestStore;
let directory: string;
beforeAll(async () => {
  test = await startTestStore();
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-removals-"));
});
afterAll(async () => {
  await test.close();
  await rm(directory, { recursive: true, force: true });
});

let name: { environmentId: string; key: string };
beforeEach(async () => {
  const environmentId = newId();
  name = { environmentId, key: `${environmentId}/${newId()}` };
  const file = path.join(directory, newId());
  await writeFile(file, "body");
  await expectBody(test.store.db, name);
  await test.store.bodies.put(name.key, file);
});

const makeDue = () => sql`UPDATE body_removals SET due_at = now()`.execute(test.store.db);
const nameIt = () => test.store.db.transaction().execute((tx) => bodyIsNamed(tx, name));

it("one that no row names is removed when it is due, and no row can name it then", async () => {
  expect(await removeDueBodies(test.store)).toBe(0);
  await makeDue();
  expect(await removeDueBodies(test.store)).toBe(1);
  await expect(nameIt()).rejects.toMatchObject({ code: "INTERNAL" });
});

it("one that is named is kept", async () => {
  await nameIt();
  await makeDue();
  expect(await removeDueBodies(test.store)).toBe(0);
});

it("one that is due cannot be named while it is being removed", async () => {
  await makeDue();
  const outcomes: string[] = [];
  const bodies = {
    ...test.store.bodies,
    remove: async () => {
      const naming = nameIt().then(
        () => outcomes.push("named"),
        () => outcomes.push("refused"),
      );
      await Promise.race([naming, new Promise((resolve) => setTimeout(resolve, 300))]);
      outcomes.push("removed");
    },
  };
  expect(await removeDueBodies({ ...test.store, bodies })).toBe(1);
  await expect.poll(() => outcomes).toEqual(["removed", "refused"]);
});

it("one whose removal fails stays due", async () => {
  await makeDue();
  const remove = () => Promise.reject(new Error("no answer"));
  await expect(removeDueBodies({ ...test.store, bodies: { ...test.store.bodies, remove } })).rejects.toThrow(
    "no answer",
  );
  expect(await removeDueBodies(test.store)).toBe(1);
});
