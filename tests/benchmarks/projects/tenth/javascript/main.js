'use strict';

const { h, tag } = require('./src/builder');
const { Query } = require('./src/query');
const { serialize } = require('./src/serializer');

const li = tag('li');
const link = (href, label, extra = {}) => h('a', { href, ...extra }, label);

function buildPage() {
  const titles = ['Parsing', 'Matching', 'Trees & forests'];
  const articles = titles.map((title, i) =>
    h('article', { class: i === 1 ? 'post draft' : 'post' },
      h('h2', null, title),
      h('p', null, 'Part ', h('b', null, String(i + 1)), ' of the notes.')));
  return h('page', { lang: 'en' },
    h('nav', { id: 'menu', class: 'bar top' },
      h('ul', null,
        li({ class: 'item active' }, link('/', 'Home')),
        li({ class: 'item' }, link('/docs/api.html', 'API')),
        li({ class: 'item' }, link('https://example.org', 'Away', { external: true })))),
    h('main', { hidden: false }, h('h1', null, 'Notes'), articles),
    h('footer', null, h('hr'), 'The "end"'));
}

/** A short name for an element, such as `li.item.active`. */
function label({ name, attributes, classList }) {
  const id = attributes.has('id') ? `#${attributes.get('id')}` : '';
  return [name + id, ...classList].join('.');
}

const SELECTORS = [
  '#menu', '*:root', 'li.item > a', 'article h2, h1', 'h2 + p', 'h1 ~ article', ':empty',
  'li:first-child, li:last-child', 'article:nth-child(even)', 'main > :nth-child(3)',
  'a[external]', '[lang=en]', 'a[href^="https:"]', 'a[href$=".html"]', 'a[href*=docs]',
  'nav[class~=top]', 'article:not(.draft):has(b)', ':is(nav, footer) hr',
];

const page = buildPage();
const query = new Query(page);

for (const selector of SELECTORS) {
  const found = query.all(selector).map(label);
  console.log(`${selector.padEnd(30)} ${found.length}: ${found.join(' ')}`);
}

const bold = query.all('b')[1];
console.log('closest article:', label(query.closest(bold, 'article')));
console.log('closest nav:', query.closest(bold, 'nav'));
console.log('first h2:', query.first('h2').textContent);

for (const bad of ['li >', 'a[href', 'p:blink', 'b ? c']) {
  try {
    query.all(bad);
  } catch (error) {
    console.log(`${error.name}: ${error.message}`);
  }
}

console.log(serialize(page));
