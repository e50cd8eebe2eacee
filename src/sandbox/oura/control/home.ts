/** The sandbox's part of the page at `/`, as HTML. */
import { escapeHtml } from "../../kit/page.ts";
import type { Sandbox } from "../sandbox.ts";

export function homePart({ people, place, subscriptions }: Sandbox): string {
  const last = people.all().at(-1)?.id ?? "{user_id}";
  const commands = `curl -s -X POST ${place.controlUrl}/users
curl -s -X POST ${place.controlUrl}/users/${last}/generate -d '{"days": 3}'`;
  return `<p>It plays Oura’s API v2, and it works.</p>
<ul>
<li>People: ${people.all().length} (<a href="${escapeHtml(place.controlUrl)}/users">list</a>)</li>
<li>Subscriptions: ${subscriptions.all().length}</li>
<li><a href="${escapeHtml(place.controlUrl)}/requests">What it was asked for</a></li>
</ul>
<pre><code>${escapeHtml(commands)}</code></pre>
<p>All it can do: <code>src/sandbox/oura/README.md</code></p>`;
}
