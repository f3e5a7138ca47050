'use strict';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAY_MS = 24 * 60 * 60 * 1000;

const pad = (n, width = 2) => String(n).padStart(width, '0');

function daysInMonth(year, month) {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** A calendar day without time zone; stored as a day count from 1970-01-01. */
class Day {
  constructor(ordinal) {
    this.ordinal = ordinal;
    Object.freeze(this);
  }

  static of(year, month, day) {
    return new Day(Date.UTC(year, month - 1, day) / DAY_MS);
  }

  static parse(text) {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!match) throw new RangeError(`not a date: "${text}"`);
    const [year, month, day] = match.slice(1).map(Number);
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
      throw new RangeError(`no such day: "${text}"`);
    }
    return Day.of(year, month, day);
  }

  /** Index of the weekday, Monday is 0. */
  get weekday() {
    return (((this.ordinal + 3) % 7) + 7) % 7;
  }

  get weekdayName() {
    return WEEKDAYS[this.weekday];
  }

  toParts() {
    const date = new Date(this.ordinal * DAY_MS);
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  }

  plus(days) {
    return new Day(this.ordinal + days);
  }

  startOfWeek() {
    return this.plus(-this.weekday);
  }

  toString() {
    const { year, month, day } = this.toParts();
    return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  }

  /** Lets days be compared with < and >. */
  valueOf() {
    return this.ordinal;
  }
}

function parseTime(text) {
  const [hours, minutes] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

const formatTime = (minutes) => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;

module.exports = { Day, WEEKDAYS, daysInMonth, parseTime, formatTime };
