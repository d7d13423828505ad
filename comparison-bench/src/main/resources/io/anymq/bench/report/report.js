'use strict';
(() => {
  const {runs, timelines} = JSON.parse(document.getElementById('data').textContent);
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

  function throughput(broker) {
    const mine = runs.filter(r => r.broker === broker && r.window);
    const windows = [...new Set(mine.map(r => r.window))].sort((a, b) => a - b);
    const label = r => 'window ' + r.window + ' · ' + r.arm;
    const labels = windows.flatMap(w => ['adapter', 'raw'].map(arm => ({window: w, arm}))
      .filter(g => mine.some(r => r.window === g.window && r.arm === g.arm)).map(label));
    const points = list => list.map(r => ({x: r.rate, y: label(r), id: r.id}));
    const sets = ['adapter', 'raw'].filter(arm => mine.some(r => r.arm === arm)).map(arm => ({
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
      scales: {
        x: {...axis('messages per second', v => compact.format(v)), ...bounds(mine.map(r => r.rate))},
        y: {type: 'category', labels, offset: true, grid: {color: color('grid')}, border: {display: false}, ticks: {color: color('ink')}},
      },
      plugins: {legend: legend(), tooltip: {callbacks: {label: c => c.raw.id + ': ' + Math.round(c.raw.x).toLocaleString('en') + ' msg/s'}}},
    }};
  }

  function latency(broker) {
    const mine = runs.filter(r => r.broker === broker && r.load);
    const loads = [...new Set(mine.map(r => r.load))];
    const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
    const shapes = ['circle', 'triangle', 'rectRot', 'rect'];
    const seen = new Set();
    const sets = mine.map(r => {
      const name = r.load + ' · ' + r.arm;
      const first = !seen.has(name);
      seen.add(name);
      return {
        label: name, first, data: r.latency,
        borderColor: color(r.arm), backgroundColor: color(r.arm), borderWidth: 2,
        borderDash: dashes[loads.indexOf(r.load) % dashes.length],
        pointStyle: shapes[loads.indexOf(r.load) % shapes.length], pointRadius: 4, tension: 0,
      };
    });
    return {type: 'line', data: {labels: ['p50', 'p90', 'p99', 'p99.9', 'max'], datasets: sets}, options: {
      maintainAspectRatio: false, animation: false, interaction: {mode: 'nearest', intersect: false},
      scales: {
        x: {grid: {color: color('grid')}, border: {display: false}, ticks: {color: color('ink')}},
        y: {...axis('', micros), ...bounds(mine.flatMap(r => r.latency)), title: {display: false}},
      },
      plugins: {
        legend: {...legend(), labels: {...legend().labels, filter: item => sets[item.datasetIndex].first}},
        tooltip: {callbacks: {label: c => c.dataset.label + ': ' + micros(c.raw)}},
      },
    }};
  }

  function timeline(broker, {scenario, title}) {
    const points = timelines.find(t => t.broker === broker && t.scenario === scenario).points;
    const line = (label, column, name, extra) => ({
      label, data: points.map(p => ({x: p[0], y: p[column]})), borderColor: color(name), backgroundColor: color(name),
      borderWidth: 2, pointRadius: 0, tension: 0, ...extra,
    });
    const linear = text => ({type: 'linear', beginAtZero: true, title: {display: !!text, text, color: color('soft')},
      grid: {color: color('grid')}, border: {display: false}, ticks: {color: color('soft'), maxTicksLimit: narrow() ? 5 : 9}});
    return {type: 'line', data: {datasets: [
      line('confirmed per second', 2, 'adapter'), line('handled per second', 3, 'raw', {borderDash: [6, 3]}),
      line('waiting', 1, 'soft', {fill: true, backgroundColor: color('soft') + '33', borderWidth: 1}),
    ]}, options: {
      maintainAspectRatio: false, animation: false, interaction: {mode: 'index', intersect: false}, parsing: false,
      scales: {x: linear('seconds'), y: linear('')},
      plugins: {legend: legend(), title: {display: true, text: title, align: 'start', color: color('ink')}},
    }};
  }

  const kinds = {throughput, latency, timeline};
  let charts = [];
  function draw() {
    charts.forEach(c => c.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    charts = [...document.querySelectorAll('canvas[data-chart]')]
      .map(canvas => new Chart(canvas, kinds[canvas.dataset.chart](canvas.dataset.broker, canvas.dataset)));
  }
  draw();
  dark.addEventListener('change', draw);
})();
