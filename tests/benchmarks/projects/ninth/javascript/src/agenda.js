'use strict';

const { formatTime } = require('./dates');

const formatSpan = ({ start, end }) => `${formatTime(start)}-${formatTime(end)}`;

/** Lines for sorted occurrences, with a heading for each day. */
function agendaLines(occurrences) {
  const lines = [];
  let heading = '';
  for (const item of occurrences) {
    const { title, people, room } = item.appointment;
    const today = `${item.day.weekdayName} ${item.day}`;
    if (today !== heading) lines.push((heading = today));
    const where = room ? ` @ ${room}` : '';
    lines.push(`  ${formatSpan(item)} ${title}${where} [${[...people].join(', ')}]`);
  }
  return lines;
}

module.exports = { agendaLines, formatSpan };
