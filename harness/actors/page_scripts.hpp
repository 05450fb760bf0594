// What ChromiumBrowser asks a page: bodies of JavaScript functions. They look and point; typing and pressing is
// WebDriver's, so that what is hidden or covered stays out of reach.
#pragma once

namespace v2x::actors::scripts {

/// Run before a page's own scripts: only what asks for no delay still runs later.
inline constexpr const char* kStopTimers = R"js(
  const soon = window.setTimeout.bind(window);
  window.setInterval = () => 0;
  window.setTimeout = (act, delay_ms, ...rest) => (delay_ms > 0 ? 0 : soon(act, 0, ...rest));
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
