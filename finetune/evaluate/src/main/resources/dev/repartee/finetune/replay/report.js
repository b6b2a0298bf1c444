// The page of a replay. Its data is a ReplayCommand.ReplayPage, whose shares are in percent.
(() => {
  'use strict';
  const {data, decimals, count, range} = page;
  const {section, facts, fold, words, table, figures, figure, sized} = page;
  const {report, codeVersion} = data;
  const {curve, memory} = report;

  const percent = value => decimals(value, 1) + '%';
  const between = ({low, high}) => `95%: ${decimals(low, 1)} to ${decimals(high, 1)}`;
  const last = curve[curve.length - 1];
  const domains = Object.entries(report.domains);

  const tiles = page.tiles([
    ['Net time saved', percent(report.net.saved), between(report.net.ci95)],
    ['Steady', percent(report.steady.saved), between(report.steady.ci95)],
    ['Net at the end', percent(last.net), `the last ${count(last.measured, 'conversation')}; the first ${count(curve[0].measured)}: ${percent(curve[0].net)}`],
    ['By whole replies alone', percent(report.whole_replies.saved), between(report.whole_replies.ci95)],
    ['Texts shown', decimals(report.displays, 2), 'offers and whole replies, per reply'],
    ['Remembered', count(memory.replies), `replies; texts for all agents: ${count(memory.texts.to_all)} · for one: ${count(memory.texts.to_one_agent)}`],
  ]);

  // Domains that appear within the same window share one mark, so that their names stay readable.
  const MOST_NAMES = 2;
  const appearing = new Map();
  domains.forEach(([name, seen]) => {
    const window = Math.floor(seen / report.each);
    appearing.set(window, [...appearing.get(window) ?? [], {name, seen}]);
  });
  const marks = [...appearing.values()].map(list => ({
    x: list[0].seen,
    text: list.length > MOST_NAMES ? count(list.length) + ' domains' : list.map(({name}) => name).join(', '),
  }));

  const starts = curve.map(window => window.conversations);
  const shares = key => curve.map(window => window[key] / 100);
  const chart = more => page.lineChart({x: ['Conversations seen', 'last'], format: 'percent', fromZero: false, marks, ...more});
  const nets = [...shares('net'), ...shares('steady')];
  const curves = section('curve', 'Learning on the job',
    `Each conversation was measured, then learned. A point is the mean of ${count(report.each, 'conversation')}, at the number of conversations seen before.`
      + (domains.length > 0 ? ' Dotted lines: a domain appears for the first time.' : ''),
    figures(
      sized('full', figure('Time saved', `Net and steady, the share of agents' time, in keystrokes. Over all conversations until then, net ends at ${percent(last.running.net)}.`, chart({
        tables: [
          [starts, {label: 'Net', color: 'blue', dots: curve.length < 60, values: shares('net')}, {label: 'Steady', color: 'orange', values: shares('steady')}],
          [curve.map(window => window.conversations + window.measured), {label: 'Net, all until then', color: 'soft', dashed: true, values: curve.map(window => window.running.net / 100)}],
        ],
        level: Math.min(...nets) < 0 && Math.max(...nets) > 0 ? {y: 0, text: 'without suggestions'} : null,
      }))),
      figure('Whole replies alone', 'Share of the characters, with the first three always shown.',
        chart({fromZero: true, tables: [[starts, {label: 'Saved', color: 'green', values: shares('whole_replies')}]]})),
      figure('Texts shown', 'Offers and whole replies, per reply.',
        chart({format: 'number', fromZero: true, tables: [[starts, {label: 'Texts a reply', color: 'violet', values: curve.map(({displays}) => displays)}]]}))),
    fold('Values', table(
      ['Conversations', 'Replies', 'Net', 'Steady', 'Whole replies', 'Texts a reply', 'Net until then', words('Domains')],
      curve.map(window => [
        range(window.conversations + 1, window.conversations + window.measured), count(window.replies), percent(window.net), percent(window.steady),
        percent(window.whole_replies), decimals(window.displays, 2), percent(window.running.net),
        Object.entries(window.domains ?? {}).map(([name, share]) => `${name} ${decimals(share, 0)}%`).join(', '),
      ]))),
    fold('Domains', table([words('Domain'), 'Conversations seen before'], domains.map(([name, seen]) => [name, count(seen)]))));

  const setup = section('setup', 'Setup', '', facts([
    ['Replayed', report.files.join(', ')],
    ['Precision', report.precision],
    ['Operating point', report.operating_point],
    ['Conversations of a point', count(report.each)],
  ]));

  page.show({
    kind: 'Replay', title: report.model, codeVersion,
    status: `${count(report.conversations)} conversations · ${count(report.replies)} replies · ${count(report.characters)} characters`,
    sections: [tiles, curves, setup],
  });
})();
