// The page of a training run. Its data is a RunReport.Document.
(() => {
  'use strict';
  const {data, h, decimals, count, percent, range, significant, bytes, duration} = page;
  const {section, facts, fold, words, table, figures, figure, sized} = page;
  const {run, course, curves, best, validations} = data;

  const perplexity = ({perplexity: value}) => value < 100 ? decimals(value, value < 10 ? 2 : 1) : significant(value);
  const known = (value, format) => value == null ? '–' : format(value);

  // The end of the run and the key figures

  const {lastStep, resumes} = course;
  const status = [
    course.status.reason,
    `step ${count(lastStep)} of ${count(run.plan.steps)}`,
    resumes.length > 0 && (resumes.length === 1 ? 'resumed once' : `resumed ${resumes.length} times`),
  ].filter(Boolean).join(' · ');
  const atStep = step => step === 0 ? 'before training' : 'at step ' + count(step);
  const first = validations[0];
  const tiles = page.tiles([
    ['Best validation perplexity', known(best, perplexity), best ? 'at step ' + count(best.step) : 'no validation yet'],
    ['First validation perplexity', known(first, perplexity), first && atStep(first.step)],
    ['Tokens per second', known(curves.speed?.median, value => count(value)), 'median of the steps'],
    ['MFU', known(curves.mfu?.median, percent), curves.mfu ? 'of the matmul peak' : 'not measured'],
    ['Duration', course.seconds > 0 ? duration(course.seconds) : '–', course.tokens === 0 ? 'of training and validation'
      : (course.tokens < 1e6 ? count(course.tokens) : decimals(course.tokens / 1e6, 1) + ' million') + ' tokens trained'],
    ['Peak memory', known(curves.memory?.max, value => bytes(value)), `${run.machine.device} · ${run.machine.precision}`],
  ]);

  const MARKS = {good: ['✓', 'good'], note: ['!', 'look at this'], bad: ['✕', 'bad'], unknown: ['?', 'not known']};
  const verdict = ({level, question, answer, evidence}) => {
    const [mark, word] = MARKS[level.toLowerCase()];
    return h('article.card.verdict.' + level.toLowerCase(),
      h('h3', h('span.mark', {title: word}, mark), ' ', question), h('p.answer', answer, h('span.hidden', ` (${word})`)), h('p', evidence));
  };
  const verdicts = section('verdicts', 'At a glance', '',
    h('div.verdicts', data.verdicts.map(verdict)),
    fold('How these are decided', h('dl.rules', data.verdicts.map(({question, rule}) => [h('dt', question), h('dd', rule)]))));

  // Curves

  const chart = more => page.lineChart({
    x: ['Step', 'last'], format: 'number', fromZero: true,
    marks: [...course.epochs.map(({step, epoch}) => ({x: step, text: 'epoch ' + epoch})), ...resumes.map(step => ({x: step, text: 'resumed', dashed: true}))],
    ...more,
  });
  const raw = ({step, value, smooth}, rawLabel, smoothLabel) =>
    [step, {label: rawLabel, color: 'faint', faint: true, values: value}, {label: smoothLabel, color: 'blue', loose: true, values: smooth}];
  const single = ({step, value}, line) => [step, {values: value, ...line}];

  function lossFigure({step, value, smooth, first, last}) {
    const measured = validations.filter(({loss}) => Number.isFinite(loss));
    const text = `Nats a token. Smoothed training loss from ${decimals(first, 3)} to ${decimals(last, 3)} (over about ${count(course.span)} steps)`
      + (best ? `; validation loss lowest at step ${count(best.step)} with ${decimals(best.loss, 3)}.` : '.');
    return sized('full', figure('Loss', text, chart({
      fromZero: false,
      tables: [
        [step, {label: 'Training, each step', color: 'faint', faint: true, values: value}, {label: 'Training, smoothed', color: 'blue', values: smooth}],
        measured.length > 0 && [measured.map(one => one.step), {label: 'Validation', color: 'orange', dots: true, values: measured.map(({loss}) => loss)}],
      ].filter(Boolean),
      best: best && {x: best.step, y: best.loss, text: 'best: perplexity ' + perplexity(best)},
    })));
  }
  const {loss, rate, norm, speed, mfu, memory} = curves;
  const clip = run.plan.gradientClip;
  const charts = figures(
    loss && lossFigure(loss),
    rate && figure('Learning rate', `Highest ${significant(rate.max)}, ${significant(rate.last)} at the end.`,
      chart({tables: [single(rate, {label: 'Learning rate', color: 'violet'})]})),
    norm && figure('Gradient norm',
      `Before clipping. Median ${significant(norm.median)}, highest ${significant(norm.max)}; clipped at ${clip}.`,
      chart({tables: [raw(norm, 'Each step', 'Smoothed')], level: {y: clip, text: 'clip ' + clip}})),
    speed && figure('Throughput', `Median ${count(speed.median)} tokens/s; context counts, padding does not.`, chart({
      format: 'count',
      tables: [raw(speed, 'Tokens/s, each step', 'Tokens/s, smoothed'),
        mfu && [mfu.step, {label: 'MFU, smoothed', color: 'green', dashed: true, asShare: true, values: mfu.smooth}]].filter(Boolean),
    })),
    memory && figure('Memory', `Of the process. At most ${bytes(memory.max)}, ${bytes(memory.last)} at the end.`,
      chart({format: 'bytes', tables: [single(memory, {label: 'Resident memory', color: 'green'})]})));
  const curvesSection = section('curves', 'Curves',
    'By step. Point at a chart to read its values in all of them; drag to enlarge a part, double-click to go back. Red triangles stand for values above'
      + ` the frame, dotted lines for the start of an epoch${resumes.length > 0 ? ', dashed lines for where the run was resumed' : ''}.`,
    charts,
    fold('Values along the run', table(
      ['Steps', 'Training loss', 'Learning rate', 'Gradient norm', 'Tokens/s', 'MFU', 'Memory'],
      data.parts.map(part => [
        range(part.first, part.last), known(part.loss, value => decimals(value, 3)), known(part.learningRate, significant),
        known(part.gradientNorm, significant), known(part.tokensPerSecond, value => count(value)), known(part.mfu, percent),
        known(part.residentBytes, value => bytes(value)),
      ]),
      'Means of equal parts of the run; loss by scored tokens')));

  const records = section('records', '', '',
    fold('All validations', table(['After step', 'Loss', 'Perplexity', words('')], validations.map(one => [
      one.step === 0 ? 'before training' : count(one.step), decimals(one.loss, 4), perplexity(one), one.step === best?.step && 'best',
    ]))),
    fold('Interruptions and checkpoints', table(['After step', words('What'), words('Detail')],
      data.events.map(({step, kind, detail}) => [count(step), kind, detail]))));

  // Predictions before and after

  const reply = (title, text, pill) => h('div.reply', h('p.label', title, pill), h('p', text));
  const predicted = (title, {text, lossOfWritten: loss}, trend) =>
    reply(title, text.trim() || '(nothing)', loss != null && h(`span.pill.${trend}`, 'loss ' + decimals(loss, 2)));
  function sample({context, written, before, after, suggested}) {
    const [earlier, later] = [before?.lossOfWritten, after?.lossOfWritten];
    const trend = earlier == null || later == null || earlier === later ? 'same' : later < earlier ? 'good' : 'bad';
    return page.exchange(context,
      reply('The agent wrote', written),
      before && predicted('Predicted before ', before, 'same'),
      suggested
        ? h('div.strong', h('div.reply',
          h('p.label', 'Suggested by the service ', after?.lossOfWritten != null && h(`span.pill.${trend}`, 'loss ' + decimals(after.lossOfWritten, 2))),
          suggested.length === 0 ? h('p', '(nothing that is worth reading)') : suggested.map(text => h('p', text))))
        : after && h('div.strong', predicted('Predicted after ', after, trend)));
  }
  const samples = section('samples', data.samples.some(one => one.suggested) ? 'What the service suggests' : 'Predictions before and after',
    'Replies of the validation data. The loss is that of the agent\'s own words, nats a token: the lower, the more expected.',
    data.samples.map(sample));

  // Training data and setup

  function lengths(title, unit, counted, {bins, median, percentile95, max}) {
    if (bins.length === 0) return null;
    const most = Math.max(...bins.map(bin => bin.count));
    const name = ({from, to}) => range(from, to);
    return figure(title, `${unit}: half have at most ${count(median)}, 95% at most ${count(percentile95)}, the longest ${count(max)}.`,
      h('div.columns', {role: 'img'}, bins.map(bin => h('span', {title: `${name(bin)}: ${count(bin.count)}`, '--size': 100 * bin.count / most + '%'}))),
      h('div.scale', {'aria-hidden': 'true'}, [bins[0].from, bins[Math.floor(bins.length / 2)].from, max].map(place => h('span', count(place)))),
      fold('Values', table([unit, counted], bins.map(bin => [name(bin), count(bin.count)]))));
  }
  function groups(title, {number, known: conversations, largest}, all) {
    if (number === 0) return null;
    const sum = largest.reduce((sum, one) => sum + one.count, 0);
    const text = number > largest.length
      ? `Conversations of the ${largest.length} largest of ${count(number)}: ${percent(sum / conversations)} of all.` : 'Conversations of each.';
    return figure(title, text + (all > conversations ? ` Not known of ${count(all - conversations)}.` : ''),
      page.counts('Name', 'Conversations', largest.map(one => [one.name, one.count])));
  }
  const trainingData = ({volume, scoredShare, windowTokens, replyCharacters, agents, domains}) => {
    const {conversations, customerMessages, agentMessages, cutMessages, windows, tokens, scoredTokens} = volume;
    const number = group => group.number === 0 ? 'not known' : count(group.number);
    return section('data', 'Training data', '',
      facts([
        ['Conversations', count(conversations)],
        ['Messages', count(customerMessages + agentMessages)],
        ['Windows', count(windows)],
        ['Tokens', count(tokens)],
        ['Scored tokens', `${count(scoredTokens)} (${percent(scoredShare)})`],
        ['Truncated messages', count(cutMessages)],
        ['Agents', number(agents)],
        ['Domains', number(domains)],
      ]),
      figures(
        lengths('Window length', 'Tokens', 'Windows', windowTokens),
        lengths('Reply length', 'Characters', 'Replies', replyCharacters),
        groups('Domains', domains, conversations),
        groups('Agents', agents, conversations)));
  };

  const {machine, sources} = run;
  const settings = Object.entries(run.settings);
  const setup = section('setup', 'Setup', '',
    facts([
      ['Base model', sources.base],
      ['Parameters', count(sources.parameters)],
      ['Device', machine.device],
      ['Precision', machine.precision],
      ['Threads', count(machine.threads)],
      ['Repartee', sources.codeVersion],
    ]),
    settings.length > 0 && [h('h3', 'Settings'), facts(settings)],
    sources.files.length > 0 && [h('h3', 'Files read'), page.files(sources.files)]);

  page.show({
    kind: 'Training report', title: run.name, status: {tone: course.status.level.toLowerCase(), badge: course.status.word, text: status}, codeVersion: sources.codeVersion,
    sections: [tiles, verdicts, loss || data.parts.length > 0 ? curvesSection : null, records, samples, data.statistics && trainingData(data.statistics), setup],
  });
})();
