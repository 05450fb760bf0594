// Comforts that the pages work without: copying the address, keeping what is shown up to date.
'use strict';

const copy = document.getElementById('btn-copy');
if (copy) {
  const pairs = {zip1: 'siteZip1', zip2: 'siteZip2', pref: 'sitePref', city: 'siteCity', addr: 'siteAddr'};
  copy.hidden = false;
  copy.addEventListener('click', () => {
    for (const [from, to] of Object.entries(pairs))
      document.getElementById(to).value = copy.dataset[from] ?? document.getElementById(from).value;
  });
}

const choice = document.querySelector('#choice select');
if (choice) choice.addEventListener('change', () => choice.form.submit());

// ---- What is shown anew in place: the contents of the elements with data-part ---------------------------------------

/// Asks for the page that stands at `address` and takes over what has changed in its parts. Where the service leads
/// elsewhere (M13, the values that were read), the browser goes there itself.
async function renew(address) {
  const answer = await fetch(address, {headers: {Accept: 'text/html'}, redirect: 'manual'});
  if (answer.type === 'opaqueredirect') return location.replace(address);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-part]')) {
    const now = fresh.getElementById(part.id);
    if (now && !part.isEqualNode(now)) part.replaceChildren(...now.childNodes);
  }
  document.dispatchEvent(new Event('renewed'));
}

const {renew: again, renewS: everyS} = document.querySelector('main').dataset;
if (again) setInterval(() => renew(again).catch(() => {}), everyS * 1000);

// ---- Home and flow: figures by themselves; all of it when a state has changed ---------------------------------------

const REFRESH_MS = 30000;
const WATCH_MS = 3000;          // while somebody looks at the flow, the gateway reports live
const WATCHED_FOR_MS = 300000;  // then it is left in peace, until somebody touches the page
const FLOWS_FROM_W = 50;

const inKilo = value => (value === null ? '-' : (Math.floor((Math.max(value, 0) + 50) / 100) / 10).toFixed(1));
const amount = value => (value === null ? null : Math.abs(value));
const EV_WORDS = {charging: '充電', discharging: '放電', standby: '待機', unplugged: '車両未接続', stopped: '停止'};

function text(id, value) {
  const element = document.getElementById(id);
  if (element) element.textContent = value;
}

function figure(id, value, unit) {
  const element = document.getElementById(id);
  if (!element) return;
  element.textContent = inKilo(value);
  if (value === null) return;
  const small = document.createElement('small');
  small.textContent = ' ' + unit;
  element.append(small);
}

function link(id, intoHouse) {
  const element = document.getElementById('link-' + id);
  const watts = intoHouse ?? 0;
  element.dataset.direction = Math.abs(watts) < FLOWS_FROM_W ? 'none' : watts > 0 ? 'in' : 'out';
  element.dataset.speed = Math.abs(watts) >= 3000 ? 'fast' : Math.abs(watts) >= 1000 ? 'medium' : 'slow';
  text('flow-' + id, inKilo(amount(intoHouse)));
}

const word = (watts, name) => (watts === null ? '-' : watts >= FLOWS_FROM_W ? name : 'なし');

function showFlow(now) {
  link('pv', now.pv_w);
  link('ev', now.ev.w === null ? null : -now.ev.w);
  link('grid', now.buy_w === null || now.sell_w === null ? null : now.buy_w - now.sell_w);
  text('flow-load', inKilo(now.load_w));
  text('flow-soc', now.ev.soc === null ? '-' : now.ev.soc + '%');
  for (const [row, name] of [['pv', '発電'], ['load', '消費'], ['sell', '売電'], ['buy', '買電']])
    text(row + '-direction', word(now[row + '_w'], name));
  text('ev-direction', EV_WORDS[now.ev.state] ?? '-');
  figure('ev-now', amount(now.ev.w), 'kW');
}

function show(now) {
  for (const row of ['pv', 'load', 'sell', 'buy']) {
    figure(row + '-now', now[row + '_w'], 'kW');
    figure(row + '-today', now.today[row + '_wh'], 'kWh');
  }
  text('ev-state', EV_WORDS[now.ev.state] ?? '-');
  text('ev-soc', now.ev.soc === null ? '-' : now.ev.soc + '%');
  if (now.at) text('now-time', now.at.slice(0, 16).replaceAll('-', '/').replace('T', ' '));
  if (document.getElementById('flow')) showFlow(now);
}

async function refresh(home) {
  const answer = await fetch(home.dataset.live, {headers: {Accept: 'application/json'}});
  if (answer.status === 401) return location.assign(home.dataset.timeout);
  if (!answer.ok) return;
  const now = await answer.json();
  const changed = now.status !== home.dataset.status || String(now.stale) !== home.dataset.stale ||
                  now.faults.map(fault => fault.code).join() !== home.dataset.faults;
  if (changed) return renew(home.dataset.again);
  show(now);
}

if (document.getElementById('home')) {
  let touched = Date.now(), asked = Date.now();
  for (const sign of ['pointerdown', 'keydown', 'visibilitychange'])
    document.addEventListener(sign, () => { touched = Date.now(); });
  setInterval(() => {
    const home = document.getElementById('home');
    const watching = home.dataset.watch === 'true' && !document.hidden && Date.now() - touched < WATCHED_FOR_MS;
    if (Date.now() - asked < (watching ? WATCH_MS : REFRESH_MS)) return;
    asked = Date.now();
    refresh(home).catch(() => {});
  }, 1000);
}

// A request to the gateway: asked after until it is over; then its answer is shown, or what was read.
const POLL_MS = 600;

async function poll(request) {
  const answer = await fetch(request.dataset.poll, {headers: {Accept: 'application/json'}});
  if (answer.status === 401) return location.assign('/ctrl/timeout');
  if (!answer.ok) return;
  const {state} = await answer.json();
  if (state !== 'queued' && state !== 'sent') return renew(request.dataset.again);
}

if (document.querySelector('#request[data-poll]'))
  setInterval(() => {
    const request = document.querySelector('#request[data-poll]');
    if (request) poll(request).catch(() => {});
  }, POLL_MS);
