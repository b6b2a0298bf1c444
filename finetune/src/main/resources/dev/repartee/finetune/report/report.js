// The page of a training run. Its data is a RunReport.Document.
(() => {
  'use strict';
  const {data, decimals, count, significant, bytes, duration} = page;
  const {section, fold, words, table, figures, figure, sized} = page;
  const {plan, curves, best, validations, resumes, last_step: lastStep, seconds, tokens} = data;

  const perplexity = ({perplexity: value}) => value < 100 ? decimals(value, value < 10 ? 2 : 1) : significant(value);
  const known = (value, format) => value == null ? '–' : format(value);

  // The end of the run and the key figures

  const status = [
    data.status.reason,
    `step ${count(lastStep)} of ${count(plan.steps)}`,
    resumes.length > 0 && (resumes.length === 1 ? 'resumed once' : `resumed ${resumes.length} times`),
  ].filter(Boolean).join(' · ');
  const atStep = step => step === 0 ? 'before training' : 'at step ' + count(step);
  const first = validations[0];
  const tiles = page.tiles([
    ['Best validation perplexity', known(best, perplexity), best ? 'at step ' + count(best.step) : 'no validation yet'],
    ['First validation perplexity', known(first, perplexity), first && atStep(first.step)],
    ['Tokens per second', known(curves.speed?.median, value => count(value)), 'median of the steps'],
    ['Duration', seconds > 0 ? duration(seconds) : '–', tokens === 0 ? 'of training and validation'
      : (tokens < 1e6 ? count(tokens) : decimals(tokens / 1e6, 1) + ' million') + ' tokens trained'],
    ['Peak memory', known(curves.memory?.max, value => bytes(value)), 'of the process'],
  ]);

  // Curves

  const chart = more => page.lineChart({
    x: ['Step', 'last'], format: 'number', fromZero: true,
    marks: [...data.epochs.map(({step, epoch}) => ({x: step, text: 'epoch ' + epoch})), ...resumes.map(step => ({x: step, text: 'resumed', dashed: true}))],
    ...more,
  });
  const raw = ({step, value, smooth}, rawLabel, smoothLabel) =>
    [step, {label: rawLabel, color: 'faint', faint: true, values: value}, {label: smoothLabel, color: 'blue', loose: true, values: smooth}];
  const single = ({step, value}, line) => [step, {values: value, ...line}];

  function lossFigure({step, value, smooth}) {
    const measured = validations.filter(({loss}) => Number.isFinite(loss));
    const text = `Nats a token. Smoothed training loss from ${decimals(smooth[0], 3)} to ${decimals(smooth.at(-1), 3)} (over about ${count(data.span)} steps)`
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
  const {loss, rate, norm, speed, memory} = curves;
  const clip = plan.gradient_clip;
  const charts = figures(
    loss && lossFigure(loss),
    rate && figure('Learning rate', `Highest ${significant(rate.max)}, ${significant(rate.value.at(-1))} at the end.`,
      chart({tables: [single(rate, {label: 'Learning rate', color: 'violet'})]})),
    norm && figure('Gradient norm',
      `Before clipping. Median ${significant(norm.median)}, highest ${significant(norm.max)}; clipped at ${clip}.`,
      chart({tables: [raw(norm, 'Each step', 'Smoothed')], level: {y: clip, text: 'clip ' + clip}})),
    speed && figure('Throughput', `Median ${count(speed.median)} tokens/s; context counts, padding does not.`, chart({
      format: 'count',
      tables: [raw(speed, 'Tokens/s, each step', 'Tokens/s, smoothed')],
    })),
    memory && figure('Memory', `Of the process. At most ${bytes(memory.max)}, ${bytes(memory.value.at(-1))} at the end.`,
      chart({format: 'bytes', tables: [single(memory, {label: 'Resident memory', color: 'green'})]})));
  const curvesSection = section('curves', 'Curves',
    'By step. Point at a chart to read its values in all of them; drag to enlarge a part, double-click to go back. Red triangles stand for values above'
      + ` the frame, dotted lines for the start of an epoch${resumes.length > 0 ? ', dashed lines for where the run was resumed' : ''}.`,
    charts,
    validations.length > 0 && fold('All validations', table(['After step', 'Loss', 'Perplexity', words('')], validations.map(one => [
      one.step === 0 ? 'before training' : count(one.step), decimals(one.loss, 4), perplexity(one), one.step === best?.step && 'best',
    ]))));

  page.show({
    kind: 'Training report', title: plan.name, status: {tone: data.status.tone, badge: data.status.badge, text: status}, codeVersion: data.code_version,
    sections: [tiles, loss || validations.length > 0 ? curvesSection : null],
  });
})();
