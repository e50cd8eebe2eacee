import { describe, expect, it } from "vitest";
import { secretsInForce, withNewSecret, withOverlap } from "./rotation.ts";

const until = new Date("2026-11-22T12:00:00Z");
const before = new Date(until.getTime() - 1);
const named = (...names: string[]) => new Set(names);

describe("secrets in force", () => {
  it("are both until the overlap is over, and then the new one", () => {
    const settings = {
      secret: "new",
      previous_secret: "old",
      previous_secret_until: "2026-11-22T13:00:00+01:00",
    };
    expect(secretsInForce(settings, before)).toEqual(["new", "old"]);
    expect(secretsInForce(settings, until)).toEqual(["new"]);
  });

  it("sign in the order that the operator chose, or the new one alone", () => {
    const both = { secret: "new", previous_secret: "old", previous_secret_until: until.toISOString() };
    expect(secretsInForce({ ...both, overlap: "new-first" }, before)).toEqual(["new", "old"]);
    expect(secretsInForce({ ...both, overlap: "old-first" }, before)).toEqual(["old", "new"]);
    expect(secretsInForce({ ...both, overlap: "new-only" }, before)).toEqual(["new"]);
    expect(secretsInForce({ ...both, overlap: "old-first" }, until)).toEqual(["new"]);
    expect(secretsInForce({ secret: "new", overlap: "old-first" }, before)).toEqual(["new"]);
  });

  it("are both for as long as no end was said, and one where there is only one", () => {
    expect(secretsInForce({ secret: "new", previous_secret: "old" }, until)).toEqual(["new", "old"]);
    expect(secretsInForce({ secret: "new" }, before)).toEqual(["new"]);
  });
});

describe("a new secret", () => {
  it("has the former one beside it, and of three the oldest goes", () => {
    const first = withNewSecret({ url: "u", secret: "a" }, "b", until);
    expect(first).toEqual({
      url: "u",
      secret: "b",
      previous_secret: "a",
      previous_secret_until: until.toISOString(),
    });
    expect(withNewSecret(first, "c", until)).toMatchObject({ secret: "c", previous_secret: "b" });
  });

  it("stands alone when the former one is to end at once", () => {
    expect(withNewSecret({ secret: "b", previous_secret: "a" }, "c", null)).toEqual({ secret: "c" });
  });
});

describe("settings changed by hand", () => {
  const kept = { url: "u", secret: "a" };
  const over = { ...kept, previous_secret: "z", previous_secret_until: "2026-01-01T00:00:00Z" };

  it("keep a secret that is given up for a while", () => {
    expect(withOverlap(kept, { ...kept, secret: "b" }, named("secret"), until)).toEqual({
      url: "u",
      secret: "b",
      previous_secret: "a",
      previous_secret_until: until.toISOString(),
    });
    expect(withOverlap(over, { ...over, secret: "b" }, named("secret"), until)).toMatchObject({
      secret: "b",
      previous_secret: "a",
    });
  });

  it("are left alone where the secret stays", () => {
    expect(withOverlap(kept, { ...kept, url: "v" }, named("url"), until)).toEqual({ url: "v", secret: "a" });
    expect(withOverlap(kept, kept, named("secret"), until)).toEqual(kept);
  });

  it("say themselves what holds beside the new secret, and an end of before does not count", () => {
    const given = { ...over, secret: "b", previous_secret: "y" };
    expect(withOverlap(over, given, named("secret", "previous_secret"), until)).toEqual({
      url: "u",
      secret: "b",
      previous_secret: "y",
    });
    const ending = { ...given, previous_secret_until: "2027-01-01T00:00:00Z" };
    const all = named("secret", "previous_secret", "previous_secret_until");
    expect(withOverlap(over, ending, all, until)).toEqual(ending);
    const alone = { url: "u", secret: "b" };
    expect(withOverlap(kept, alone, named("secret", "previous_secret"), until)).toEqual(alone);
  });
});
