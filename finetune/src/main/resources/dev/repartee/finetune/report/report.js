(() => {
  'use strict';
  const run = JSON.parse(document.getElementById('run-data').textContent);
  const {color, count, percent} = page;
  const PAPER_WIDTHS = {full: 640, half: 300}; // CSS pixels of A4 between the margins
  const WHOLE = Array.from({length: 10}, (unused, i) => [1, 2, 5].map(factor => factor * 10 ** i)).flat();
  const POWERS = Array.from({length: 30}, (unused, i) => 2 ** (i + 12)); // so that memory has round ticks
  const charts = [];

  const digits = value => {
    const size = Math.abs(value);
    if (size !== 0 && size < .01) return value.toExponential(2);
    return size >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(size < 1 ? 4 : size < 10 ? 3 : 1);
  };
  const bytes = value => value >= 2 ** 30 ? (value / 2 ** 30).toFixed(2) + ' GiB' : (value / 2 ** 20).toFixed(0) + ' MiB';
  const bytesTick = value => value === 0 ? '0' : value >= 2 ** 30 ? parseFloat((value / 2 ** 30).toFixed(2)) + ' GiB' : parseFloat((value / 2 ** 20).toFixed(1)) + ' MiB';
  const tick = value => {
    if (value === 0) return '0';
    const size = Math.abs(value);
    if (size < 1e-3) return value.toExponential().replace(/\.(\d)\d+/, '.$1');
    return size >= 1e6 ? value / 1e6 + 'M' : size >= 1e4 ? value / 1e3 + 'k' : String(parseFloat(value.toPrecision(4)));
  };

  // A frame that fits all but the highest half percent of the values, so that one spike does not press the rest flat.
  const frame = (values, kept, fromZero) => {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const most = Math.max(sorted[Math.floor((sorted.length - 1) * .995)] ?? 1, ...kept);
    const least = fromZero ? 0 : Math.min(sorted[0] ?? 0, ...kept);
    const room = (most - least || Math.abs(most) || 1) * .06;
    return [fromZero ? 0 : least - room, most + room];
  };

  const line = (label, stroke, format, more) => ({label, stroke: color(stroke), width: 2, spanGaps: true, points: {show: false}, format, ...more});
  const thin = (label, format) => line(label, 'faint', format, {width: 1});

  // What each chart shows; tables are joined on the step.
  const kinds = {
    loss: () => {
      const validated = run.validation.step.length > 0;
      return {
        tables: [[run.loss.step, run.loss.value, run.loss.smooth], ...(validated ? [[run.validation.step, run.validation.value]] : [])],
        series: [thin('Training, each step', digits), line('Training, smoothed', 'blue', digits),
          ...(validated ? [line('Validation', 'orange', digits, {points: {show: true, size: 7, fill: color('orange')}})] : [])],
        range: frame(run.loss.value, [...run.validation.value, ...extremes(run.loss.smooth)]),
        axis: tick, best: run.best, clipped: run.loss, tall: true,
      };
    },
    rate: () => ({tables: [[run.rate.step, run.rate.value]], series: [line('Learning rate', 'violet', digits)], range: frame(run.rate.value, extremes(run.rate.value), true), axis: tick}),
    norm: () => ({
      tables: [[run.norm.step, run.norm.value, run.norm.smooth]], series: [thin('Each step', digits), line('Smoothed', 'blue', digits)],
      range: frame(run.norm.value, [], true), axis: tick, bound: run.clip, clipped: run.norm,
    }),
    speed: () => {
      const known = run.mfu.step.length > 0;
      return {
        tables: [[run.speed.step, run.speed.value, run.speed.smooth], ...(known ? [[run.mfu.step, run.mfu.value]] : [])],
        series: [thin('Tokens/s, each step', count), line('Tokens/s, smoothed', 'blue', count),
          ...(known ? [line('MFU, smoothed', 'green', percent, {scale: 'mfu', dash: [6, 4]})] : [])],
        range: frame(run.speed.value, [], true), axis: tick, mfu: known,
      };
    },
    memory: () => ({tables: [[run.memory.step, run.memory.value]], series: [line('Resident memory', 'green', bytes)], range: frame(run.memory.value, extremes(run.memory.value), true), axis: bytesTick}),
  };

  function extremes(values) { return values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : []; }

  const pixel = () => devicePixelRatio || 1;
  const font = () => 12 * pixel() + 'px system-ui, sans-serif';

  function upright(chart, step, stroke, dash, text) {
    const {ctx, bbox} = chart;
    const x = Math.round(chart.valToPos(step, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = stroke;
    ctx.lineWidth = pixel();
    ctx.setLineDash(dash.map(length => length * pixel()));
    ctx.beginPath(); ctx.moveTo(x, bbox.top); ctx.lineTo(x, bbox.top + bbox.height); ctx.stroke();
    if (text) {
      ctx.font = font();
      const right = x + ctx.measureText(text).width + 6 * pixel() > bbox.left + bbox.width;
      const height = text === 'resumed' ? 12 : 26; // below each other where both fall on about the same step
      ctx.textAlign = right ? 'right' : 'left';
      ctx.fillText(text, x + (right ? -4 : 4) * pixel(), bbox.top + height * pixel());
    }
    ctx.restore();
  }

  // With a halo in the card's colour, to be read over the curves.
  function readable(ctx, words, x, y) {
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * pixel();
    ctx.lineJoin = 'round';
    ctx.strokeStyle = color('card');
    ctx.strokeText(words, x, y);
    ctx.fillText(words, x, y);
  }

  function level(chart, value, stroke, text) {
    const {ctx, bbox} = chart;
    const y = Math.round(chart.valToPos(value, 'y', true));
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = stroke;
    ctx.lineWidth = pixel();
    ctx.setLineDash([6 * pixel(), 4 * pixel()]);
    ctx.beginPath(); ctx.moveTo(bbox.left, y); ctx.lineTo(bbox.left + bbox.width, y); ctx.stroke();
    ctx.font = '600 ' + font();
    ctx.textAlign = 'right';
    readable(ctx, text, bbox.left + bbox.width - 4 * pixel(), y - 5 * pixel());
    ctx.restore();
  }

  function bestPoint(chart, [step, loss, text]) {
    const {ctx, bbox} = chart;
    const x = chart.valToPos(step, 'x', true), y = chart.valToPos(loss, 'y', true);
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) return;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color('orange');
    ctx.lineWidth = 2 * pixel();
    ctx.beginPath(); ctx.arc(x, y, 8 * pixel(), 0, 2 * Math.PI); ctx.stroke();
    ctx.font = '600 ' + font();
    const words = 'best: ' + text;
    const half = ctx.measureText(words).width / 2;
    ctx.textAlign = 'center';
    const middle = Math.min(Math.max(x, bbox.left + half), bbox.left + bbox.width - half - 2 * pixel());
    const above = y - 14 * pixel() > bbox.top + 30 * pixel();
    readable(ctx, words, middle, above ? y - 14 * pixel() : y + 24 * pixel());
    ctx.restore();
  }

  // Small triangles at the top edge where a value lies above the frame.
  function beyond(chart, {step, value}) {
    const {ctx, bbox} = chart;
    const top = chart.scales.y.max, size = 4 * pixel();
    ctx.save();
    ctx.fillStyle = color('red');
    value.forEach((v, i) => {
      const x = chart.valToPos(step[i], 'x', true);
      if (v > top && x >= bbox.left && x <= bbox.left + bbox.width) {
        ctx.beginPath(); ctx.moveTo(x - size, bbox.top + 2 * size); ctx.lineTo(x + size, bbox.top + 2 * size); ctx.lineTo(x, bbox.top); ctx.fill();
      }
    });
    ctx.restore();
  }

  function marksBehind(kind) {
    return chart => {
      run.epochs.forEach(([step, epoch]) => upright(chart, step, color('soft'), [1, 3], kind.tall ? 'epoch ' + epoch : null));
      run.resumes.forEach(step => upright(chart, step, color('soft'), [6, 4], kind.tall ? 'resumed' : null));
    };
  }

  function marks(kind) {
    return chart => {
      if (kind.clipped) beyond(chart, kind.clipped);
      if (kind.bound != null) level(chart, kind.bound, color('red'), 'clip ' + tick(kind.bound));
      if (kind.best) bestPoint(chart, kind.best);
    };
  }

  // The value at the pointer, or where this series has none there, the nearest before it.
  function valueAt(chart, series, index) {
    const values = chart.data[series];
    for (let i = index ?? values.length - 1; i >= 0; i--) if (values[i] != null) return values[i];
    return null;
  }

  // All charts begin and end at the same step, so that they can be read one below the other.
  const steps = [run.loss, run.validation, run.rate, run.norm, run.speed, run.memory].flatMap(({step}) => step.length ? [step[0], step[step.length - 1]] : []);
  const ends = extremes(steps);
  function wholeRun(chart, least, most) {
    const all = chart.data[0];
    if (least !== all[0] || most !== all[all.length - 1]) return [least, most];
    return ends[0] < ends[1] ? ends : [ends[0] - 1, ends[1] + 1];
  }

  function draw(place) {
    const kind = kinds[place.dataset.chart]();
    const size = page.isPaper() ? PAPER_WIDTHS[place.parentElement.className] : place.clientWidth;
    const single = kind.tables[0][0].length === 1; // no line without a second value
    const axis = page.axis();
    place.replaceChildren();
    return new uPlot({
      width: size, height: kind.tall ? Math.min(360, Math.max(240, size * .5)) : 190,
      scales: {x: {time: false, range: wholeRun}, y: {range: (chart, least, most) => kind.range}, mfu: {range: (chart, least, most) => [0, Math.min(1, most * 1.3)]}},
      series: [{label: 'Step', value: (chart, value) => value == null ? 'last' : count(value)},
        ...kind.series.map(series => ({...series, points: single ? {show: true, size: 6} : series.points, value: (chart, value, at, index) => { const shown = valueAt(chart, at, index); return shown == null ? '–' : series.format(shown); }}))],
      axes: [{...axis, values: (chart, values) => values.map(tick), size: 32, incrs: WHOLE},
        {...axis, size: kind.axis === bytesTick ? 72 : 56, values: (chart, values) => values.map(kind.axis), ...(kind.axis === bytesTick ? {incrs: POWERS} : {})},
        ...(kind.mfu ? [{...axis, scale: 'mfu', side: 1, size: 48, grid: {show: false}, values: (chart, values) => values.map(v => Math.round(100 * v) + '%')}] : [])],
      legend: page.legend,
      cursor: {y: false, sync: {key: 'run', scales: ['x', null]}, drag: {x: true, y: false}, points: {size: 6}},
      hooks: {drawAxes: [marksBehind(kind)], draw: [marks(kind)]},
    }, uPlot.join(kind.tables), place);
  }

  function drawAll() {
    charts.splice(0).forEach(chart => chart.destroy());
    document.querySelectorAll('.plot').forEach(place => charts.push(draw(place)));
  }

  page.keepDrawn(drawAll);
})();
