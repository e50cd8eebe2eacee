/** The README grants the permissions that the tests' accounts have, and the settings accept its values. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createAddressGuard } from "../../security/address-guard.ts";
import { parseSettings } from "../settings.ts";
import firestore from "./index.ts";
import { Accounts } from "./stand-in/accounts.ts";
import { leastPermissions } from "./target.ts";

const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
const keyFile = new Accounts().unknownKey("https://oauth2.googleapis.com/token");
const changed = (changes: object): string => JSON.stringify({ ...JSON.parse(keyFile), ...changes });

/** The settings that are refused, and the whole message. */
function refusal(given: object): { settings: string[]; whole: string } {
  try {
    parseSettings(firestore, { project_id: "systole-test", service_account: keyFile, ...given });
  } catch (error) {
    const { details } = error as { details: { settings: string[] } };
    return { settings: details.settings, whole: JSON.stringify(error) };
  }
  return { settings: [], whole: "" };
}

describe("README.md", () => {
  it("has every setting", () => {
    const [, section = ""] = /## Settings\n([\s\S]*?)\n## /.exec(readme) ?? [];
    const named = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(firestore.settings.shape));
  });

  it("grants what the tests' account may do and nothing else", () => {
    expect(/--permissions=(\S+)/.exec(readme)?.[1]?.split(",")).toEqual(leastPermissions);
  });
});

describe("the settings for Firestore", () => {
  it("take a key file as Google hands it out, databases and endpoints", () => {
    for (const given of [{}, { database: "my-database" }, { endpoint: "http://127.0.0.1:8080" }]) {
      expect(refusal(given).settings).toEqual([]);
    }
  });

  it.each([
    [{ project_id: "../other" }, "project_id"],
    [{ database: "../other" }, "database"],
    [{ endpoint: "https://proxy.example/firestore" }, "endpoint"],
    [{ endpoint: "ftp://a.example" }, "endpoint"],
    [{ service_account: "{}" }, "service_account: type"],
    [{ service_account: changed({ private_key: "-----BEGIN hidden" }) }, "service_account: private_key"],
    [{ service_account: changed({ client_email: "hidden" }) }, "service_account: client_email"],
  ])("say what is wrong and not what a secret holds: %#", (given, begin) => {
    const { settings, whole } = refusal(given);
    expect(settings[0]).toMatch(new RegExp(`^${begin}: `));
    expect(whole).not.toContain("hidden");
  });

  it.each(["http://169.254.169.254/token", "http://localhost/token"])(
    "lead to no private token endpoint: %s",
    async (token_uri) => {
      const settings = parseSettings(firestore, {
        project_id: "systole-test",
        service_account: changed({ token_uri }),
      });
      const closed = createAddressGuard({ allowPrivate: false });
      const check = async () => firestore.connect(settings, closed).check(AbortSignal.timeout(30_000));
      await expect(check()).rejects.toMatchObject({ code: "DESTINATION_ADDRESS_PRIVATE" });
    },
  );
});
