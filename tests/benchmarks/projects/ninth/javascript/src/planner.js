'use strict';

const { EventEmitter } = require('node:events');
const { Appointment, Occurrence } = require('./appointment');
const { findConflicts, freeSlots } = require('./conflicts');

class Planner extends EventEmitter {
  #appointments = new Map();

  constructor({ opens = 9 * 60, closes = 17 * 60 } = {}) {
    super();
    this.hours = { opens, closes };
  }

  add(details) {
    const appointment = new Appointment(details);
    this.#appointments.set(appointment.id, appointment);
    this.emit('added', appointment);
    return appointment;
  }

  cancel(id) {
    const appointment = this.#appointments.get(id);
    if (!appointment) return false;
    this.#appointments.delete(id);
    this.emit('cancelled', appointment);
    return true;
  }

  occurrences(from, to, { person = null } = {}) {
    const found = [];
    for (const appointment of this.#appointments.values()) {
      if (person && !appointment.people.has(person)) continue;
      found.push(...appointment.between(from, to));
    }
    return found.sort(Occurrence.compare);
  }

  conflicts(from, to) {
    return findConflicts(this.occurrences(from, to));
  }

  /** Free slots on one day for a group of people. */
  free(day, people, minutes = 30) {
    const attends = ({ appointment }) => people.some((person) => appointment.people.has(person));
    const busy = this.occurrences(day, day).filter(attends);
    return freeSlots(busy, { ...this.hours, minutes });
  }

  /** Minutes booked for each person, the busiest first. */
  workload(from, to) {
    const totals = new Map();
    for (const { appointment } of this.occurrences(from, to)) {
      for (const person of appointment.people) {
        totals.set(person, (totals.get(person) ?? 0) + appointment.minutes);
      }
    }
    return [...totals].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  }
}

module.exports = { Planner };
