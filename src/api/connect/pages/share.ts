/** The page on which a person reads what will be shared and agrees, with the form that their provider wants. */
import { inLanguage, type KeyConnecting, type Provider } from "../../../providers/provider.ts";
import { type Html, html } from "../../html.ts";
import type { Page } from "../document.ts";
import type { Look } from "../look.ts";
import type { Share, SharedItem } from "../share.ts";
import { codeLine, pairOf } from "./parts.ts";

export interface Sharing {
  readonly link: string;
  readonly provider: Provider;
  readonly share: Share;
  /** Whether there is a list to go back to. */
  readonly hasOthers: boolean;
  /** The name of a further consent; null for the one that connects. */
  readonly further: string | null;
  /** Names of the scopes that are ticked. */
  readonly chosen: readonly string[];
  /** The fault of a form that was sent; null before. */
  readonly problem: Problem | null;
  /** The developer's addresses. */
  readonly leadsTo: readonly (string | null)[];
}

export interface Problem {
  readonly title: string;
  /** Null for what the person only forgot, as is the code. */
  readonly text: string | null;
  readonly code: string | null;
}

export function sharePage(sharing: Sharing, look: Look): Page {
  const { link, provider, share, hasOthers, leadsTo } = sharing;
  const { words } = look;
  const back = html`<a class="back" href="/connect/${link}">← ${words.share.back}</a>
`;
  return {
    title: share.title,
    leadsTo,
    body: html`${hasOthers ? back : ""}${pairOf(look, provider)}<h1>${share.title}</h1>
${whatOf(share, look)}<form method="post" action="/connect/${link}/${provider.slug}">
${choicesOf(sharing, look)}${factsOf(share, look)}${fieldsOf(sharing, look)}${buttonsOf(sharing, look)}</form>
`,
  };
}

/** Beside the field that it is about. */
const problemOf = ({ title, text, code }: Problem, look: Look): Html =>
  html`<div class="alert" role="alert" id="problem"><p><b>${title}</b></p>
${text === null ? "" : html`<p>${text}</p>\n`}${code === null ? "" : codeLine(look, code)}</div>
`;

function whatOf({ items, past }: Share, { words }: Look): Html | "" {
  if (items.length === 0) return "";
  return html`<section aria-labelledby="what">
<h2 id="what">${words.share.what}</h2>
<ul class="items">
${items.map(itemOf)}</ul>
${past === null ? "" : html`<p class="soft"><small>${past}</small></p>\n`}</section>
`;
}

const itemOf = ({ title, detail }: SharedItem): Html =>
  html`<li><b>${title}</b>${detail === null ? "" : html`<small>${detail}</small>`}</li>
`;

/** Nothing is ticked before: what a person did not choose is not shared. */
function choicesOf({ share, chosen }: Sharing, { words }: Look): Html | "" {
  if (share.choices.length === 0) return "";
  const boxes = share.choices.map(
    ({ name, label }) =>
      html`<label class="choice"><input type="checkbox" name="scope" value="${name}"${chosen.includes(name) ? html` checked` : ""}><span>${label}</span></label>
`,
  );
  return html`<fieldset>
<legend>${words.share.choice}</legend>
${boxes}</fieldset>
`;
}

const factsOf = ({ receiver, end }: Share, { words }: Look): Html =>
  html`<div class="facts">
<h2>${words.share.receiverTitle}</h2>
<p>${receiver}</p>
<h2>${words.share.endTitle}</h2>
<p>${end}</p>
</div>
`;

function fieldsOf({ provider, further, problem }: Sharing, look: Look): Html | "" {
  const { connecting } = provider;
  if (further !== null) return html`<input type="hidden" name="consent" value="${further}">\n`;
  return connecting.kind === "key" ? keyFieldsOf(provider, connecting, problem, look) : "";
}

/** The steps to make a key, and the field for it. */
function keyFieldsOf(
  { displayName }: Provider,
  { instructions, hasEndDate }: KeyConnecting<unknown>,
  problem: Problem | null,
  look: Look,
): Html {
  const { key } = look.words;
  const steps = instructions.steps.map((step) => html`<li>${inLanguage(step, look.language)}</li>\n`);
  const ends = html`<label class="field">${key.ends}<input type="date" name="ends_at"></label>
`;
  // The page opens at the field, not at its beginning.
  const isWrong = problem === null ? "" : html` aria-invalid="true" aria-describedby="problem" autofocus`;
  return html`<section>
<h2>${key.title}</h2>
<p>${key.steps(displayName)}</p>
<ol>
${steps}</ol>
<p><a href="${instructions.url}" rel="noreferrer" target="_blank">${key.open(displayName)}<span class="unseen"> (${key.newTab})</span> ↗</a></p>
${problem === null ? "" : problemOf(problem, look)}<label class="field">${key.label}<input type="text" name="key" required maxlength="4096" autocomplete="off" autocapitalize="none" spellcheck="false"${isWrong}></label>
${hasEndDate ? ends : ""}</section>
`;
}

function buttonsOf({ provider, share, further }: Sharing, { words }: Look): Html {
  const { displayName, connecting } = provider;
  const note = html`<p class="note">${words.share.next(displayName)}</p>
`;
  const cancel = html`<button class="quiet" name="answer" value="cancel" formnovalidate>${words.share.cancel}</button>
`;
  return html`<button name="answer" value="agree">${share.button}</button>
${connecting.kind === "oauth" ? note : ""}${further === null ? cancel : ""}`;
}
