// A session that ended while somebody writes: asked for on the spot, the page and what is typed stay as they are.
import { csrfHeaders, words } from "./dom.js";

/** Who is signed in now, {email}; null without a connection. The page's forms get the token of that session,
 * unless it is another person's: what this one typed is never sent in their name. */
export async function sessionNow(person) {
  try {
    const answer = await fetch("/session", { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return null;
    const now = await answer.json();
    if (!now.email || now.email === person) useToken(now.csrf_token);
    return now;
  } catch {
    return null;
  }
}

function useToken(token) {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRF-Token": token }));
}

async function sendPassword(form) {
  const body = new URLSearchParams(new FormData(form));
  try {
    const now = await sessionNow(form.elements.email.value);
    if (!now) return words.offline;
    if (now.email && now.email !== form.elements.email.value) return words.other_person.replace("{email}", now.email);
    const answer = await fetch("/session", { method: "POST", body, headers: csrfHeaders() });
    const said = await answer.json();
    if (!answer.ok) return said.message;
    useToken(said.csrf_token);
    return "";
  } catch {
    return words.offline;
  }
}

let signingIn = null;

/** Opens the dialog; true once they are signed in, false where they would rather do it later. */
export function signInAgain() {
  signingIn ??= openSignIn(document.getElementById("sign-in-again")).finally(() => { signingIn = null; });
  return signingIn;
}

function openSignIn(dialog) {
  const form = dialog.querySelector("form");
  const wrong = dialog.querySelector("[data-again-wrong]");
  const password = form.elements.password;
  let busy = false;
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const message = await sendPassword(form);
    busy = false;
    if (!message) return dialog.close("in");
    wrong.hidden = false;
    wrong.querySelector(".notice-text").textContent = message;
    password.select();
  };
  dialog.querySelector("[data-again-later]").onclick = () => dialog.close("later");
  dialog.returnValue = "";
  wrong.hidden = true;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      password.value = "";
      resolve(dialog.returnValue === "in");
    }, { once: true });
  });
}
