/** Python with analysts' packages, in its own virtual environment, to run the READMEs' queries as they are printed. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "./support/cache.ts";
import { install, runStep, type Unavailable } from "./support/install.ts";

const duckdb = "1.5.5";
/** DuckDB downloads its extensions from its own server; these packages contain the same ones. */
const extensions = ["httpfs", "postgres_scanner", "mysql_scanner"];
const packages = [
  ...[`duckdb==${duckdb}`, `duckdb-extensions==${duckdb}`],
  ...extensions.map((name) => `duckdb-extension-${name.replace("_", "-")}==${duckdb}`),
  ...["pandas==3.1.1", "boto3==1.44.8", "sqlalchemy==2.1.9", "psycopg[binary]==3.3.9", "pymysql==1.2.4"],
];

export interface Python {
  /** Runs a script and returns its output. @throws Error with its output when it fails */
  run(script: string, environment?: Readonly<Record<string, string>>): Promise<string>;
}

/** Returns Python with the packages, or why there is none. The first time takes a minute. */
export async function usePython(): Promise<Python | Unavailable> {
  const directory = cacheDirectory("programs", "python-analysts");
  const python = path.join(directory, "bin", "python");
  const ready = path.join(directory, `ready-${duckdb}`);
  const noPython = await runStep({ command: "python3", args: ["-c", "import venv, ensurepip"] });
  if (noPython !== null) return { reason: `Python 3 with venv is needed: ${noPython}` };
  const failure = await install("pip", () => existsSync(ready), [
    { command: "python3", args: ["-m", "venv", directory] },
    { command: python, args: ["-m", "pip", "install", "-q", ...packages] },
    { command: "touch", args: [ready] },
  ]);
  if (failure !== null) return failure;
  const home = path.join(directory, "home");
  await mkdir(home, { recursive: true });
  return { run: (script, environment = {}) => run(python, script, { HOME: home, ...environment }) };
}

const preparation = `from duckdb_extensions import import_extension
${extensions.map((name) => `import_extension("${name}")`).join("\n")}
`;

async function run(python: string, script: string, environment: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-python-"));
  const env = { ...process.env, ...environment };
  try {
    const file = path.join(directory, "script.py");
    await writeFile(file, script);
    if (/\bINSTALL\b/.test(script)) await promisify(execFile)(python, ["-c", preparation], { env });
    return (await promisify(execFile)(python, [file], { env })).stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}
