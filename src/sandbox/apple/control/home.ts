import { escapeHtml } from "../../kit/page.ts";
import type { People } from "../state.ts";

/** Returns the sandbox's part of the page at `/`, as HTML. */
export function homePart(people: People, controlUrl: string): string {
  const last = people.all().at(-1)?.id ?? "{id}";
  const commands = `curl -s -X POST ${controlUrl}/${last}/push -d '{"format": "health-auto-export", "days": 28}'
curl -s ${controlUrl}/${last}/export.zip -o export.zip`;
  return `<p>It plays a phone with Apple Health, and it works.</p>
<ul>
<li>People: ${people.all().length} (<a href="${escapeHtml(controlUrl)}/users">list</a>)</li>
<li>Its clock: ${people.clock.iso()}</li>
</ul>
<p>Make a person with the answer of <code>POST /v2/auth/redeemToken</code>, then let their phone push:</p>
<pre><code>curl -s -X POST ${escapeHtml(controlUrl)}/users -d '{"user_id": …, "upload_token": …, "upload_urls": …}'
${escapeHtml(commands)}</code></pre>
<p>All it can do: <code>src/sandbox/apple/README.md</code></p>`;
}
