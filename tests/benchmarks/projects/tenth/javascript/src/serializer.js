'use strict';

const { TextNode } = require('./tree');

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text) => text.replace(/[&<>"]/g, (char) => ENTITIES[char]);

function startTag({ name, attributes }) {
  const parts = [...attributes].map(([key, value]) => (value ? `${key}="${escape(value)}"` : key));
  return [name, ...parts].join(' ');
}

/** Writes a tree as markup, indented except where elements and text are mixed. */
function serialize(node, { indent = '  ', depth = 0, inline = false } = {}) {
  if (node instanceof TextNode) return escape(node.value);
  const pad = inline ? '' : indent.repeat(depth);
  if (node.childNodes.length === 0) return `${pad}<${startTag(node)}/>`;
  const flat = inline || node.childNodes.some((child) => child instanceof TextNode);
  const options = { indent, depth: depth + 1, inline: flat };
  const body = node.childNodes.map((child) => serialize(child, options));
  const lines = [`${pad}<${startTag(node)}>`, ...body, `${flat ? '' : pad}</${node.name}>`];
  return lines.join(flat ? '' : '\n');
}

module.exports = { serialize };
