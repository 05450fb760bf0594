// Draws the graph of M04 from its table: bars of energy, up what came in and down where it went; the car's charge as a
// line. What is estimated is hatched, the current slot outlined, what is missing a gap.
'use strict';

const HEIGHT = 360;
const NARROW = 640;
const BAR_WIDTH = 0.8;  // of a slot
const HATCH_PX = 6;

// In the order in which they are drawn: each stands on those that follow it in its direction.
const PARTS = [
  {label: 'EV放電', column: 5, up: true, colour: '--ev-light'},
  {label: '買電', column: 3, up: true, colour: '--buy-fill'},
  {label: '発電', column: 0, up: true, colour: '--pv-fill'},
  {label: 'EV充電', column: 4, up: false, colour: '--ev-fill'},
  {label: '売電', column: 2, up: false, colour: '--sell-fill'},
  {label: '消費', column: 1, up: false, colour: '--load-fill'},
];

const table = document.getElementById('graph-data');
const holder = document.getElementById('graph');

function rowsOf(body) {
  return [...body.rows].map(row => ({
    label: row.cells[0].textContent,
    wh: [...row.querySelectorAll('td[data-wh]')].map(cell => (cell.dataset.wh === '' ? null : Number(cell.dataset.wh))),
    soc: row.querySelector('td[data-soc]')?.dataset.soc || null,
    estimated: row.dataset.quality === 'estimated',
    current: row.dataset.current === 'true',
  }));
}

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const kilo = wh => (wh === null ? '-' : (wh / 1000).toFixed(2) + ' kWh');

/// Of each slot the height up to which a part reaches, down as a negative number.
function heightsOf(rows, place) {
  const {up} = PARTS[place];
  const under = PARTS.slice(place + 1).filter(part => part.up === up);
  return rows.map(({wh}) => {
    if (wh[PARTS[place].column] === null) return null;
    const sum = under.reduce((total, part) => total + (wh[part.column] ?? 0), wh[PARTS[place].column]);
    return (up ? sum : -sum) / 1000;
  });
}

function slotBox(u, index) {
  const left = u.valToPos(index - BAR_WIDTH / 2, 'x', true), right = u.valToPos(index + BAR_WIDTH / 2, 'x', true);
  return {left, width: right - left};
}

/// Stripes in the colour of the ground over the bars of estimated slots.
function hatch(u, rows) {
  const {ctx} = u;
  const step = HATCH_PX * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour('--card');
  ctx.lineWidth = 2 * devicePixelRatio;
  rows.forEach((row, index) => {
    if (!row.estimated) return;
    const {left, width} = slotBox(u, index);
    const top = u.valToPos(u.data[1][index] ?? 0, 'kWh', true), bottom = u.valToPos(u.data[4][index] ?? 0, 'kWh', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, bottom - top);
    ctx.clip();
    ctx.beginPath();
    for (let y = top - width; y < bottom + width; y += step) {
      ctx.moveTo(left, y + width);
      ctx.lineTo(left + width, y);
    }
    ctx.stroke();
    ctx.restore();
  });
  ctx.restore();
}

function outline(u, rows) {
  const index = rows.findIndex(row => row.current);
  if (index < 0) return;
  const {left, width} = slotBox(u, index);
  u.ctx.save();
  u.ctx.strokeStyle = colour('--text');
  u.ctx.lineWidth = devicePixelRatio;
  u.ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  u.ctx.strokeRect(left, u.bbox.top, width, u.bbox.height);
  u.ctx.restore();
}

function seriesOf(rows, hasCharge) {
  const bars = uPlot.paths.bars({size: [BAR_WIDTH], gap: 0});
  const series = [{label: table.tHead.rows[0].cells[0].textContent, value: (u, x) => rows[x]?.label ?? '-'}];
  for (const part of PARTS)
    series.push({
      label: part.label,
      scale: 'kWh',
      paths: bars,
      points: {show: false},
      fill: colour(part.colour),
      width: 0,
      value: (u, y, place, index) => (index === null ? '-' : kilo(rows[index].wh[part.column])),
    });
  if (hasCharge)
    series.push({
      label: '蓄電残量',
      scale: '%',
      stroke: colour('--text'),
      width: 2,
      points: {show: false},
      spanGaps: false,
      value: (u, y) => (y === null ? '-' : y + '%'),
    });
  return series;
}

function axesOf(rows, hasCharge, narrow) {
  const line = {stroke: colour('--quiet'), grid: {stroke: colour('--line'), width: 1}, ticks: {show: false}};
  const every = rows.length > 40 ? (narrow ? 12 : 6) : rows.length > 12 ? (narrow ? 5 : 2) : 1;
  const axes = [
    {...line, grid: {show: false}, splits: () => rows.map((row, index) => index).filter(index => index % every === 0),
     values: (u, splits) => splits.map(index => rows[index]?.label ?? '')},
    {...line, scale: 'kWh', size: 52, label: narrow ? undefined : 'kWh',
     values: (u, ticks) => ticks.map((tick, place) => Math.abs(tick) + (narrow && place === ticks.length - 1 ? ' kWh' : ''))},
  ];
  if (hasCharge)
    axes.push({...line, scale: '%', side: 1, size: 48, grid: {show: false}, values: (u, ticks) => ticks.map(t => t + '%')});
  return axes;
}

function draw() {
  const rows = rowsOf(table.tBodies[0]);
  const hasCharge = rows.some(row => row.soc !== null);
  const narrow = holder.clientWidth < NARROW;
  const data = [rows.map((row, index) => index), ...PARTS.map((part, place) => heightsOf(rows, place))];
  if (hasCharge) data.push(rows.map(row => (row.soc === null ? null : Number(row.soc))));
  const inner = holder.clientWidth - parseFloat(getComputedStyle(holder).paddingLeft) * 2;
  return new uPlot({
    width: inner,
    height: HEIGHT,
    scales: {x: {time: false, range: [-0.6, rows.length - 0.4]}, '%': {range: [0, 100]}},
    series: seriesOf(rows, hasCharge),
    axes: axesOf(rows, hasCharge, narrow),
    cursor: {drag: {x: false, y: false}, points: {show: false}},
    hooks: {draw: [u => hatch(u, rows), u => outline(u, rows)]},
  }, data, holder);
}

const anyFigure = () => [...table.tBodies[0].rows].some(row => ['measured', 'estimated'].includes(row.dataset.quality));

let chart = null;
function redraw() {
  chart?.destroy();
  holder.hidden = !anyFigure();
  chart = holder.hidden ? null : draw();
}

if (table && holder && window.uPlot) {
  holder.hidden = !anyFigure();
  document.getElementById('graph-table').open = holder.hidden;
  let width = 0;
  new ResizeObserver(() => {
    if (holder.clientWidth === width) return;
    width = holder.clientWidth;
    redraw();
  }).observe(holder);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  document.addEventListener('renewed', redraw);
}
