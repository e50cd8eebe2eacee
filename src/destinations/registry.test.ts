import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { destinationKinds, loadDestination } from "./registry.ts";
import { parseSettings } from "./settings.ts";

describe("the registry", () => {
  it("has a kind for each folder, named as the plugin names itself", async () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .filter((name) => existsSync(path.join(import.meta.dirname, name, "index.ts")));
    expect([...destinationKinds].sort()).toEqual(folders.sort());
    for (const kind of destinationKinds) expect((await loadDestination(kind)).kind).toBe(kind);
  });

  it.each(["pigeon", "", "toString", "__proto__"])("knows no kind called %j", async (kind) => {
    await expect(loadDestination(kind)).rejects.toMatchObject({ code: "DESTINATION_KIND_UNKNOWN" });
  });

  it("names each wrong setting and never its value", async () => {
    const webhook = await loadDestination("webhook");
    const given = { url: "ftp://hidden.example.com", secret: "shh" };
    const refused = expect.objectContaining({ code: "DESTINATION_SETTINGS_INVALID" });
    expect(() => parseSettings(webhook, given)).toThrow(refused);
    try {
      parseSettings(webhook, given);
    } catch (error) {
      const { details } = error as { details: { settings: string[] } };
      expect(details.settings.map((line) => line.split(":")[0])).toEqual(["url", "secret"]);
      expect(JSON.stringify(details)).not.toMatch(/hidden|shh/);
    }
  });
});
