/** `systole connect NAME`: prints a link at which a person connects their wearable. */
import { type ApiClient, getApi, postApi, RefusedError } from "./admin-client.ts";
import { runCommandLine } from "./command.ts";
import { clientOf, type Terminal } from "./terminal.ts";

const help = `Makes a link on which a person connects their wearable, good for 15 minutes and one connection.

  npm run systole -- connect person-1

NAME is your own name for the person, the reference_id of everything that arrives about them.

  --provider NAME     only this provider; otherwise the person chooses
  --url URL           where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help

DEV_ID and API_KEY have the environment's credentials, as the first start printed them.
`;

const options = { provider: { type: "string" }, url: { type: "string" } } as const;

export const runConnect = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options, words: ["NAME"] }, args, terminal, async ({ provider, url }, [name]) => {
    const client = clientOf(url, terminal.env);
    if (provider !== undefined) await assertConnectable(client, provider.toUpperCase());
    const session = await postApi(client, "/v2/auth/generateWidgetSession", {
      reference_id: name,
      ...(provider === undefined ? {} : { providers: provider.toUpperCase() }),
    });
    terminal.out.write(`${String(session.url)}\n`);
    return 0;
  });

/** Checks that the link's page will offer the wanted provider. @throws RefusedError */
async function assertConnectable(client: ApiClient, wanted: string): Promise<void> {
  const { providers } = await getApi(client, "/v2/integrations");
  const names = Array.isArray(providers) ? providers.map(String) : [];
  if (!names.includes(wanted)) {
    throw new RefusedError(`${wanted} cannot be connected here, only ${names.join(", ")}`);
  }
}
