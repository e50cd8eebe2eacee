import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import { updateConnection } from "../store/connections.ts";
import { ConnectionGone, holdConnection } from "./run.ts";

const person = new CairnPerson();
const hold = (id = person.id) => person.store.db.transaction().execute((tx) => holdConnection(tx, id));

it("a locked connection is returned in its current state, and belongs to its transaction until that ends", async () => {
  let second: ReturnType<typeof hold> | undefined;
  await person.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, person.id);
    second = hold();
    await lockAwaited(person.store.db);
    await updateConnection(tx, person.id, { reference_id: "changed" });
  });
  expect((await second)?.reference_id).toBe("changed");
});

it("a connection that is gone, or another environment's, is reported as gone", async () => {
  await expect(hold({ ...person.id, environmentId: randomUUID() })).rejects.toBeInstanceOf(ConnectionGone);
  await person.leave();
  await expect(hold()).rejects.toBeInstanceOf(ConnectionGone);
});
