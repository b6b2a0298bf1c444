(() => {
  'use strict';
  const {color, count, percent} = page;
  const byId = id => document.getElementById(id);

  const plot = byId('coverage-plot');
  const data = JSON.parse(byId('coverage-data').textContent);
  const WHOLE = Array.from({length: 8}, (unused, i) => [1, 2, 5].map(factor => factor * 10 ** i)).flat();
  let chart = null;

  // Where a curve has no point of its own, the last one before it holds.
  function valueAt(values, index) {
    for (let i = index ?? values.length - 1; i >= 0; i--) if (values[i] != null) return values[i];
    return null;
  }

  function drawCoverage() {
    if (chart) chart.destroy();
    const line = (label, stroke, dash) => ({label, stroke: color(stroke), width: 2, dash, spanGaps: true, points: {show: false}, value: (self, value, at, index) => { const shown = valueAt(self.data[at], index); return shown == null ? '–' : percent(shown); }});
    const tables = [[data.read.top, data.read.messages, data.read.characters]];
    const lines = [line('Messages', 'blue'), line('Characters', 'orange')];
    if (data.heldOut) {
      tables.push([data.heldOut.top, data.heldOut.messages, data.heldOut.characters]);
      lines.push(line('Held-out messages', 'blue', [6, 5]), line('Held-out characters', 'orange', [6, 5]));
    }
    const width = page.isPaper() ? 380 : plot.clientWidth;
    chart = new uPlot({
      width, height: Math.min(330, Math.max(230, width * .5)),
      scales: {x: {time: false}, y: {range: (self, least, most) => [0, Math.min(1, Math.ceil(most * 10.5) / 10)]}},
      series: [{label: 'Most used', value: (self, value) => value == null ? 'all' : count(value)}, ...lines],
      axes: [{...page.axis(), size: 32, incrs: WHOLE, values: (self, values) => values.map(count)}, {...page.axis(), size: 48, values: (self, values) => values.map(value => Math.round(100 * value) + '%')}],
      legend: page.legend, cursor: {y: false, drag: {x: true, y: false}, points: {size: 6}},
    }, uPlot.join(tables), plot);
  }
  if (plot) page.keepDrawn(drawCoverage);

  // The list: search, domain and order.
  const list = byId('list');
  const answers = list ? [...list.children].map(element => ({element, uses: +element.dataset.uses, agents: +element.dataset.agents, domains: element.dataset.domains.split(' '), text: element.querySelector('summary b').textContent, searched: (element.querySelector('summary b').textContent + '\n' + [...element.querySelectorAll('li')].map(li => li.textContent).join('\n') + '\n' + element.id).toLowerCase()})) : [];
  const orders = {uses: (a, b) => b.uses - a.uses, least: (a, b) => a.uses - b.uses, agents: (a, b) => b.agents - a.agents || b.uses - a.uses, text: (a, b) => a.text.localeCompare(b.text)};

  function filter() {
    const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const domain = byId('domain')?.value ?? '';
    let found = 0;
    for (const answer of answers) {
      const shown = words.every(word => answer.searched.includes(word)) && (!domain || answer.domains.includes(domain));
      answer.element.hidden = !shown;
      if (shown) found++;
    }
    list.classList.toggle('none', found === 0);
    byId('found').textContent = found === answers.length ? count(found) + (found === 1 ? ' answer' : ' answers') : count(found) + ' of ' + count(answers.length);
  }

  // Where the page is asked for one answer, it is shown and opened.
  function visit() {
    const id = decodeURIComponent(location.hash.slice(1));
    const answer = answers.find(one => one.element.id === id);
    if (!answer) return;
    if (answer.element.hidden) { byId('search').value = ''; if (byId('domain')) byId('domain').value = ''; filter(); }
    answer.element.open = true;
    answer.element.scrollIntoView({block: 'center'});
    requestAnimationFrame(() => answer.element.querySelector('summary').focus({preventScroll: true})); // nothing off the screen takes the focus
  }

  if (list) {
    document.querySelector('.tools').hidden = false;
    byId('search').addEventListener('input', filter);
    byId('domain')?.addEventListener('change', filter);
    byId('order').addEventListener('change', event => {
      answers.sort(orders[event.target.value]);
      list.append(...answers.map(answer => answer.element));
    });
    addEventListener('hashchange', visit);
    visit();
  }

  // The map: the text of the circle that is pointed at or focused, and domains by themselves.
  const map = document.querySelector('.map');
  if (map) {
    const pointed = byId('pointed');
    const hide = () => { pointed.style.visibility = 'hidden'; };
    const show = event => {
      const circle = event.target.closest('a')?.querySelector('circle');
      if (!circle) return hide();
      pointed.textContent = circle.dataset.label;
      const frame = map.getBoundingClientRect(), spot = circle.getBoundingClientRect();
      const left = spot.left + spot.width / 2 - frame.left - pointed.offsetWidth / 2;
      const above = spot.top - frame.top - pointed.offsetHeight - 8;
      pointed.style.left = Math.max(0, Math.min(left, frame.width - pointed.offsetWidth)) + 'px';
      pointed.style.top = (above < 0 ? spot.bottom - frame.top + 8 : above) + 'px';
      pointed.style.visibility = 'visible';
    };
    // The browser's own tip would come late and on top of ours.
    map.querySelectorAll('a').forEach(link => {
      const circle = link.querySelector('circle');
      const uses = circle.textContent.split(' · ').pop();
      const whole = byId(link.getAttribute('href').slice(1))?.querySelector('summary b').textContent;
      circle.dataset.label = whole ? whole + ' · ' + uses : circle.textContent;
      link.setAttribute('aria-label', circle.dataset.label);
      circle.replaceChildren();
      link.addEventListener('click', () => { if (location.hash === link.getAttribute('href')) visit(); });
    });
    map.addEventListener('pointerover', show);
    map.addEventListener('pointerleave', hide);
    map.addEventListener('focusin', show);
    map.addEventListener('focusout', hide);
    const buttons = [...document.querySelectorAll('.legend button')];
    buttons.forEach(button => button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') !== 'true');
      const chosen = buttons.filter(one => one.getAttribute('aria-pressed') === 'true').map(one => one.dataset.color);
      map.classList.toggle('some', chosen.length > 0);
      map.querySelectorAll('circle').forEach(circle => circle.classList.toggle('chosen', chosen.some(name => circle.classList.contains(name))));
    }));
  }
})();
