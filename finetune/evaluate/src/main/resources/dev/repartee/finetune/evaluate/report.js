// The page of an evaluation. Its data is an EvaluationPage, whose shares are in percent.
(() => {
  'use strict';
  const {data, h, s, decimals, count} = page;
  const {section, facts, fold, words, table, figures, figure} = page;
  const {evaluation, rivals} = data;
  const {suggestions, rules, breakdown, calibration, long_replies: long} = evaluation;

  const percent = value => value == null ? '–' : decimals(value, 1) + '%';
  const between = ({low, high}) => `${decimals(low, 1)} to ${decimals(high, 1)}`;
  const few = evaluation.conversations < 10; // Interval.LEAST_CONVERSATIONS
  const interval = ci95 => few ? 'too few conversations for an interval' : '95%: ' + between(ci95);
  const signed = points => (points < 0 ? '−' : '+') + decimals(Math.abs(points), 1); // the minus sign, which is as wide as the plus
  const milliseconds = value => value < .01 ? '< 0.01 ms' : decimals(value, value < 10 ? 2 : value < 100 ? 1 : 0) + ' ms';
  const note = text => h('small', text);
  const ends = ci95 => few ? undefined : ci95 && [ci95.low, ci95.high];

  const RULES = {
    net: 'each text shown costs 1.5 keystrokes to read, each one taken 2; entire right offers of four characters or more are taken',
    steady: 'as net, for an agent who needs a key\'s time to see an offer',
    net_aside: 'as net; whole replies cost no reading, as if they stood in a separate place',
    net_costs: 'as net, with the costs that were fitted to your agents',
    steady_costs: 'as steady, with the costs that were fitted to your agents',
    net_read05: 'as net, for an agent who reads a text in half a keystroke',
    net_read25: 'as net, for an agent who reads a text in 2.5 keystrokes',
    whole10: 'only entire right offers of ten characters or more are taken',
    word4: 'the right part of an offer, four characters or more, is taken',
    whole4: 'only entire right offers of four characters or more are taken',
    word10: 'the right part of an offer, ten characters or more, is taken',
    whole20: 'only entire right offers of twenty characters or more are taken',
  };

  const perReply = number => decimals(number / evaluation.replies, 2);
  const headline = rules[breakdown.rule];
  const best = data.bestBaseline;
  const tiles = page.tiles([
    [(breakdown.rule === 'net' ? 'Net time saved' : 'Typing saved, ' + breakdown.rule), percent(headline.saved), interval(headline.ci95)],
    rules.steady && ['Steady', percent(rules.steady.saved), interval(rules.steady.ci95)],
    long?.count > 0 && ['Net, long replies', percent(long.net), `${count(long.count)} of over 200 characters, messages joined · steady ${percent(long.steady)}`],
    best && ['Times the best baseline', best.ratio == null ? '–' : decimals(best.ratio, 2) + '×', `${best.name} saves ${percent(best.saved)}`],
    ['By whole replies alone', percent(suggestions.saved), `${interval(suggestions.ci95)} · by those shown ${percent(suggestions.shown_saved)}`],
    ['Reply among the top 3', percent(suggestions.top3), `first: ${percent(suggestions.top1)} · MRR ${decimals(suggestions.mrr, 3)}`],
    ['Offers taken', percent(headline.offer_precision), `of ${count(headline.offers_shown)} shown, ${perReply(headline.offers_shown)} per reply · whole replies shown: ${perReply(headline.replies_shown)} per reply`],
    evaluation.perplexity && ['Perplexity', decimals(evaluation.perplexity.perplexity, 2), decimals(evaluation.perplexity.bits_per_character, 2) + ' bits a character'],
  ]);

  const plain = h('p.plain', breakdown.rule === 'net'
    ? `Agents would have spent ${percent(headline.saved)} less time on writing these ${count(evaluation.replies, 'reply').replace('replys', 'replies')}, with the time to read suggestions taken off.`
    : `Agents would have typed ${percent(headline.saved)} less in these ${count(evaluation.replies, 'reply').replace('replys', 'replies')}.`,
    best && best.saved != null && ` The best simple method, ${best.name}, saves ${percent(best.saved)}.`,
    ' It is an estimate by rules, not a clock.');

  // The model in comparison with the baselines and the other model

  const savings = rule => {
    const bar = (rank, {model, description}, {saved, ci95}) => ({rank, name: model, note: description, value: percent(saved), length: saved, interval: ends(ci95)});
    return figure(rule, RULES[rule],
      page.bars('What', 'Saved', [bar('own', data, rules[rule]), ...rivals.filter(rival => rule in rival.rules).map(rival => bar('other', rival, rival.rules[rule]))], 100));
  };
  const cell = saving => saving && [percent(saving.saved), !few && note(between(saving.ci95)), note(`${percent(saving.offer_precision)} of ${count(saving.offers_shown)} taken`)];
  const saved = section('saved', 'Time and typing saved',
    'The share of agents\u2019 time, in keystrokes, that these suggestions would have saved for the same replies.'
      + ' The rules net and steady charge for reading; the others count characters alone. Baselines use thresholds from validation conversations.'
      + (few ? '' : ' Black lines: 95% intervals by bootstrap over conversations.'),
    figures(['net', 'steady', 'whole10', 'word4'].filter(rule => rule in rules).map(savings)),
    fold('All rules', table([words('Rule'), data.model, ...rivals.map(({model}) => model)], Object.entries(rules).map(([rule, saving]) =>
      [h('span', {title: RULES[rule]}, rule), cell(saving), ...rivals.map(rival => cell(rival.rules[rule]))]))));

  const difference = (what, {difference, ci95, better}) => {
    const tone = ci95.low > 0 ? 'good' : ci95.high < 0 ? 'bad' : 'same';
    return [what, h('span.pill.' + tone, signed(difference)), `${signed(ci95.low)} to ${signed(ci95.high)}`, percent(better)];
  };
  const against = ({model, description, compared, advantage}) => {
    const element = fold(`Against ${model}${description && ` (${description})`}`, table(['Rule', 'Difference', '95% interval', 'Better in'], [
      difference('whole replies alone', advantage.suggestions), ...Object.entries(advantage.rules).map(([rule, one]) => difference(rule, one)),
    ]));
    element.open = compared;
    return element;
  };
  const differences = section('differences', 'Differences',
    'Percentage points saved more than by the other model, on the same conversations.'
      + ' Resampled in pairs: better in 97.5% of the resamples or more is not due to the choice of conversations.',
    rivals.map(against));

  // Reliability diagrams: one percent is two units wide and high.

  function diagram(bins) {
    const [x, y] = [bin => 2 * bin.mean_score, bin => 200 - 2 * bin.right];
    const text = (place, label) => s('text', place, label);
    const shares = ['0%', '50%', '100%'];
    return s('svg.reliability', {viewBox: '-30 -8 240 242', role: 'img'},
      s('path.grid', {d: 'M0 50H200M0 100H200M0 150H200M50 0V200M100 0V200M150 0V200'}),
      s('path.ideal', {d: 'M0 200L200 0'}),
      s('rect.frame', {width: 200, height: 200}),
      s('polyline', {points: bins.map(bin => `${x(bin)},${y(bin)}`).join(' ')}),
      bins.map(bin => s('circle', {cx: x(bin), cy: y(bin), r: 4},
        s('title', `score ${percent(bin.mean_score)}: ${percent(bin.right)} right, of ${count(bin.count)}`))),
      s('g', {'text-anchor': 'end'}, shares.map((share, at) => text({x: -5, y: [203, 103, 7][at]}, share))),
      s('g', {'text-anchor': 'middle'}, shares.map((share, at) => text({x: [4, 100, 196][at], y: 214}, share)),
        text({x: 100, y: 226}, 'score'), text({transform: 'translate(-20 52) rotate(-90)'}, 'right')));
  }
  function reliability(title, {count: number, mean_score, right, ece, ece_of_perfect, skill, skill_ci95, bins}) {
    if (number === 0) return figure(title, 'None was shown.');
    return figure(title, `${count(number)} shown; mean score ${percent(mean_score)}, right ${percent(right)}. Off by ${decimals(ece, 1)} points on average (ECE); true scores would be off by up to ${decimals(ece_of_perfect, 1)}. Brier skill ${percent(skill)} (${between(skill_ci95)}).`,
      diagram(bins),
      fold('Values', table(['Mean score', 'Shown', 'Right'],
        bins.map(bin => [percent(bin.mean_score), count(bin.count), percent(bin.right)]))));
  }
  const scores = section('scores', 'Are scores probabilities?',
    'Points on the dashed line: texts with a score of 40% are right in 40% of the cases. Below the line scores are too high.'
      + ' Each point is a tenth of the texts shown.',
    figures(reliability('Offers while typing', calibration.offers), reliability('Whole replies before typing', calibration.suggestions)));

  const parts = (title, text, list) => list.length === 0 ? null : figure(title, text, page.bars('Part', 'Saved', list.map(part =>
    ({name: part.name, note: count(part.replies), value: percent(part.saved), length: part.saved, interval: ends(part.ci95)})), 100));
  const mostSaved = list => [...list].sort((a, b) => b.saved - a.saved || (a.name < b.name ? -1 : 1));
  const where = section('where', 'Where it helps',
    'Saved under the headline rule; beside each name, the number of replies. No interval for fewer than five conversations.',
    figures(
      parts('Length of the reply', 'In characters.', breakdown.lengths),
      parts('Position in the conversation', 'Which of the agent\'s replies it is, counted from the first.', breakdown.positions),
      parts('Domain', 'Most saved first.', mostSaved(breakdown.domains)),
      parts('Agent', 'Agents with enough replies, most saved first.', mostSaved(breakdown.agents))));

  const latency = (what, {count: calls, ...times}) => [what, count(calls), ...['p50_ms', 'p95_ms', 'p99_ms', 'max_ms'].map(name => milliseconds(times[name]))];
  const latencies = (whose, {open, answers, complete}) =>
    [latency('Reading a conversation' + whose, open), latency('Whole replies' + whose, answers), latency('Offer after a keystroke' + whose, complete)];
  const speed = section('speed', 'Latency',
    'Time in the predictor for the first replies, one at a time, on the machine of the measurement. The first calls warm up and are among the slowest.',
    table(['What', 'Calls', 'p50', 'p95', 'p99', 'Max'], [
      ...latencies('', evaluation.latency),
      ...rivals.filter(rival => rival.compared).flatMap(rival => latencies(' · ' + rival.model, rival.latency)),
    ]));

  // Example replies: what was typed, what was taken, and which offers were not taken

  const MOST_REFUSED = 8;
  const DRAFT_END = 24; // characters of a draft before an offer; its end shows where the offer stood
  const typed = text => h('span.typed', text);
  const taken = text => h('mark', text);
  function example({reply, rightSuggestions}) {
    const pieces = reply.suggestion_taken ? [taken(reply.reply)] : [];
    const refused = [];
    let written = '';
    for (const {typed: text, offer} of reply.steps) {
      written += text;
      pieces.push(typed(text));
      if (offer?.taken) {
        written += offer.taken;
        pieces.push(taken(offer.taken));
      } else if (offer) {
        const draft = [...written];
        refused.push(h('li', (draft.length > DRAFT_END ? '…' : '') + draft.slice(-DRAFT_END).join(''), h('s', offer.text), h('span.soft', ' ' + percent(100 * offer.score))));
      }
    }
    return page.exchange(reply.context,
      h('p.label', `${decimals(reply.saved, 1)} of ${count(reply.characters)} keystrokes saved${reply.suggestion_taken ? ', as one of the replies shown before typing' : ''}`),
      h('p.typing', pieces),
      reply.suggestions.length > 0 && [
        h('p.label', 'Shown before typing'),
        h('ul.chips', reply.suggestions.map(text => h('li', {class: rightSuggestions.includes(text) && 'taken'}, text))),
      ],
      refused.length > 0 && fold(`Offered and not taken: ${refused.length}${refused.length > MOST_REFUSED ? `, of which the first ${MOST_REFUSED}` : ''}`,
        h('ol.lines', refused.slice(0, MOST_REFUSED))));
  }
  const {most, least} = data.examples;
  const examples = most.length + least.length === 0 ? null : section('examples', 'Example replies',
    [typed('Underlined'), ': typed by the agent. ', taken('Marked'), ': taken at once, for one action.'],
    most.length > 0 && [h('h3', 'Replies that saved most'), most.map(example)],
    least.length > 0 && [h('h3', 'Replies that saved least'), least.map(example)]);

  const setup = section('setup', 'Setup', '', facts([
    ['Measured on', data.files.join(', ')],
    data.train.length > 0 && ['Baselines learned from', data.train.join(', ')],
    data.precision && ['Precision', data.precision],
    data.operatingPoint && ['Operating point', data.operatingPoint],
    ['Headline rule', breakdown.rule],
  ]));

  page.show({
    kind: 'Evaluation report', title: data.model, codeVersion: data.codeVersion,
    status: `${count(evaluation.conversations)} conversations · ${count(evaluation.replies)} replies · ${count(evaluation.characters)} characters`,
    sections: [plain, tiles, saved, differences, scores, where, speed, examples, setup],
  });
})();
