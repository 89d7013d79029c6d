// Buttons that copy an address; without a script they stay hidden, and the address stands beside them or in the bar.
import { announce } from "./dom.js";

/** The clipboard needs https or localhost; an office server over http has neither, so the old way stays. */
async function copy(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(new URL(button.dataset.copy, location.href).href);
    button.querySelector("span").textContent = button.dataset.copied;
    announce(button.dataset.copied);
  });
}
