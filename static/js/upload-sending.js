// One file on its way to the server. fetch tells nothing of what was sent so far, so this is an XMLHttpRequest.
import { csrfHeaders } from "./dom.js";

/** What went wrong, in the server's words where it had any. */
export class Refused extends Error {}

/**
 * Sends a file; `sent(part)` is called with what has left this computer, 0 to 1. Aborts by `signal`.
 * Answers what the server says of the attachment; throws Refused.
 */
export function sendFile(address, file, name, { sent, signal, offline }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    for (const [header, value] of Object.entries(csrfHeaders())) request.setRequestHeader(header, value);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) sent(event.loaded / event.total); });
    request.addEventListener("load", () => {
      if (request.status === 201 && request.response) resolve(request.response);
      else reject(new Refused(request.response?.detail || offline));
    });
    request.addEventListener("error", () => reject(new Refused(offline)));
    request.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, name);
    request.send(form);
  });
}
