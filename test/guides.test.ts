/**
 * The commands of README and guides, run as printed with a real start and the sandbox. A `sh` block is run; a
 * `console` block is not: it installs, starts a server, or needs a vendor's account.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addWebhook, connectPerson, syncWatch } from "../src/demo/person.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { type SystoleProcess, startSandboxProcess, startSystoleProcess } from "./support/process.ts";
import { polarEnvironment, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

const root = path.resolve(import.meta.dirname, "..");
const read = (page: string): string => readFileSync(path.join(root, page), "utf8");
const guides = readdirSync(path.join(root, "docs/guides")).map((name) => `docs/guides/${name}`);
const pages = ["README.md", ...guides].filter((page) => blocksOf(page).length > 0);

/** Returns the blocks of a page. Blocks in lists are indented. */
function blocksOf(page: string, language = "sh"): string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm");
  return [...read(page).matchAll(fence)].map(([, indent = "", text = ""]) =>
    text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
}

const printedLine = /^export SYSTOLE=… ADMIN_TOKEN=… DEV_ID=… API_KEY=… .*$/m;

describe("the guides", () => {
  it("each begin with the line that the first start prints", () => {
    for (const page of guides.filter((page) => pages.includes(page))) {
      expect(blocksOf(page)[0], page).toMatch(printedLine);
    }
  });

  it("have no dates that become outdated", () => {
    for (const page of pages) {
      const commands = blocksOf(page).join("\n").replaceAll(/^#.*$/gm, "");
      expect(commands, page).not.toMatch(/\d{4}-\d\d-\d\d/);
    }
  });
});

describe("as printed", () => {
  let directory: string;
  let sandbox: SystoleProcess;
  let systole: SystoleProcess;
  let ports: { readonly systole: string; readonly sandbox: string };
  beforeAll(async () => {
    directory = mkdtempSync(path.join(os.tmpdir(), "systole-guides-"));
    ports = { systole: String(await freePort()), sandbox: String(await freePort()) };
    sandbox = await startSandboxProcess({ SANDBOX_PORT: ports.sandbox });
    const url = `http://127.0.0.1:${ports.sandbox}`;
    const client = { url, clientId: "sandbox-client", clientSecret: "sandbox-secret" };
    systole = await startSystoleProcess({
      ...polarEnvironment(client),
      SYSTOLE_DATA_DIR: path.join(directory, "data"),
      SYSTOLE_PORT: ports.systole,
      SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${ports.systole}`,
      SYSTOLE_LOG_LEVEL: "silent",
    });
    await waitForWebhook(client);
    await connectWithData(url);
  });
  afterAll(async () => {
    await systole.stop();
    await sandbox.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const exported = (): string => /^ {2}(export SYSTOLE=.*)$/m.exec(systole.output())?.[1] ?? "";

  /** Connects the person that the guides name, with some days of data that were sent to a destination. */
  async function connectWithData(sandboxUrl: string): Promise<void> {
    const [, url = "", adminToken = "", devId = "", apiKey = ""] =
      /SYSTOLE=(\S+) ADMIN_TOKEN=(\S+) DEV_ID=(\S+) API_KEY=(\S+)/.exec(exported()) ?? [];
    const server = { url, sandboxUrl, provider: "polar", devId, apiKey, adminToken };
    await addWebhook(server, "http://127.0.0.1:1/webhook");
    await syncWatch(server, await connectPerson(server, "person-1"), 3);
    const headers = { authorization: `Bearer ${adminToken}` };
    await waitFor("an activity and an attempt", async () => {
      const [events, deliveries] = await Promise.all(
        ["events?types=activity", "deliveries"].map(async (route) => {
          const response = await fetch(`${url}/admin/v1/${route}`, { headers });
          return ((await response.json()) as { data: unknown[] }).data;
        }),
      );
      return (events?.length ?? 0) > 0 && (deliveries?.length ?? 0) > 0;
    });
  }

  /**
   * A shell that stops at any failure, including an HTTP error and an unset variable. A guide rotates the
   * admin token, which the later ones then need.
   */
  const prelude = (): string => `set -euo pipefail
curl() { (cd "${directory}" && command curl --fail-with-body "$@"); }
trap 'printf %s "\${ADMIN_TOKEN:-}" > "${directory}/admin-token"' EXIT
`;
  const login = (): string =>
    `${exported()}\n[ ! -s "${directory}/admin-token" ] || ADMIN_TOKEN=$(cat "${directory}/admin-token")`;

  function scriptOf(page: string): string {
    return blocksOf(page)
      .join("\n")
      .replaceAll(new RegExp(printedLine, "gm"), login)
      .replaceAll("127.0.0.1:8080", `127.0.0.1:${ports.systole}`)
      .replaceAll("127.0.0.1:8090", `127.0.0.1:${ports.sandbox}`);
  }

  async function runAsPrinted(page: string): Promise<{ exitCode: number | null; output: string }> {
    const file = path.join(directory, `${path.basename(page)}.log`);
    const log = openSync(file, "w");
    const child = spawn("bash", ["-xc", prelude() + scriptOf(page)], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ["ignore", log, log],
    });
    const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { exitCode, output: readFileSync(file, "utf8") };
  }

  it.each(pages)("%s", async (page) => {
    const { exitCode, output } = await runAsPrinted(page);
    expect(exitCode, output.slice(-3_000)).toBe(0);
    expect(output).not.toMatch(/^\++ \w+=(undefined|null)?$/m);
  });

  it("the sandbox prints the README's command", () => {
    const [start = ""] = blocksOf("README.md", "console").filter((block) => block.includes("POLAR_API_URL"));
    const words = (text: string): string[] => text.replaceAll("\\\n", " ").trim().split(/\s+/);
    const [printed = ""] = /POLAR_CLIENT_ID=[\s\S]*?npm start/.exec(sandbox.output()) ?? [];
    expect(words(printed)).toEqual(words(start.replaceAll(":8090", `:${ports.sandbox}`)));
  });
});
