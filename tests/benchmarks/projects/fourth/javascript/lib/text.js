'use strict';

const VOWELS = new Set('aeiou');

/** Puts "a" or "an" before a noun. */
exports.article = function article(noun) {
  return `${VOWELS.has(noun[0].toLowerCase()) ? 'an' : 'a'} ${noun}`;
};

exports.plural = (count, noun) => (count === 1 ? `1 ${noun}` : `${count} ${noun}s`);
exports.capitalize = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Joins words the way a sentence would: "a, b and c". */
exports.join = function join(words, empty = 'nothing') {
  if (words.length === 0) return empty;
  if (words.length === 1) return words[0];
  const last = words[words.length - 1];
  return `${words.slice(0, -1).join(', ')} and ${last}`;
};

/** Breaks text into lines no longer than width; wrap never splits a word. */
exports.wrap = function wrap(text, width = 72) {
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (longer.length > width) lines.push(line);
    line = longer.length > width ? word : longer;
  }
  lines.push(line);
  return lines;
};
