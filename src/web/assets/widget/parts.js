// Small pieces of the screen: elements, icons, text with links, money and times. They know no conversation.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M4 5.5h16v11H10.5L6 20v-3.5H4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  person: "M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.8 20c.6-3.6 3.5-5.6 7.2-5.6s6.6 2 7.2 5.6",
  down: "M12 5v14M6 13l6 6 6-6",
  sending: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.4l2.8 1.8",
  sent: "M5.5 12.8l4.2 4.2L18.5 7.6",
  delivered: "M2 12.8l4.2 4.2L15 7.6M10.8 16.2l.8.8 8.8-9.4",
  failed: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v5M12 15.9v.2",
};
ICONS.read = ICONS.delivered;

/** An element with attributes; an attribute that is a function is a listener for the event of its name. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  setIcon(svg, name);
  return svg;
}

function setIcon(svg, name) {
  svg.firstChild.setAttribute("d", ICONS[name]);
}

/** Writes only what differs, so that a screen reader is not told the same thing twice. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The text as nodes, with addresses of web pages as links. */
function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/).map((part, index) => {
    if (index % 2 === 0) return part;
    return el("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part);
  });
}

/** `{amount_minor, currency}` as the guest's language writes it; a currency unknown to the browser keeps its code. */
function moneyText({ amount_minor, currency }) {
  try {
    const format = new Intl.NumberFormat(REGION, { style: "currency", currency });
    return format.format(amount_minor / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${(amount_minor / 100).toFixed(2)} ${currency}`;
  }
}

/** The hour, with the day before it unless that is today. */
function timeText(iso) {
  const at = new Date(iso);
  const hour = new Intl.DateTimeFormat(REGION, { hour: "2-digit", minute: "2-digit" }).format(at);
  const days = daysAgo(at);
  if (days === 0) return hour;
  if (days === 1) return `${new Intl.RelativeTimeFormat(REGION, { numeric: "auto" }).format(-1, "day")} ${hour}`;
  return `${new Intl.DateTimeFormat(REGION, { weekday: "short", day: "numeric", month: "short" }).format(at)}, ${hour}`;
}

function exactTime(iso) {
  return new Intl.DateTimeFormat(REGION, { dateStyle: "full", timeStyle: "short" }).format(new Date(iso));
}

function daysAgo(at) {
  const midnight = (time) => new Date(time.getFullYear(), time.getMonth(), time.getDate());
  return Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
}

// --- the hotel's colour ----------------------------------------------------------------------------------------------------

/** Red, green and blue of #rgb or #rrggbb, or null. */
function parseColour(text) {
  const match = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(String(text || "").trim());
  if (!match) return null;
  const wide = match[1].length === 3 ? match[1].replace(/./g, "$&$&") : match[1];
  return [0, 2, 4].map((at) => parseInt(wide.slice(at, at + 2), 16));
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Moves the colour towards `end` until it can be read on `ground`. */
function readable(colour, ground, end) {
  let mixed = colour;
  for (let share = 0.1; contrast(mixed, ground) < 4.5 && share <= 1; share += 0.1) {
    mixed = colour.map((part, at) => Math.round(part + (end[at] - part) * share));
  }
  return mixed;
}

function cssColour(colour) {
  return `rgb(${colour.join(" ")})`;
}
