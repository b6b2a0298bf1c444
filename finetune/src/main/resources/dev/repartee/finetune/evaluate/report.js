// The page of an evaluation. Its data is an evaluation.json, whose shares are in percent.
(() => {
  'use strict';
  const {data, h, decimals, count} = page;
  const {section, facts, table, figures, figure} = page;
  const {rules, suggestions, breakdown} = data;

  const percent = value => value == null ? '–' : decimals(value, 1) + '%';
  const between = ({low, high}) => `${decimals(low, 1)} to ${decimals(high, 1)}`;
  const few = data.conversations < 10; // Interval.LEAST_CONVERSATIONS
  const interval = ci95 => few ? 'too few conversations for an interval' : '95%: ' + between(ci95);
  const signed = points => (points < 0 ? '−' : '+') + decimals(Math.abs(points), 1); // the minus sign, which is as wide as the plus
  const ends = ci95 => few ? undefined : ci95 && [ci95.low, ci95.high];

  const NOTES = {
    net: 'each text shown costs 1.5 keystrokes to read, each one taken 2; entire right offers of four characters or more are taken',
    steady: 'as net, for an agent who needs a key\'s time to see an offer',
    net_costs: 'as net, with the costs that were fitted to your agents',
    steady_costs: 'as steady, with the costs that were fitted to your agents',
    'words+knn': 'counted words and similar contexts, the engine\'s rule',
    'words+knn-3': 'the same, without what fewer than three conversations have',
    'counts alone': 'the engine without its model, with its privacy rule',
  };
  const rivals = [data.comparison, data.counts_alone].filter(Boolean).concat(
    Object.values(data.baselines ?? {}).filter(({model}) => model !== data.comparison?.model));
  const net = rules.net;
  const best = data.best_baseline?.net;
  const tiles = page.tiles([
    ['Net time saved', percent(net.saved), interval(net.ci95)],
    ['Steady', percent(rules.steady.saved), interval(rules.steady.ci95)],
    best && ['Times the best baseline', best.ratio == null ? '–' : decimals(best.ratio, 2) + '×', `${best.name} saves ${percent(best.saved)}`],
    ['Characters not typed', percent(100 * (1 - net.typed / data.characters)), `for ${count(net.actions)} texts taken`],
    ['By whole replies alone', percent(suggestions.saved), `${interval(suggestions.ci95)} · by those shown ${percent(suggestions.shown_saved)}`],
    ['Offers taken', percent(net.offer_precision), `of ${count(net.offers_shown)} shown; scores are off by ${decimals(data.calibration.offers, 1)} points on average`],
  ]);

  // The difference from the best baseline, with 0 in the middle.
  const balance = ({name, advantage: {difference: points, ci95}}) => {
    const most = 1.1 * Math.max(1, ...[points, ci95.low, ci95.high].map(Math.abs));
    const place = value => 50 * (1 + value / most) + '%';
    return figure('', `${signed(points)} points, 95%: ${between(ci95)}`,
      h('span.track.balance', {role: 'img'},
        h('i', {'--low': place(ci95.low), '--span': 50 * (ci95.high - ci95.low) / most + '%'}), h('b', {'--at': place(points)})),
      h('p.ends', h('small', `${name} saves more`), h('small', '0'), h('small', 'the model saves more')));
  };
  const TONES = {publish: 'good', do_not_publish: 'bad', too_little: 'bad'};
  const {verdict} = data;
  const [decision, reason] = verdict?.text.split(': ') ?? [];
  const judged = verdict && section('verdict', 'Verdict', '',
    h('p.plain.verdict.' + (TONES[verdict.decision] ?? 'note'), h('span.badge', decision), ' ', reason + '.'),
    h('p.plain', 'Next: ' + verdict.next + '.'),
    !few && best && balance(best));

  const plain = h('p.plain',
    `Agents would have spent ${percent(net.saved)} less time on writing these ${count(data.replies, 'reply').replace('replys', 'replies')}, with the time to read suggestions taken off.`,
    best && ` The best simple method, ${best.name}, saves ${percent(best.saved)}.`,
    ' It is an estimate by rules, not a clock.');

  const savings = rule => {
    const bar = (rank, {model, rules: {[rule]: {saved, ci95}}}) => ({rank, name: model, note: NOTES[model], value: percent(saved), length: saved, interval: ends(ci95)});
    return figure(rule, NOTES[rule], page.bars('What', 'Saved', [bar('own', data), ...rivals.map(rival => bar('other', rival))], 100));
  };
  const saved = section('saved', 'Time saved',
    'The share of agents\u2019 time, in keystrokes, that these suggestions would have saved for the same replies.' + (few ? '' : ' Black lines: 95% intervals by bootstrap over conversations.'),
    figures(Object.keys(rules).map(savings)));

  const difference = (model, rule, {difference: points, ci95, better}) => {
    const tone = ci95.low > 0 ? 'good' : ci95.high < 0 ? 'bad' : 'same';
    return [model, rule, h('span.pill.' + tone, signed(points)), `${signed(ci95.low)} to ${signed(ci95.high)}`, percent(better)];
  };
  const differences = rivals.length === 0 ? null : section('differences', 'Differences',
    'Percentage points saved more than by the other, on the same conversations, resampled in pairs: better in 97.5% of the resamples or more is not due to the choice of conversations.',
    table(['Against', 'Rule', 'Difference', '95% interval', 'Better in'],
      rivals.flatMap(({model, advantage}) => Object.entries(advantage.rules).map(([rule, one]) => difference(model, rule, one)))));

  const parts = (title, text, list) => list.length === 0 ? null : figure(title, text, page.bars('Part', 'Saved', list.map(part =>
    ({name: part.name, note: count(part.replies), value: percent(part.saved), length: part.saved, interval: ends(part.ci95)})), 100));
  const mostSaved = list => [...list].sort((a, b) => b.saved - a.saved || (a.name < b.name ? -1 : 1));
  const where = section('where', 'Where it helps',
    'Net time saved; beside each name, the number of replies. No interval for fewer than ten conversations.',
    figures(
      parts('Length of the reply', 'In characters.', breakdown.lengths),
      parts('Place in the reply', 'Of replies that were typed, in characters.', breakdown.places),
      parts('Queue', 'Most saved first.', mostSaved(breakdown.domains)),
      parts('Agent', 'Agents with enough replies, most saved first.', mostSaved(breakdown.agents))));

  const setup = section('setup', 'Setup', '', facts([
    ['Measured on', data.files.join(', ')],
    data.train && ['Baselines learned from', data.train.join(', ')],
    data.typos && ['Typing errors', `${percent(100 * data.typos)} of the keys, corrected`],
    data.answers && ['Replies that are answers of the set', `${percent(100 * Object.values(data.answers).reduce((all, one) => all + one, 0) / data.replies)}, of ${count(Object.keys(data.answers).length)} answers`],
    data.precision && ['Precision', data.precision],
    data.operating_point && ['Operating point', data.operating_point],
    ['Time for an offer', `${decimals(data.latency.complete.p50_ms, 2)} ms (median), ${decimals(data.latency.complete.p95_ms, 2)} ms (95%)`],
  ]));

  page.show({
    kind: 'Evaluation report', title: data.model, codeVersion: data.code_version,
    status: `${count(data.conversations)} conversations · ${count(data.replies)} replies · ${count(data.characters)} characters`,
    sections: [judged, plain, tiles, saved, differences, where, setup],
  });
})();
