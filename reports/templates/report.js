// Filters the list, opens what a link points to, opens everything for print. The page is whole without it.
(() => {
  const form = document.querySelector('form.filter');
  const text = document.getElementById('filter-text');
  const scenarios = [...document.querySelectorAll('details.scenario')];

  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = new Set([...form.querySelectorAll('[name=outcome]:checked')].map((box) => box.value));
    for (const scenario of scenarios) {
      const said = (scenario.querySelector('summary').textContent + scenario.querySelector('.chips').textContent).toLowerCase();
      scenario.hidden = !outcomes.has(scenario.dataset.outcome) || !words.every((word) => said.includes(word));
    }
    document.getElementById('filter-empty').hidden = scenarios.some((scenario) => !scenario.hidden);
  };
  const open_target = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    target.open = true;
    target.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('hashchange', open_target);
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
  open_target();
})();
