// What a paste or a drop brings: which files, under which names, or text after all.

/** Pictures of the clipboard all have the same name: those get the time. */
export function nameOf(file, pasted, say) {
  if (!pasted || !/^image\.(png|jpe?g|gif|webp)$/i.test(file.name)) return file.name;
  const time = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return say("screenshot", { time: time.replace("T", " ").replaceAll(":", ".") }) + file.name.slice(file.name.lastIndexOf("."));
}

/** The files of a paste or drop, folders left out. */
export function filesOf(data) {
  const items = [...(data?.items ?? [])].filter((item) => item.kind === "file" && !item.webkitGetAsEntry?.()?.isDirectory);
  return items.map((item) => item.getAsFile()).filter(Boolean);
}

/** Office programs put a picture of the text beside the text: there the text is meant. */
export const textIsMeant = (data) => data.types.includes("text/html") && data.getData("text/plain").trim() !== "";
