'use strict';

/** What two appointments compete for: the people in both, and the room. */
function sharedResources(a, b) {
  const people = [...a.people].filter((person) => b.people.has(person));
  return a.room && a.room === b.room ? [...people, a.room] : people;
}

/** Finds clashing pairs in occurrences that are sorted by day and start. */
function findConflicts(occurrences) {
  const conflicts = [];
  let active = [];
  for (const current of occurrences) {
    active = active.filter((earlier) => earlier.overlaps(current));
    for (const earlier of active) {
      const over = sharedResources(earlier.appointment, current.appointment);
      if (over.length > 0) conflicts.push({ first: earlier, second: current, over });
    }
    active.push(current);
  }
  return conflicts;
}

/** Merges busy times and returns the gaps of at least `minutes` in the window. */
function freeSlots(busy, { opens, closes, minutes }) {
  const slots = [];
  let cursor = opens;
  for (const { start, end } of busy) {
    if (start - cursor >= minutes) slots.push({ start: cursor, end: start });
    cursor = Math.max(cursor, end);
  }
  if (closes - cursor >= minutes) slots.push({ start: cursor, end: closes });
  return slots;
}

module.exports = { findConflicts, freeSlots };
