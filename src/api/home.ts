/** The page at `/` and `/admin`: what this server is, whether it works, and where to go next. */
import { assertReady } from "../store/readiness.ts";
import { type Html, html, sendPage } from "./html.ts";
import type { Api } from "./schema.ts";
import type { ApiServices } from "./services.ts";

const hidden = { schema: { hide: true } };

/** Registers the page. It names `/dashboard` where that is served too. */
export function homeRoute(app: Api, { store }: Pick<ApiServices, "store">, servesAdmin: boolean): void {
  app.get("/", hidden, async (_request, reply) => {
    const works = await assertReady(store.db).then(
      () => true,
      () => false,
    );
    return sendPage(reply, works ? 200 : 503, { title: "Systole", body: homePage(works, servesAdmin) });
  });
}

function homePage(works: boolean, servesAdmin: boolean): Html {
  const state = works
    ? html`<p><strong>It works</strong>: the server answers and its database is ready.</p>`
    : html`<p><strong>It does not work at the moment</strong>: the database does not answer. <a href="/readyz">/readyz</a> and the log say why.</p>`;
  return html`<p>A self-hosted hub for wearable data: people connect, and what their devices record is sent to the app they chose.</p>
${state}
<h2>Where next</h2>
<table>
<tr><td><a href="/docs">/docs</a></td><td>every call of the API</td></tr>
<tr><td><a href="/v2/integrations">/v2/integrations</a></td><td>the providers that people can connect</td></tr>
${servesAdmin ? html`<tr><td><a href="/dashboard">/dashboard</a></td><td>for developers and operators</td></tr>` : ""}
<tr><td><a href="/readyz">/readyz</a></td><td>for monitors</td></tr>
</table>
<p>Did you come to connect a wearable? Use the link that your app gave you.</p>
`;
}

export function adminHomeRoute(app: Api): void {
  app.get("/admin", hidden, async (_request, reply) =>
    sendPage(reply, 200, { title: "Systole for operators", body: adminPage }),
  );
}

const example = `export SYSTOLE=… ADMIN_TOKEN=…   # as the first start printed them
curl -s "$SYSTOLE/admin/v1/users" -H "authorization: Bearer $ADMIN_TOKEN"`;

const adminPage = html`<p>The <a href="/dashboard">dashboard</a> does everything. All of it is also an API below <code>/admin/v1</code>, with the admin token as a bearer token:</p>
<pre><code>${example}</code></pre>
<table>
<tr><td><a href="/docs">/docs</a></td><td>every call, under “Admin”</td></tr>
<tr><td><code>npm run systole -- help</code></td><td>commands that use it</td></tr>
<tr><td><code>docs/guides/admin-api.md</code></td><td>the guide, in the checkout</td></tr>
</table>
<p>The token is lost? Start once with a new <code>SYSTOLE_ADMIN_TOKEN</code>.</p>
`;
