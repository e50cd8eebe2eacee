import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fhirSettings } from "./settings.ts";

const base_url = "https://fhir.example/r4";
const pem = { format: "pem", type: "pkcs8" } as const;
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export(pem).toString();
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pem).toString();
const shortRsa = generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey.export(pem).toString();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export(pem).toString();
const smart = {
  base_url,
  authorization: "smart",
  token_url: "https://fhir.example/token",
  client_id: "systole",
  private_key: p384,
  key_id: "one",
};

const problems = (given: object): string[] =>
  (fhirSettings.safeParse(given).error?.issues ?? []).map(({ path }) => path.join("."));

describe("the settings of a FHIR server", () => {
  it.each([
    { base_url },
    { base_url, authorization: "basic", username: "u", password: "p" },
    { base_url, authorization: "bearer", token: "t" },
    smart,
    { ...smart, private_key: rsa },
  ])("take %#", (given) => {
    expect(problems(given)).toEqual([]);
  });

  it.each([
    [{ base_url: "https://u:p@fhir.example/" }, ["base_url"]],
    [{ base_url: "https://fhir.example/?a=b" }, ["base_url"]],
    [{ base_url: "ftp://fhir.example/" }, ["base_url"]],
    [{ base_url, authorization: "basic", username: "u" }, ["password"]],
    [{ base_url, token: "t" }, ["token"]],
    [{ ...smart, private_key: p256 }, ["private_key"]],
    [{ ...smart, private_key: shortRsa }, ["private_key"]],
    [{ ...smart, private_key: "no key" }, ["private_key"]],
    [{ ...smart, key_id: undefined }, ["key_id"]],
    [{ base_url, transaction_entries: 0 }, ["transaction_entries"]],
  ])("refuse %#", (given, refused) => {
    expect(problems(given)).toEqual(refused);
  });

  it("never repeat a key that is refused", () => {
    const { error } = fhirSettings.safeParse({ ...smart, private_key: p256 });
    expect(JSON.stringify(error)).not.toContain(p256.slice(40, 80));
  });
});
