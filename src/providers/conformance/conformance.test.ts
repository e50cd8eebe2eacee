/**
 * Proves that every conformance case can fail: correct providers of each form pass, and each provider that breaks a
 * rule fails.
 */
import { describe, expect, it } from "vitest";
import { brokenConnecting, brokenPasting, brokenSubscribing } from "./broken/connecting.fixture.ts";
import { brokenDeclaring } from "./broken/declaring.fixture.ts";
import { brokenGrowing } from "./broken/growing.fixture.ts";
import { brokenNotifying } from "./broken/notifying.fixture.ts";
import { brokenAsking, brokenRecording, brokenUploading } from "./broken/working.fixture.ts";
import { type ProviderCaseName, type ProviderSubject, providerCases } from "./cases.ts";
import { announcing } from "./fakes/announcing.fixture.ts";
import { growing } from "./fakes/growing.fixture.ts";
import { keyed } from "./fakes/keyed.fixture.ts";
import { pushing } from "./fakes/pushing.fixture.ts";
import { querying } from "./fakes/querying.fixture.ts";
import { shownToken, uploading } from "./fakes/uploading.fixture.ts";

const sound = { announcing, pushing, keyed, querying, uploading, shownToken, growing };

const broken: Readonly<Record<ProviderCaseName, readonly ProviderSubject[]>> = {
  ...brokenDeclaring,
  ...brokenConnecting,
  ...brokenPasting,
  ...brokenNotifying,
  ...brokenSubscribing,
  ...brokenAsking,
  ...brokenUploading,
  ...brokenGrowing,
  ...brokenRecording,
};

describe.each(Object.entries(providerCases))("%s", (name, check) => {
  it.each(Object.entries(sound))("passes the sound fake %s", (_, subject) => check(subject));
  it.each([...broken[name as ProviderCaseName].entries()])(
    "goes red on broken fake %i",
    async (_, subject) => {
      await expect(async () => check(subject)).rejects.toThrow();
    },
  );
});
