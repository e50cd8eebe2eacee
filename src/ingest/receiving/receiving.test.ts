import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { Receiving } from "./receiving.ts";

it("takes some bodies at the same time, and fewer of one person", async () => {
  const receiving = new Receiving(path.join(os.tmpdir(), "systole-receiving"));
  const ends: (() => void)[] = [];
  const begin = (sender: string) =>
    receiving.during(sender, () => new Promise<void>((resolve) => ends.push(resolve)));
  const begun = Array.from({ length: 16 }, (_, n) => begin(`person ${n % 4}`));
  await expect(begin("person 0")).rejects.toMatchObject({ code: "UPLOADS_BUSY" });
  await expect(begin("another")).rejects.toMatchObject({ code: "UPLOADS_BUSY" });
  ends[0]?.();
  await begun[0];
  await expect(begin("person 1")).rejects.toMatchObject({ code: "UPLOADS_BUSY" });
  const last = begin("another");
  for (const end of ends) end();
  await Promise.all([...begun, last]);
});
