// The page of a usage report. Its data is a UsageReport.Page, whose shares are in percent.
(() => {
  'use strict';
  const {data, decimals, count} = page;
  const {h, section, facts, fold, words, table, figures, figure, sized} = page;
  const {report, code_version: codeVersion} = data;
  const {all, ci95} = report;

  const absent = '–';
  const percent = value => value == null ? absent : decimals(value, 1) + '%';
  const seconds = value => value == null ? absent : decimals(value, 1) + ' s';
  const between = interval => interval ? `95%: ${decimals(interval.low, 1)} to ${decimals(interval.high, 1)}` : 'Too few conversations for an interval';

  const tiles = page.tiles([
    ['Composing time', seconds(all.composing_seconds), `a reply, on average. ${between(ci95.composing_seconds)}`],
    ['Net time saved', percent(all.net), `in keystrokes, less those for reading. ${between(ci95.net)}`],
    ['Typed text saved', percent(all.typed_text_saved), between(ci95.typed_text_saved)],
    ['Adoption', percent(all.adoption), `of replies with a suggestion. ${between(ci95.adoption)}`],
    ['Edited', percent(all.edited), `of the suggestions used. ${between(ci95.edited)}`],
  ]);

  const plain = h('p.plain',
    `Agents sent a suggestion in ${percent(all.adoption)} of the replies that had one.`,
    all.net != null && ` In keystrokes, ${percent(all.net)} of the work was saved, with reading taken off.`);

  const COLUMNS = ['Replies', 'With a suggestion', 'Adoption', 'Edited', 'Net', 'Typed text saved', 'Seconds a reply', 'Seconds for 100 characters'];
  const cells = row => [
    count(row.replies), percent(row.assisted), percent(row.adoption), percent(row.edited), percent(row.net), percent(row.typed_text_saved),
    seconds(row.composing_seconds), seconds(row.composing_seconds_per_100_characters),
  ];
  const rows = (name, list, caption) => table([words(name), ...COLUMNS], list.map(row => [row.name || 'not known', ...cells(row.figures)]), caption);

  // A week that lacks a figure is left out of its line.
  const line = (key, scale) => {
    const known = report.weeks.map((week, at) => [at + 1, week.figures[key]]).filter(([, value]) => value != null);
    return {places: known.map(([at]) => at), values: known.map(([, value]) => value * scale)};
  };
  const chart = (format, lines) => {
    const drawn = lines.map(({key, scale, ...more}) => ({...more, ...line(key, scale)})).filter(({values}) => values.length > 0);
    return drawn.length === 0 || report.weeks.length < 2 ? null : page.lineChart({
      x: ['Week', 'last'], format, fromZero: true,
      tables: drawn.map(({places, ...more}) => [places, {dots: places.length < 60, ...more}]),
    });
  };
  const time = chart('number', [{key: 'composing_seconds', scale: 1, label: 'Seconds a reply', color: 'blue'}]);
  const shares = chart('percent', [
    {key: 'adoption', scale: .01, label: 'Adoption', color: 'green'},
    {key: 'edited', scale: .01, label: 'Edited', color: 'orange'},
  ]);
  const net = chart('percent', [
    {key: 'net', scale: .01, label: 'Net', color: 'blue'},
    {key: 'typed_text_saved', scale: .01, label: 'Typed text saved', color: 'soft', dashed: true},
  ]);
  // Only if something is missing: a row without known agents, or of enough, has its times.
  const without = list => all.timed > list.reduce((sum, row) => sum + row.figures.timed, 0) ? 'Times of fewer than ten known agents are left out, and those from which they would follow.' : '';
  const weeks = section('weeks', 'Week by week', report.weeks.length > 0 ? `Week 1 begins on ${report.weeks[0].name}; weeks begin on Mondays, in UTC. ${without(report.weeks)}` : '',
    report.weeks.length < 2 ? null : figures(
      time && sized('full', figure('Composing time', 'Seconds that agents compose a reply, on average. Pauses count as 10 seconds at most.', time)),
      net && figure('Saved', 'Share of the keystrokes.', net),
      shares && figure('Suggestions used', 'Adoption: of the replies with a suggestion. Edited: of the suggestions used.', shares)),
    report.weeks.length < 2 ? rows('Week', report.weeks) : fold('Values', rows('Week', report.weeks)));

  const queues = section('queues', 'By queue', 'Queues of fewer than ten known agents are shown together. If they are still fewer than ten, the queue of the next fewest agents is added.', rows('Queue', [...report.queues, ...(report.other_queues ? [report.other_queues] : [])]));
  const versions = section('versions', 'By version', without(report.versions), rows('Model', report.versions));

  const agents = report.agents && section('agents', 'Agents', `${count(report.agents.known)} agents, in groups of ten and more, those who use suggestions least first.`,
    rows('Group', report.agents.groups));

  const typed = section('typed', 'Replies typed often that could become answers',
    'Typed by hand by several agents, in several conversations; where agents are not known, in five and more. Those that cost most come first.',
    report.typed_often.length === 0 ? null : table([words('Reply'), 'Replies', 'Characters'],
      report.typed_often.slice(0, 20).map(one => [one.text, count(one.replies), count(one.characters)])),
    report.typed_often.length > 20 && fold(`${count(report.typed_often.length - 20)} more`, table([words('Reply'), 'Replies', 'Characters'],
      report.typed_often.slice(20).map(one => [one.text, count(one.replies), count(one.characters)]))));

  const {library, entries, unused: number, never_used: unused} = report.answers;
  const answers = section('unused', 'Answers never used',
    (library ? `${count(number)} of the ${count(entries, 'entry').replace('entrys', 'entries')} of ${library}.` : 'Shown for twenty replies and more, and sent in none.')
      + (number > unused.length ? ` Of ${count(number)}, the ${count(unused.length)} that were shown most often are listed.` : ''),
    unused.length === 0 ? null : table([words('Answer'), words('Text'), 'Shown'], unused.slice(0, 20).map(one => [one.id, one.text, count(one.displayed)])),
    unused.length > 20 && fold(`${count(unused.length - 20)} more`,
      table([words('Answer'), words('Text'), 'Shown'], unused.slice(20).map(one => [one.id, one.text, count(one.displayed)]))));

  const counted = section('counted', 'Counted', '', facts([
    ['Days, in UTC', report.first === report.last ? report.first : `${report.first} to ${report.last}`],
    ['Replies', count(all.replies)],
    ['With times', count(all.timed)],
    ['Stored twice, counted once', count(report.repeats)],
    ['Lines that cannot be read', count(report.unreadable)],
  ]));

  page.show({
    kind: 'Usage', title: 'What suggestions do for agents', codeVersion,
    status: `${count(all.replies)} replies · ${report.first === report.last ? report.first : `${report.first} to ${report.last}`}`,
    sections: [plain, tiles, weeks, queues, versions, agents, typed, answers, counted],
  });
})();
