// Small helpers every module of this folder uses.

/** The sentences a script may say, in the page's language; base.html writes them. */
export const words = (() => {
  const source = document.getElementById("ui-strings");
  return source ? JSON.parse(source.textContent) : {};
})();

/** Says a sentence to screen readers through the polite live region. */
export function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

/** Calls `run` once, `ms` after the last call; `.cancel()` drops what is waiting. */
export function debounce(run, ms) {
  let timer = 0;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), ms);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** True while an input method is still composing: its Enter and letters are not ours. 229 is Safari's sign of it. */
export const composing = (event) => event.isComposing || event.keyCode === 229;

/** True where letters belong to what is being typed. */
export function typingIn(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Runs `run` after each pause in typing, never during composition. Answers a function that cancels what is waiting. */
export function onTyping(input, run, ms = 150) {
  const later = debounce(run, ms);
  input.addEventListener("input", (event) => { if (!event.isComposing) later(); else later.cancel(); });
  input.addEventListener("compositionstart", later.cancel);
  input.addEventListener("compositionend", () => later());
  return later.cancel;
}

/** The CSRF header the page was given, for our own fetches. */
export function csrfHeaders() {
  const raw = document.body.getAttribute("hx-headers:inherited");
  return raw ? JSON.parse(raw) : {};
}
