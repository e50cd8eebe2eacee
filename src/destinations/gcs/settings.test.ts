import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createAddressGuard } from "../../security/address-guard.ts";
import { parseSettings } from "../settings.ts";
import gcs from "./index.ts";
import { Accounts } from "./stand-in/accounts.ts";
import { leastPermissions } from "./target.ts";

const keyFile = new Accounts().unknownKey("https://oauth2.googleapis.com/token");
const changed = (changes: object): string => JSON.stringify({ ...JSON.parse(keyFile), ...changes });

/** The settings that are refused, and the whole message. */
function refusal(given: object): { settings: string[]; whole: string } {
  try {
    parseSettings(gcs, { bucket: "systole-test", service_account: keyFile, ...given });
  } catch (error) {
    const { details } = error as { details: { settings: string[] } };
    return { settings: details.settings, whole: JSON.stringify(error) };
  }
  return { settings: [], whole: "" };
}

describe("the settings for Google Cloud Storage", () => {
  it("take a key file as Google hands it out", () => {
    expect(refusal({})).toMatchObject({ settings: [] });
    expect(refusal({ endpoint: "http://127.0.0.1:4443" })).toMatchObject({ settings: [] });
  });

  it.each([
    ["", "service_account: "],
    ["{}", "service_account: type: "],
    [changed({ type: "authorized_user" }), "service_account: type: "],
    [changed({ client_email: "hidden" }), "service_account: client_email: "],
    [changed({ private_key: "-----BEGIN hidden" }), "service_account: private_key: "],
    [changed({ project_id: undefined }), "service_account: project_id: "],
    [changed({ token_uri: "ftp://hidden.example.com" }), "service_account: token_uri: "],
  ])("say what is wrong with the key file and not what it holds: %#", (service_account, begin) => {
    const { settings, whole } = refusal({ service_account });
    expect(settings[0]).toMatch(new RegExp(`^${begin}`));
    expect(whole).not.toContain("hidden");
  });

  it.each(["Upper-Case", "a", "with/slash", "..", "a b"])("take no bucket called %j", (bucket) => {
    expect(refusal({ bucket }).settings).toHaveLength(1);
  });

  it.each(["https://proxy.example/storage", "https://user:pw@example.com", "ftp://a.example", "example.com"])(
    "take no endpoint like %j",
    (endpoint) => {
      expect(refusal({ endpoint }).settings).not.toHaveLength(0);
    },
  );

  it("are refused when the key file's token endpoint is a private address", () => {
    const settings = parseSettings(gcs, {
      bucket: "systole-test",
      service_account: changed({ token_uri: "http://169.254.169.254/token" }),
    });
    const closed = createAddressGuard({ allowPrivate: false });
    expect(() => gcs.connect(settings, closed)).toThrow(
      expect.objectContaining({ code: "DESTINATION_ADDRESS_PRIVATE" }),
    );
  });
});

describe("README.md", () => {
  const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");

  it("has every setting", () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| (?=required|optional|`)/gm)].map(([, name]) => name);
    expect(rows).toEqual(Object.keys(gcs.settings.shape));
  });

  it("grants what the tests' account may do and nothing else", () => {
    expect(/--permissions=(\S+)/.exec(readme)?.[1]?.split(",")).toEqual(leastPermissions);
  });
});
