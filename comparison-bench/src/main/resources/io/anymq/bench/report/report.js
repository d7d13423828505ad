'use strict';
(() => {
  const {titles, runs, timelines, costs} = JSON.parse(document.getElementById('data').textContent);
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const narrow = () => window.innerWidth < 560;
  const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumSignificantDigits: 3});
  const micros = v => v >= 1e6 ? +(v / 1e6).toPrecision(3) + ' s' : v >= 1e3 ? +(v / 1e3).toPrecision(3) + ' ms' : +v.toPrecision(3) + ' µs';
  // On a logarithmic axis only 1, 2 and 5 are worth a label.
  const isRound = v => {
    const lead = v / 10 ** Math.floor(Math.log10(v) + 1e-9);
    return [1, 2, 5].some(n => Math.abs(lead - n) < 1e-6);
  };
  const isPower = v => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-6;

  const axis = (title, format) => ({
    type: 'logarithmic',
    title: {display: true, text: title, color: color('soft')},
    grid: {color: color('grid')},
    border: {display: false},
    ticks: {color: color('soft'), autoSkip: false, maxRotation: 0,
      callback(v) {
        const scale = this;
        const crowded = scale.isHorizontal() && narrow();
        const wide = Math.log10(scale.max / scale.min) > (crowded ? 1.2 : 2.6);
        return (wide ? isPower(v) : isRound(v)) ? format(v) : null;
      }},
  });
  const legend = () => ({position: 'top', align: 'start', labels: {color: color('ink'), usePointStyle: true, boxHeight: 7}});
  const bounds = (values) => ({min: Math.min(...values) * 0.7, max: Math.max(...values) * 1.4});

  const arms = ['adapter', 'raw'];
  const category = labels => ({type: 'category', labels, offset: true, grid: {color: color('grid')}, border: {display: false},
    ticks: {color: color('ink'), autoSkip: false, font: {size: narrow() ? 11 : 12}}});

  /** Every run a dot in the row that label gives it. */
  function dots(mine, labels, label) {
    const points = list => list.map(r => ({x: r.rate, y: label(r), id: r.id}));
    const sets = arms.filter(arm => mine.some(r => r.arm === arm)).map(arm => ({
      label: arm === 'adapter' ? 'through AnyMQ' : 'raw',
      data: points(mine.filter(r => r.arm === arm && r.counts)),
      backgroundColor: color(arm) + 'a6', borderColor: color(arm), pointRadius: 6, pointHoverRadius: 8, borderWidth: 1,
    }));
    const voided = mine.filter(r => !r.counts);
    if (voided.length) {
      sets.push({label: 'does not count', data: points(voided), pointStyle: 'crossRot', borderColor: color('soft'), pointRadius: 6, borderWidth: 2});
    }
    return {type: 'scatter', data: {datasets: sets}, options: {
      maintainAspectRatio: false, animation: false,
      scales: {x: {...axis('messages per second', v => compact.format(v)), ...bounds(mine.map(r => r.rate))}, y: category(labels)},
      plugins: {legend: legend(), tooltip: {callbacks: {label: c => c.raw.id + ': ' + Math.round(c.raw.x).toLocaleString('en') + ' msg/s'}}},
    }};
  }

  function throughput({broker}) {
    const mine = runs.filter(r => r.broker === broker && r.window);
    const windows = [...new Set(mine.map(r => r.window))].sort((a, b) => a - b);
    const label = r => 'window ' + r.window + ' · ' + r.arm;
    const labels = windows.flatMap(w => arms.map(arm => ({window: w, arm}))
      .filter(g => mine.some(r => r.window === g.window && r.arm === g.arm)).map(label));
    return dots(mine, labels, label);
  }

  function overview() {
    const mine = runs.filter(r => r.window === 1000);
    const label = r => r.broker + ' · ' + r.arm;
    const labels = Object.keys(titles).flatMap(broker => arms.map(arm => ({broker, arm}))
      .filter(g => mine.some(r => r.broker === g.broker && r.arm === g.arm)).map(label));
    return dots(mine, labels, label);
  }

  function latency({broker}) {
    const mine = runs.filter(r => r.broker === broker && r.load);
    const loads = [...new Set(mine.map(r => r.load))];
    const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
    const seen = new Set();
    const sets = mine.map(r => {
      const name = r.load + ' · ' + r.arm;
      const first = !seen.has(name);
      seen.add(name);
      return {
        label: name, first, id: r.id, data: r.curve.map(p => ({x: p[0], y: p[1]})),
        borderColor: color(r.arm) + (mine.length > 8 ? 'b0' : ''), backgroundColor: color(r.arm), borderWidth: 2,
        borderDash: dashes[loads.indexOf(r.load) % dashes.length], pointRadius: 0, pointHitRadius: 8, tension: 0,
      };
    });
    const rarest = Math.max(...mine.flatMap(r => r.curve.map(p => p[0])));
    const percentile = x => x === 2 ? 'p50' : 'p' + +(100 * (1 - 1 / x)).toFixed(Math.max(0, Math.round(Math.log10(x)) - 2));
    return {type: 'line', data: {datasets: sets}, options: {
      maintainAspectRatio: false, animation: false, interaction: {mode: 'nearest', intersect: false},
      scales: {
        x: {type: 'logarithmic', min: 1, max: rarest, grid: {color: color('grid')}, border: {display: false},
          afterBuildTicks: scale => { scale.ticks = [2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].filter(x => x <= rarest).map(value => ({value})); },
          ticks: {color: color('ink'), autoSkip: false, maxRotation: 0, callback: percentile}},
        y: {...axis('', micros), ...bounds(mine.flatMap(r => r.curve.map(p => p[1]))), title: {display: false}},
      },
      plugins: {
        legend: {...legend(), labels: {...legend().labels, usePointStyle: false, boxWidth: 26, boxHeight: 0, filter: item => sets[item.datasetIndex].first}},
        tooltip: {callbacks: {
          title: items => items.length ? 'one message in ' + compact.format(items[0].raw.x) + ' takes longer' : '',
          label: c => c.dataset.label + ' (' + c.dataset.id + '): ' + micros(c.raw.y),
        }},
      },
    }};
  }

  function timeline({run}) {
    const {group, points} = timelines[run];
    const alike = Object.values(timelines).filter(t => t.group === group).flatMap(t => t.points);
    const most = column => Math.max(...alike.map(p => p[column]));
    const line = (label, column, name, extra) => ({
      label, data: points.map(p => ({x: p[0], y: p[column]})), borderColor: color(name), backgroundColor: color(name),
      borderWidth: 2, pointRadius: 0, tension: 0, ...extra,
    });
    const linear = (text, max) => ({type: 'linear', min: 0, suggestedMax: max, title: {display: !!text, text, color: color('soft')},
      grid: {color: color('grid')}, border: {display: false}, ticks: {color: color('soft'), maxTicksLimit: narrow() ? 5 : 8}});
    return {type: 'line', data: {datasets: [
      line('offered per second', 1, 'soft', {borderDash: [3, 3], borderWidth: 1.5}),
      line('accepted per second', 2, 'adapter'),
      line('handled per second', 3, 'good', {borderDash: [7, 3]}),
      line('waiting', 4, 'raw', {fill: true, backgroundColor: color('raw') + '33', borderWidth: 1}),
    ]}, options: {
      maintainAspectRatio: false, animation: false, interaction: {mode: 'index', intersect: false}, parsing: false,
      scales: {x: {...linear('seconds', most(0)), max: Math.ceil(most(0))}, y: linear('', Math.max(1, most(1), most(2), most(3), most(4)))},
      plugins: {legend: {...legend(), labels: {...legend().labels, usePointStyle: false, boxWidth: 18, boxHeight: 2, padding: 8}}},
    }};
  }

  function cost() {
    const row = c => c.broker + ' · ' + c.arm;
    const bar = (label, field, alpha) => ({label, data: costs.map(c => c[field]),
      backgroundColor: costs.map(c => color(c.arm) + alpha), borderColor: costs.map(c => color(c.arm)), borderWidth: 1});
    const swatch = alpha => ({fillStyle: color('adapter') + alpha, strokeStyle: color('adapter')});
    return {type: 'bar', data: {labels: costs.map(row), datasets: [bar('client', 'client', 'e6'), bar('broker', 'server', '40')]}, options: {
      indexAxis: 'y', maintainAspectRatio: false, animation: false,
      scales: {
        x: {stacked: true, title: {display: true, text: 'processor seconds per million messages', color: color('soft')},
          grid: {color: color('grid')}, border: {display: false}, ticks: {color: color('soft'), maxTicksLimit: narrow() ? 5 : 9}},
        y: {...category(undefined), stacked: true},
      },
      plugins: {legend: {...legend(), labels: {...legend().labels, usePointStyle: false, boxWidth: 14, boxHeight: 10,
        generateLabels: chart => chart.data.datasets.map((d, i) => ({text: d.label, datasetIndex: i, fontColor: color('ink'),
          lineWidth: 1, ...swatch(i ? '40' : 'e6'), hidden: !chart.isDatasetVisible(i)}))}}},
    }};
  }

  const kinds = {overview, throughput, latency, timeline, cost};
  let charts = [];
  function draw() {
    charts.forEach(c => c.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    charts = [...document.querySelectorAll('canvas[data-chart]')]
      .map(canvas => new Chart(canvas, kinds[canvas.dataset.chart](canvas.dataset)));
  }
  draw();
  dark.addEventListener('change', draw);
})();
