// Parts that all reports share: elements, number formats, tables, bars, line charts, and redrawing.
// A report's own script builds its sections from `page.data`, the JSON in the file, and calls `page.show`.
// Texts become text nodes or attributes, never markup.
const page = (() => {
  'use strict';
  const data = JSON.parse(document.getElementById('report').textContent);
  const root = document.documentElement;

  // ---- Elements: h('p.hint', {title: 'x'}, 'text', child); null, false and '' are left out.

  const shown = children => children.flat(Infinity).filter(child => child != null && child !== false && child !== '');
  const builder = create => (name, ...rest) => {
    const [tag, ...classes] = name.split('.');
    const element = create(tag);
    if (classes.length) element.setAttribute('class', classes.join(' '));
    const attributes = rest[0]?.constructor === Object ? rest.shift() : {};
    for (const [key, value] of Object.entries(attributes)) {
      if (value == null || value === false) continue;
      if (key.startsWith('--')) element.style.setProperty(key, value);
      else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? '' : value);
    }
    element.append(...shown(rest));
    return element;
  };
  const h = builder(tag => document.createElement(tag));
  const s = builder(tag => document.createElementNS('http://www.w3.org/2000/svg', tag));

  // ---- Number formats

  const signDisplay = 'negative'; // what is rounded to zero has no sign
  const decimals = (value, digits) =>
    Number(value).toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false, signDisplay});
  const count = (value, what) => Math.round(value).toLocaleString('en-US', {signDisplay}) + (what ? ` ${what}${value === 1 ? '' : 's'}` : '');
  const percent = share => decimals(100 * share, Math.abs(share) < .9995 ? 1 : 0) + '%';
  const significant = value => {
    const size = Math.abs(value);
    if (size !== 0 && size < .01) return value.toExponential(2);
    return size >= 1000 ? count(value) : decimals(value, size < 1 ? 4 : size < 10 ? 3 : 1);
  };
  const bytes = (value, digits = 1) => {
    const power = [1, 2, 3].findLast(power => value >= 1023.95 * 1024 ** (power - 1)) ?? 0;
    return `${decimals(value / 1024 ** power, power === 0 ? 0 : digits)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`;
  };
  const duration = seconds => {
    const two = (whole, unit, large, small) => `${Math.floor(whole / unit)} ${large} ${whole % unit} ${small}`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return two(whole, 60, 'min', 's');
    const minutes = Math.round(whole / 60);
    return minutes < 24 * 60 ? two(minutes, 60, 'h', 'min') : two(Math.round(whole / 3600), 24, 'd', 'h');
  };

  // ---- Parts of a page; a part without content is null and is left out.

  const section = (id, title, hint, ...blocks) => shown(blocks).length === 0 ? null :
    h('section', {'data-id': id, 'aria-labelledby': title ? id : null}, title && h('h2', {id}, title), hint && h('p.hint', hint), blocks);

  const named = (list, rows) => rows.length === 0 ? null : h(list, rows.map(([name, value]) => h('div', h('dt', name), h('dd', value))));
  const facts = rows => named('dl.facts', rows.filter(Boolean));
  const tiles = rows => section('figures', 'Key figures', '', h('dl.tiles', rows.filter(Boolean).map(([label, value, note]) =>
    h('div.tile', h('dt', label), h('dd', value), h('dd.note', note)))));

  const fold = (summary, ...blocks) => shown(blocks).length === 0 ? null : h('details', h('summary', summary), blocks);

  // A column is its name, or words(name) for texts. The first column names the rows. A cell is anything that h accepts as a child.
  const words = name => ({name, kind: 'words'});
  const hashes = name => ({name, kind: 'hashes'});
  const table = (columns, rows, caption) => {
    const kind = at => columns[at].kind ?? 'numbers';
    return rows.length === 0 ? null : h('div.scroll', h('table',
      caption && h('caption', caption),
      h('thead', h('tr', columns.map((column, at) => h('th.' + kind(at), {scope: 'col'}, column.name ?? column)))),
      h('tbody', rows.map(row => h('tr', row.map((cell, at) => at === 0 ? h('th.' + kind(at), {scope: 'row'}, cell) : h('td.' + kind(at), cell)))))));
  };
  const files = list => table([words('File'), words('Use'), hashes('SHA-256')], list.map(({name, use, sha256}) => [name, use, sha256]));

  // The text of a figure is also the label of its drawing, for screen readers.
  const figures = (...list) => shown(list).length === 0 ? null : h('div.charts', list);
  const figure = (title, text, ...blocks) => {
    const element = h('figure', (title || text) && h('figcaption', title && h('h3', title), text && h('p', text)), blocks);
    element.querySelectorAll('[role=img]').forEach(drawing => drawing.setAttribute('aria-label', `${title}: ${text}`));
    return element;
  };
  const sized = (size, element) => {
    element.className = size;
    return element;
  };

  // Horizontal bars on a common scale from 0 to `whole`, or to the longest, with confidence intervals if there are any.
  const bars = (what, measured, rows, whole = 0) => {
    const most = Math.max(whole, ...rows.flatMap(({length, interval}) => [length, ...(interval ?? [])])) || 1;
    const place = value => 100 * Math.max(0, value) / most + '%';
    const track = ({value, length, interval}) => h('span.track', {title: value + (interval ? ', 95%: ' + interval.map(end => decimals(end, 1)).join(' to ') : '')},
      h('b', {'--size': place(length)}),
      interval && h('i', {'--low': place(interval[0]), '--span': place(interval[1] - Math.max(0, interval[0]))}));
    const chart = h('table.bars',
      h('colgroup', h('col.what'), h('col'), h('col.much')),
      h('thead.hidden', h('tr', [what, 'Bar', measured].map(name => h('th', {scope: 'col'}, name)))),
      h('tbody', rows.map(row => h('tr.' + (row.rank ?? 'part'),
        h('th', {scope: 'row'}, row.name, ' ', row.note && h('small', row.note)), h('td', track(row)), h('td.figure', row.value)))));
    return rows.length === 0 ? null : rows.length > 12 ? h('div.many', {tabindex: 0}, chart) : chart;
  };
  const counts = (what, measured, rows) => bars(what, measured, rows.map(([name, number]) => ({name, value: count(number), length: number})));

  // The last messages of a conversation, with the reply's blocks beside them.
  const exchange = (context, ...blocks) => h('article.card.exchange',
    h('div.context', context.map(({role, text}) => h('p.' + role.toLowerCase(), h('span.who', role.toLowerCase()), text))),
    h('div', blocks));

  // ---- Line charts, by uPlot

  const tick = value => {
    const size = Math.abs(value);
    if (size === 0) return '0';
    if (size < 1e-3) return value.toExponential().replace(/\.(\d)\d+/, '.$1');
    return size >= 1e6 ? value / 1e6 + 'M' : size >= 1e4 ? value / 1e3 + 'k' : String(parseFloat(value.toPrecision(4)));
  };
  const powers = (base, factors, first, last) =>
    Array.from({length: last - first}, (_, i) => factors.map(factor => factor * base ** (i + first))).flat();
  const WHOLE = powers(10, [1, 2, 5], 0, 10);
  const FORMATS = {
    number: {value: significant, tick},
    count: {value: value => count(value), tick, incrs: WHOLE},
    percent: {value: percent, tick: value => Math.round(100 * value) + '%', incrs: powers(10, [1, 2, 5], -2, 1), top: most => Math.min(1, Math.ceil(10.5 * most) / 10)},
    bytes: {
      value: value => bytes(value, 2),
      tick: value => value === 0 ? '0' : bytes(value, 2).replace(/\.?0+ /, ' '),
      incrs: powers(2, [1], 12, 42), // powers of two, for round ticks
    },
  };
  const PAPER_WIDTHS = {full: 640, wide: 380}; // CSS pixels of A4 between the margins

  const charts = []; // all charts of the page, drawn after the page is built

  /*
   * A chart of lines over whole numbers:
   *   x       the horizontal axis: its name, and what stands for a place on it while the pointer is elsewhere
   *   format  of the values; fromZero: whether the vertical axis begins at 0
   *   tables  [places, line, line...]; a line has label, color, values, and perhaps
   *           faint, or loose: it may leave the frame; dashed; dots
   *   marks   {x, text, dashed} upright lines; best: {x, y, text} a circle; level: {y, text} a line across
   */
  const lineChart = chart => {
    const place = h('div.plot', {role: 'img'});
    charts.push({marks: [], ...chart, place});
    return place;
  };

  const color = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const pixel = () => devicePixelRatio || 1;
  const font = () => 12 * pixel() + 'px system-ui, sans-serif';

  // Ignores the highest half percent of a faint line, so that one spike does not flatten the rest.
  function frame({tables, fromZero, format}) {
    const lines = tables.flatMap(([, ...lines]) => lines);
    const faint = lines.filter(line => line.faint).flatMap(line => line.values).sort((a, b) => a - b);
    const whole = lines.filter(line => !line.faint && !line.loose).flatMap(line => line.values);
    const fitted = faint.length ? [...whole, faint[0], faint[Math.floor((faint.length - 1) * .995)]] : whole;
    const least = fromZero ? 0 : Math.min(...fitted);
    const most = Math.max(...fitted);
    const room = (most - least || Math.abs(most) || 1) * .06;
    return [fromZero ? 0 : least - room, FORMATS[format].top?.(most) ?? most + room];
  }

  // All charts have the same horizontal range, so that they can be compared.
  function ends() {
    const places = charts.flatMap(({tables}) => tables.flatMap(([x]) => [x[0], x[x.length - 1]]));
    const least = Math.min(...places), most = Math.max(...places);
    return least < most ? [least, most] : [least - 1, most + 1];
  }

  function drawChart(chart) {
    const {place, tables, format} = chart;
    const lines = tables.flatMap(([, ...lines]) => lines);
    const size = place.closest('figure').className;
    const width = root.classList.contains('paper') ? PAPER_WIDTHS[size] ?? 300 : place.clientWidth;
    const single = tables[0][0].length === 1; // a line needs two values
    const bounds = frame(chart);
    const axis = {stroke: color('soft'), grid: {stroke: color('grid'), width: 1}, ticks: {stroke: color('line'), width: 1, size: 4}, font: '12px system-ui, sans-serif'};
    const wholeRun = (self, least, most) => {
      const all = self.data[0];
      return least === all[0] && most === all[all.length - 1] ? ends() : [least, most];
    };
    // The value at the pointer, or the nearest one before it if the line has none there.
    const valueAt = (values, index) => {
      for (let i = index ?? values.length - 1; i >= 0; i--) if (values[i] != null) return values[i];
      return null;
    };
    const series = line => ({
      label: line.label,
      stroke: color(line.color),
      width: line.faint ? 1 : 2,
      dash: line.dashed && [6, 4],
      spanGaps: true,
      points: single ? {show: true, size: 6} : line.dots ? {show: true, size: 7, fill: color(line.color)} : {show: false},
      value: (self, value, at, index) => {
        const here = valueAt(self.data[at], index);
        return here == null ? '–' : FORMATS[format].value(here);
      },
    });
    place.replaceChildren();
    return new uPlot({
      width,
      height: size ? Math.min(360, Math.max(240, width * .5)) : 190,
      scales: {x: {time: false, range: wholeRun}, y: {range: () => bounds}},
      series: [{label: chart.x[0], value: (self, value) => value == null ? chart.x[1] : count(value)}, ...lines.map(series)],
      axes: [
        {...axis, size: 32, incrs: WHOLE, values: (self, values) => values.map(value => value < 1e4 ? count(value) : tick(value))},
        {...axis, size: format === 'bytes' ? 72 : 56, incrs: FORMATS[format].incrs, values: (self, values) => values.map(FORMATS[format].tick)},
      ],
      legend: {markers: {width: 0, fill: (self, at) => self.series[at].stroke(self, at)}},
      cursor: {y: false, sync: {key: 'report', scales: ['x', null]}, drag: {x: true, y: false}, points: {size: 6}},
      hooks: {
        drawAxes: [self => {
          const named = {}; // where the last name of each kind of mark ends
          chart.marks.forEach(mark => uprightMark(self, mark, size !== '', named));
        }],
        draw: [self => {
          tables.forEach(([x, ...lines]) => lines.filter(line => line.faint).forEach(line => beyondMarks(self, x, line.values)));
          if (chart.level) levelMark(self, chart.level);
          if (chart.best) bestMark(self, chart.best);
        }],
      },
    }, uPlot.join(tables.map(([x, ...lines]) => [x, ...lines.map(line => line.values)])), place);
  }

  // Marks are drawn on the canvas, whose unit is a device pixel.
  function onCanvas({ctx}, paint, width, draw) {
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color(paint);
    ctx.lineWidth = width * pixel();
    draw(ctx);
    ctx.restore();
  }

  function stroke(ctx, dash, from, to) {
    ctx.setLineDash(dash.map(length => length * pixel()));
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
  }

  // With a halo in the card's colour, so that the text is readable over curves.
  function write(ctx, text, x, y) {
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * pixel();
    ctx.lineJoin = 'round';
    ctx.strokeStyle = color('card');
    ctx.strokeText(text, x, y);
    ctx.fillText(text, x, y);
  }

  function uprightMark(self, mark, isNamed, named) {
    const {left, top, width, height} = self.bbox;
    const x = Math.round(self.valToPos(mark.x, 'x', true));
    if (x < left || x > left + width) return;
    onCanvas(self, 'soft', 1, ctx => {
      stroke(ctx, mark.dashed ? [6, 4] : [1, 3], [x, top], [x, top + height]);
      if (!isNamed || x < named[mark.dashed]) return;
      ctx.font = font();
      named[mark.dashed] = x + ctx.measureText(mark.text).width + 10 * pixel();
      const isLeft = x + ctx.measureText(mark.text).width + 6 * pixel() > left + width;
      ctx.textAlign = isLeft ? 'right' : 'left';
      // The two kinds of marks have their texts at different heights, since they may be close together.
      ctx.fillText(mark.text, x + (isLeft ? -4 : 4) * pixel(), top + (mark.dashed ? 12 : 26) * pixel());
    });
  }

  function levelMark(self, level) {
    const {left, top, width, height} = self.bbox;
    const y = Math.round(self.valToPos(level.y, 'y', true));
    if (y < top || y > top + height) return;
    onCanvas(self, 'red', 1, ctx => {
      stroke(ctx, [6, 4], [left, y], [left + width, y]);
      ctx.font = '600 ' + font();
      ctx.textAlign = 'right';
      write(ctx, level.text, left + width - 4 * pixel(), y - 5 * pixel());
    });
  }

  function bestMark(self, best) {
    const {left, top, width} = self.bbox;
    const x = self.valToPos(best.x, 'x', true), y = self.valToPos(best.y, 'y', true);
    if (x < left - 1 || x > left + width + 1) return;
    onCanvas(self, 'orange', 2, ctx => {
      ctx.beginPath();
      ctx.arc(x, y, 8 * pixel(), 0, 2 * Math.PI);
      ctx.stroke();
      ctx.font = '600 ' + font();
      ctx.textAlign = 'center';
      const half = ctx.measureText(best.text).width / 2;
      const isAbove = y - 14 * pixel() > top + 30 * pixel();
      write(ctx, best.text, Math.min(Math.max(x, left + half), left + width - half - 2 * pixel()), y + (isAbove ? -14 : 24) * pixel());
    });
  }

  // Small triangles at the top edge where a faint line leaves the frame.
  function beyondMarks(self, places, values) {
    const {left, top, width} = self.bbox;
    const size = 4 * pixel();
    onCanvas(self, 'red', 1, ctx => values.forEach((value, at) => {
      const x = self.valToPos(places[at], 'x', true);
      if (value <= self.scales.y.max || x < left || x > left + width) return;
      ctx.beginPath();
      ctx.moveTo(x - size, top + 2 * size);
      ctx.lineTo(x + size, top + 2 * size);
      ctx.lineTo(x, top);
      ctx.fill();
    }));
  }

  // ---- The page

  // Draws the charts, and redraws them when the width or the colour scheme changes and for printing. Printing opens all details.
  function keepDrawn() {
    let drawn = [], pending = 0, width = innerWidth;
    const draw = () => {
      drawn.forEach(chart => chart.destroy());
      drawn = charts.map(drawChart);
    };
    addEventListener('resize', () => {
      if (innerWidth === width) return; // a phone's address bar comes and goes
      width = innerWidth;
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(draw);
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
    const opened = [];
    addEventListener('beforeprint', () => {
      root.classList.add('paper');
      document.querySelectorAll('section > details:not([open])').forEach(details => { details.open = true; opened.push(details); });
      draw();
    });
    addEventListener('afterprint', () => {
      root.classList.remove('paper');
      opened.splice(0).forEach(details => { details.open = false; });
      draw();
    });
    draw();
  }

  // The status is a text, or {tone, badge, text} with a badge in the colour of the tone.
  function show({kind, title, status, sections, codeVersion}) {
    document.title = `${title} · ${kind.toLowerCase()}`;
    document.body.append(
      h('header', h('p.kind', kind), h('h1', title),
        status.badge ? h('p.status.' + status.tone, h('span.badge', status.badge), ' ', status.text) : h('p.status', status)),
      h('main', shown(sections)),
      h('footer', h('p', `Made by Repartee ${codeVersion}; needs no network.`, charts.length > 0 && ' Charts by uPlot (MIT).')));
    keepDrawn();
  }

  return {
    data, h, s, decimals, count, percent, significant, bytes, duration, section, facts, tiles, fold, words, table, files,
    figures, figure, sized, bars, counts, exchange, lineChart, show,
  };
})();
