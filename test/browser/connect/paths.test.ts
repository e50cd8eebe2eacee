/** Connecting as a person does it, in a real browser: every way that it can go, and what is seen. */
import type { Browser, BrowserContextOptions } from "playwright-core";
import decodeQR from "qr/decode.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exportText } from "../../../bench/support/health-export.ts";
import { zipOf } from "../../../src/providers/apple/formats/export/testing/zip.ts";
import { waitFor } from "../../support/wait.ts";
import { launchChromium, launchMs, openPage, type Watched } from "../chromium.ts";
import { brand, giveBrand, type Stage, startStage } from "./stage.ts";
import { chooseFile } from "./views.ts";

let browser: Browser;
let stage: Stage;
const opened: Watched[] = [];

/** Those of Polar's Dynamic API v4, but for the account, which the person has to choose. */
const usualScopes = [
  "training_sessions:read",
  "activity:read",
  "sleep:read",
  "nightly_recharge:read",
  "continuous_samples:read",
  "ppi_data:read",
  "temperature_measurement:read",
  "skin_contact:read",
  "tests:read",
  "calendar:read",
  "training_targets:read",
  "sports:read",
  "routes:read",
  "devices:read",
  "user_subscription:read",
];

beforeAll(async () => {
  browser = await launchChromium();
  stage = await startStage();
  await giveBrand(stage);
}, launchMs);
afterEach(async () => {
  for (const { context, errors } of opened.splice(0)) {
    await context.close();
    expect(errors).toEqual([]);
  }
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
});

const phone = { viewport: { width: 390, height: 844 }, locale: "en" };

async function newPage(options: BrowserContextOptions = {}) {
  const watched = await openPage(browser, { ...phone, ...options });
  opened.push(watched);
  return watched.page;
}

let people = 0;
/** A link for a person whom the developer's app awaits. */
async function newLink(given: Readonly<Record<string, string>> = {}) {
  const reference = `path-${people++}`;
  const urls = {
    auth_success_redirect_url: `${stage.appUrl}/done?step=2`,
    auth_failure_redirect_url: `${stage.appUrl}/failed`,
  };
  return { reference, link: await stage.link({ reference_id: reference, ...urls, ...given }) };
}

const shownAt = (url: string) => Object.fromEntries(new URL(url).searchParams);

async function userOf(reference: string) {
  const [row] = await stage.query(
    "SELECT user_id, scopes, provider FROM connections WHERE reference_id = $1",
    [reference],
  );
  return row;
}

describe.each([
  ["with scripts", true],
  ["with scripts off", false],
])("the list of providers, %s", (_, javaScriptEnabled) => {
  it("is searched, and leads to a page that says what is shared", async () => {
    const page = await newPage({ javaScriptEnabled });
    await page.goto((await newLink()).link);
    const names = page.locator(".list a");
    expect(await names.allInnerTexts()).toEqual(
      ["Apple Health", "Duo", "Garmin", "Inlet", "Keyed", "Polar", "Relay", "Tideline"].map((name) =>
        expect.stringContaining(name),
      ),
    );
    const field = page.getByRole("searchbox", { name: "Search by name" });
    await field.fill("LÏNE");
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("Duo").waitFor({ state: "hidden" });
    expect(await names.filter({ visible: true }).allInnerTexts()).toEqual([
      expect.stringContaining("Tideline"),
    ]);
    await page.getByRole("searchbox").fill("zzz");
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("Nothing found. Try another name.").waitFor();
    if (!javaScriptEnabled) await page.getByRole("link", { name: "Show all" }).click();
    else await field.fill("");
    await page.getByRole("link", { name: "Polar" }).click();
    await page.getByRole("heading", { name: "Share your Polar data with Morgenlauf" }).waitFor();
    expect(await page.locator(".items b").allInnerTexts()).toEqual([
      "Workouts",
      "Daily activity",
      "Sleep",
      "Body measurements",
      "Profile",
    ]);
  });
});

describe.each([true, false])("a person who connects Polar (scripts: %s)", (javaScriptEnabled) => {
  it("goes to Polar and arrives in the app; the agreement is kept with its time and text", async () => {
    const page = await newPage({ javaScriptEnabled });
    const { link, reference } = await newLink();
    const before = Date.now();
    await page.goto(`${link}/polar`);
    const lines = await page.locator("main").innerText();
    await page.getByRole("button", { name: "Agree and continue to Polar" }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(`${stage.appUrl}/**`);
    const user = await userOf(reference);
    expect(shownAt(page.url())).toEqual({ step: "2", user_id: user?.user_id, reference_id: reference });
    const { status, body } = await stage.admin("GET", `/users/${user?.user_id}/agreements`);
    expect([status, body.data]).toEqual([
      200,
      [expect.objectContaining({ provider: "polar", language: "en" })],
    ]);
    const [{ text, agreed_at, scopes }] = body.data;
    expect(scopes).toEqual(usualScopes);
    expect(Date.parse(agreed_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(agreed_at)).toBeLessThanOrEqual(Date.now());
    // What was kept is what was seen.
    const seen = lines.replaceAll(/\s+/g, " ");
    for (const line of text.split("\n")) {
      const parts = line.replace(/^- /, "").replaceAll(/[[\]]/g, "").split(": ");
      for (const part of parts) expect(seen).toContain(part);
    }
    expect(text).toContain("- Sleep: Such as times, sleep stages, heart rate and breathing");
    expect(text).toContain("[Agree and continue to Polar]");
  });
});

describe("a person who does not agree", () => {
  it("at Polar arrives in the app with the reason", async () => {
    const page = await newPage();
    const { link, reference } = await newLink();
    await page.goto(`${link}/polar`);
    await page.getByRole("button", { name: "Agree and continue" }).click();
    await page.getByRole("button", { name: "Deny" }).click();
    await page.waitForURL(`${stage.appUrl}/failed*`);
    expect(shownAt(page.url())).toEqual({
      reference_id: reference,
      reason: "access_denied",
      code: "OAUTH_DENIED",
    });
    expect(await userOf(reference)).toBeUndefined();
    expect(await stage.query("SELECT FROM agreements WHERE session_id IS NULL")).toEqual([]);
  });

  it("on our page arrives there as well", async () => {
    const page = await newPage();
    const { link, reference } = await newLink();
    await page.goto(`${link}/keyed`);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.waitForURL(`${stage.appUrl}/failed*`);
    expect(shownAt(page.url())).toMatchObject({ reference_id: reference, reason: "access_denied" });
  });

  it("is told what that means where the developer gave no address, and can try again", async () => {
    const page = await newPage();
    await page.goto(`${await stage.link({ language: "de" })}/polar`);
    await page.getByRole("button", { name: "Zustimmen und weiter zu Polar" }).click();
    await page.getByRole("button", { name: "Deny" }).click();
    await page.getByRole("heading", { name: "Es wurde nichts verbunden" }).waitFor();
    expect(await page.getByText("OAUTH_DENIED").isVisible()).toBe(true);
    await page.getByRole("link", { name: "Noch einmal versuchen" }).click();
    await page.getByRole("heading", { name: "Was möchten Sie verbinden?" }).waitFor();
  });
});

describe("a person who shares a part", () => {
  it("is asked for nothing that they did not tick", async () => {
    stage.duo.person = "d-part";
    stage.duo.granted = ["past", "today"];
    const page = await newPage();
    const { link, reference } = await newLink();
    await page.goto(`${link}/duo`);
    expect(await page.getByRole("checkbox", { name: "What you do today" }).isChecked()).toBe(false);
    await page.getByRole("button", { name: "Agree and continue to Duo" }).click();
    await page.waitForURL(`${stage.appUrl}/done*`);
    expect(await userOf(reference)).toMatchObject({ provider: "duo", scopes: "past" });
    const asked = stage.duo.asked.findLast(({ url }) => url.pathname === "/authorize");
    expect(asked?.url.searchParams.get("scope")).toBe("past");
    const [kept] = await stage.query("SELECT text, scopes FROM agreements WHERE provider = 'duo'");
    expect(kept).toMatchObject({ scopes: ["past"], text: expect.not.stringContaining("What you do today") });
  });

  it("is told what the provider left out of it", async () => {
    stage.duo.person = "d-left-out";
    stage.duo.granted = ["past"];
    const page = await newPage();
    await page.goto(`${await stage.link()}/duo`);
    await page.getByLabel("What you do today").check();
    await page.getByRole("button", { name: "Agree and continue to Duo" }).click();
    await page.getByRole("heading", { name: "You are connected" }).waitFor();
    expect(await page.locator("section", { hasText: "Not shared" }).innerText()).toContain(
      "What you do today",
    );
    await page.getByRole("button", { name: "Share this as well" }).click();
    expect(await page.locator(".items").innerText()).toBe("What you do at night");
    await page.getByRole("button", { name: "Agree and continue to Duo" }).click();
    await page.getByRole("heading", { name: "You are connected" }).waitFor();
    expect(await page.getByText("What you do at night").count()).toBe(0);
  });
});

describe("a key", () => {
  it("that is wrong is told beside the field, and the right one connects", async () => {
    const page = await newPage();
    const { link, reference } = await newLink();
    await page.goto(`${link}/keyed`);
    expect(await page.locator("ol li").allInnerTexts()).toEqual([
      "Log in at keyed.example.",
      "Choose “Make a key”.",
      "Copy the key and paste it here.",
    ]);
    await page.getByLabel("Key", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "Agree and connect" }).click();
    const alert = page.getByRole("alert");
    expect(await alert.innerText()).toMatch(
      /^This key does not work\s+Keyed does not accept this key\. .*\s+Code: PROVIDER_KEY_REFUSED$/s,
    );
    const field = page.getByLabel("Key", { exact: true });
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await field.fill(stage.keyed.key);
    await page.getByLabel("Last day of the key, if it has one").fill("2031-05-01");
    await page.getByRole("button", { name: "Agree and connect" }).click();
    await page.waitForURL(`${stage.appUrl}/done*`);
    expect(shownAt(page.url())).toMatchObject({ reference_id: reference });
    expect(await userOf(reference)).toMatchObject({ provider: "keyed" });
  });

  it("of a provider that is down can be sent again", async () => {
    const page = await newPage();
    await page.goto(`${(await newLink()).link}/keyed`);
    stage.keyed.isDown = true;
    await page.getByLabel("Key", { exact: true }).fill(stage.keyed.key);
    await page.getByRole("button", { name: "Agree and connect" }).click();
    expect(await page.getByRole("alert").innerText()).toMatch(
      /^No answer\s+Keyed does not answer at the moment\..*PROVIDER_UNAVAILABLE$/s,
    );
    stage.keyed.isDown = false;
    await page.getByLabel("Key", { exact: true }).fill(stage.keyed.key);
    await page.getByRole("button", { name: "Agree and connect" }).click();
    await page.waitForURL(`${stage.appUrl}/done*`);
  });
});

describe("a provider that is down", () => {
  it("is told in plain words, with a way to try again", async () => {
    [stage.duo.person, stage.duo.granted, stage.duo.isDown] = ["d-down", ["past"], true];
    const page = await newPage();
    await page.goto(`${await stage.link()}/duo`);
    await page.getByRole("button", { name: "Agree and continue" }).click();
    await page.getByRole("heading", { name: "The connection could not be completed" }).waitFor();
    expect(await page.getByText("Duo did not confirm it, so nothing was connected.").isVisible()).toBe(true);
    expect(await page.locator(".code").innerText()).toBe("Code: OAUTH_EXCHANGE_FAILED");
    stage.duo.isDown = false;
    await page.getByRole("link", { name: "Try again" }).click();
    await page.getByRole("link", { name: "Duo" }).click();
    await page.getByRole("button", { name: "Agree and continue" }).click();
    await page.getByRole("heading", { name: "You are connected" }).waitFor();
  });

  it("is told to the developer's app where it gave an address", async () => {
    stage.duo.isDown = true;
    const page = await newPage();
    const { link, reference } = await newLink();
    await page.goto(`${link}/duo`);
    await page.getByRole("button", { name: "Agree and continue" }).click();
    await page.waitForURL(`${stage.appUrl}/failed*`);
    expect(shownAt(page.url())).toEqual({
      reference_id: reference,
      reason: "oauth_exchange_failed",
      code: "OAUTH_EXCHANGE_FAILED",
    });
    stage.duo.isDown = false;
  });
});

describe("uploads", () => {
  async function connectInlet(options: BrowserContextOptions = {}) {
    const page = await newPage(options);
    const made = await newLink();
    await page.goto(`${made.link}/inlet`);
    await page.getByRole("button", { name: "Agree and connect" }).click();
    await page.getByRole("heading", { name: "Inlet is connected" }).waitFor();
    const [address = "", header = ""] = await page.locator("pre").allInnerTexts();
    const push = () =>
      fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: header.split(": ")[1] ?? "" },
        body: JSON.stringify({ days: [{ day: "2026-01-02", steps: 5 }] }),
      });
    return { page, ...made, address, header, push };
  }

  it("show the address and the token, say when the first data has come, and lead on to the app", async () => {
    const { page, reference, push } = await connectInlet();
    await page.getByText("Waiting for the first data").waitFor();
    expect((await push()).status).toBe(202);
    await page.getByText("The first data has come.").waitFor();
    await page.getByRole("link", { name: "Continue to Morgenlauf" }).click();
    await page.waitForURL(`${stage.appUrl}/done*`);
    const user = await userOf(reference);
    expect(shownAt(page.url())).toEqual({ step: "2", user_id: user?.user_id, reference_id: reference });
  });

  it("with scripts off, a frame says when the first data has come", async () => {
    const { page, push } = await connectInlet({ javaScriptEnabled: false });
    const frame = page.frameLocator("iframe");
    await frame.getByText("Waiting for the first data").waitFor();
    await push();
    await frame.getByText("The first data has come.").waitFor();
  });

  it("have a code to scan with the link that sets up the app", async () => {
    // The test itself draws the code; the page's policy would not let it.
    const { page, address, header } = await connectInlet({ bypassCSP: true });
    const link = new URL(
      (await page.getByRole("link", { name: "Set up the app" }).getAttribute("href")) ?? "",
    );
    expect(Object.fromEntries(link.searchParams)).toEqual({
      url: address,
      authorization: header.split(": ")[1],
    });
    await page.getByRole("img", { name: "Code to scan: Set up the app" }).waitFor();
    const size = 600;
    const pixels = await page.evaluate<number[]>(`(async () => {
      const text = new XMLSerializer().serializeToString(document.querySelector(".qr"));
      const picture = new Image(${size}, ${size});
      picture.src = "data:image/svg+xml," + encodeURIComponent(text);
      await picture.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: ${size}, height: ${size} });
      const context = canvas.getContext("2d");
      context.drawImage(picture, 0, 0, ${size}, ${size});
      return [...context.getImageData(0, 0, ${size}, ${size}).data];
    })()`);
    const data = Uint8ClampedArray.from(pixels);
    expect(decodeQR({ width: size, height: size, data })).toBe(link.href);
  });

  it.each([
    ["with scripts, which know the browser's", true],
    ["with scripts off", false],
  ])("ask for the time zone, %s", async (_, javaScriptEnabled) => {
    const { page, reference } = await connectInlet({ javaScriptEnabled, timezoneId: "Asia/Tokyo" });
    if (javaScriptEnabled) {
      const list = page.getByRole("combobox", { name: "Time zone" });
      expect(await list.inputValue()).toBe("Asia/Tokyo");
    } else {
      await page.getByRole("textbox", { name: "Time zone" }).fill("atlantis");
      await page.getByRole("button", { name: "Save time zone" }).click();
      await page.getByText("There is no time zone of this name.").waitFor();
      await page.getByRole("textbox", { name: "Time zone" }).fill("tokyo");
    }
    await page.getByRole("button", { name: "Save time zone" }).click();
    await page.getByText("Saved: Asia/Tokyo").waitFor();
    const user = await userOf(reference);
    const kept = await waitFor("the body", () =>
      stage
        .query("SELECT resource FROM raw_payloads WHERE user_id = $1", [user?.user_id])
        .then((rows) => rows.length > 0 && rows),
    );
    expect(kept).toEqual([{ resource: "settings" }]);
    // Saving is no data: the page goes on waiting.
    expect(await page.getByText("The first data has come.").isVisible()).toBe(false);
  });

  const exported = zipOf([
    { name: "apple/Export.xml", content: [...exportText({ bytes: 50_000, years: 0.01 })].join("") },
  ]);

  async function connectApple(options: BrowserContextOptions = {}) {
    const page = await newPage(options);
    await page.goto(`${(await newLink()).link}/apple`);
    await page.getByRole("button", { name: "Agree and connect" }).click();
    await page.getByRole("heading", { name: "Apple Health is connected" }).waitFor();
    const send = async (content: string | Buffer) => {
      await chooseFile(page, content);
      await page.getByRole("button", { name: "Upload the file" }).click();
    };
    return { page, status: page.locator("#file-export [role=status]"), send };
  }

  it("take a file, show how it is read, and show it again when the page is loaded again", async () => {
    const { page, status, send } = await connectApple();
    await send(exported);
    await page.getByText("The whole file has been read and stored.").waitFor();
    await page.reload();
    expect(await status.innerText()).toBe("The whole file has been read and stored.");
    await send(exported.subarray(0, 2_000));
    await status.getByText("The file is damaged or not complete").waitFor();
    expect(await status.innerText()).toMatch(/ Code: UPLOAD_ZIP_DAMAGED$/);
    // The right file can be sent at once.
    await send(exported);
    await page.getByText("The whole file has been read and stored.").waitFor();
  });

  it("take a file with scripts off, and say what is wrong with one", async () => {
    const { page, status, send } = await connectApple({ javaScriptEnabled: false });
    await send("");
    const alert = page.getByRole("alert");
    expect(await alert.innerText()).toBe("Choose one file that is not empty. Code: UPLOAD_FILE_MISSING");
    await send(exported);
    await page.waitForURL("**?upload=*");
    expect(await alert.count()).toBe(0);
    await waitFor("the end of the import", async () => {
      await page.reload();
      return (await status.innerText()) === "The whole file has been read and stored.";
    });
  });

  it("can be loaded again in the same browser only, until the connection ends", async () => {
    const { page, link, header, reference } = await connectInlet();
    await page.goto(`${link}/inlet`);
    expect(await page.locator("pre").last().innerText()).toBe(header);
    const other = await newPage();
    await other.goto(`${link}/inlet`);
    await other.getByRole("heading", { name: "This link was already used" }).waitFor();
    const user = await userOf(reference);
    await stage.admin("DELETE", `/users/${user?.user_id}`);
    await page.reload();
    await page.locator(".code").waitFor();
    expect(await page.locator("main").innerText()).not.toContain(header);
  });
});

describe("a link", () => {
  it("that was used, has expired or is forged says what to do", async () => {
    const page = await newPage();
    const { link, reference } = await newLink({ language: "sv" });
    await page.goto(`${link}/inlet`);
    await page.getByRole("button", { name: "Godkänn och anslut" }).click();
    await page.locator("pre").first().waitFor();
    expect(await userOf(reference)).toBeDefined();
    await page.goto(link);
    await page.getByRole("heading", { name: "Den här länken är redan använd" }).waitFor();
    expect(await page.locator(".brand").innerText()).toBe(brand.name);
    const other = await newLink({ language: "nl" });
    await page.goto(other.link);
    await stage.query("UPDATE widget_sessions SET expires_at = now() WHERE reference_id = $1", [
      other.reference,
    ]);
    await page.reload();
    await page.getByRole("heading", { name: "Deze link werkt niet" }).waitFor();
    expect(await page.getByText("begin daar opnieuw").isVisible()).toBe(true);
    const forged = await (await openForged()).innerText();
    expect(forged).toContain("This link does not work");
    expect(forged).toContain("Go back to the app you came from");
    expect(forged).toContain("SESSION_NOT_FOUND");
  });

  async function openForged() {
    const page = await newPage();
    await page.goto(`${stage.url}/connect/${"x".repeat(43)}`);
    return page.locator("main");
  }
});

describe("a link straight to the provider", () => {
  it("ends on a page in the language that the developer named", async () => {
    const page = await newPage();
    await page.goto(await stage.authUrl("POLAR", { language: "fi" }));
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("heading", { name: "Yhteys on muodostettu" }).waitFor();
  });
});
