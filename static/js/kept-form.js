// What is typed into a long form, kept in this browser until the server has taken the save; brought back on return.
import { debounce } from "./dom.js";
import { DraftStore, newWriter } from "./draft-store.js";

const KEEP_AFTER = 400;

function keepForm(form) {
  const writer = newWriter();
  const store = new DraftStore(`form:${form.dataset.person}`, writer);
  const fields = [...form.querySelectorAll("textarea")];
  const read = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const write = () => store.write({ keep: form.action, fields: read(), at: Date.now() });
  const keep = debounce(write, KEEP_AFTER);
  let touched = false;
  form.elements.writer.value = writer; // the server says which page's words it has saved, in a cookie of that name
  form.addEventListener("input", () => { touched = true; keep(); });
  addEventListener("pagehide", () => { keep.cancel(); if (touched) write(); });
  const left = store.others().filter(([, copy]) => copy.keep === form.action).sort(([, one], [, other]) => other.at - one.at);
  for (const [key, copy] of left) if (isThere(copy, read())) store.drop(key);
  const [newest] = left.filter(([, copy]) => !isThere(copy, read()));
  if (newest) offerWords(form, fields, store, newest, write);
}

/** Whether everything that was kept stands in the form already. */
function isThere(copy, now) {
  return Object.entries(copy.fields).every(([name, text]) => !text.trim() || now[name] === text);
}

function offerWords(form, fields, store, [key, copy], write) {
  const offer = document.querySelector("[data-kept-offer]");
  const time = offer.querySelector("time");
  time.dateTime = new Date(copy.at).toISOString();
  time.textContent = new Date(copy.at).toLocaleString(document.documentElement.lang);
  offer.hidden = false;
  offer.querySelector("[data-kept-bring]").addEventListener("click", () => {
    for (const field of fields) if (copy.fields[field.name] !== undefined) field.value = copy.fields[field.name];
    offer.hidden = true;
    store.drop(key);
    write();
    fields.find((field) => field.value)?.focus();
  });
  offer.querySelector("[data-kept-forget]").addEventListener("click", () => {
    offer.hidden = true;
    store.drop(key);
    fields[0]?.focus();
  });
}

for (const form of document.querySelectorAll("form[data-kept-form]")) keepForm(form);
