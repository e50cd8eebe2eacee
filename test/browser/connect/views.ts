/** Every page that a person can meet while connecting, each with the way to it. */
import type { Page } from "playwright-core";
import type { Stage } from "./stage.ts";

export interface Visit {
  readonly stage: Stage;
  readonly page: Page;
  readonly language: string;
}

/** A person who is new to the developer, unless told otherwise. */
let people = 0;
const newPerson = (): string => `person-${process.pid}-${people++}`;

async function open({ stage, page, language }: Visit, provider = "", reference = newPerson()): Promise<void> {
  const link = await stage.link({ language, reference_id: reference });
  await page.goto(provider === "" ? link : `${link}/${provider}`);
}

export const chooseFile = (page: Page, content: string | Buffer): Promise<void> =>
  page
    .locator("#file-export input")
    .setInputFiles({ name: "export.zip", mimeType: "application/zip", buffer: Buffer.from(content) });

const agree = (page: Page) => page.locator("button[value=agree]").click();

/** Duo's server agrees by itself, as the person that it is told. */
async function connectDuo(
  visit: Visit,
  { granted, person, reference }: { granted: readonly string[]; person: string; reference: string },
): Promise<void> {
  visit.stage.duo.granted = granted;
  visit.stage.duo.person = person;
  await open(visit, "duo", reference);
  await visit.page.locator("input[value=today]").check();
  await agree(visit.page);
}

export const views = {
  choose: (visit) => open(visit),
  "choose-nothing-found": async (visit) => {
    await open(visit);
    await visit.page.locator("input[type=search]").fill("zzz");
  },
  share: (visit) => open(visit, "polar"),
  "share-choice": (visit) => open(visit, "duo"),
  key: (visit) => open(visit, "keyed"),
  "key-refused": async (visit) => {
    await open(visit, "keyed");
    await visit.page.locator("input[name=key]").fill("not the key");
    await agree(visit.page);
    await visit.page.locator("[role=alert]").waitFor();
  },
  upload: (visit) => open(visit, "inlet"),
  "upload-ready": async (visit) => {
    await open(visit, "inlet");
    await agree(visit.page);
    await visit.page.locator("pre").first().waitFor();
  },
  "apple-ready": async (visit) => {
    await open(visit, "apple");
    await agree(visit.page);
    await visit.page.locator("pre").first().waitFor();
  },
  "apple-file-failed": async (visit) => {
    await open(visit, "apple");
    await agree(visit.page);
    await chooseFile(visit.page, "no export");
    await visit.page.locator("#file-export button").click();
    await visit.page.getByText("UPLOAD_FILE_NOT_RECOGNISED").waitFor();
  },
  "apple-file-refused": async (visit) => {
    await open(visit, "apple");
    await agree(visit.page);
    await chooseFile(visit.page, "");
    // As with scripts off: no event is fired, so that the browser sends the form itself.
    await visit.page.locator("#file-export").evaluate((form: { submit(): void }) => form.submit());
    await visit.page.locator("#file-export [role=alert]").waitFor();
  },
  "upload-arrived": async (visit) => {
    await open(visit, "inlet");
    await agree(visit.page);
    const [address = "", header = ""] = await visit.page.locator("pre").allInnerTexts();
    await fetch(address, {
      method: "POST",
      headers: { authorization: header.split(": ")[1] ?? "" },
      body: JSON.stringify({ days: [{ day: "2026-01-02", steps: 5 }] }),
    });
    await visit.page.locator(".came").waitFor();
  },
  "upload-zone-saved": async (visit) => {
    await open(visit, "inlet");
    await agree(visit.page);
    await visit.page.locator("select").selectOption("Asia/Tokyo");
    await visit.page.locator("#zone button").click();
    await visit.page.waitForURL("**?zone=*");
  },
  "upload-zone-unknown": async (visit) => {
    await open(visit, "inlet");
    await agree(visit.page);
    await visit.page.goto(`${visit.page.url()}?zone=Atlantis`);
    await visit.page.locator("#zone [role=status]").waitFor();
  },
  connected: async (visit) => {
    await connectDuo(visit, { granted: ["past", "today"], person: newPerson(), reference: newPerson() });
    await visit.page.locator(".sign").waitFor();
  },
  "connected-in-part": async (visit) => {
    await connectDuo(visit, { granted: ["past"], person: newPerson(), reference: newPerson() });
    await visit.page.locator(".items.not").waitFor();
  },
  "other-account": async (visit) => {
    const reference = newPerson();
    for (const person of [newPerson(), newPerson()]) {
      await connectDuo(visit, { granted: ["past", "today"], person, reference });
    }
    await visit.page.locator("button[value=replace]").waitFor();
  },
  denied: async (visit) => {
    await open(visit, "polar");
    await visit.page.locator("button[value=cancel]").click();
    await visit.page.locator(".code").waitFor();
  },
  "link-invalid": async ({ stage, page }) => {
    await page.goto(`${stage.url}/connect/invented`);
  },
  "link-used": async (visit) => {
    await open(visit, "inlet");
    const link = visit.page.url();
    await agree(visit.page);
    await visit.page.locator("pre").first().waitFor();
    // Another browser than the one that connected.
    await visit.page.context().clearCookies();
    await visit.page.goto(link);
  },
  "login-expired": async ({ stage, page }) => {
    await page.goto(`${stage.url}/v2/auth/polar/oauth2?state=invented&code=x`);
  },
} as const satisfies Record<string, (visit: Visit) => Promise<void>>;

export type View = keyof typeof views;
