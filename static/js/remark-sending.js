// The margin is replaced by a margin only. Whatever else comes back (a session that ended, no right, a note in the
// bin, a server that cannot, no line at all) is said beside the form, which stays as it is with what was typed.
import { words } from "./dom.js";
import { sessionNow, signInAgain } from "./sign-in-again.js";
import { RemarkWords } from "./remark-words.js";

class RemarkSending {
  constructor(person) {
    this.person = person;
    this.words = new RemarkWords(person);
    this.sent = new WeakMap(); // form -> what it held when it was sent
    this.renewed = new WeakSet(); // forms sent again with a new token
    document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
      if (this.ours(ctx) && this.written(ctx)) this.sent.set(ctx.sourceElement, this.words.copyOf(ctx.sourceElement));
    });
    document.addEventListener("htmx:after:request", (event) => this.answered(event));
    document.addEventListener("htmx:error", ({ detail: { ctx } }) => { if (this.ours(ctx)) this.say(ctx.sourceElement, words.offline); });
  }

  ours(ctx) { return ctx?.target === "#remarks" || ctx?.target?.id === "remarks"; }
  written(ctx) { return ctx.sourceElement?.matches?.(".remark-reply, #annotate-form"); }

  answered(event) {
    const { ctx } = event.detail;
    if (!this.ours(ctx)) return;
    const { status } = ctx.response;
    const page = new DOMParser().parseFromString(ctx.text, "text/html");
    const asked = ctx.sourceElement;
    if (page.getElementById("remarks")) {
      asked?.parentElement?.querySelector("[data-unsent]")?.remove();
      if (status < 400 && this.written(ctx)) this.words.taken(asked, this.sent.get(asked));
      return;
    }
    event.preventDefault();
    const why = page.querySelector(".notice-text")?.textContent.trim() || words.failed;
    const said = this.written(ctx) && this.words.stands(asked) ? `${why} (${words.kept})` : why;
    if (status === 401 || status === 403) this.refused(asked, said);
    else this.say(asked, said);
  }

  /** Asks who is signed in now: nobody may sign in on the spot, a new token is used once, another person is named. */
  async refused(asked, said) {
    const now = await sessionNow(this.person);
    if (now && !now.email) {
      if (await signInAgain()) return this.again(asked);
      return this.say(asked, words.session_ended);
    }
    if (now && now.email !== this.person) return this.say(asked, words.other_person.replace("{email}", now.email));
    if (!now || this.renewed.has(asked)) return this.say(asked, said);
    this.renewed.add(asked);
    this.again(asked);
  }

  again(asked) {
    if (!asked?.isConnected) return;
    if (asked.matches("form")) asked.requestSubmit();
    else asked.click();
  }

  /** Beside what was asked, where the eyes are; who was writing stays in the field. */
  say(asked, text) {
    const form = asked?.matches?.("form") && asked.isConnected ? asked : null;
    const box = form?.closest("details");
    if (box) box.open = true;
    const place = form && this.words.fieldOf(form) ? form : form?.closest(".remark") ?? document.querySelector(".remarks-head");
    place.parentElement.querySelector("[data-unsent]")?.remove();
    const notice = Object.assign(document.createElement("div"), { className: "notice notice-danger" });
    notice.setAttribute("role", "alert");
    notice.dataset.unsent = "";
    notice.append(Object.assign(document.createElement("div"), { className: "notice-text" }));
    if (place === form) form.before(notice);
    else if (form) place.append(notice);
    else place.after(notice);
    notice.firstChild.textContent = text;
    const field = form && this.words.fieldOf(form);
    if (field?.checkVisibility() && !form.querySelector("textarea:focus")) field.focus({ preventScroll: true });
    notice.scrollIntoView({ block: "nearest" });
  }
}

const remarkPerson = document.getElementById("again-email")?.value;
export const remarkSending = remarkPerson && globalThis.htmx ? new RemarkSending(remarkPerson) : null;
