// What ReportInBrowserIT looks at: everything about the page in a window, which frame.html shows.
const checks = page => {
  const {document, getComputedStyle, Chart} = page;
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.className ? '.' + e.className : '')
    + ' "' + (e.textContent || '').trim().slice(0, 40) + '"';

  /** Coloured pixels; axes and their labels are grey. */
  function coloured(canvas) {
    if (!canvas.width || !canvas.height) return 0;
    const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const most = Math.max(data[i], data[i + 1], data[i + 2]), least = Math.min(data[i], data[i + 1], data[i + 2]);
      if (data[i + 3] > 60 && most - least > 60) count++;
    }
    return count;
  }

  function scrolls(e) {
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    }
    return false;
  }

  const parse = text => {
    const n = text.match(/[\d.]+/g).map(Number);
    const unit = text.startsWith('color(') ? 255 : 1;
    return [n[0] * unit, n[1] * unit, n[2] * unit, n.length > 3 ? n[3] : 1];
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  /** Background and opacity come down from the parents; each element is asked once. */
  const known = new Map();
  function ground(e) {
    if (!e) return {back: [255, 255, 255, 1], opacity: 1};
    if (!known.has(e)) {
      const parent = ground(e.parentElement), style = getComputedStyle(e);
      known.set(e, {back: over(parse(style.backgroundColor), parent.back), opacity: parent.opacity * style.opacity});
    }
    return known.get(e);
  }
  const light = c => {
    const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  function contrast(e) {
    const {back, opacity} = ground(e);
    const ink = parse(getComputedStyle(e).color);
    ink[3] *= opacity;
    const a = light(over(ink, back)), b = light(back);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  function emptyCharts() {
    return [...document.querySelectorAll('canvas[data-chart]')].filter(c => {
      const chart = Chart.getChart(c);
      const points = chart ? chart.data.datasets.reduce((n, d) => n + d.data.length, 0) : 0;
      return points === 0 || coloured(c) < 20;
    }).map(c => c.dataset.chart + ' ' + (c.dataset.broker || c.dataset.run || ''));
  }
  function deadLinks() {
    return [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))
      .filter(href => !href.startsWith('#') || !document.getElementById(decodeURIComponent(href.slice(1))));
  }
  function tooWide() {
    const width = document.documentElement.clientWidth;
    const found = [...document.body.querySelectorAll('*')]
      .filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e)).map(name);
    return document.documentElement.scrollWidth > width ? ['the page', ...found] : found;
  }
  function faint() {
    return [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility()
      && [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim())
      && contrast(e) < 4.5).map(e => contrast(e).toFixed(1) + ' ' + name(e));
  }
  function dots(broker) {
    const chart = Chart.getChart(document.querySelector(`canvas[data-chart=throughput][data-broker="${broker}"]`));
    return chart ? chart.data.datasets.reduce((n, d) => n + d.data.length, 0) : 0;
  }
  /** How far below the top of the window the evidence is to which a figure leads. */
  function evidence(id) {
    document.querySelector(`#choice a[href="#${id}"]`).click();
    const {top} = document.getElementById(id).getBoundingClientRect();
    page.location.hash = '';
    return top;
  }

  return {
    kinds: [...new Set([...document.querySelectorAll('canvas[data-chart]')].map(c => c.dataset.chart))],
    emptyCharts: emptyCharts(), deadLinks: deadLinks(), tooWide: tooWide(), faint: faint(),
    requests: page.performance.getEntriesByType('resource').map(entry => entry.name),
    background: Math.round(ground(document.body).back[0]),
    height: document.documentElement.scrollHeight,
    dots: dots('kafka'), evidence: evidence('throughput-kafka'),
  };
};
