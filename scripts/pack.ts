/**
 * `npm run pack -- [DIRECTORY] [--repository URL]`: makes the package that `npm publish` takes, and prints the tarball's
 * path. Only a package that names its repository can be published with provenance.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { packTarball } from "./package/tarball.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repository: { type: "string" } },
});
const [directory = "."] = positionals;
process.stdout.write(`${await packTarball(path.resolve(directory), values.repository)}\n`);
