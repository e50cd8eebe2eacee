/** The demo's last output: a link to the dashboard, and three commands that work as they are. */
import type { DemoPerson, DemoServer } from "./person.ts";
import type { Screen } from "./screen.ts";
import { referenceId } from "./sync-person.ts";

const dayMs = 24 * 3_600_000;

interface Outcome {
  readonly person: DemoPerson;
  readonly summary: string;
  /** The address that signs in to the dashboard once. */
  readonly signInUrl: string;
}

export function printClosing(
  screen: Screen,
  server: DemoServer,
  { person, summary, signInUrl }: Outcome,
): void {
  const { userId } = person;
  const today = new Date().toISOString().slice(0, 10);
  const monthAgo = new Date(Date.now() - 30 * dayMs).toISOString().slice(0, 10);
  const headers = `-H 'dev-id: ${server.devId}' -H 'x-api-key: ${server.apiKey}'`;
  const read = (path: string): string => `curl -s ${headers} '${server.url}${path}'`;
  const range = `user_id=${userId}&start_date=${monthAgo}&end_date=${today}&to_webhook=false`;
  screen.print(`
${summary}.
Older history continues in the background.

The dashboard, signed in (once, within ten minutes):

  ${signInUrl}

Who is connected:

  ${read(`/v2/userInfo?reference_id=${referenceId}`)}

Their workouts of the last month:

  ${read(`/v2/activity?${range}`)}

Their nights, with every sample:

  ${read(`/v2/sleep?${range}&with_samples=true`)}

For all other calls:

  export SYSTOLE=${server.url} ADMIN_TOKEN=${server.adminToken} DEV_ID=${server.devId} API_KEY=${server.apiKey}

Systole    ${server.url}   every call: ${server.url}/docs
Sandbox    ${server.sandboxUrl}

The server keeps running. Ctrl-C ends it; its data is thrown away when the demo starts again.`);
}
