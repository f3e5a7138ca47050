'use strict';

const { Day } = require('./src/dates');
const { Planner } = require('./src/planner');
const { agendaLines, formatSpan } = require('./src/agenda');

const section = (title) => console.log(`\n== ${title}`);

const planner = new Planner({ closes: 18 * 60 });
planner.on('added', (appointment) => console.log(`added ${appointment}`));
planner.on('cancelled', ({ title }) => console.log(`cancelled ${title}`));

const details = [
  { title: 'Standup', date: '2024-01-29', time: '09:15', minutes: 15, people: ['ana', 'ben', 'cho'],
    repeat: { freq: 'weekly', on: ['Thu', 'Mon', 'Tue'], except: ['2024-02-27'] } },
  { title: 'Planning', date: '2024-02-12', time: '10:00', minutes: 90, people: ['ana', 'ben'], room: 'Oak',
    repeat: { freq: 'weekly', interval: 2, until: '2024-04-30' } },
  { title: 'Payroll', date: '2024-01-31', time: '11:00', people: ['dee'], repeat: { freq: 'monthly' } },
  { title: 'Course', date: '2024-02-26', time: '10:30', minutes: 120, people: ['ben', 'dee'], room: 'Elm',
    repeat: { freq: 'daily', interval: 2, count: 3 } },
  { title: 'Interview', date: '2024-02-26', time: '11:00', minutes: 45, people: ['cho'], room: 'Oak' },
  { title: 'Dentist', date: '2024-02-29', time: '15:30', people: ['ana'] },
];
const [, planning] = details.map((entry) => planner.add(entry));

const monday = Day.parse('2024-02-28').startOfWeek();
const sunday = monday.plus(6);

section(`week of ${monday}`);
agendaLines(planner.occurrences(monday, sunday)).forEach((line) => console.log(line));

section('conflicts');
for (const { first, second, over } of planner.conflicts(monday, sunday)) {
  console.log(`${first.label} / ${second.label}: ${over.join(', ')}`);
}

section('free for ana and ben on Monday');
console.log(planner.free(monday, ['ana', 'ben'], 60).map(formatSpan).join('  '));

section('workload');
for (const [person, minutes] of planner.workload(monday, sunday)) {
  console.log(`${person.padEnd(4)} ${String(minutes).padStart(4)} min`);
}

section('payroll days');
const payroll = planner.occurrences(Day.parse('2024-01-01'), Day.parse('2025-03-01'), { person: 'dee' });
console.log(payroll.filter(({ appointment }) => appointment.title === 'Payroll').map(({ day }) => `${day}`).join(' '));

section('changes');
console.log(planner.cancel(planning.id), planner.cancel(planning.id));
console.log(`${planner.conflicts(monday, sunday).length} conflicts left`);
for (const bad of [{ date: '2023-02-29' }, { date: 'soon' }, { date: '2024-03-01', repeat: { freq: 'hourly' } }]) {
  try {
    planner.add({ title: 'Mistake', time: '09:00', ...bad });
  } catch (error) {
    console.log(`${error.name}: ${error.message}`);
  }
}
