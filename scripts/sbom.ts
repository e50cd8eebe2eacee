/**
 * `npm run sbom`: the CycloneDX bill of materials of a production install, on standard output. npm's own
 * `--omit dev` also leaves out packages that both the program and a development package need (fastify, for
 * one), so everything is listed and packages that npm marks as development are removed; but npm marks a package by one of
 * its places, and one that the program needs at another place stays. The dashboard's libraries
 * are not installed, but their code is in its build: they are listed as bundled.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { bundledPackages } from "./bundled.ts";

interface Component {
  readonly "bom-ref": string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface BillOfMaterials {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const root = path.resolve(import.meta.dirname, "..");
const args = ["sbom", "--sbom-format=cyclonedx", "--sbom-type=application", "--package-lock-only"];

interface LockedPackage {
  readonly version?: string;
  readonly name?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Returns the references of what a production install has, at any place. */
function installed(): ReadonlySet<string> {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const needed = Object.entries(lock.packages).filter(
    ([place, { dev, link }]) => place !== "" && dev !== true && link !== true,
  );
  return new Set(
    needed.map(([place, { name, version }]) => `${name ?? place.split("node_modules/").at(-1)}@${version}`),
  );
}

const developmentMark = "cdx:npm:package:development";
const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name, value }) => name === developmentMark && value === "true");

const asNeeded = (component: Component): Component =>
  isForDevelopment(component)
    ? {
        ...component,
        properties: (component.properties ?? []).filter(({ name }) => name !== developmentMark),
      }
    : component;

const asBundled = (component: Component): Component => ({
  ...component,
  properties: [
    ...(component.properties ?? []).filter(({ name }) => name !== developmentMark),
    { name: "cdx:npm:package:bundled", value: "true" },
  ],
});

/** @param bundled the references of what is in the dashboard's build */
function production(bill: BillOfMaterials, bundled: ReadonlySet<string>): BillOfMaterials {
  const needed = installed();
  const kept = bill.components.flatMap((component) => {
    if (!isForDevelopment(component) || needed.has(component["bom-ref"])) return [asNeeded(component)];
    return bundled.has(component["bom-ref"]) ? [asBundled(component)] : [];
  });
  const known = new Set(kept.map((component) => component["bom-ref"]));
  const left = new Set(
    bill.components.map((component) => component["bom-ref"]).filter((ref) => !known.has(ref)),
  );
  return {
    ...bill,
    components: kept,
    dependencies: bill.dependencies
      .filter(({ ref }) => !left.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => !left.has(other)) })),
  };
}

const shell = process.platform === "win32";
const { status, stdout } = spawnSync("npm", args, {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
  maxBuffer: 64 * 1024 * 1024,
  shell,
});
if (status === 0) {
  const bundled = new Set((await bundledPackages()).map(({ name, version }) => `${name}@${version}`));
  process.stdout.write(`${JSON.stringify(production(JSON.parse(stdout), bundled), null, 2)}\n`);
} else process.exitCode = 1;
