/** The sandbox's part of the page at `/`, as HTML. */
import { escapeHtml } from "../../kit/page.ts";
import type { Sandbox } from "../sandbox.ts";

export function homePart({ people, place }: Sandbox): string {
  const last = people.all().at(-1)?.id ?? "{user_id}";
  const commands = `curl -s -X POST ${place.controlUrl}/users
curl -s -X POST ${place.controlUrl}/users/${last}/keys
curl -s -X POST ${place.controlUrl}/users/${last}/generate -d '{"days": 3}'`;
  return `<p>It plays Garmin’s Personal API, and it works. A person is connected by a key, which the second command makes.</p>
<ul>
<li>People: ${people.all().length} (<a href="${escapeHtml(place.controlUrl)}/users">list</a>)</li>
<li><a href="${escapeHtml(place.controlUrl)}/requests">What it was asked for</a></li>
</ul>
<pre><code>${escapeHtml(commands)}</code></pre>
<p>All it can do: <code>src/sandbox/garmin/README.md</code></p>`;
}
