'use strict';

const { Day, parseTime, formatTime } = require('./dates');
const { createRule } = require('./recurrence');

/** One appearance of an appointment on one day. */
class Occurrence {
  constructor(appointment, day) {
    this.appointment = appointment;
    this.day = day;
  }

  get start() {
    return this.appointment.start;
  }

  get end() {
    return this.start + this.appointment.minutes;
  }

  get label() {
    return `${this.day} ${formatTime(this.start)} ${this.appointment.title}`;
  }

  overlaps(other) {
    return this.day.ordinal === other.day.ordinal && this.start < other.end && other.start < this.end;
  }

  static compare(a, b) {
    return a.day - b.day || a.start - b.start || a.appointment.id - b.appointment.id;
  }
}

class Appointment {
  static #nextId = 1;

  constructor({ title, date, time, minutes = 60, people = [], room = null, repeat = null }) {
    this.id = Appointment.#nextId++;
    this.title = title;
    this.date = Day.parse(date);
    this.start = parseTime(time);
    this.minutes = minutes;
    this.people = new Set(people);
    this.room = room;
    this.rule = createRule(repeat);
  }

  /** The occurrences within [from, to], both included. */
  *between(from, to) {
    for (const day of this.rule.days(this.date)) {
      if (day > to) break;
      if (day >= from) yield new Occurrence(this, day);
    }
  }

  toString() {
    const place = this.room ?? 'no room';
    return `#${this.id} ${this.title} (${place}): ${this.rule.describe()}`;
  }
}

module.exports = { Appointment, Occurrence };
