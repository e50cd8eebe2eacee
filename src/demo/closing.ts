/** What the demo leaves on the screen: where to look, and three commands that work as they are. */
import type { DemoPerson, DemoServer } from "./person.ts";
import type { Screen } from "./screen.ts";

const dayMs = 24 * 3_600_000;

export function printClosing(screen: Screen, server: DemoServer, { userId }: DemoPerson): void {
  const today = new Date().toISOString().slice(0, 10);
  const monthAgo = new Date(Date.now() - 30 * dayMs).toISOString().slice(0, 10);
  const headers = `-H 'dev-id: ${server.devId}' -H 'x-api-key: ${server.apiKey}'`;
  const read = (path: string): string => `curl -s ${headers} '${server.url}${path}'`;
  const range = `user_id=${userId}&start_date=${monthAgo}&end_date=${today}&to_webhook=false`;
  screen.print(`
API          ${server.url}/v2        every call in ${server.url}/docs
Health       ${server.url}/healthz   metrics at ${server.url}/metrics
Sandbox      ${server.sandboxUrl}

Who is connected:

  ${read(`/v2/userInfo?user_id=${userId}`)}

Their workouts of the last month:

  ${read(`/v2/activity?${range}`)}

Their nights, with every sample:

  ${read(`/v2/sleep?${range}&with_samples=true`)}

The server keeps running. Ctrl-C ends it.`);
}
