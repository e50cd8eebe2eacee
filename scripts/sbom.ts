/**
 * `npm run sbom`: the CycloneDX bill of materials of a production install, on standard output. npm's own
 * `--omit dev` also leaves out packages that both the program and a development package need (fastify, for
 * one), so everything is listed and packages that npm marks as development are removed.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";

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

const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name, value }) => name === "cdx:npm:package:development" && value === "true");

function production(bill: BillOfMaterials): BillOfMaterials {
  const left = new Set(bill.components.filter(isForDevelopment).map((component) => component["bom-ref"]));
  return {
    ...bill,
    components: bill.components.filter((component) => !isForDevelopment(component)),
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
if (status === 0) process.stdout.write(`${JSON.stringify(production(JSON.parse(stdout)), null, 2)}\n`);
else process.exitCode = 1;
