/** `systole <provider> probe`: asks a real account what only it can tell, and prints a report without personal values. */
import type { ProbeFinding, Provider } from "../providers/provider.ts";
import { findProvider } from "../providers/registry.ts";
import { type AdminAddress, getAdmin, postAdmin, RefusedError } from "./admin-client.ts";
import { runCommandLine } from "./command.ts";
import { type ProbedCheck, probeReport } from "./probe-report.ts";
import { addressOf, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

const helpOf = ({ slug, displayName, probe }: Provider): string => {
  const optional = (probe?.checks ?? []).flatMap(({ option }) => option ?? []);
  return `Asks ${displayName} what only a real account can tell, and prints a report to attach to a bug. Nothing is changed.

  npm run systole -- ${slug} probe --user ID

  --user ID           the user_id of the connection; required
  --json              prints JSON in place of Markdown
  --environment ID    the dev-id; the first environment
  --url URL           where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help
${optional.length === 0 ? "" : `\nThese change something at ${displayName}, and are left out unless they are given:\n`}${optional
  .map(({ name, changes }) => `\n  --${name.padEnd(17)} ${changes}`)
  .join("")}${optional.length === 0 ? "" : "\n"}
ADMIN_TOKEN or SYSTOLE_ADMIN_TOKEN has the admin token. The report has keys and kinds of values, never the values.
Exit codes: 0 done, 1 refused or a check could not be made, 2 the command line is wrong, 130 broken off.
`;
};

/** Returns the command that a provider brings, by its slug; null where it brings none. */
export function providerCommand(
  slug: string,
): ((args: readonly string[], terminal: Terminal) => Promise<number>) | null {
  const provider = findProvider(slug);
  if (provider?.probe === undefined || provider.slug !== slug) return null;
  return (args, terminal) => runProbe(provider, args, terminal);
}

function runProbe(provider: Provider, args: readonly string[], terminal: Terminal): Promise<number> {
  const names = (provider.probe?.checks ?? []).flatMap(({ option }) => (option ? [option.name] : []));
  const options = {
    user: { type: "string" },
    json: { type: "boolean" },
    environment: { type: "string" },
    url: { type: "string" },
    ...Object.fromEntries(names.map((name) => [name, { type: "boolean" } as const])),
  } as const;
  const line = { help: helpOf(provider), options, words: ["probe"] };
  return runCommandLine(line, args, terminal, async (values, [word]) => {
    if (word !== "probe") throw new UsageError(`${provider.slug} has only the command probe`);
    const { user, json, environment, url } = values;
    if (typeof user !== "string") throw new UsageError("--user is missing");
    const given = new Map<string, unknown>(Object.entries(values));
    const chosen = names.filter((name) => given.get(name) === true);
    const address = addressOf({ url, environment }, terminal.env);
    const checks = await probe(address, { provider, user, options: chosen }, terminal);
    if (checks === null) return 130;
    terminal.out.write(
      json === true
        ? `${JSON.stringify({ provider: provider.slug, checks }, null, 2)}\n`
        : probeReport(provider.displayName, checks),
    );
    return checks.some(({ error }) => error !== null) ? 1 : 0;
  });
}

interface Asked {
  readonly provider: Provider;
  readonly user: string;
  readonly options: readonly string[];
}

/** Makes the checks one by one; null when it was broken off. @throws RefusedError */
async function probe(
  address: AdminAddress,
  { provider, user, options }: Asked,
  terminal: Terminal,
): Promise<ProbedCheck[] | null> {
  const path = `/users/${encodeURIComponent(user)}/probe`;
  const listed = await getAdmin(address, path);
  if (listed.provider !== provider.slug) {
    throw new RefusedError(`This user is connected to ${String(listed.provider)}, not ${provider.slug}.`);
  }
  const probed: ProbedCheck[] = [];
  for (const { name, title, option } of provider.probe?.checks ?? []) {
    if (terminal.signal.aborted) return null;
    if (option !== undefined && !options.includes(option.name)) {
      probed.push({ name, title, left: option, findings: [], error: null });
      continue;
    }
    terminal.err.write(`${title} …\n`);
    const answer = await postAdmin(address, path, { check: name, options });
    const { findings, error } = answer as unknown as { findings: ProbeFinding[]; error: string | null };
    probed.push({ name, title, left: null, findings, error });
  }
  return probed;
}
