// What a reader takes out of a page: a link to it or to a figure, the sentences, and a figure as SVG or PNG, with its title and source.
(() => {
"use strict";
const main = document.getElementById("innhold"), words = JSON.parse(main.dataset.words);
const SVG = "http://www.w3.org/2000/svg", ROOM = 8, STEP = 12, LETTERS = { title: 66, source: 92 }; // points, and letters to a line

function tools(...made) {
  const row = document.createElement("p"), status = document.createElement("span");
  row.className = "tools";
  status.setAttribute("role", "status");
  for (const [text, act] of made) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => Promise.resolve(act()).then((told) => { status.textContent = told || ""; }));
    row.append(button);
  }
  row.append(status);
  return row;
}

// to the clipboard; where a browser does not let a file write there, by what is selected
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  return words.copied;
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

const plain = (element) => element.innerText.replace(/\s+/g, " ").trim();

// the sentences that a figure answers with, or its title, and where it is from
function sentences(figure) {
  const answer = figure.closest(".answer"), own = answer ? [...answer.children].filter((part) => part.matches("p:not(.more)")) : [];
  const said = own.filter((part) => !part.hidden).map(plain).filter(Boolean);
  return [...(said.length ? said : [plain(figure.querySelector("h3")) + "."]), plain(figure.querySelector(".source"))].join(" ");
}

function lines(text, most) {
  return text.split(" ").reduce((found, word) => {
    if (found.length && (found[found.length - 1] + " " + word).length <= most) found[found.length - 1] += " " + word;
    else found.push(word);
    return found;
  }, []);
}

// the wide drawing by itself, with its type, its title over it and its source under it
function drawing(figure) {
  const svg = figure.querySelector("svg.wide").cloneNode(true), [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const over = lines(plain(figure.querySelector("h3")), LETTERS.title), under = lines(plain(figure.querySelector(".source")), LETTERS.source);
  const top = ROOM + over.length * (STEP + 2), whole = top + height + under.length * STEP + ROOM;
  const style = document.createElementNS(SVG, "style"), ground = document.createElementNS(SVG, "path"), inside = document.createElementNS(SVG, "g");
  style.textContent = (document.querySelector("style").textContent.match(/@font-face\s*{[^}]*}/g) || []).join("");
  ground.setAttribute("d", `M0 0H${width}V${whole}H0z`);
  ground.setAttribute("fill", "#ffffff");
  inside.setAttribute("transform", `translate(0 ${top})`);
  inside.append(...svg.childNodes);
  const write = (text, y, size, weight) => {
    const line = document.createElementNS(SVG, "text");
    for (const [name, value] of Object.entries({ x: ROOM, y, "font-size": size, "font-weight": weight, fill: "#1c2329" })) line.setAttribute(name, value);
    line.textContent = text;
    return line;
  };
  svg.append(style, ground, ...over.map((text, i) => write(text, ROOM + (i + 0.7) * (STEP + 2), 11, "bold")), inside,
    ...under.map((text, i) => write(text, top + height + (i + 0.8) * STEP, 9, "normal")));
  for (const name of ["class", "role"]) svg.removeAttribute(name);
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${whole}`, width: 4 / 3 * width, height: 4 / 3 * whole })) svg.setAttribute(name, value);
  return [new XMLSerializer().serializeToString(svg), 4 / 3 * width, 4 / 3 * whole];
}

const asSvg = (text) => "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);

async function png(figure, name) {
  const [text, width, height] = drawing(figure), picture = new Image(), canvas = document.createElement("canvas");
  picture.src = asSvg(text);
  await picture.decode();
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  save(canvas.toDataURL("image/png"), name);
}

document.querySelector("header .date").after(tools([words.print, () => window.print()], [words.link, () => copy(location.href)]));
for (const figure of document.querySelectorAll("figure.chart")) {
  const download = figure.querySelector(".download"), name = download.getAttribute("download").replace(/csv$/, "");
  download.parentNode.after(tools(
    [words.svg, () => save(asSvg(drawing(figure)[0]), name + "svg")],
    [words.png, () => png(figure, name + "png")],
    [words.link, () => copy(location.href.split("#")[0] + "#" + figure.id)],
    [words.sentences, () => copy(sentences(figure))],
  ));
}
})();
