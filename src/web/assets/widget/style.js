// The look. The values are those of tokens.css, in pixels, because a page that embeds this may have any root font size; a
// hotel's own accent overrides the four --accent variables from outside. What a page writes for all its elements reaches the host
// element, so the host only carries variables and everything starts anew in .root.

const STYLE = `
:host {
  --page: #f6f5f1; --surface: #ffffff; --sunken: #edebe5; --hover: #f0eee9; --line: #dfdcd4; --control: #85817a;
  --ink: #1d2025; --muted: #595d66;
  --accent: #0f5a6b; --on-accent: #ffffff; --accent-text-light: #0f5a6b; --accent-text-dark: #74c5d6;
  --accent-text: var(--accent-text-light);
  --bar: var(--accent); --on-bar: var(--on-accent);
  --emergency: #b0231b; --waiting: #825000; --waiting-tint: #fbefd5; --good: #1c6638;
  --shadow: 0 1px 2px rgb(20 22 26 / 10%), 0 8px 28px rgb(20 22 26 / 18%);
  --radius: 8px;
}
.root {
  all: initial;
  font: 400 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  color: var(--ink);
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --page: #131519; --surface: #1c1f24; --sunken: #0d0f12; --hover: #25292f; --line: #33373e; --control: #7b818b;
    --ink: #e9eaec; --muted: #a5abb5;
    --accent: #74c5d6; --on-accent: #06252c; --accent-text: var(--accent-text-dark);
    --bar: var(--surface); --on-bar: var(--ink);
    --emergency: #ff9188; --waiting: #f0bd66; --waiting-tint: #3b2b0d; --good: #83cf9d;
    --shadow: 0 1px 2px rgb(0 0 0 / 50%), 0 8px 28px rgb(0 0 0 / 55%);
  }
}
.root, .root *, .root ::before, .root ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; background: none; border: 0; padding: 0; }
button:disabled { cursor: default; opacity: .55; }
svg { width: 24px; height: 24px; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
  stroke-linejoin: round; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
.sr { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: fixed; z-index: 2147483000; bottom: calc(16px + env(safe-area-inset-bottom)); right: 16px; width: 56px;
  height: 56px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--on-accent);
  box-shadow: var(--shadow); }
.launcher svg { width: 26px; height: 26px; }
.badge { position: fixed; z-index: 2147483001; bottom: calc(56px + env(safe-area-inset-bottom)); right: 12px; min-width: 22px;
  height: 22px; padding: 0 6px; border-radius: 11px; background: var(--emergency); color: var(--surface);
  font-size: 13px; font-weight: 600; line-height: 22px; text-align: center; pointer-events: none; }
.badge:empty { display: none; }
.left.launcher { right: auto; left: 16px; }
.left.badge { right: auto; left: 54px; }

dialog { position: fixed; z-index: 2147483000; inset: auto 16px calc(84px + env(safe-area-inset-bottom)) auto; margin: 0; padding: 0;
  border: 1px solid var(--line); width: 384px; height: min(640px, 100dvh - 116px); max-width: none; max-height: none;
  overflow: hidden; background: var(--page); color: var(--ink); border-radius: var(--radius); box-shadow: var(--shadow); }
dialog.left { inset-inline: 16px auto; }
dialog[open] { display: flex; flex-direction: column; animation: rise 160ms ease-out; }
dialog::backdrop { background: none; }
dialog:focus { outline: none; }

header { display: flex; align-items: center; gap: 12px; padding: 12px 8px 12px 16px; background: var(--bar); color: var(--on-bar);
  border-bottom: 1px solid var(--line); }
header :focus-visible { outline-color: currentColor; outline-offset: -3px; }
.names { flex: 1; min-width: 0; }
h2 { all: unset; display: block; font-size: 16px; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
.sub { display: block; font-size: 13px; line-height: 1.35; }
.person { display: flex; align-items: center; gap: 4px; min-height: 36px; padding: 4px 12px 4px 8px; border-radius: 18px;
  border: 1px solid currentColor; font-size: 13px; line-height: 1.2; position: relative; }
.person::after { content: ""; position: absolute; inset: -5px 0; }
.person svg { width: 18px; height: 18px; }
.close { width: 44px; height: 44px; border-radius: var(--radius); display: grid; place-items: center; }
.close svg { width: 22px; height: 22px; }

.body { position: relative; flex: 1; min-height: 0; display: flex; flex-direction: column; }
.banner { position: absolute; z-index: 1; inset: 8px 8px auto; padding: 8px 12px; border-radius: var(--radius);
  background: var(--waiting-tint); color: var(--ink); border: 1px solid var(--waiting); font-size: 13px; line-height: 1.4; }
.banner:empty { display: none; }
.log { flex: 1; min-height: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 16px 16px 28px; display: flex;
  flex-direction: column; overflow-anchor: none; }
.log::before { content: ""; margin-top: auto; }
.log:focus-visible { outline-offset: -3px; }
.notice, .time { margin: 12px 0 4px; text-align: center; font-size: 13px; color: var(--muted); }
.message { max-width: 84%; align-self: flex-start; margin-top: 4px; display: flex; flex-direction: column; align-items: flex-start; }
.message.first { margin-top: 12px; }
.message.guest { align-self: flex-end; align-items: flex-end; }
.who { font-size: 13px; color: var(--muted); margin: 0 0 2px 2px; }
.staff .who { color: var(--accent-text); font-weight: 600; }
.bubble { position: relative; padding: 8px 12px; border-radius: var(--radius); background: var(--surface);
  border: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-wrap; max-width: 100%; }
.staff .bubble { background: color-mix(in srgb, var(--accent) 12%, var(--surface)); border-color: transparent; }
.system .bubble { background: var(--sunken); border-color: var(--control); }
.guest .bubble { background: var(--accent); color: var(--on-accent); border-color: transparent; padding-right: 34px; }
.first .bubble { border-top-left-radius: 2px; }
.guest.first .bubble { border-radius: var(--radius) 2px var(--radius) var(--radius); }
a { color: var(--accent-text); text-underline-offset: 2px; }
.guest a { color: inherit; }
.tick { position: absolute; right: 8px; bottom: 5px; line-height: 0; }
.tick svg { width: 17px; height: 17px; }
.tick[data-state=sending] svg { width: 15px; height: 15px; }
.failed { display: flex; align-items: center; gap: 12px; margin-top: 2px; font-size: 13px; color: var(--emergency); }
.failed button { min-height: 44px; text-decoration: underline; text-underline-offset: 2px; }

.quote { width: 296px; max-width: 100%; margin-top: 4px; padding: 12px; background: var(--surface); border: 1px solid var(--control);
  border-radius: var(--radius); }
.line { display: flex; justify-content: space-between; gap: 16px; align-items: baseline; }
.item { overflow-wrap: anywhere; font-weight: 600; }
.total { font-size: 16px; font-weight: 600; white-space: nowrap; }
.state { font-size: 13px; color: var(--muted); }
.state:empty { display: none; }
[data-state=confirmed] .state { color: var(--good); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
.actions button { flex: 1 1 auto; min-height: 44px; padding: 8px 12px; border-radius: var(--radius); border: 1px solid var(--control); }
.actions .yes { background: var(--accent); color: var(--on-accent); border-color: transparent; font-weight: 600; }

.chips { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; }
.chip { min-height: 44px; padding: 8px 16px; border-radius: 22px; border: 1px solid var(--accent-text); color: var(--accent-text);
  background: var(--surface); }
.newer { position: absolute; bottom: 12px; left: 50%; transform: translateX(-50%); display: flex; align-items: center; gap: 4px;
  min-height: 44px; padding: 0 16px 0 12px; border-radius: 22px; background: var(--ink); color: var(--page);
  box-shadow: var(--shadow); font-size: 13px; font-weight: 600; white-space: nowrap; }
.newer svg { width: 18px; height: 18px; }
.typing { position: absolute; left: 18px; bottom: 6px; height: 16px; display: flex; align-items: center; gap: 4px; }
.away .typing { display: none; }
.typing i { width: 6px; height: 6px; border-radius: 50%; background: var(--muted); animation: breathe 1.2s infinite; }
.typing i:nth-of-type(2) { animation-delay: .15s; }
.typing i:nth-of-type(3) { animation-delay: .3s; }

form { display: flex; align-items: flex-end; gap: 8px; padding: 8px; background: var(--surface); border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 132px; padding: 9px 12px; resize: none; font-size: 16px;
  line-height: 24px; border: 1px solid var(--control); border-radius: var(--radius); background: var(--surface); color: var(--ink);
  field-sizing: content; }
textarea::placeholder { color: var(--muted); opacity: 1; }
textarea:focus-visible { outline-offset: -1px; }
.send { width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; background: var(--accent);
  color: var(--on-accent); }
.send svg { width: 22px; height: 22px; }

@media (pointer: fine) {
  .chip { min-height: 36px; padding-block: 4px; }
}
@media (hover: hover) {
  .launcher:hover, .send:hover:enabled, .actions .yes:hover:enabled { filter: brightness(1.08); }
  .chip:hover, .actions .no:hover:enabled { background: var(--hover); }
  .close:hover, .person:hover:enabled { background: color-mix(in srgb, currentColor 14%, transparent); }
}
@media (max-width: 540px), (max-height: 480px) {
  dialog, dialog.left { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
  header { padding-top: calc(12px + env(safe-area-inset-top)); padding-left: calc(16px + env(safe-area-inset-left)); }
  form { padding-bottom: calc(8px + env(safe-area-inset-bottom)); }
  .bubble { font-size: 16px; }
}
@media (prefers-reduced-motion: no-preference) {
  .message.fresh { animation: rise 160ms ease-out; }
}
@media (prefers-reduced-motion: reduce) {
  dialog[open], .typing i { animation: none; }
}
@media (forced-colors: active) {
  .launcher, .send, .bubble, .badge, .newer { border: 1px solid; }
}
@media print { :host { display: none; } }
@keyframes rise { from { opacity: 0; transform: translateY(6px); } }
@keyframes breathe { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
`;
