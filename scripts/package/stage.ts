/** Writes the package's files into an empty directory: the program as JavaScript, its dependencies, the dashboard's build. */
import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureDashboard } from "../../src/dashboard/build.ts";
import { buildDirectoryOf, checkout, stampName } from "../../src/dashboard/sources.ts";
import { asInstalled } from "./commands.ts";
import { copyPackages, placesOf, splitDependencies } from "./dependencies.ts";
import { packageManifest } from "./manifest.ts";
import { programModules } from "./modules.ts";

const documents = ["LICENSE", "CHANGELOG.md", "SECURITY.md"];

/** Builds the dashboard first where it is stale. @throws when it cannot be built */
export async function stagePackage(directory: string, repository?: string): Promise<void> {
  const writeTo = async (name: string, content: string): Promise<void> => {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  const [manifest, lock] = await Promise.all(["package.json", "package-lock.json"].map(readJson));
  await writeTo("package.json", `${JSON.stringify(packageManifest(manifest, repository), null, 2)}\n`);
  const { carried } = splitDependencies(manifest.dependencies);
  await copyPackages(placesOf(carried, lock.packages), checkout, directory);
  for (const { name, content } of await programModules(checkout)) await writeTo(name, content);
  for (const name of documents) await copyFile(path.join(checkout, name), path.join(directory, name));
  await writeTo("README.md", packageReadme(await readFile(path.join(checkout, "README.md"), "utf8")));
  await copyDashboard(directory);
  const command = path.join(directory, "bin/systole.mjs");
  await mkdir(path.dirname(command));
  await copyFile(path.join(import.meta.dirname, "systole.mjs"), command);
  await chmod(command, 0o755);
}

const beginning = /(?<=^## Two commands\n)[\s\S]*?(?=^## )/m;

/** An installation has its Node already, and no tests. @throws where the README has no section for it */
function packageReadme(readme: string): string {
  if (!beginning.test(readme)) throw new Error("The README has no section 'Two commands'");
  const text = `
You need Node 24 or newer.

\`\`\`console
systole demo     # from the watch to your webhook, with a simulated Polar, Garmin, Oura and iPhone
systole start    # the server
\`\`\`

`;
  return asInstalled(readme.replace(beginning, text));
}

const readJson = async (name: string) => JSON.parse(await readFile(path.join(checkout, name), "utf8"));

async function copyDashboard(directory: string): Promise<void> {
  const lines: string[] = [];
  await ensureDashboard({ say: (line) => void lines.push(line) });
  const build = buildDirectoryOf(checkout);
  await cp(build, buildDirectoryOf(directory), {
    recursive: true,
    filter: (file) => path.basename(file) !== stampName,
  }).catch((cause: unknown) => {
    throw new Error(`The dashboard is not built. ${lines.join("\n")}`, { cause });
  });
}
