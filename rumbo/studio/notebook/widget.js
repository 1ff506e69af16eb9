// The studio in a cell: its page in a frame of its own. The package puts PAGE first.

const address = ([name, text]) => [name, URL.createObjectURL(new Blob([text], { type: "text/javascript" }))];

export default {
  render({ model, el }) {
    const { html, scripts, style } = PAGE;
    const imports = Object.fromEntries(Object.entries(scripts).map(address));
    const srcdoc = html.replace("{imports}", JSON.stringify({ imports }));
    const about = { model, srcdoc, style, title: "Rumbo", height: model.get("height") };
    el.replaceChildren(Object.assign(document.createElement("iframe"), about));
    return () => Object.values(imports).forEach(URL.revokeObjectURL);
  },
};
