// Drafts offered above the editor, and what this browser kept while there was no connection: sent first, then offered.
import { announce, words } from "./dom.js";
import { postForm } from "./drafts.js";

/** Puts kept fields into a form; hidden ones stay as they are but for the revision they were typed on. */
function fillForm(form, fields) {
  for (const field of form.elements) {
    if (!field.name || field.matches("button, [type=file]") || (field.type === "hidden" && field.name !== "base_revision")) continue;
    const sent = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = sent.includes(field.value);
    else if (sent.length) field.value = sent[0];
  }
}

/** Sends what other pages could not; what they held of this very editor is offered. */
export async function sendLeftBehind(editor) {
  const { drafts, form } = editor;
  for (const [key, copy] of drafts.store.others()) {
    if (copy.sent) continue;
    const here = copy.keep === form.dataset.keep;
    if (here && sameAsServed(copy, drafts)) { drafts.store.drop(key); continue; }
    const answer = await postForm(copy.keep, copy.fields);
    if (answer?.ok) {
      drafts.store.sent(key, copy);
      if (here) offerLate((await answer.json()).bring);
    } else if (here) offerHere(editor, key, copy);
  }
}

function sameAsServed(copy, drafts) {
  const passing = ["writer", "base_revision", "draft_place", "draft_version"];
  return JSON.stringify(copy.fields.filter(([name]) => !passing.includes(name))) === drafts.served;
}

/** The link leads to the form with these words in it. */
function offerLate(address) {
  const notice = document.querySelector("[data-draft-late]");
  notice.querySelector("a").href = address;
  for (const offered of document.querySelectorAll(`#drafts a[href="${address}"]`)) {
    if (!notice.contains(offered)) offered.closest(".notice").remove();
  }
  notice.hidden = false;
}

/** The server cannot take them now: they are put into the form from here. */
function offerHere(editor, key, copy) {
  const notice = document.querySelector("[data-draft-local]");
  notice.hidden = false;
  notice.querySelector("[data-local-bring]").onclick = () => {
    fillForm(editor.form, copy.fields);
    notice.hidden = true;
    editor.changed();
    editor.follow();
    editor.text.focus();
  };
  notice.querySelector("[data-local-drop]").onclick = () => {
    editor.drafts.store.drop(key);
    notice.hidden = true;
  };
}

/** Dropping an offered draft leaves the page as it is; the one in the form leads to what is saved. */
export function startOffers(editor) {
  document.getElementById("drafts").addEventListener("submit", async (event) => {
    const notice = event.target.closest("[data-draft]");
    if (event.target.hasAttribute("data-draft-brought")) { editor.leaving = true; editor.drafts.sending = true; editor.drafts.store.drop(); return; }
    event.preventDefault();
    const answer = await postForm(new URL(event.target.action).pathname, []);
    if (!answer?.ok && answer?.status !== 404) return announce(navigator.onLine ? words.failed : words.offline);
    notice.remove();
    announce(words.draft_dropped);
    editor.text.focus();
  });
}
