// What ChromiumBrowser asks a page: bodies of JavaScript functions. They look and point; typing and pressing is
// WebDriver's, so that what is hidden or covered stays out of reach.
#pragma once

namespace v2x::actors::scripts {

/// Run before a page's own scripts. The page's time stands still: what asks for a delay waits, until v2x.round() lets
/// time go on to what the page does next. Counts what the page asks for, so that its end can be seen.
inline constexpr const char* kHoldTime = R"js(
(() => {
  const soon = window.setTimeout.bind(window), send = window.fetch.bind(window);
  const waiting = new Map();
  let now_ms = Date.now(), last = 1e9;  // handles begin where a browser's own never get
  let asked = 0, open = 0, leaving = false;

  const wait = (act, delay_ms, every_ms, rest) => {
    waiting.set(++last, {due_ms: now_ms + delay_ms, every_ms, run: () => act(...rest)});
    return last;
  };
  Date.now = () => now_ms;
  window.setInterval = (act, every_ms = 1, ...rest) => wait(act, Math.max(every_ms, 1), Math.max(every_ms, 1), rest);
  window.setTimeout = (act, delay_ms = 0, ...rest) =>
    delay_ms > 0 ? wait(act, delay_ms, 0, rest) : soon(act, 0, ...rest);
  for (const name of ['clearInterval', 'clearTimeout']) {
    const clear = window[name].bind(window);
    window[name] = handle => { if (!waiting.delete(handle)) clear(handle); };
  }

  const counted = promise => {
    const over = () => { --open; };
    ++open;
    promise.then(over, over);
    return promise;
  };
  window.fetch = (...what) => {
    ++asked;
    return counted(send(...what).then(answer => {
      for (const part of ['json', 'text']) {
        const read = answer[part].bind(answer);
        answer[part] = () => counted(read());
      }
      return answer;
    }));
  };
  navigation.addEventListener('navigate', event => { leaving ||= !event.hashChange; });

  window.v2x = {
    /// Runs what is due, in order, until the page has asked for something; whether it did, within `most_ms` of its time.
    round(most_ms) {
      const before = asked, end_ms = now_ms + most_ms;
      while (asked === before && !leaving) {
        const [handle, next] = [...waiting].sort(([, a], [, b]) => a.due_ms - b.due_ms)[0] ?? [];
        if (!next || next.due_ms > end_ms) return false;
        now_ms = next.due_ms;
        if (next.every_ms > 0) next.due_ms += next.every_ms;
        else waiting.delete(handle);
        next.run();
      }
      return true;
    },
    /// Every answer has come and what the page makes of it is done: asked between two tasks of the page.
    settled: () => open === 0 && !leaving,
  };
})();
)js";

/// arguments: ms of the page's time. Marks the page as the old one; whether it has asked for something by itself.
inline constexpr const char* kBeginRound = "window.v2xIsOldPage = true; return window.v2x.round(arguments[0]);";

/// What became of the round: "in place", "reloaded" (a page was loaded instead), null while it is not over.
inline constexpr const char* kEndOfRound = R"js(
  if (!window.v2xIsOldPage) return document.readyState === 'complete' ? 'reloaded' : null;
  return window.v2x.settled() ? 'in place' : null;
)js";

/// arguments: element, field name, text. Chooses in lists, ticks boxes; puts the cursor into a text field, all of its
/// text marked, and answers {type: true}. {problem, names} when it can't.
inline constexpr const char* kFillIn = R"js(
  const [element, name, text] = arguments;
  const find = it => it.startsWith('#') ? document.getElementById(it.slice(1))
    : document.evaluate(it, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
  const button = find(element);
  if (!button) return {problem: 'cannot be filled: there is no ' + element};
  if (!button.form) return {problem: 'cannot be filled: ' + element + ' belongs to no form'};
  const fields = [...button.form.elements].filter(it => it.name && !it.disabled);
  const same = fields.filter(it => it.name === name);
  if (same.length === 0) return {problem: 'no field', names: [...new Set(fields.map(it => it.name))]};
  const field = same[0];
  if (field.type === 'checkbox' || field.type === 'radio') {
    const box = field.type === 'radio' ? same.find(it => it.value === text) : field;
    if (!box) return {problem: 'has no choice ' + text};
    if (box.checked !== (text === 'yes' || field.type === 'radio')) box.click();
    return {};
  }
  if (field.tagName === 'SELECT') {
    if (![...field.options].some(it => it.value === text)) return {problem: 'has no entry ' + text};
    field.value = text;
    for (const what of ['input', 'change']) field.dispatchEvent(new Event(what, {bubbles: true}));
    return {};
  }
  if (field.type === 'hidden' || field.readOnly) return {problem: 'cannot be typed into'};
  if (field.type === 'month') {  // chosen in a calendar, not typed
    field.value = text;
    if (field.value !== text) return {problem: 'has no month ' + text};
    for (const what of ['input', 'change']) field.dispatchEvent(new Event(what, {bubbles: true}));
    return {};
  }
  field.focus();
  field.select();
  if (text !== '') return {type: true};
  field.value = '';
  return {};
)js";

/// arguments: element. Marks the page as the old one; answers how the next one is asked for (GET, POST), or null when
/// pressing leads nowhere.
inline constexpr const char* kPrepareToPress = R"js(
  const it = arguments[0];
  const button = it.startsWith('#') ? document.getElementById(it.slice(1))
    : document.evaluate(it, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
  window.v2xIsOldPage = true;
  if (!button) return null;
  if (button.href) return 'GET';
  const sends = button.form && button.type === 'submit';
  return sends ? (button.getAttribute('formmethod') || button.form.method).toUpperCase() : null;
)js";

/// arguments: element. What pressing it would save as a file: {url, status, disposition, type, bytes in base64}; null
/// when a page comes, or when it does not send a form by GET.
inline constexpr const char* kFileBehind = R"js(
  const it = arguments[0];
  const button = it.startsWith('#') ? document.getElementById(it.slice(1))
    : document.evaluate(it, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
  if (!button || !button.form || button.form.method !== 'get') return null;
  const url = button.form.action + '?' + new URLSearchParams(new FormData(button.form));
  return fetch(url).then(async answer => {
    const disposition = answer.headers.get('Content-Disposition');
    if (!disposition) return null;
    const bytes = [...new Uint8Array(await answer.arrayBuffer())].map(byte => String.fromCharCode(byte)).join('');
    return {url, status: answer.status, disposition, type: answer.headers.get('Content-Type'), bytes: btoa(bytes)};
  });
)js";

inline constexpr const char* kNextPageIsThere = "return !window.v2xIsOldPage && document.readyState === 'complete';";

/// Where we are and what came, as Navigation Timing tells it.
inline constexpr const char* kLook = R"js(
  const came = performance.getEntriesByType('navigation')[0];
  return {url: location.href, status: came ? came.responseStatus : 0, redirects: came ? came.redirectCount : 0,
          html: '<!DOCTYPE html>\n' + document.documentElement.outerHTML};
)js";

inline constexpr const char* kExtent =
    "return {width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight};";

}  // namespace v2x::actors::scripts
