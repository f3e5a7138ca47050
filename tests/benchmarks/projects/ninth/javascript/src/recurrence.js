'use strict';

const { Day, WEEKDAYS, daysInMonth } = require('./dates');

/**
 * Base of all rules. Subclasses yield candidate days in ascending order and
 * without end; this class applies `until`, `count` and the exceptions.
 */
class Rule {
  constructor({ interval = 1, until = null, count = Infinity, except = [] } = {}) {
    if (interval < 1) throw new RangeError('interval must be at least 1');
    this.interval = interval;
    this.until = until && Day.parse(until);
    this.count = count;
    this.exceptions = new Set(except);
  }

  *days(start) {
    let seen = 0;
    for (const day of this.candidates(start)) {
      if (this.until && day > this.until) return;
      if (++seen > this.count) return;
      if (!this.exceptions.has(day.toString())) yield day;
    }
  }

  describe() {
    const parts = [this.interval === 1 ? `every ${this.unit}` : `every ${this.interval} ${this.unit}s`];
    if (this.until) parts.push(`until ${this.until}`);
    if (Number.isFinite(this.count)) parts.push(`${this.count} times`);
    if (this.exceptions.size > 0) parts.push(`except ${[...this.exceptions].join(' ')}`);
    return parts.join(', ');
  }
}

class DailyRule extends Rule {
  get unit() {
    return 'day';
  }

  *candidates(start) {
    for (let day = start; ; day = day.plus(this.interval)) yield day;
  }
}

class WeeklyRule extends Rule {
  constructor({ on = [], ...options } = {}) {
    super(options);
    this.weekdays = on.map((name) => WEEKDAYS.indexOf(name)).sort((a, b) => a - b);
  }

  get unit() {
    return 'week';
  }

  *candidates(start) {
    const offsets = this.weekdays.length > 0 ? this.weekdays : [start.weekday];
    for (let week = start.startOfWeek(); ; week = week.plus(7 * this.interval)) {
      yield* offsets.map((offset) => week.plus(offset)).filter((day) => day >= start);
    }
  }

  describe() {
    const names = this.weekdays.map((index) => WEEKDAYS[index]);
    return names.length > 0 ? `${super.describe()} on ${names.join('/')}` : super.describe();
  }
}

class MonthlyRule extends Rule {
  get unit() {
    return 'month';
  }

  /** Same day of each month; a short month takes its last day. */
  *candidates(start) {
    let { year, month, day } = start.toParts();
    for (;;) {
      yield Day.of(year, month, Math.min(day, daysInMonth(year, month)));
      const months = month - 1 + this.interval;
      year += Math.floor(months / 12);
      month = (months % 12) + 1;
    }
  }
}

const once = { describe: () => 'once', *days(start) { yield start; } };

const RULES = { daily: DailyRule, weekly: WeeklyRule, monthly: MonthlyRule };

function createRule(spec) {
  if (!spec) return once;
  const { freq, ...options } = spec;
  const Type = RULES[freq];
  if (!Type) throw new TypeError(`unknown frequency "${freq}"`);
  return new Type(options);
}

module.exports = { createRule };
