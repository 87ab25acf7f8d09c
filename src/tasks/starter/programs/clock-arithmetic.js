/**
 * addMinutes(time, minutes) adds minutes (also negative ones) to a time of day "HH:MM" and gives {time, days}: the new time
 * and how many midnights were passed (negative when going back). between(from, to) gives the minutes from one time to the
 * next occurrence of another, 0 to 1439.
 */
const DAY = 24 * 60;

function parseTime(text) {
  const [hours, minutes] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

function formatTime(minutes) {
  const pad = (number) => String(number).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

function addMinutes(time, minutes) {
  const total = parseTime(time) + minutes;
  const days = Math.floor(total / DAY);
  return { time: formatTime(total - days * DAY), days };
}

function between(from, to) {
  const difference = parseTime(to) - parseTime(from);
  return difference < 0 ? difference + DAY : difference;
}

// public
//   addMinutes('09:30', 45) -> { time: '10:15', days: 0 }
//   addMinutes('23:50', 20) -> { time: '00:10', days: 1 }
//   between('08:00', '09:30') -> 90
// hidden
//   addMinutes('00:00', 0) -> { time: '00:00', days: 0 }
//   addMinutes('00:05', -10) -> { time: '23:55', days: -1 }
//   addMinutes('12:00', 1440) -> { time: '12:00', days: 1 }
//   addMinutes('12:00', -4320) -> { time: '12:00', days: -3 }
//   addMinutes('23:59', 1) -> { time: '00:00', days: 1 }
//   addMinutes('00:00', -1440) -> { time: '00:00', days: -1 }
//   between('22:00', '06:15') -> 495
//   between('10:10', '10:10') -> 0
//   between('00:00', '23:59') -> 1439
//   between('00:01', '00:00') -> 1439
