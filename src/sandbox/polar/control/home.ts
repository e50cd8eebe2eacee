import { escapeHtml } from "../oauth/page.ts";
import type { Sandbox } from "../sandbox.ts";

/** Returns Polar's part of the page at `/`, as HTML. */
export function homePart({ people, clock, webhooks, url }: Sandbox): string {
  const last = people.all().at(-1)?.id ?? "10000001";
  const hook = webhooks.get();
  const commands = `curl -s -X POST ${url}/_sandbox/users
curl -s -X POST ${url}/_sandbox/users/${last}/generate -d '{"days": 3}'`;
  return `<p>It plays Polar AccessLink v3 and the Dynamic API v4.</p>
<ul>
<li>People: ${people.all().length} (<a href="/_sandbox/users">list</a>)</li>
<li>Webhook: ${hook === undefined ? "none yet; Systole makes it when it starts" : escapeHtml(hook.url)}</li>
<li>Its clock: ${clock.iso()}</li>
<li><a href="/_sandbox/requests">What it was asked for</a></li>
</ul>
<p>Make a person, connect them with a link of Systole’s, then let their watch sync:</p>
<pre><code>${escapeHtml(commands)}</code></pre>
<p>All it can do: <code>src/sandbox/polar/README.md</code></p>`;
}
