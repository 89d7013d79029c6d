// What is typed, kept in this browser until the server has taken the save: one copy for each page that was opened.
const KEPT_FOR = 30 * 86_400_000;

export class DraftStore {
  /** `person`: only their own copies are offered to them; `writer`: this very page. */
  constructor(person, writer) {
    this.prefix = `draft:${person}:`;
    this.key = this.prefix + writer;
  }

  /** Keeps a copy {keep, fields, at, sent}; false where the browser keeps nothing. */
  write(copy) {
    const text = JSON.stringify(copy);
    if (putLocal(this.key, text)) return true;
    // Full: copies the server has as well make room.
    for (const [key, other] of this.others()) if (other.sent) this.drop(key);
    return putLocal(this.key, text);
  }

  drop(key = this.key) {
    try { localStorage.removeItem(key); } catch { /* nothing is kept there */ }
  }

  /** Marks a copy as one the server has. */
  sent(key, copy) { putLocal(key, JSON.stringify({ ...copy, sent: true })); }

  /** Copies that other pages of this person left behind: [[key, copy]]; very old ones are forgotten. */
  others() {
    const found = [];
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(this.prefix) || key === this.key) continue;
        const copy = JSON.parse(localStorage.getItem(key));
        if (copy.at < Date.now() - KEPT_FOR) this.drop(key);
        else found.push([key, copy]);
      }
    } catch { /* storage is off, or holds what is not ours */ }
    return found;
  }
}

function putLocal(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** A name for this page among all that ever were opened. */
export function newWriter() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
