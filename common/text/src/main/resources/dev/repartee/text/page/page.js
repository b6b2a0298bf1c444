// What the project's pages share: the scheme's colours, numbers, and when to draw again.
const page = (() => {
  'use strict';
  const root = document.documentElement;
  const color = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const count = value => Math.round(value).toLocaleString('en-US');
  const percent = value => (100 * value).toFixed(1) + '%';
  const isPaper = () => root.classList.contains('paper');
  const axis = () => ({stroke: color('soft'), grid: {stroke: color('grid'), width: 1}, ticks: {stroke: color('line'), width: 1, size: 4}, font: '12px system-ui, sans-serif'});
  const legend = {markers: {width: 0, fill: (chart, at) => chart.series[at].stroke(chart, at)}};

  // Draws now, and again for another width, another scheme, and for paper, on which all that can be opened is open.
  function keepDrawn(draw) {
    let pending = 0;
    let width = innerWidth;
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

  return {color, count, percent, isPaper, axis, legend, keepDrawn};
})();
