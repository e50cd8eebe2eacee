/**
 * `npm run screenshots`: the connect pages as the docs show them, into docs/screenshots/. Fonts stand in for those of
 * phones: Inter, and Noto for Japanese.
 */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { aptInstall } from "../servers/support/install.ts";
import { launchChromium, openPage } from "./chromium.ts";
import { giveBrand, type Stage, startStage } from "./connect/stage.ts";
import { type View, views } from "./connect/views.ts";

interface Shot {
  readonly view: View;
  readonly language: string;
  readonly scheme: "light" | "dark";
  readonly width: 390 | 320 | 1024;
}

const phone = { language: "en", scheme: "light", width: 390 } as const;

const shots: readonly Shot[] = [
  ...(Object.keys(views) as View[]).map((view) => ({ ...phone, view })),
  { ...phone, view: "choose", scheme: "dark" },
  { ...phone, view: "share", scheme: "dark" },
  { ...phone, view: "connected", scheme: "dark" },
  { ...phone, view: "share-choice", width: 1024 },
  { ...phone, view: "choose", language: "fi", width: 320 },
  { ...phone, view: "share", language: "de", width: 320 },
  { ...phone, view: "share-choice", language: "fr", width: 320 },
  { ...phone, view: "key", language: "de", width: 320, scheme: "dark" },
  { ...phone, view: "share", language: "ja" },
  { ...phone, view: "connected-in-part", language: "pt" },
  { ...phone, view: "login-expired", language: "es", width: 320 },
];

const fileOf = ({ view, language, scheme, width }: Shot): string =>
  [
    "connect",
    view,
    ...(language === "en" ? [] : [language]),
    ...(scheme === "light" ? [] : [scheme]),
    ...(width === 390 ? [] : [width]),
  ].join("-");

/** The name of the server, as people see it. */
const host = "connect.morgenlauf.example";

const directory = path.resolve(import.meta.dirname, "../../docs/screenshots");

async function shoot(browser: Browser, stage: Stage, shot: Shot): Promise<void> {
  const { language, scheme, width, view } = shot;
  const { context, page } = await openPage(browser, {
    viewport: { width, height: 844 },
    deviceScaleFactor: 2,
    isMobile: width < 1_000,
    colorScheme: scheme,
    locale: language,
  });
  await views[view]({ stage, page, language });
  await page.screenshot({ path: path.join(directory, `${fileOf(shot)}.png`), fullPage: true });
  await context.close();
}

/** A fontconfig file that makes Inter the system's font. */
async function fontsFile(folder: string): Promise<string> {
  const file = path.join(folder, "fonts.conf");
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${["system-ui", "sans-serif"].map((family) => `<match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string><string>Noto Sans CJK JP</string></edit></match>`).join("\n")}
</fontconfig>`,
  );
  return file;
}

const hasFonts = () =>
  existsSync("/usr/share/fonts/opentype/inter") && existsSync("/usr/share/fonts/opentype/noto");
const missing = await aptInstall(["fonts-inter", "fonts-noto-cjk"], hasFonts);
if (missing !== null) process.stdout.write(`Other fonts than usual: ${missing.reason}\n`);

const scratch = await mkdtemp(path.join(os.tmpdir(), "systole-screenshots-"));
const browser = await launchChromium({
  environment: { ...process.env, FONTCONFIG_FILE: await fontsFile(scratch) },
  args: [`--host-resolver-rules=MAP ${host} 127.0.0.1`],
});
const stage = await startStage(host);
try {
  await giveBrand(stage);
  await mkdir(directory, { recursive: true });
  const wanted = process.argv.slice(2);
  for (const shot of shots) {
    if (wanted.length > 0 && !wanted.some((name) => fileOf(shot).includes(name))) continue;
    await shoot(browser, stage, shot);
    process.stdout.write(`${fileOf(shot)}.png\n`);
  }
} finally {
  await stage.close();
  await browser.close();
  await rm(scratch, { recursive: true, force: true });
}
