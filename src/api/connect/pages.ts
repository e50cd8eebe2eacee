/** The words and marks of the connect pages. */
import type { AuthorizationOutcome } from "../../connections/outcome.ts";
import type { ShownQuestion } from "../../connections/replacement.ts";
import { errorCatalogue, type SystoleError } from "../../errors.ts";
import type { KeyConnecting, OAuthConsent, Provider } from "../../providers/provider.ts";
import { type Html, html } from "../html.ts";

interface Page {
  readonly title: string;
  readonly body: Html;
  /** Beside the web's: schemes of addresses that a form on the page may lead to. */
  readonly formSchemes?: readonly string[];
}

export function choicePage(link: string, providers: readonly Provider[]): Page {
  const title = "Connect your wearable";
  if (providers.length === 0) {
    return { title, body: html`<p>There is nothing to connect yet. Please tell the app you came from.</p>` };
  }
  const choices = providers.map(
    ({ slug, displayName }) => html`<li><form method="post" action="/connect/${link}/${slug}">
<button type="submit">Connect ${displayName}</button>
</form></li>
`,
  );
  return {
    title,
    body: html`<p>Choose where your data comes from. You will log in there and decide what to share.</p>
<ul class="choices">
${choices}</ul>
`,
  };
}

/** The form for a key, with the steps to make one; `problem` says why the one just pasted was not taken. */
export function keyPage(
  link: string,
  { slug, displayName }: Provider,
  { instructions, hasEndDate }: KeyConnecting<unknown>,
  problem: string | null,
): Page {
  const steps = instructions.steps.map((step) => html`<li>${step}</li>\n`);
  const endDate = html`<p><label>The day on which the key ends, if it does<br>
<input type="date" name="ends_at"></label></p>
`;
  return {
    title: `Connect ${displayName}`,
    body: html`${problem === null ? "" : html`<p role="alert">${problem}</p>`}
<p>${displayName} connects with a key that you make yourself:</p>
<ol>
${steps}</ol>
<p><a href="${instructions.url}" rel="noreferrer" target="_blank">Open ${displayName}</a></p>
<form method="post" action="/connect/${link}/${slug}">
<p><label>Your key<br><input name="key" required autocomplete="off" spellcheck="false"></label></p>
${hasEndDate ? endDate : ""}<button type="submit">Connect</button>
</form>
`,
  };
}

/** What a client of the person's needs to push data. The token is shown this once. */
export function uploadPage({ displayName, slug, uploads }: Provider, publicUrl: string, token: string): Page {
  const addresses = Object.keys(uploads ?? {}).map(
    (
      format,
    ) => html`<tr><td>${format}</td><td><code>${publicUrl}/v2/uploads/${slug}/${format}</code></td></tr>
`,
  );
  return {
    title: `${displayName} is connected`,
    body: html`<p>Set this up in the app that sends your data. The token is shown only now.</p>
<table>
${addresses}<tr><td>Header</td><td><code>Authorization: Bearer ${token}</code></td></tr>
</table>
`,
  };
}

export function questionPage({ provider, connectedSince, leadsTo }: ShownQuestion): Page {
  const [since] = connectedSince.map((instant) => instant.toISOString().slice(0, 10)).sort();
  const known = since === undefined ? "" : `, since ${since}`;
  return {
    title: "Use another account?",
    formSchemes: leadsTo.map((url) => new URL(url).protocol),
    body: html`<p>You are connected with another ${provider} account already${known}. An app can use only one.</p>
<p>If you use the new account, the app’s access to the present one ends, and the data that came from it is deleted here.</p>
<form method="post">
<ul class="choices">
<li><button type="submit" name="answer" value="keep">Keep the present account</button></li>
<li><button type="submit" name="answer" value="replace">Use the new account instead</button></li>
</ul>
</form>
`,
  };
}

/** A consent of the provider that the person may give besides, at the link made for it. */
export interface FurtherConsent {
  readonly link: string;
  readonly provider: Pick<Provider, "slug" | "displayName">;
  readonly consent: Pick<OAuthConsent<unknown>, "name" | "scopes">;
}

function connectedPage(further: readonly FurtherConsent[]): Page {
  const title = "You are connected";
  const done = html`<p>Your data is on its way. You can close this window and go back to the app.</p>`;
  if (further.length === 0) return { title, body: done };
  const choices = further.map(
    ({ link, provider, consent }) => html`<li><form method="post" action="/connect/${link}/${provider.slug}">
<p>${consent.scopes.map(({ label }) => label).join(", ")}</p>
<button type="submit" name="consent" value="${consent.name}">Share this as well</button>
</form></li>
`,
  );
  return {
    title,
    body: html`${done}
<p>${further[0]?.provider.displayName ?? ""} asks separately for some of your data. You may share it too:</p>
<ul class="choices">
${choices}</ul>
`,
  };
}

export function outcomePage(
  { outcome, code }: AuthorizationOutcome,
  further: readonly FurtherConsent[] = [],
): Page {
  if (outcome === "connected") return connectedPage(further);
  if (outcome === "denied") {
    const body = html`<p>You did not give access, so nothing was connected. Use the same link to try again.</p>`;
    return { title: "Not connected", body };
  }
  const { message, remedy } = errorCatalogue[code ?? "INTERNAL"];
  const body = html`<p>${message}.</p>
<p>${remedy}</p>
<p><small>Code: <code>${code ?? "INTERNAL"}</code></small></p>
`;
  return { title: "Not connected", body };
}

export function errorPage({ code, message }: SystoleError, traceId: string): Page {
  const { remedy } = errorCatalogue[code];
  const body = html`<p>${message}.</p>
<p>${remedy}</p>
<p><small>Code: <code>${code}</code>, reference: <code>${traceId}</code></small></p>
`;
  return { title: "This did not work", body };
}

/** No trademarked logo: the first letter of the name. */
export function iconOf({ displayName }: Provider): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="${displayName}">
<rect width="64" height="64" rx="14" fill="#b3123f"/>
<text x="32" y="44" fill="#fff" font-family="sans-serif" font-size="34" font-weight="700" text-anchor="middle">${displayName.charAt(0)}</text>
</svg>
`;
}
