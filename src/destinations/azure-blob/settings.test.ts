import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseSettings } from "../settings.ts";
import azureBlob from "./index.ts";
import { faultOfTime, readSas } from "./sas.ts";
import { leastPermissions } from "./target.ts";

const sas = "sv=2021-12-02&sp=rw&se=2026-03-12T06%3A00%3A00Z&sig=hidden%2B%2Fw%3D%3D";
const account = "https://hiddenaccount.blob.core.windows.net";

function refusal(given: object): { settings: string[]; whole: string } {
  try {
    parseSettings(azureBlob, given);
  } catch (error) {
    const { details } = error as { details: { settings: string[] } };
    return { settings: details.settings, whole: JSON.stringify(error) };
  }
  return { settings: [], whole: "" };
}

describe("the settings for Azure Blob Storage", () => {
  it.each([
    [{ sas_url: `${account}/wearables?sr=c&${sas}` }, `${account}/wearables`],
    [{ sas_url: `${account}/wearables?sr=c&${sas}`, container: "wearables" }, `${account}/wearables`],
    [{ sas_url: `${account}/?ss=b&srt=o&${sas}`, container: "wearables" }, `${account}/wearables`],
    [{ sas_url: `${account}?ss=b&srt=o&${sas}`, container: "wearables" }, `${account}/wearables`],
    [
      { sas_url: `http://127.0.0.1:10000/devstoreaccount1/wearables?sr=c&${sas}` },
      "http://127.0.0.1:10000/devstoreaccount1/wearables",
    ],
    [
      { sas_url: `http://azurite:10000/devstoreaccount1?ss=b&${sas}`, container: "wearables" },
      "http://azurite:10000/devstoreaccount1/wearables",
    ],
    [{ sas_url: `http://[::1]:10000/one/wearables?sr=c&${sas}` }, "http://[::1]:10000/one/wearables"],
  ])("find the container: %#", (given, container) => {
    expect(refusal(given).settings).toEqual([]);
    const read = readSas(given.sas_url, "container" in given ? given.container : undefined);
    expect(read.container.href).toBe(container);
    // Byte for byte: it is signed.
    expect(read.query.endsWith(sas)).toBe(true);
  });

  it.each([
    [{ sas_url: `${account}/wearables?sp=rw` }, "has no signature"],
    [{ sas_url: `${account}/wearables/a.json?sr=b&${sas}` }, "is for less than a whole container"],
    [{ sas_url: `${account}/wearables/hidden?sr=c&${sas}` }, "is for something inside a container"],
    [{ sas_url: `${account}/?ss=b&${sas}` }, "names no container"],
    [{ sas_url: `http://127.0.0.1:10000/devstoreaccount1?sr=c&${sas}` }, "names no container"],
    [{ sas_url: `${account}/hidden?sr=c&${sas}`, container: "wearables" }, "is for another container"],
    [{ sas_url: `https://a:hidden@example.com/wearables?sr=c&${sas}` }, "is not a SAS URL"],
    [{ sas_url: "hidden" }, ""],
    [{ sas_url: `ftp://hidden.example.com/wearables?${sas}` }, ""],
  ])("say what is wrong with the URL and not what it holds: %#", (given, words) => {
    const { settings, whole } = refusal(given);
    expect(settings[0]).toMatch(new RegExp(`^sas_url: ${words}`));
    expect(whole).not.toContain("hidden");
  });

  it.each(["Upper", "ab", "with/slash", "-begins", "two--dashes", "x".repeat(64)])(
    "take no container called %j",
    (container) => {
      expect(refusal({ sas_url: `${account}/?ss=b&${sas}`, container }).settings[0]).toMatch(/^container: /);
    },
  );
});

describe("a SAS's time", () => {
  const of = (query: string): string | null =>
    faultOfTime({ container: new URL(account), query }, new Date("2026-03-12T06:00:00Z"));

  it("is over, or not begun, or unknown", () => {
    expect(of("?se=2026-03-12T06%3A00%3A00Z")).toBe("the SAS expired at 2026-03-12T06:00:00Z");
    expect(of("?se=2026-03-12")).toBe("the SAS expired at 2026-03-12");
    expect(of("?se=2026-03-13&st=2026-03-12T06:00:01Z")).toBe(
      "the SAS is not good before 2026-03-12T06:00:01Z",
    );
    expect(of("?se=2026-03-13&st=2026-03-12")).toBeNull();
    expect(of("?si=policy")).toBeNull();
  });
});

describe("README.md", () => {
  const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");

  it("has every setting", () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| (?=required|optional|`)/gm)].map(([, name]) => name);
    expect(rows).toEqual(Object.keys(azureBlob.settings.shape));
  });

  it("grants what the tests' SAS allows and nothing else", () => {
    expect(/--permissions (\w+)/.exec(readme)?.[1]).toBe(leastPermissions);
  });
});
