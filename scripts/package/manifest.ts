/** The package's `package.json`. */
import { splitDependencies } from "./dependencies.ts";

type Versions = Readonly<Record<string, string>>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Versions;
  readonly optionalDependencies: Versions;
}

/** Types are stripped and nothing else, so it needs a Node that knows the sources' language: `await using` came with 24. */
const engines = { node: ">=24" };
/** Node itself, as a package, is for a checkout; an installation runs on the Node that is there. */
const isNode = (name: string): boolean => /^node-(linux|win)-/.test(name);

/** @param repository the address that npm compares with the workflow that publishes, and without which it refuses provenance */
export function packageManifest(manifest: Manifest, repository?: string): object {
  const { name, version, description, license, dependencies, optionalDependencies } = manifest;
  return {
    name,
    version,
    description,
    license,
    ...(repository !== undefined && { repository: { type: "git", url: repository } }),
    type: "module",
    engines,
    bin: { systole: "bin/systole.mjs" },
    dependencies,
    bundleDependencies: splitDependencies(dependencies).carried,
    optionalDependencies: Object.fromEntries(
      Object.entries(optionalDependencies).filter(([dependency]) => !isNode(dependency)),
    ),
    publishConfig: { access: "public", provenance: true },
  };
}
