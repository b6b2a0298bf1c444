// The page of an extraction. Its data is an ExtractionReport.
(() => {
  'use strict';
  const {data, h, s, decimals, count, percent} = page;
  const {section, facts, fold, words, table, figures, figure, sized} = page;
  const {totals, changes, privacy, provenance} = data;
  const {coverage, heldOutCoverage, answers, leftOut, map} = data.findings;

  const share = value => value > 0 && value < .001 ? decimals(100 * value, 2) + '%' : percent(value);
  const soft = text => text && h('span.soft', ' ' + text);
  const last = coverage[coverage.length - 1] ?? {messages: 0, characters: 0};

  const tiles = page.tiles([
    ['Answers', count(answers.length), 'of ' + count(totals.clusters, 'cluster')],
    ['Messages covered', percent(last.messages), 'by all answers'],
    ['Characters covered', percent(last.characters), 'by all answers'],
    heldOutCoverage.length > 0 && ['Held-out coverage', percent(heldOutCoverage[heldOutCoverage.length - 1].messages), 'of messages, by all answers'],
    ['Agent messages', count(totals.messages), count(totals.distinctTexts, 'different text')],
    ['Conversations', count(totals.conversations), totals.agents > 0 ? count(totals.agents, 'agent') : 'agents unknown'],
  ]);

  // Changes since the last extraction, and people's decisions

  const DECIDED = {APPROVE: 'Approved', EDIT: 'Edited', REJECT: 'Rejected', MERGE: 'Merged'};
  const changeList = (title, {number, first}, line) => number === 0 ? null : fold(`${title} (${count(number)})`, h('ul.lines',
    first.map(one => h('li', line(one))), number > first.length && h('li.soft', `and ${count(number - first.length)} more`)));
  const item = ({text, why}) => [text, soft(why)];
  const changesSection = ({first, added, kept, changed, gone, decisions, waiting}) => section('changes', 'Changes since the last extraction', '',
    first && h('p.hint', 'This is the first extraction, so there is nothing to compare.'),
    facts([
      ...(first ? [] : [['New answers', count(added.number)], ['Unchanged', count(kept)], ['Text changed', count(changed.number)], ['Gone', count(gone.number)]]),
      ...Object.entries(DECIDED).filter(([kind]) => decisions[kind] > 0).map(([kind, name]) => [name + ' by people', count(decisions[kind])]),
    ]),
    waiting.length > 0 && figures(sized('full', figure('Decisions without a matching answer',
      'They stay in review.csv and apply again when the answer returns.',
      table([words('Answer'), words('Decision'), words('Why')],
        waiting.map(({text, id, decision, reason}) => [[text, ' ', h('code', id)], decision, reason]))))),
    !first && [
      changeList('New answers', added, item),
      changeList('Answers whose most typical text changed', changed, ({before, after}) => [after, soft('was: ' + before)]),
      changeList('Gone', gone, item),
    ]);

  // Coverage

  function coverageSection() {
    const half = coverage.find(point => point.messages >= last.messages / 2);
    const hasHeldOut = heldOutCoverage.length > 0;
    const text = `The ${count(half.top)} most used answers cover ${percent(half.messages)} of the messages, all ${count(last.top)} cover ${percent(last.messages)}.`
      + ' All phrasings count; this is an upper bound, not the saving of a model.'
      + (hasHeldOut ? ' Dashed: held-out conversations.' : '');
    const lines = (points, dashed, messages, characters) => [
      points.map(point => point.top),
      {label: messages, color: 'blue', dashed, values: points.map(point => point.messages)},
      {label: characters, color: 'orange', dashed, values: points.map(point => point.characters)},
    ];
    const tables = [lines(coverage, false, 'Messages', 'Characters')];
    if (hasHeldOut) tables.push(lines(heldOutCoverage, true, 'Held-out messages', 'Held-out characters'));
    // The last point with at most `top` answers.
    const at = (points, top) => points.findLast(point => point.top <= top);
    const cells = (points, top) => points.length === 0 ? [] : [percent(at(points, top).messages), percent(at(points, top).characters)];
    const tops = [...[10, 25, 50, 100, 200, 500, 1000, 2000].filter(top => top < last.top), last.top];
    return section('coverage', 'Coverage', '', figures(
      sized('wide', figure('Share covered by the most used answers', text, page.lineChart({x: ['Most used', 'all'], format: 'percent', fromZero: true, tables}))),
      figure('', '', table(['Most used', 'Messages', 'Characters', ...(hasHeldOut ? ['Held-out messages', 'Held-out characters'] : [])],
        tops.map(top => [count(top), ...cells(coverage, top), ...cells(heldOutCoverage, top)])))));
  }

  // The most used domains have a colour each; all others share the last one.

  const COLORS = 7;
  const colorOf = domain => {
    const at = data.findings.domains.indexOf(domain);
    return at < 0 || at >= COLORS ? COLORS : at;
  };

  // The map: large circles are drawn first, so that none hides another.

  const [WIDTH, HEIGHT, MARGIN, LARGEST, SMALLEST] = [1000, 620, 34, 26, 3.5];
  const TAB_STOPS = 30; // circles that the tab key reaches; the list below holds all answers

  function mapFigure() {
    const circles = [...map].sort((a, b) => b.uses - a.uses || (a.answerId < b.answerId ? -1 : 1));
    const placed = (name, size) => {
      const least = Math.min(...circles.map(circle => circle[name])), span = Math.max(...circles.map(circle => circle[name])) - least;
      return circle => span === 0 ? size / 2 : MARGIN + (size - 2 * MARGIN) * (circle[name] - least) / span;
    };
    const x = placed('x', WIDTH), y = placed('y', HEIGHT);
    const radius = circle => Math.max(SMALLEST, LARGEST * Math.sqrt(circle.uses / Math.max(1, circles[0].uses)));
    const links = circles.map((circle, at) => s('a',
      {href: '#' + circle.answerId, tabindex: at >= TAB_STOPS && -1, 'aria-label': `${circle.label} · ${count(circle.uses, 'message')}`, onclick: visitAgain},
      s('circle.d' + colorOf(circle.domain), {cx: x(circle).toFixed(), cy: (HEIGHT - y(circle)).toFixed(), r: radius(circle).toFixed(1)})));

    // The text of the circle under the pointer or with the focus.
    const tip = h('p.pointed', {'aria-hidden': 'true'});
    const hide = () => { tip.style.visibility = 'hidden'; };
    const point = event => {
      const link = event.target.closest('a');
      if (!link) return hide();
      tip.textContent = link.getAttribute('aria-label');
      const around = plane.getBoundingClientRect(), spot = link.getBoundingClientRect();
      const left = spot.left + spot.width / 2 - around.left - tip.offsetWidth / 2;
      const above = spot.top - around.top - tip.offsetHeight - 8;
      tip.style.left = Math.max(0, Math.min(left, around.width - tip.offsetWidth)) + 'px';
      tip.style.top = (above < 0 ? spot.bottom - around.top + 8 : above) + 'px';
      tip.style.visibility = 'visible';
    };
    const plane = h('div.map', {onpointerover: point, onpointerleave: hide, onfocusin: point, onfocusout: hide},
      s('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'group', 'aria-label': 'Answers by likeness'}, links), tip);

    // Shows only the chosen domains.
    const choose = event => {
      const button = event.currentTarget;
      button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') !== 'true');
      const chosen = buttons.filter(one => one.getAttribute('aria-pressed') === 'true').map(one => one.className);
      plane.classList.toggle('some', chosen.length > 0);
      links.forEach(({firstChild: circle}) => circle.classList.toggle('chosen', chosen.some(name => circle.classList.contains(name))));
    };
    const colors = [...new Set(circles.map(circle => colorOf(circle.domain)))].sort();
    const buttons = colors.map(color => h('button.d' + color, {type: 'button', 'aria-pressed': 'false', onclick: choose},
      h('i'), color < COLORS ? data.findings.domains[color] : 'others or unknown'));
    return h('figure', h('a.skip', {href: '#left-out'}, 'Skip the map'), h('div.legend', {role: 'group', 'aria-label': 'Domains'}, buttons), plane);
  }

  // The list of answers

  const most = Math.max(1, ...answers.map(answer => answer.count));
  const listed = ({number, first}) =>
    [...first.map(one => `${one.name} (${count(one.count)})`), number > first.length && count(number - first.length) + ' more'].filter(Boolean).join(', ');

  function where({opening = 0, middle = 0, closing = 0}) {
    const all = Math.max(1, opening + middle + closing);
    const whole = value => decimals(100 * value / all, 0) + '%';
    const named = Object.entries({opening, middle, closing}).filter(([, number]) => number > 0);
    return [h('i.where', {'--a': whole(opening), '--b': whole(opening + middle)}), named.map(([name, number]) => `${name} ${whole(number)}`).join(', ')];
  }

  function answerElement(answer) {
    const {id, text, phrasings, hiddenPhrasings, byPosition, byDomain, byAgent, contexts, sentences, language} = answer;
    const size = answer.count / most;
    const domain = byDomain.first[0]?.name;
    const morePhrasings = phrasings.number - phrasings.first.length;
    const more = [morePhrasings > 0 && count(morePhrasings) + ' more', hiddenPhrasings > 0 && count(hiddenPhrasings) + ' of too few agents to be shown'].filter(Boolean);
    const term = (name, ...values) => [h('dt', name), values.map(value => h('dd', value))];
    return h('details.answer', {id},
      h('summary', h('b', text), ' ',
        h('span.use', size >= .01 && h('i', {'--size': 100 * size + '%'}), count(answer.count)), ' ',
        h('span', share(answer.shareOfMessages)), ' ', h('span', count(answer.agents, 'agent')), ' ',
        domain && h('span.domain.d' + colorOf(domain), h('i'), domain)),
      h('dl',
        term('Worded', [
          h('ul', phrasings.first.map(one => h('li', h('span.soft', count(one.count)), ' ', one.text))),
          more.length > 0 && h('span.soft', 'and ' + more.join(', ')),
        ]),
        Object.keys(byPosition).length > 0 && term('Where', where(byPosition)),
        byDomain.number > 0 && term('Domains', listed(byDomain)),
        byAgent.number > 0 && term('By', listed(byAgent)),
        contexts.length > 0 && term('Replies to', ...contexts.map(context => h('q', context))),
        sentences > 0 && term('Also', 'one sentence among others in ' + count(sentences, 'message')),
        term('Covers', [
          `${share(answer.shareOfMessages)} of messages, ${share(answer.shareOfCharacters)} of characters${language ? ' · language ' + language : ''} · `, h('code', id),
        ])));
  }

  const ORDERS = {
    'most used': (a, b) => b.count - a.count,
    'most agents': (a, b) => b.agents - a.agents || b.count - a.count,
    'least used': (a, b) => a.count - b.count,
    'by text': (a, b) => a.text.localeCompare(b.text),
  };
  const entries = answers.map(answer => ({
    ...answer,
    element: answerElement(answer),
    searched: [answer.text, ...answer.phrasings.first.map(({text}) => text), answer.id].join('\n').toLowerCase(),
  }));
  const found = h('p', {role: 'status'});
  const list = h('div.list', entries.map(entry => entry.element));
  const search = h('input', {type: 'search', placeholder: 'text or id', autocomplete: 'off', oninput: filter});
  const domains = [...new Set(answers.flatMap(answer => answer.domains))].sort();
  const domain = h('select', {onchange: filter}, h('option', {value: ''}, 'all'), domains.map((name, at) => h('option', {value: at}, name)));
  const order = h('select', {onchange: sort}, Object.keys(ORDERS).map(name => h('option', name)));

  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const isShown = entry => wanted.every(word => entry.searched.includes(word)) && (domain.value === '' || entry.domains.includes(domains[domain.value]));
    entries.forEach(entry => { entry.element.hidden = !isShown(entry); });
    const shown = entries.filter(entry => !entry.element.hidden).length;
    list.classList.toggle('none', shown === 0);
    found.textContent = shown === entries.length ? count(shown, 'answer') : `${count(shown)} of ${count(entries.length)}`;
  }

  function sort() {
    list.append(...entries.sort(ORDERS[order.value]).map(entry => entry.element));
  }

  // Shows and opens the answer whose id is in the URL's fragment.
  function visit() {
    const entry = entries.find(one => one.id === decodeURIComponent(location.hash.slice(1)));
    if (!entry) return;
    if (entry.element.hidden) {
      search.value = domain.value = '';
      filter();
    }
    entry.element.open = true;
    entry.element.scrollIntoView({block: 'center'});
    requestAnimationFrame(() => entry.element.firstChild.focus({preventScroll: true})); // an element outside the window cannot be focused before it is scrolled to
  }

  // A click on the link of the current fragment raises no hashchange event.
  function visitAgain(event) {
    if (location.hash === event.currentTarget.getAttribute('href')) visit();
  }

  // What was left out and hidden, and the settings

  const leftOutTable = table([words('Why'), 'Clusters', 'Messages', 'Share'], leftOut.map(({reason, examples, clusters, messages}) => [
    [reason, examples.map(example => h('small', example))], clusters == null ? '–' : count(clusters), count(messages), share(messages / Math.max(1, totals.messages)),
  ]));
  const replaced = Object.entries(privacy.replaced);
  const privacyFigures = figures(
    figure('', '', h('ul.lines', [
      'Personal data was replaced by placeholders before anything was counted or compared.',
      `Answers, phrasings and what customers wrote before them are shown only where at least ${count(privacy.minAgents, 'agent')}`
        + ' (conversations, where agents are unknown) used them, or where a person approved the text.',
      privacy.hiddenPhrasings > 0
        && `${count(privacy.hiddenPhrasings, 'phrasing')} of fewer agents count for their answers, but are stored only as hashes.`,
    ].filter(Boolean).map(rule => h('li', rule)))),
    figure('Replaced by placeholders', replaced.length === 0 && 'Nothing was counted as replaced.', page.counts('Kind', 'Replaced', replaced)));

  sort();
  filter();
  page.show({
    kind: 'Extracted answers', title: provenance.name, codeVersion: provenance.codeVersion,
    status: `${count(answers.length, 'answer')} from ${count(totals.messages, 'message')} of ${count(totals.agents, 'agent')} in ${count(totals.conversations, 'conversation')}`,
    sections: [
      tiles,
      changes && changesSection(changes),
      coverage.length > 1 && coverageSection(),
      answers.length > 0 && section('answers', 'Answers', '',
        h('div.tools', h('label', 'Search ', search), domains.length > 0 && h('label', 'Domain ', domain), h('label', 'Order ', order), found), list),
      map.length > 0 && section('map', 'Map',
        'A circle is an answer; its size shows how often it is used. Neighbours have similar wording. Choose one to see it in the list.', mapFigure()),
      section('left-out', 'What was left out', '', leftOutTable),
      section('privacy', 'Privacy', '', privacyFigures),
      section('setup', 'Settings and data', '', facts(Object.entries(provenance.settings)), page.files(provenance.sources)),
    ],
  });
  addEventListener('hashchange', visit);
  visit();
})();
