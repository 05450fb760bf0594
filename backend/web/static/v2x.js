// Comforts that the pages work without: copying the address, refreshing the home page.
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

const home = document.getElementById('home');
const REFRESH_MS = 30000;

const inKilo = value => (value === null ? '-' : (Math.floor((Math.max(value, 0) + 50) / 100) / 10).toFixed(1));

function show(id, value, unit) {
  const element = document.getElementById(id);
  element.textContent = inKilo(value);
  if (value === null) return;
  const small = document.createElement('small');
  small.textContent = ' ' + unit;
  element.append(small);
}

async function refresh() {
  const answer = await fetch(home.dataset.live, {headers: {Accept: 'application/json'}});
  if (answer.status === 401) return location.assign(home.dataset.timeout);
  if (!answer.ok) return;
  const now = await answer.json();
  // Words, faults and warnings are the page's business; figures can change in place.
  if (now.status !== home.dataset.status || now.stale !== home.classList.contains('is-stale')) return location.reload();
  for (const row of ['pv', 'load', 'sell', 'buy']) {
    show(row + '-now', now[row + '_w'], 'kW');
    show(row + '-today', now.today[row + '_wh'], 'kWh');
  }
  const words = {charging: '充電', discharging: '放電', standby: '待機', unplugged: '車両未接続', stopped: '停止'};
  document.getElementById('ev-state').textContent = words[now.ev.state] ?? '-';
  document.getElementById('ev-soc').textContent = now.ev.soc === null ? '-' : now.ev.soc + '%';
  if (now.at) document.getElementById('now-time').textContent = now.at.slice(0, 16).replaceAll('-', '/').replace('T', ' ');
}

if (home) setInterval(() => refresh().catch(() => {}), REFRESH_MS);
